"""What can be found, one row for each text that everybody may read, and where it comes from.

A text that is retracted, hidden, held, withdrawn or replaced has no row, so no query can forget to
leave it out. Each row is worked out anew from the tables of the text; nothing else writes it.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.folding import MOST_REPEATS, MOST_TOKENS, tokenise
from deliberate.domain.forum import QuestionState
from deliberate.domain.languages import likely_language
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.plain_text import plain_text
from deliberate.domain.search import SearchKind, order_key
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment, is_shown
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, Output, PolicyQuestion
from deliberate.storage.proposals import Proposal, ProposalVersion, is_public
from deliberate.storage.summaries import Edition, Summary
from deliberate.storage.types import Word

FORMAT = 1
"""Grows when the same text would give another row; `deliberate init` then makes all anew."""
GAP = "_"
"""Stands where nothing can be found: no word that is folded has this form."""


class SearchEntry(Base):
    """A text that can be found. `id` is its place in the order of results (`order_key`).

    `words` is what the database matches: on SQLite the tokens in order, under the full-text
    table `search_index`; on PostgreSQL the same as a text search vector under an inverted index,
    both made by the migration. Behind the words stand the filters, as tokens that no text has.
    `digest` tells whether the row would still come out equal.
    """

    __tablename__ = "search_entries"
    __table_args__ = (sa.UniqueConstraint("kind", "subject_id"),)

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    kind: Mapped[SearchKind] = mapped_column(Word(SearchKind))
    subject_id: Mapped[int]
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("forum_sessions.id"), index=True)
    deliberation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("deliberations.id"))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    group: Mapped[StakeholderGroup | None] = mapped_column(
        "stakeholder_group", Word(StakeholderGroup)
    )
    language: Mapped[str | None]
    written_at: Mapped[datetime | None]
    digest: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    words: Mapped[str] = mapped_column(sa.Text().with_variant(TSVECTOR(), "postgresql"))


class SearchFormat(Base):
    """One row: the format that all entries were made in."""

    __tablename__ = "search_format"

    format: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


@dataclass(frozen=True, slots=True)
class Found:
    """A text as its tables have it; `moment` orders it, `written_at` is shown where it is known."""

    subject_id: int
    session_id: int
    year: int | None
    moment: datetime
    text: str
    title: str = ""
    deliberation_id: int | None = None
    author_id: int | None = None
    group: StakeholderGroup | None = None
    language: str | None = None
    written_at: datetime | None = None


def list_found(session: Session, kind: SearchKind, ids: Sequence[int]) -> list[Found]:
    """What everybody may read of these subjects, by id; the others have no row."""
    return _READERS[kind](session, ids)


def facets(
    *,
    session_id: int | None = None,
    deliberation_id: int | None = None,
    group: StakeholderGroup | None = None,
    language: str | None = None,
    year: int | None = None,
) -> list[str]:
    """Filters as tokens: what a row holds behind its words, and what a query asks for beside them.

    A subtag of a language counts as its language: "zh-Hant" is Chinese.
    """
    primary = language.partition("-")[0].lower() if language else None
    named = {
        "s": session_id,
        "d": deliberation_id,
        "g": group.name.lower() if group else None,
        "l": primary if primary and primary.isascii() and primary.isalpha() else None,
        "y": year,
    }
    return [f"{name}={value}" for name, value in named.items() if value is not None]


def row_of(kind: SearchKind, found: Found) -> dict[str, Any]:
    """The row of a text but for its words, which `words_of` gives."""
    language = found.language or likely_language(f"{found.title}\n{found.text}")
    row: dict[str, Any] = {
        "id": order_key(kind, found.moment, found.subject_id),
        "kind": kind,
        "subject_id": found.subject_id,
        "session_id": found.session_id,
        "deliberation_id": found.deliberation_id,
        "author_id": found.author_id,
        "stakeholder_group": found.group,
        "language": language,
        "written_at": found.written_at,
        "title": found.title,
        "text": found.text,
    }
    return row | {"digest": _digest([FORMAT, found.year, *row.values()])}


def words_of(found: Found, language: str | None, *, for_sqlite: bool) -> str:
    """What the database matches, in the form that it takes."""
    own = facets(
        session_id=found.session_id,
        deliberation_id=found.deliberation_id,
        group=found.group,
        language=language,
        year=found.year,
    )
    tokens = _places(found.title, found.text)
    return " ".join([*tokens, *own]) if for_sqlite else _vector(tokens, own)


def _digest(values: Sequence[Any]) -> str:
    return hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()


def _places(title: str, text: str) -> list[str]:
    """The tokens at their places, with gaps between title and text and for too many of one."""
    tokens = [token.text for token in tokenise(title)]
    tokens += [GAP] * bool(tokens) + [token.text for token in tokenise(text)]
    seen: Counter[str] = Counter()
    placed = []
    for token in tokens[:MOST_TOKENS]:
        seen[token] += 1
        placed.append(token if seen[token] <= MOST_REPEATS else GAP)
    return placed


def _vector(tokens: Sequence[str], own: Sequence[str]) -> str:
    """The literal of a text search vector; no token holds a quotation mark or a backslash."""
    places: dict[str, list[int]] = {}
    for place, token in enumerate(tokens, start=1):
        if token != GAP:
            places.setdefault(token, []).append(place)
    numbered = [f"'{token}':{','.join(map(str, where))}" for token, where in places.items()]
    return " ".join([*numbered, *(f"'{facet}'" for facet in own)])


def _year(year: int | None) -> datetime:
    """Questions and outputs bear no date of their own: they stand in the order of forums."""
    return datetime(min(max(year or 2000, 2000), 2999), 1, 1, tzinfo=UTC)


def _questions(session: Session, ids: Sequence[int]) -> list[Found]:
    query = (
        sa.select(
            PolicyQuestion.id, PolicyQuestion.session_id, ForumSession.year, PolicyQuestion.text
        )
        .join(ForumSession, ForumSession.id == PolicyQuestion.session_id)
        .where(
            PolicyQuestion.id.in_(ids),
            PolicyQuestion.taken_back_at.is_(None),
            PolicyQuestion.state != QuestionState.REPLACED,
        )
    )
    rows = session.execute(query)
    return [Found(key, forum, year, _year(year), text) for key, forum, year, text in rows]


def _outputs(session: Session, ids: Sequence[int]) -> list[Found]:
    query = (
        sa.select(Output.id, Output.session_id, ForumSession.year, Output.text)
        .join(ForumSession, ForumSession.id == Output.session_id)
        .where(Output.id.in_(ids), Output.taken_back_at.is_(None))
    )
    rows = session.execute(query)
    return [Found(key, forum, year, _year(year), text) for key, forum, year, text in rows]


def _comments(session: Session, ids: Sequence[int]) -> list[Found]:
    query = (
        sa.select(
            Comment.id,
            Deliberation.session_id,
            ForumSession.year,
            Comment.written_at,
            Comment.body_html,
            Comment.deliberation_id,
            Comment.author_id,
            Comment.group,
            Comment.language,
        )
        .join(Deliberation, Deliberation.id == Comment.deliberation_id)
        .join(ForumSession, ForumSession.id == Deliberation.session_id)
        .where(Comment.id.in_(ids), is_shown())
    )
    return [
        Found(key, forum, year, at, plain_text(html), "", where, author, group, language, at)
        for key, forum, year, at, html, where, author, group, language in session.execute(query)
    ]


def _proposals(session: Session, ids: Sequence[int]) -> list[Found]:
    other = sa.orm.aliased(ProposalVersion)
    newest = sa.select(sa.func.max(other.number)).where(other.proposal_id == Proposal.id)
    query = (
        sa.select(
            Proposal.id,
            Deliberation.session_id,
            ForumSession.year,
            ProposalVersion.written_at,
            ProposalVersion.body_html + ProposalVersion.rationale_html,
            ProposalVersion.title,
            Proposal.deliberation_id,
            Proposal.author_id,
            Proposal.group,
        )
        .join(ProposalVersion, ProposalVersion.proposal_id == Proposal.id)
        .join(Deliberation, Deliberation.id == Proposal.deliberation_id)
        .join(ForumSession, ForumSession.id == Deliberation.session_id)
        .where(
            Proposal.id.in_(ids),
            is_public(),
            ProposalVersion.number == newest.correlate(Proposal).scalar_subquery(),
        )
    )
    return [
        Found(key, forum, year, at, plain_text(html), title, where, author, group, None, at)
        for key, forum, year, at, html, title, where, author, group in session.execute(query)
    ]


def _summaries(session: Session, ids: Sequence[int]) -> list[Found]:
    newest = sa.select(sa.func.max(Edition.id)).where(Edition.summary_id.in_(ids))
    query = (
        sa.select(
            Edition.summary_id,
            Deliberation.session_id,
            ForumSession.year,
            Edition.published_at,
            Edition.document,
            Summary.deliberation_id,
        )
        .join(Summary, Summary.id == Edition.summary_id)
        .join(Deliberation, Deliberation.id == Summary.deliberation_id)
        .join(ForumSession, ForumSession.id == Deliberation.session_id)
        .where(Edition.id.in_(newest.group_by(Edition.summary_id)))
    )
    return [
        Found(
            key, forum, year, at, _summary_text(document), document["title"], where, written_at=at
        )
        for key, forum, year, at, document, where in session.execute(query)
    ]


def _summary_text(document: Mapping[str, Any]) -> str:
    parts = (plain_text(document[name]) for name in ("body_html", "minority_html"))
    return "\n".join(part for part in parts if part)


_READERS: Mapping[SearchKind, Callable[[Session, Sequence[int]], list[Found]]] = {
    SearchKind.QUESTION: _questions,
    SearchKind.OUTPUT: _outputs,
    SearchKind.SUMMARY: _summaries,
    SearchKind.PROPOSAL: _proposals,
    SearchKind.COMMENT: _comments,
}
