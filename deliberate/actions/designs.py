"""Preparing the process of a question or an output before it opens."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deliberate.actions.matters import matter_of
from deliberate.domain.canonical import fingerprint
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.forum import CurationKind, OutputKind, QuestionState
from deliberate.domain.people import Actor
from deliberate.domain.process import ProcessDesign, read_design
from deliberate.inputs.process import ProcessForm
from deliberate.policy import OVER, Can, require
from deliberate.storage import audit
from deliberate.storage.curation import log_decision
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import find_page
from deliberate.storage.deliberations import list_rounds
from deliberate.storage.designs import ProcessDraft, find_draft, lock_draft
from deliberate.storage.forum import find_output, find_question

OUTPUT_NAMES = {
    OutputKind.KEY_TAKEAWAY: "Key takeaway",
    OutputKind.CALL_TO_ACTION: "Call to action",
}
CHANGED = "Somebody else changed this process in the meantime."


@dataclass(frozen=True, slots=True)
class Subject:
    """What a process is designed for: one question or one output.

    `kind` is "question" or the output's kind; `title` what its deliberation will be called.
    """

    kind: str
    title: str
    text: str
    session_id: int
    heading: str | None = None
    question_id: int | None = None
    output_id: int | None = None

    @property
    def has_points(self) -> bool:
        """Whether people respond to it point by point."""
        return self.output_id is not None


def find_subject(
    session: Session, *, question_id: int | None = None, output_id: int | None = None
) -> Subject:
    """The accepted question or the output. Raises `NotFound`, or `Conflict` when not accepted."""
    if question_id is not None:
        return _question(session, question_id)
    output = find_output(session, output_id or 0)
    if output is None or output.taken_back_at is not None:
        raise NotFound("There is no such output.")
    title = f"{OUTPUT_NAMES[output.kind]} {output.position}"
    return Subject(output.kind.value, title, output.text, output.session_id, output_id=output.id)


def _question(session: Session, question_id: int) -> Subject:
    question = find_question(session, question_id)
    if question is None:
        raise NotFound("There is no such question.")
    if question.state is not QuestionState.ACCEPTED:
        raise Conflict("Only accepted questions can be opened.", "Accept the question first.")
    return Subject(
        "question",
        question.text,
        question.text,
        question.session_id,
        heading=question.heading,
        question_id=question.id,
    )


def find_design(session: Session, subject: Subject) -> tuple[ProcessDesign, int] | None:
    """What was prepared for a subject, with its version."""
    draft = find_draft(session, question_id=subject.question_id, output_id=subject.output_id)
    return None if draft is None else (read_design(draft.document), draft.version)


def save_design(tx: Session, actor: Actor, subject: Subject, form: ProcessForm) -> ProcessDraft:
    """Keep a design, contradictory or not. Saving what is there already changes nothing.

    Raises `Conflict` when somebody else saved one since the form was shown, or opened it.
    """
    require(actor, Can.DESIGN_PROCESS, matter_of(tx, subject.session_id))
    document = form.as_design().as_json()
    draft = lock_draft(tx, question_id=subject.question_id, output_id=subject.output_id)
    require_no_round(tx, subject)
    if draft is not None and draft.document == document:
        return draft
    if (draft.version if draft else 0) != form.version:
        raise Conflict(CHANGED, "Compare, then save yours again.")
    before = [] if draft is None else _said(draft)
    if draft is None:
        draft = ProcessDraft(
            question_id=subject.question_id, output_id=subject.output_id, version=0
        )
        tx.add(draft)
    draft.document, draft.version = document, form.version + 1
    draft.designed_by, draft.designed_at = actor.id or 0, now(tx)
    try:
        tx.flush()
    except IntegrityError as error:
        raise Conflict(CHANGED, "Compare, then save yours again.") from error
    _log(tx, actor, subject, draft, before)
    return draft


def require_no_round(session: Session, subject: Subject) -> None:
    """Raise `Conflict` while a round is announced or runs: its process is fixed."""
    rounds = list_rounds(session, question_id=subject.question_id, output_id=subject.output_id)
    newest = find_page(session, rounds[-1].id) if rounds else None
    if newest is not None and newest.phase not in OVER:
        raise Conflict("This is already open.", "It is opened once; see the discussion.")


def require_version(tx: Session, subject: Subject, version: int) -> ProcessDesign:
    """The prepared design if it is still the one that was looked at. Raises `Conflict`."""
    draft = lock_draft(tx, question_id=subject.question_id, output_id=subject.output_id)
    if draft is None:
        raise Conflict("No process is designed yet.", "Choose a template and save it first.")
    if draft.version != version:
        raise Conflict(CHANGED, "Look at it again before you open it.")
    return read_design(draft.document)


def _said(draft: ProcessDraft) -> list[str]:
    """A version of a draft in the log: its template and the fingerprint of all of it."""
    design = read_design(draft.document)
    return [design.template.label, f"SHA-256 {fingerprint(draft.document)}"]


def _log(
    tx: Session, actor: Actor, subject: Subject, draft: ProcessDraft, before: list[str]
) -> None:
    log_decision(
        tx,
        actor,
        CurationKind.DESIGN,
        f"Version {draft.version}",
        session_id=subject.session_id,
        question_id=subject.question_id,
        output_id=subject.output_id,
        before=before,
        after=_said(draft),
    )
    audit.record(tx, actor, "designed", "process", draft.id, version=draft.version)
