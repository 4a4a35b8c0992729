"""Opening questions and outputs to everybody, and the shared way into a deliberation."""

from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deliberate.actions.matters import matter_of
from deliberate.domain.ballots import fingerprint
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.forum import CurationKind, OutputKind, QuestionState
from deliberate.domain.people import Actor
from deliberate.domain.positions import Position
from deliberate.inputs.curation import Opening
from deliberate.policy import Can, require
from deliberate.storage import audit
from deliberate.storage.curation import log_decision
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage, find_page
from deliberate.storage.deliberations import Deliberation, lock_deliberation
from deliberate.storage.forum import list_points, lock_output, lock_questions

OUTPUT_NAMES = {
    OutputKind.KEY_TAKEAWAY: "Key takeaway",
    OutputKind.CALL_TO_ACTION: "Call to action",
}


def open_question(tx: Session, actor: Actor, question_id: int, form: Opening) -> Deliberation:
    """Open an accepted question. Raises `Conflict` when it is not accepted or already open."""
    require(actor, Can.OPEN_DELIBERATION)
    question = lock_questions(tx, [question_id]).get(question_id)
    if question is None:
        raise NotFound("There is no such question.")
    require(actor, Can.OPEN_DELIBERATION, matter_of(tx, question.session_id))
    if question.state is not QuestionState.ACCEPTED:
        raise Conflict("Only accepted questions can be opened.", "Accept the question first.")
    frozen = {"subject": "question", "text": question.text, "heading": question.heading}
    return _open(
        tx, actor, form, frozen, question.text, question.session_id, question_id=question.id
    )


def open_output(tx: Session, actor: Actor, output_id: int, form: Opening) -> Deliberation:
    """Open a takeaway or call for responses, with its points as they stand."""
    require(actor, Can.OPEN_DELIBERATION)
    output = lock_output(tx, output_id)
    if output is None or output.taken_back_at is not None:
        raise NotFound("There is no such output.")
    require(actor, Can.OPEN_DELIBERATION, matter_of(tx, output.session_id))
    points = [point.text for point in list_points(tx, [output_id])]
    frozen = {
        "subject": output.kind.value,
        "text": output.text,
        "points": points,
        "positions": [position.value for position in Position],
        "visibility": "named",
    }
    title = f"{OUTPUT_NAMES[output.kind]} {output.position}"
    return _open(tx, actor, form, frozen, title, output.session_id, output_id=output.id)


def get_page(session: Session, deliberation_id: int) -> DeliberationPage:
    """The deliberation with its phase, or `NotFound`."""
    page = find_page(session, deliberation_id)
    if page is None:
        raise NotFound("There is no such discussion.")
    return page


def lock_page(tx: Session, deliberation_id: int) -> DeliberationPage:
    """The deliberation with its phase, held until the transaction ends, or `NotFound`."""
    if lock_deliberation(tx, deliberation_id) is None:
        raise NotFound("There is no such discussion.")
    return get_page(tx, deliberation_id)


def opening_times(
    form_opens_at: datetime | None, closes_at: datetime, moment: datetime
) -> tuple[datetime, datetime]:
    """The checked times of an opening. Raises `Invalid` for times that have passed."""
    opens_at = form_opens_at or moment
    if opens_at < moment:
        raise Invalid(
            "This time has passed.",
            fields={"opens_at": "This time has passed. Leave it empty to open now."},
        )
    if closes_at <= opens_at:
        raise Invalid(
            "This time has passed.", fields={"closes_at": "Choose a time after the opening."}
        )
    return opens_at, closes_at


def _open(
    tx: Session,
    actor: Actor,
    form: Opening,
    frozen: dict[str, Any],
    title: str,
    session_id: int,
    **subject: int,
) -> Deliberation:
    opens_at, closes_at = opening_times(form.opens_at, form.closes_at, now(tx))
    frozen |= {
        "opens_at": opens_at.isoformat(),
        "closes_at": closes_at.isoformat(),
        "minimum": form.minimum,
        "eligible": "registered participants",
    }
    deliberation = Deliberation(
        session_id=session_id,
        title=title,
        opens_at=opens_at,
        closes_at=closes_at,
        minimum=form.minimum,
        frozen=frozen,
        fingerprint=fingerprint(frozen),
        opened_by=actor.id,
        opened_at=now(tx),
        revision=1,
        **subject,
    )
    tx.add(deliberation)
    try:
        tx.flush()
    except IntegrityError as error:
        raise Conflict("This is already open.", "It is opened once; see the discussion.") from error
    _log_opening(tx, actor, deliberation)
    return deliberation


def _log_opening(tx: Session, actor: Actor, deliberation: Deliberation) -> None:
    times = f"{deliberation.opens_at:%Y-%m-%d %H:%M} – {deliberation.closes_at:%Y-%m-%d %H:%M} UTC"
    log_decision(
        tx,
        actor,
        CurationKind.OPEN,
        times,
        session_id=deliberation.session_id,
        question_id=deliberation.question_id,
        output_id=deliberation.output_id,
        after=[deliberation.title],
    )
    audit.record(
        tx, actor, "opened", "deliberation", deliberation.id, fingerprint=deliberation.fingerprint
    )
