"""Lasting addresses of questions and outputs, wherever they are discussed."""

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.domain.errors import NotFound
from deliberate.storage.deliberation_pages import list_pages
from deliberate.storage.forum import find_output, find_question
from deliberate.web.curate.acts import slug_of
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.database import reader


@blueprint.get("/questions/<int:question_id>")
def find_question_page(question_id: int) -> ResponseReturnValue:
    """To the question's discussion, else to its place on the session's page."""
    question = find_question(reader(), question_id)
    if question is None:
        raise NotFound(_("There is no such question."))
    for page in list_pages(reader(), question.session_id):
        if page.deliberation.question_id == question_id:
            return redirect(f"/deliberations/{page.id}")
    return redirect(f"/sessions/{slug_of(question.session_id)}#question-{question_id}")


@blueprint.get("/outputs/<int:output_id>")
def find_output_page(output_id: int) -> ResponseReturnValue:
    """To the discussion of a takeaway or call, else to its place on the session's page."""
    output = find_output(reader(), output_id)
    if output is None:
        raise NotFound(_("There is no such output."))
    for page in list_pages(reader(), output.session_id):
        if page.deliberation.output_id == output_id:
            return redirect(f"/deliberations/{page.id}")
    return redirect(f"/sessions/{slug_of(output.session_id)}#output-{output_id}")
