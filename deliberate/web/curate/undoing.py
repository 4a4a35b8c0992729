"""Taking an act of curation back from the page of its session."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.actions.undoing import find_decision, subject_of, undo_decision
from deliberate.inputs.curation import Undoing
from deliberate.web.curate.acts import perform, slug_of
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.database import reader
from deliberate.web.forms import read_form
from deliberate.web.login import current_actor


@blueprint.post("/decisions/<int:decision_id>/undoing")
def undo(decision_id: int) -> ResponseReturnValue:
    """Put everything back as it was before the act."""
    decision, session_id = find_decision(reader(), decision_id)
    subject, number = subject_of(decision)

    def act(tx: Session, data: Undoing) -> str:
        undo_decision(tx, current_actor(), decision_id, data.reason)
        return f"{subject}-{number}"

    form = read_form(Undoing, request.form)
    done = _("Taken back. Everything is as it was before.")
    return perform(slug_of(session_id), f"decision-{decision_id}-undoing", form, act, done)
