"""Lasting addresses of questions and outputs, wherever they are discussed."""

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.domain.errors import NotFound
from deliberate.storage.forum import find_output, find_question
from deliberate.storage.lineage import Place, find_living, find_output_place
from deliberate.web.curate.acts import slug_of
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.database import reader


@blueprint.get("/questions/<int:question_id>")
def find_question_page(question_id: int) -> ResponseReturnValue:
    """To the discussion of the question or of the one it lives on in, else to its session."""
    question = find_question(reader(), question_id)
    if question is None:
        raise NotFound(_("There is no such question."))
    living = find_living(reader(), question_id)
    # A question that was split has several successors, which its own place lists.
    if len(living) != 1 and question.taken_back_at is None:
        return redirect(f"/sessions/{slug_of(question.session_id)}#question-{question_id}")
    if not living:
        return redirect(f"/sessions/{slug_of(question.session_id)}#curation")
    return redirect(_public_address(living[0], "question"))


@blueprint.get("/outputs/<int:output_id>")
def find_output_page(output_id: int) -> ResponseReturnValue:
    """To the discussion of a takeaway or call, else to its place on the session's page."""
    output = find_output(reader(), output_id)
    if output is None:
        raise NotFound(_("There is no such output."))
    place = find_output_place(reader(), output_id)
    if place is None:
        return redirect(f"/sessions/{slug_of(output.session_id)}#curation")
    return redirect(_public_address(place, "output"))


def _public_address(place: Place, kind: str) -> str:
    if place.deliberation_id is not None:
        return f"/deliberations/{place.deliberation_id}"
    return f"/sessions/{place.slug}#{kind}-{place.id}"
