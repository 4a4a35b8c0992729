"""Pages on their way into the forum: drafts that a curator checks, and revisions once stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from deliberate.storage.base import Base
from deliberate.storage.forum import ForumSession
from deliberate.storage.people import Person


class ImportDraft(Base):
    """A page that somebody sent and has not stored yet. Only its owner sees it.

    `original` is what was sent, byte for byte. `corrections` maps the key of a value to what the
    curator made of it; `unfit` holds corrections that found no place when the text changed;
    `settled` lists the doubts that the curator found fine as they are (none in old rows).
    What lists show is kept beside it, so that nothing is read again: `record` is the corrected
    page's values with their `digest`, `page_digest` that of the values as read, `doubts` how
    many remain. A page that cannot be read has a `message` instead. `read_at` is the version at
    which the text was last replaced.
    """

    __tablename__ = "import_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    source_name: Mapped[str]
    original: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    corrections: Mapped[dict[str, Any]]
    unfit: Mapped[list[Any]]
    settled: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    message: Mapped[str | None]
    title: Mapped[str]
    year: Mapped[int | None]
    type: Mapped[str | None]
    identity: Mapped[str | None] = mapped_column(index=True)
    page_identity: Mapped[str | None]
    digest: Mapped[str | None]
    page_digest: Mapped[str | None]
    record: Mapped[dict[str, Any]]
    doubts: Mapped[int]
    read_at: Mapped[int]
    version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    __mapper_args__ = {"version_id_col": version}


class SessionRevision(Base):
    """What a session's page said at one import. Revisions are only ever added; 1 is the first."""

    __tablename__ = "session_revisions"
    __table_args__ = (sa.UniqueConstraint("session_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("forum_sessions.id"))
    number: Mapped[int]
    record: Mapped[dict[str, Any]]
    digest: Mapped[str]
    original: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    source_name: Mapped[str]
    corrections: Mapped[dict[str, Any]]
    reason: Mapped[str]
    imported_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    imported_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in its owner's list, with the stored session that its page describes.

    `copies` counts other drafts of the same owner that describe the same session.
    """

    draft: ImportDraft
    slug: str | None
    stored_record: Mapping[str, Any] | None
    is_unchanged: bool
    copies: int


def find_draft(session: Session, draft_id: int) -> ImportDraft | None:
    """The draft with this id and the page it holds."""
    return session.get(ImportDraft, draft_id, options=[undefer(ImportDraft.original)])


def lock_draft(tx: Session, draft_id: int) -> ImportDraft | None:
    """The draft with its page, kept from everybody else until the transaction ends."""
    query = sa.select(ImportDraft).where(ImportDraft.id == draft_id).with_for_update()
    return tx.scalar(query.options(undefer(ImportDraft.original)))


def count_drafts(session: Session, owner_id: int) -> int:
    """How many drafts somebody has."""
    query = sa.select(sa.func.count(ImportDraft.id)).where(ImportDraft.owner_id == owner_id)
    return session.scalar(query) or 0


def map_read_digests(session: Session, owner_id: int) -> dict[str, int]:
    """What the pages of somebody's drafts say, as digests of the values as read, with ids."""
    query = sa.select(ImportDraft.page_digest, ImportDraft.id).where(
        ImportDraft.owner_id == owner_id, ImportDraft.page_digest.is_not(None)
    )
    return {digest: draft_id for digest, draft_id in session.execute(query) if digest}


def list_drafts(
    session: Session, owner_id: int, offset: int = 0, limit: int = 40
) -> Sequence[DraftLine]:
    """Somebody's drafts, the newest first, each with the session stored for it, in one query."""
    other = sa.orm.aliased(ImportDraft)
    copies = (
        sa.select(sa.func.count(other.id))
        .where(
            other.owner_id == owner_id,
            other.identity == ImportDraft.identity,
            other.id != ImportDraft.id,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(ImportDraft, ForumSession.slug, ForumSession.record, _is_unchanged(), copies)
        .outerjoin(ForumSession, ForumSession.id == _stored_id())
        .where(ImportDraft.owner_id == owner_id)
        .order_by(ImportDraft.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [DraftLine(draft, slug, record, bool(same), n) for draft, slug, record, same, n in rows]


def list_clear_drafts(
    session: Session, owner_id: int, newest: int, limit: int
) -> Sequence[tuple[int, str]]:
    """The drafts of new sessions about which nothing is in doubt, up to the id `newest`.

    Ids with titles, the oldest first.
    """
    query = (
        sa.select(ImportDraft.id, ImportDraft.title)
        .outerjoin(ForumSession, ForumSession.id == _stored_id())
        .where(ImportDraft.owner_id == owner_id, ImportDraft.id <= newest, *_is_clear())
        .order_by(ImportDraft.id)
        .limit(limit)
    )
    return [(draft_id, title) for draft_id, title in session.execute(query)]


def count_clear_drafts(session: Session, owner_id: int) -> int:
    """How many drafts of new sessions have nothing in doubt."""
    query = (
        sa.select(sa.func.count(ImportDraft.id))
        .outerjoin(ForumSession, ForumSession.id == _stored_id())
        .where(ImportDraft.owner_id == owner_id, *_is_clear())
    )
    return session.scalar(query) or 0


def list_revisions(
    session: Session, session_id: int, before: int | None = None, limit: int = 20
) -> Sequence[sa.Row[SessionRevision, Person]]:
    """What the session's page said at each import, the newest first, with who imported it.

    With `before`, only revisions with smaller numbers.
    """
    query = (
        sa.select(SessionRevision, Person)
        .join(Person, Person.id == SessionRevision.imported_by)
        .where(SessionRevision.session_id == session_id)
        .order_by(SessionRevision.number.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(SessionRevision.number < before)
    return session.execute(query).all()


def find_revision_file(session: Session, session_id: int, number: int) -> tuple[str, bytes] | None:
    """The file of one revision: its name and what was sent, byte for byte."""
    row = session.execute(
        sa.select(SessionRevision.source_name, SessionRevision.original).where(
            SessionRevision.session_id == session_id, SessionRevision.number == number
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def _stored_id() -> Any:
    """The session a draft's page describes: by what it says, else by what it said as read."""
    stored = sa.orm.aliased(ForumSession)
    draft = ImportDraft
    same = (
        stored.identity == draft.identity,
        stored.page_digest == draft.page_digest,
        sa.and_(stored.page_identity == draft.page_identity, draft.page_identity == draft.identity),
    )
    found = (
        sa.select(sa.func.min(stored.id)).where(one).correlate(draft).scalar_subquery()
        for one in same
    )
    return sa.func.coalesce(*found)


def _is_unchanged() -> Any:
    return sa.and_(
        ForumSession.digest == ImportDraft.digest,
        ForumSession.page_digest == ImportDraft.page_digest,
    )


def _is_clear() -> tuple[Any, ...]:
    return (
        ImportDraft.message.is_(None),
        ImportDraft.doubts == 0,
        ForumSession.id.is_(None),
        # An empty list is written alike on both databases.
        sa.cast(ImportDraft.unfit, sa.String) == "[]",
    )
