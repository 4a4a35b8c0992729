"""Questions of any session that ask the same as a text, found without reading them all each time.

The index of words lives in memory, one for each database a process talks to. It is brought up
to date by the very query that asks whether it still holds, so that several processes agree.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.forum import QuestionState
from deliberate.domain.similarity import Index, Likeness, likeness_of
from deliberate.storage.curation import CurationDecision
from deliberate.storage.forum import ForumSession, PolicyQuestion

K = TypeVar("K")
AT_MOST = 5


@dataclass(frozen=True, slots=True)
class SimilarQuestion:
    """A question that asks much the same, with its session; `score` is from 0 to 1."""

    id: int
    text: str
    state: QuestionState
    version: int
    session_id: int
    slug: str
    session_title: str
    reference: str | None
    year: int | None
    score: float

    @property
    def likeness(self) -> Likeness:
        """How alike, in a word."""
        return likeness_of(self.score)


class _Row(NamedTuple):
    """What is kept of a question: all but the score."""

    id: int
    text: str
    state: QuestionState
    version: int
    session_id: int
    slug: str
    session_title: str
    reference: str | None
    year: int | None


@dataclass(slots=True)
class _Kept:
    """The index and the rows behind it; `stamp` grows with every change of either."""

    stamp: int = 0
    index: Index = field(default_factory=Index)
    rows: dict[int, _Row] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_kept: WeakKeyDictionary[sa.Pool, _Kept] = WeakKeyDictionary()


def list_similar(
    session: Session, text: str, exclude_session_id: int | None = None, limit: int = AT_MOST
) -> list[SimilarQuestion]:
    """Questions that ask much the same as this text, the most alike first; replaced ones do not.

    The questions of one session can be left out: those of the page at hand.
    """
    return list_similar_to_all(session, {0: text}, exclude_session_id, limit)[0]


def list_similar_to_all(
    session: Session,
    texts: Mapping[K, str],
    exclude_session_id: int | None = None,
    limit: int = AT_MOST,
) -> dict[K, list[SimilarQuestion]]:
    """The same for several texts at once, in one query."""
    kept = _kept.setdefault(_pool(session), _Kept())
    with kept.lock:
        _refresh(session, kept)
        return {key: _find(kept, text, exclude_session_id)[:limit] for key, text in texts.items()}


def _find(kept: _Kept, text: str, exclude_session_id: int | None) -> list[SimilarQuestion]:
    found = ((kept.rows[match.key], match.score) for match in kept.index.find(text))
    return [
        SimilarQuestion(*row, score) for row, score in found if row.session_id != exclude_session_id
    ]


def _pool(session: Session) -> sa.Pool:
    """What all sessions of one database have in common."""
    bind = session.get_bind()
    return (bind.engine if isinstance(bind, sa.Connection) else bind).pool


def _refresh(session: Session, kept: _Kept) -> None:
    """Take over what changed. The query gives no rows while nothing has."""
    rows = session.execute(_changed_since(kept.stamp)).all()
    for stamp, *_rest in rows[:1]:
        kept.stamp = stamp
    for _stamp, *values in rows:
        _take_over(kept, _Row(*values))


def _take_over(kept: _Kept, row: _Row) -> None:
    before = kept.rows.get(row.id)
    if row.state is QuestionState.REPLACED:
        kept.index.remove(row.id)
        kept.rows.pop(row.id, None)
        return
    kept.rows[row.id] = row
    if before is None or before.text != row.text:
        kept.index.put(row.id, row.text)


def _changed_since(stamp: int) -> sa.Select[Any]:
    """Every question with its session, if anything changed; rows are never deleted.

    Versions only grow and the log only gets longer, so their sum is another after each change.
    """
    versions = sa.select(sa.func.coalesce(sa.func.sum(PolicyQuestion.version), 0)).scalar_subquery()
    entries = sa.select(sa.func.coalesce(sa.func.max(CurationDecision.id), 0)).scalar_subquery()
    return (
        sa.select(
            (versions + entries).label("stamp"),
            PolicyQuestion.id,
            PolicyQuestion.text,
            PolicyQuestion.state,
            PolicyQuestion.version,
            ForumSession.id,
            ForumSession.slug,
            ForumSession.title,
            ForumSession.reference,
            ForumSession.year,
        )
        .join(ForumSession, ForumSession.id == PolicyQuestion.session_id)
        .where(versions + entries != stamp)
    )
