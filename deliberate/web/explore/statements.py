"""What this place is and is not, and how accessible it is."""

from flask.typing import ResponseReturnValue

from deliberate.web.explore.blueprint import blueprint
from deliberate.web.render import respond


@blueprint.get("/about")
def about() -> ResponseReturnValue:
    """What this is, how counting works, what confidentiality means and where it ends."""
    return respond("explore/about.html")


@blueprint.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """What was tested, how, and what was not."""
    return respond("explore/accessibility.html")
