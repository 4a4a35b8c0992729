"""Storing a session page that was read and previewed, and storing it again when it changed."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deliberate.actions.matters import matter_of
from deliberate.actions.revisions import match_outputs, match_questions
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.forum import CurationKind
from deliberate.domain.people import Actor
from deliberate.importing import SessionPage
from deliberate.importing.corrections import Corrections, apply, as_json, from_json, refit
from deliberate.policy import Can, require
from deliberate.storage import audit, forum
from deliberate.storage.curation import log_decision
from deliberate.storage.database import now
from deliberate.storage.forum import ForumSession, Output, PolicyQuestion
from deliberate.storage.imports import SessionRevision
from deliberate.storage.labels import take_over_labels

REASON = "Imported from the session's page."
COLUMNS = ("title", "reference", "year", "type", "theme")
"""What a session shows of its record in columns of their own, which curators may change."""


@dataclass(frozen=True, slots=True)
class Upload:
    """The page as it came: its file's name, its text and, byte for byte, what was sent.

    Without `original` the text itself was sent. `corrections` are the curator's; None stands
    for those that the stored session already has.
    """

    name: str
    text: str
    is_demo: bool = False
    original: bytes | None = None
    corrections: Corrections | None = None

    @property
    def data(self) -> bytes:
        """What was sent."""
        return self.text.encode() if self.original is None else self.original


def import_session(
    tx: Session, actor: Actor, page: SessionPage, upload: Upload, *, reason: str | None = None
) -> tuple[ForumSession, bool]:
    """Store a page as read; the second value says whether anything was stored.

    The same page again changes nothing. A page that differs from the stored one becomes the
    session's next revision when a `reason` is given, which everybody can read; without one
    `Conflict` is raised, and nobody who stands aside in the session may revise it.
    `session.revision` tells a new session (1) from a revised one. Raises
    `Conflict` as well when stored corrections do not fit the new page and no others are given.
    """
    require(actor, Can.IMPORT_SESSION)
    given = upload.corrections
    stored = find_stored(tx, page, given or {})
    if stored is not None and reason is not None:
        # Whoever waited here for another's revision compares with that one.
        tx.refresh(stored, with_for_update=True)
    if given is None:
        given = _carried_over(stored, page) if stored else {}
    shown = apply(page, given)
    if stored is None:
        session = _store(tx, actor, page, shown, upload, given)
    elif (stored.page_digest, stored.digest) == (page.digest, shown.digest):
        return stored, False
    elif reason is None:
        raise Conflict(
            "This session was imported before, from a page that differs.",
            "What people already answer is not overwritten. Compare both pages first.",
        )
    else:
        require(actor, Can.CURATE, matter_of(tx, stored.id))
        session = _revise(tx, actor, stored, page, shown, upload, given, reason)
    _keep_revision(tx, actor, session, upload, reason or REASON)
    return session, True


def find_stored(
    session: Session, page: SessionPage, corrections: Corrections
) -> ForumSession | None:
    """The stored session that a page as read describes, with these corrections applied."""
    identity = apply(page, corrections).identity
    return forum.find_described_session(session, identity, page.identity, page.digest)


def get_session(session: Session, slug: str) -> ForumSession:
    """The forum session at this address, or `NotFound`."""
    found = forum.find_session(session, slug)
    if found is None:
        raise NotFound("There is no such session.")
    return found


def _carried_over(stored: ForumSession, page: SessionPage) -> Corrections:
    """The corrections of the stored session, as long as each finds its value on the page."""
    kept, lost = refit(from_json(stored.corrections), page)
    if lost:
        raise Conflict(
            "Corrections of this session do not fit the page any more.",
            "Check the page in the browser, where each can be made again or left out.",
        )
    return kept


def _store(
    tx: Session,
    actor: Actor,
    page: SessionPage,
    shown: SessionPage,
    upload: Upload,
    corrections: Corrections,
) -> ForumSession:
    session = ForumSession(
        slug=shown.slug,
        is_demo=upload.is_demo,
        imported_by=actor.id,
        imported_at=now(tx),
        revision=1,
        **{name: shown.as_json()[name] for name in COLUMNS},
    )
    _describe(session, page, shown, upload, corrections)
    tx.add(session)
    _flush(tx)
    match_questions(tx, session, shown, frozenset())
    match_outputs(tx, session, shown)
    _label_new(tx, session, frozenset())
    log_decision(
        tx, actor, CurationKind.IMPORT, REASON, session_id=session.id, after=[session.title]
    )
    audit.record(tx, actor, "imported", "forum_session", session.id, digest=session.digest)
    return session


def _revise(
    tx: Session,
    actor: Actor,
    session: ForumSession,
    page: SessionPage,
    shown: SessionPage,
    upload: Upload,
    corrections: Corrections,
    reason: str,
) -> ForumSession:
    """Let a stored session say what its page says now; nothing that people answer is lost."""
    before, record = session.record, shown.as_json()
    asked = frozenset(one["text"] for one in before["policy_questions"])
    known = frozenset(_subjects(tx, session))
    session.revision += 1
    # A theme or a type that curators chose stays unless the page itself says something new.
    for name in COLUMNS:
        if before.get(name) != record[name]:
            setattr(session, name, record[name])
    _describe(session, page, shown, upload, corrections)
    _flush(tx)
    gone, come = match_questions(tx, session, shown, asked)
    outputs_gone, outputs_come = match_outputs(tx, session, shown)
    _label_new(tx, session, known)
    log_decision(
        tx,
        actor,
        CurationKind.REVISE,
        reason,
        session_id=session.id,
        before=[*gone, *outputs_gone],
        after=[*come, *outputs_come],
    )
    audit.record(
        tx, actor, "revised", "forum_session", session.id,
        digest=session.digest, revision=session.revision,
    )  # fmt: skip
    return session


def _subjects(tx: Session, session: ForumSession) -> dict[tuple[str, int], PolicyQuestion | Output]:
    """The session's questions and outputs, by table and id."""
    found: list[PolicyQuestion | Output] = [
        *forum.list_questions(tx, session.id),
        *forum.list_outputs(tx, session.id),
    ]
    return {(each.__tablename__, each.id): each for each in found}


def _label_new(tx: Session, session: ForumSession, known: Collection[tuple[str, int]]) -> None:
    """Give the theme and the goals of the session to what was not there before."""
    new = [each for key, each in _subjects(tx, session).items() if key not in known]
    take_over_labels(tx, session, new)


def _describe(
    session: ForumSession,
    page: SessionPage,
    shown: SessionPage,
    upload: Upload,
    corrections: Corrections,
) -> None:
    """Note the page as read and as corrected, and the file it came from."""
    session.identity, session.page_identity = shown.identity, page.identity
    session.record, session.digest, session.page_digest = shown.as_json(), shown.digest, page.digest
    session.source_name, session.source_text = upload.name, upload.text
    session.original, session.corrections = upload.data, as_json(corrections)


def _keep_revision(
    tx: Session, actor: Actor, session: ForumSession, upload: Upload, reason: str
) -> None:
    tx.add(
        SessionRevision(
            session_id=session.id,
            number=session.revision,
            record=session.record,
            digest=session.digest,
            original=upload.data,
            source_name=upload.name,
            corrections=session.corrections,
            reason=reason,
            imported_by=actor.id,
            imported_at=now(tx),
        )
    )
    tx.flush()


def _flush(tx: Session) -> None:
    try:
        tx.flush()
    except IntegrityError as error:
        raise Conflict(
            "Another session with this year, type and number is stored.", "Reload the list."
        ) from error
