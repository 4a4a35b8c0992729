"""Opening questions and outputs to everybody, and the shared way into a deliberation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deliberate.actions.designs import (
    Subject,
    find_subject,
    require_no_round,
    require_version,
)
from deliberate.actions.matters import matter_of
from deliberate.domain.canonical import fingerprint
from deliberate.domain.contradictions import by_field, contradictions
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.forum import CurationKind
from deliberate.domain.people import Actor
from deliberate.domain.positions import Position
from deliberate.domain.process import ProcessDesign, Template
from deliberate.inputs.curation import Opening
from deliberate.inputs.process import Freezing
from deliberate.policy import Can, require
from deliberate.storage import audit, jobs
from deliberate.storage.curation import log_decision
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage, find_page
from deliberate.storage.deliberations import Deliberation, list_rounds, lock_deliberation, touch
from deliberate.storage.forum import OutputPoint, list_points, lock_output, lock_questions

SHORTEST_REASON = 10
NOT_YET = "This process cannot be opened yet."


def open_question(
    tx: Session, actor: Actor, question_id: int, form: Opening | Freezing
) -> Deliberation:
    """Open an accepted question. Raises `Conflict` when it is not accepted or already open."""
    require(actor, Can.OPEN_DELIBERATION)
    lock_questions(tx, [question_id])
    subject = find_subject(tx, question_id=question_id)
    require(actor, Can.OPEN_DELIBERATION, matter_of(tx, subject.session_id))
    frozen = {"subject": "question", "text": subject.text, "heading": subject.heading}
    return _open(tx, actor, subject, form, frozen)


def open_output(
    tx: Session, actor: Actor, output_id: int, form: Opening | Freezing
) -> Deliberation:
    """Open a takeaway or call for responses, with its points as they stand."""
    require(actor, Can.OPEN_DELIBERATION)
    lock_output(tx, output_id)
    subject = find_subject(tx, output_id=output_id)
    require(actor, Can.OPEN_DELIBERATION, matter_of(tx, subject.session_id))
    frozen = {
        "subject": subject.kind,
        "text": subject.text,
        "points": [point.text for point in list_points(tx, [output_id])],
        "positions": [position.value for position in Position],
    }
    return _open(tx, actor, subject, form, frozen)


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


def check_design(design: ProcessDesign, subject: Subject, moment: datetime) -> None:
    """Raise `Invalid` with every contradiction at its field."""
    found = contradictions(design, moment, has_points=subject.has_points)
    if found:
        raise Invalid(NOT_YET, fields=by_field(found))


def _open(
    tx: Session,
    actor: Actor,
    subject: Subject,
    form: Opening | Freezing,
    frozen: dict[str, Any],
) -> Deliberation:
    """Fix a design for good: the one that was prepared, or that of the short form."""
    reason = form.reason if isinstance(form, Freezing) else ""
    number = _next_round(tx, subject, reason)
    if isinstance(form, Freezing):
        design = require_version(tx, subject, form.version)
    else:
        design = _short(form, subject)
    check_design(design, subject, now(tx))
    design = design.frozen_at(now(tx))
    deliberation = _store(tx, actor, subject, design, _freeze(frozen, design, number), number)
    if number > 1:
        _copy_points(tx, subject, number)
    if design.has_poll:
        jobs.enqueue(
            tx, "open_planned_poll", run_at=design.poll_opens_at, deliberation_id=deliberation.id
        )
    _log_opening(tx, actor, deliberation, reason)
    return deliberation


def _short(form: Opening, subject: Subject) -> ProcessDesign:
    """Dates and a minimum, with everything else as the simplest template has it."""
    template = Template.ENDORSEMENT_ROUND if subject.has_points else Template.CONSULTATION
    return ProcessDesign(
        template, opens_at=form.opens_at, closes_at=form.closes_at, minimum=form.minimum
    )


def _next_round(tx: Session, subject: Subject, reason: str) -> int:
    """The number of the round that begins; all earlier ones have to be over.

    Raises `Conflict` while one runs, `Invalid` when a later round does not say why.
    """
    rounds = list_rounds(tx, question_id=subject.question_id, output_id=subject.output_id)
    if not rounds:
        return 1
    newest = lock_page(tx, rounds[-1].id).deliberation
    require_no_round(tx, subject)
    if len(reason) < SHORTEST_REASON:
        raise Invalid(
            NOT_YET, fields={"reason": "Say in at least 10 characters why another round is needed."}
        )
    touch(tx, newest.id)
    return newest.round + 1


def _freeze(frozen: dict[str, Any], design: ProcessDesign, number: int) -> dict[str, Any]:
    """What the fingerprint covers: the text and everything that could bend the result."""
    assert design.opens_at is not None and design.closes_at is not None  # noqa: S101, PT018
    return frozen | {
        "opens_at": design.opens_at.isoformat(),
        "closes_at": design.closes_at.isoformat(),
        "minimum": design.minimum,
        "visibility": design.responses.value,
        "eligible": "registered participants",
        "round": number,
        "process": design.as_frozen(),
    }


def _store(
    tx: Session,
    actor: Actor,
    subject: Subject,
    design: ProcessDesign,
    frozen: dict[str, Any],
    number: int,
) -> Deliberation:
    deliberation = Deliberation(
        session_id=subject.session_id,
        question_id=subject.question_id,
        output_id=subject.output_id,
        round=number,
        title=subject.title,
        opens_at=design.opens_at,
        closes_at=design.closes_at,
        minimum=design.minimum,
        frozen=frozen,
        fingerprint=fingerprint(frozen),
        opened_by=actor.id,
        opened_at=now(tx),
        revision=1,
    )
    tx.add(deliberation)
    try:
        tx.flush()
    except IntegrityError as error:
        raise Conflict("This is already open.", "It is opened once; see the discussion.") from error
    return deliberation


def _copy_points(tx: Session, subject: Subject, number: int) -> None:
    """Give a new round points of its own, so that the responses of the earlier one stay."""
    points: Sequence[OutputPoint] = (
        list_points(tx, [subject.output_id]) if subject.output_id is not None else []
    )
    for point in points:
        tx.add(
            OutputPoint(
                output_id=point.output_id, position=point.position, text=point.text, round=number
            )
        )
    tx.flush()


def _log_opening(tx: Session, actor: Actor, deliberation: Deliberation, reason: str) -> None:
    times = f"{deliberation.opens_at:%Y-%m-%d %H:%M} – {deliberation.closes_at:%Y-%m-%d %H:%M} UTC"
    log_decision(
        tx,
        actor,
        CurationKind.REOPEN if deliberation.round > 1 else CurationKind.OPEN,
        f"{reason} {times}".strip(),
        session_id=deliberation.session_id,
        question_id=deliberation.question_id,
        output_id=deliberation.output_id,
        after=[deliberation.title, f"SHA-256 {deliberation.fingerprint}"],
    )
    audit.record(
        tx,
        actor,
        "opened",
        "deliberation",
        deliberation.id,
        fingerprint=deliberation.fingerprint,
        round=deliberation.round,
    )
