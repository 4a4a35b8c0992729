"""Published editions: a permanent page and the same content as JSON."""

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from deliberate.domain.errors import NotFound
from deliberate.domain.levels import ConsensusClass, ConsensusLevel
from deliberate.domain.review import Stance
from deliberate.storage.polls import list_invalid
from deliberate.storage.summaries import Edition, find_edition, list_editions
from deliberate.web.database import reader
from deliberate.web.facilitate.blueprint import blueprint
from deliberate.web.render import respond


@blueprint.get("/summaries/<int:summary_id>/editions/<int:number>")
def show_edition(summary_id: int, number: int) -> ResponseReturnValue:
    """One edition as it was published; what came later is only mentioned."""
    edition = _get_edition(summary_id, number)
    document = edition.document
    cited = [each["poll"] for each in document["results"]["polls"]]
    # Both texts were cleaned when the edition was made and are part of what its digest covers.
    body, minority = Markup(document["body_html"]), Markup(document["minority_html"])  # noqa: S704
    return respond(
        "facilitate/edition.html",
        edition=edition,
        document=document,
        level=ConsensusLevel(document["level"]),
        classes=ConsensusClass,
        stances=Stance,
        body=body,
        minority=minority,
        invalid_polls=list_invalid(reader(), cited),
        newest=list_editions(reader(), summary_id)[-1].number,
    )


@blueprint.get("/summaries/<int:summary_id>/editions/<int:number>.json")
def send_edition(summary_id: int, number: int) -> Response:
    """The edition's document with the SHA-256 of its canonical JSON (RFC 8785)."""
    edition = _get_edition(summary_id, number)
    response = jsonify(digest=edition.digest, document=edition.document)
    response.set_etag(edition.digest)
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.make_conditional(request)
    return response


def _get_edition(summary_id: int, number: int) -> Edition:
    edition = find_edition(reader(), summary_id, number)
    if edition is None:
        raise NotFound(_("There is no such edition."))
    return edition
