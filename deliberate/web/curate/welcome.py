"""Putting away the first things to do that a newly invited MAG member sees on the desk."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.invitations import put_welcome_away
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.database import writing
from deliberate.web.login import current_actor
from deliberate.web.render import see_other


@blueprint.post("/curate/welcome")
def put_away() -> ResponseReturnValue:
    """Show the list no more."""
    with writing() as tx:
        put_welcome_away(tx, current_actor())
    flash(_("Done. All of it can be changed any time: see your account and your desk."), "ok")
    return see_other("/curate")
