"""Storing a session page that was read and previewed."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.forum import CurationKind, OutputKind, QuestionState
from deliberate.domain.people import Actor
from deliberate.importing import SessionPage
from deliberate.policy import Can, require
from deliberate.storage import audit, forum
from deliberate.storage.curation import log_decision
from deliberate.storage.database import now
from deliberate.storage.forum import ForumSession, Output, OutputPoint, PolicyQuestion
from deliberate.storage.labels import take_over_labels

REASON = "Imported from the session's page."


@dataclass(frozen=True, slots=True)
class Upload:
    """The page as it came: its file name and its text, kept verbatim."""

    name: str
    text: str
    is_demo: bool = False


def import_session(
    tx: Session, actor: Actor, page: SessionPage, upload: Upload
) -> tuple[ForumSession, bool]:
    """Store a session; the second value says whether it is new.

    The same page again changes nothing. Raises `Conflict` when the session is stored but was
    read from a page that said something else.
    """
    require(actor, Can.IMPORT_SESSION)
    stored = forum.find_session_by_identity(tx, page.identity)
    if stored is not None:
        if stored.digest == page.digest:
            return stored, False
        raise Conflict(
            "This session was imported before, from a page that differs.",
            "What people already answer is not overwritten. Compare both pages first.",
        )
    session = _store(tx, actor, page, upload)
    for position, question in enumerate(page.policy_questions):
        tx.add(_question(session.id, position, page, question.heading, question.text))
    for kind, texts in (
        (OutputKind.KEY_TAKEAWAY, page.key_takeaways),
        (OutputKind.CALL_TO_ACTION, page.calls_to_action),
    ):
        _store_outputs(tx, session.id, kind, page, texts)
    tx.flush()
    new = (forum.list_questions(tx, session.id), forum.list_outputs(tx, session.id))
    take_over_labels(tx, session, [*new[0], *new[1]])
    _log(tx, actor, session)
    return session, True


def get_session(session: Session, slug: str) -> ForumSession:
    """The forum session at this address, or `NotFound`."""
    found = forum.find_session(session, slug)
    if found is None:
        raise NotFound("There is no such session.")
    return found


def _store(tx: Session, actor: Actor, page: SessionPage, upload: Upload) -> ForumSession:
    session = ForumSession(
        slug=page.slug,
        identity=page.identity,
        title=page.title,
        reference=page.reference,
        year=page.year,
        type=page.type.value,
        theme=page.theme,
        record=page.as_json(),
        digest=page.digest,
        source_name=upload.name,
        source_text=upload.text,
        is_demo=upload.is_demo,
        imported_by=actor.id,
        imported_at=now(tx),
    )
    tx.add(session)
    try:
        tx.flush()
    except IntegrityError as error:
        raise Conflict("This session was imported a moment ago.", "Reload the list.") from error
    return session


def _question(
    session_id: int, position: int, page: SessionPage, heading: str | None, text: str
) -> PolicyQuestion:
    return PolicyQuestion(
        session_id=session_id,
        position=position + 1,
        heading=heading,
        original=text,
        text=text,
        source_line=_line(page, f"policy_questions/{position}"),
        state=QuestionState.IMPORTED,
    )


def _store_outputs(
    tx: Session, session_id: int, kind: OutputKind, page: SessionPage, texts: tuple[str, ...]
) -> None:
    """Store outputs verbatim, each with one point: the whole of it."""
    field = "key_takeaways" if kind is OutputKind.KEY_TAKEAWAY else "calls_to_action"
    for position, text in enumerate(texts):
        output = Output(
            session_id=session_id,
            kind=kind,
            position=position + 1,
            text=text,
            source_line=_line(page, f"{field}/{position}"),
        )
        tx.add(output)
        tx.flush()
        tx.add(OutputPoint(output_id=output.id, position=1, text=text))


def _line(page: SessionPage, key: str) -> int | None:
    source = page.sources.get(key) or page.sources.get(f"{key}/text")
    return source.line if source else None


def _log(tx: Session, actor: Actor, session: ForumSession) -> None:
    log_decision(
        tx, actor, CurationKind.IMPORT, REASON, session_id=session.id, after=[session.title]
    )
    audit.record(tx, actor, "imported", "forum_session", session.id, digest=session.digest)
