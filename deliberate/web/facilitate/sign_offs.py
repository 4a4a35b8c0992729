"""Asking the MAG for sign-off on a draft, and answering what members want discussed."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.sign_offs import answer_discuss, ask_for_sign_off, get_summary
from deliberate.domain.errors import NotFound
from deliberate.inputs.review import SignOffAnswer
from deliberate.storage.sign_offs import get_sign_off
from deliberate.web.database import reader, writing
from deliberate.web.facilitate.blueprint import blueprint
from deliberate.web.facilitate.summaries import refuse
from deliberate.web.forms import Form, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import see_other


@blueprint.post("/summaries/<int:summary_id>/sign-off-request")
def ask(summary_id: int) -> ResponseReturnValue:
    """Show the draft to the MAG and ask where each member stands."""
    with writing() as tx:
        ask_for_sign_off(tx, current_actor(), summary_id)
    flash(_("The MAG is asked. Members find the draft on their desk."), "ok")
    return see_other(f"{_address(summary_id)}#sign-off")


@blueprint.post("/sign-offs/<int:sign_off_id>/answer")
def answer(sign_off_id: int) -> ResponseReturnValue:
    """Answer a Discuss."""
    given = get_sign_off(reader(), sign_off_id)
    if given is None:
        raise NotFound(_("There is no such stance."))
    form = read_form(SignOffAnswer, request.form)
    if form.data is None:
        # The page has a field of this kind for each stance, so each has a name of its own there.
        own = f"answer-{sign_off_id}"
        told = {own if name == "answer" else name: text for name, text in form.errors.items()}
        return refuse(given.summary_id, Form({own: form.value("answer")}, told))
    with writing() as tx:
        answer_discuss(tx, current_actor(), sign_off_id, form.data.answer)
    flash(_("Your answer is saved. The member can now settle the point."), "ok")
    return see_other(f"{_address(given.summary_id)}#stance-{sign_off_id}")


def _address(summary_id: int) -> str:
    summary = get_summary(reader(), summary_id)
    return f"/deliberations/{summary.deliberation_id}/summary"
