"""Searching: one interface over SQLite's FTS5 and PostgreSQL's text search vectors.

Both match the same ready-made tokens (`domain.folding`) and order by the same key
(`domain.search.order_key`), so that both give the same results in the same order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from deliberate.domain.folding import tokenise
from deliberate.domain.forum import OutputKind, QuestionState
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.search import Query, SearchKind, Term, key_range
from deliberate.domain.similarity import Index, Likeness, likeness_of
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, Output, PolicyQuestion
from deliberate.storage.people import Person
from deliberate.storage.search_entries import SearchEntry, facets
from deliberate.storage.search_index import INDEX
from deliberate.storage.summaries import Edition

A_PAGE = 20
COUNTED = 300
"""Results that are counted; beyond, pages say "more than"."""
TRIED, FEWEST_TRIED = 30, 2_000
"""Of the newest texts, so many times as many as are wanted are looked at one after another."""
CANDIDATES = 300
"""Texts that are compared closely when similar ones are looked for."""
ALIKE = 0.25
"""Texts of some length that are less alike than this only speak of the same thing."""
TELLING = 24
"""Words of a text by which candidates are found."""


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """What is looked through; nothing given means everything."""

    kind: SearchKind | None = None
    group: StakeholderGroup | None = None
    language: str | None = None
    session_id: int | None = None
    deliberation_id: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A text that was found, by whom, and where it stands.

    `key` is its place in the order. Questions and outputs have no author and no moment, and a
    question has a state, an output a kind; of a summary the newest `edition` is meant.
    """

    key: int
    kind: SearchKind
    subject_id: int
    title: str
    text: str
    language: str | None
    author_name: str | None
    group: StakeholderGroup | None
    written_at: datetime | None
    slug: str
    session_title: str
    year: int | None
    is_demo: bool
    deliberation_id: int | None
    deliberation_title: str | None
    state: QuestionState | None
    output_kind: OutputKind | None
    edition: int | None

    @property
    def address(self) -> str:
        """Where it can be read."""
        if self.kind is SearchKind.SUMMARY:
            return f"/summaries/{self.subject_id}/editions/{self.edition}"
        return f"/{self.kind.value}s/{self.subject_id}"


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A stretch of results; `next_after` is the key that the next stretch follows."""

    results: Sequence[SearchResult]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class SearchCounts:
    """How many results there are of each kind, in the order of results.

    When `is_capped` counting stopped: the last kind counted and those behind it have more.
    """

    by_kind: dict[SearchKind, int]
    is_capped: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """A text that says much the same; `score` is from 0 to 1."""

    result: SearchResult
    score: float

    @property
    def likeness(self) -> Likeness:
        """How alike, in a word."""
        return likeness_of(self.score)


def search(
    session: Session,
    query: Query,
    wanted: SearchFilter | None = None,
    after: int | None = None,
    limit: int = A_PAGE,
) -> SearchPage:
    """What is found behind the key `after`: by kind, then the newest first."""
    if query.fault is not None:
        return SearchPage([], None)
    asked = _all_of(session, query, wanted)
    found = _results(session, _keys(session, asked, _kind(wanted), after, limit + 1))
    return SearchPage(found[:limit], found[limit - 1].key if len(found) > limit else None)


def count_results(
    session: Session, query: Query, wanted: SearchFilter | None = None
) -> SearchCounts:
    """How many results of each kind there are, whatever kind is wanted, up to `COUNTED`."""
    if query.fault is not None:
        return SearchCounts({}, is_capped=False)
    asked = _all_of(session, query, wanted)
    counted = _keys(session, asked, None, None, COUNTED + 1).subquery()
    kind = SearchEntry.kind
    rows = session.execute(
        sa.select(kind, sa.func.count())
        .join(counted, counted.c.id == SearchEntry.id)
        .group_by(kind)
    )
    found = {kind: count for kind, count in rows}
    total = sum(found.values())
    return SearchCounts({kind: found.get(kind, 0) for kind in SearchKind}, total > COUNTED)


def find_alike(
    session: Session,
    text: str,
    kind: SearchKind,
    deliberation_id: int | None = None,
    limit: int = 5,
) -> list[Alike]:
    """Texts of a kind that say much the same as this one, the most alike first.

    Candidates share its longest words; of a common subject the newest are looked at. They are
    compared as questions are (`domain.similarity`). Only what everybody may read is found.
    """
    words = sorted({token.text for token in tokenise(text)}, key=lambda word: (-len(word), word))
    if not words:
        return []
    terms = [Term((word,)) for word in words[:TELLING]]
    own = facets(deliberation_id=deliberation_id)
    asked = (_fts if _is_sqlite(session) else _tsquery)(terms, (), own, "OR")
    found = _results(session, _keys(session, asked, kind, None, CANDIDATES))
    index = Index({place: f"{one.title}\n{one.text}" for place, one in enumerate(found)})
    return [Alike(found[match.key], match.score) for match in index.find(text, ALIKE)][:limit]


def _kind(wanted: SearchFilter | None) -> SearchKind | None:
    return wanted.kind if wanted else None


def _all_of(session: Session, query: Query, wanted: SearchFilter | None) -> str:
    """The query and the filters in the database's own language."""
    chosen = wanted or SearchFilter()
    own = facets(
        session_id=chosen.session_id,
        deliberation_id=chosen.deliberation_id,
        group=chosen.group,
        language=chosen.language,
        year=chosen.year,
    )
    write = _fts if _is_sqlite(session) else _tsquery
    return write(query.terms, query.excluded, own, "AND")


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _fts(terms: Iterable[Term], excluded: Iterable[Term], own: Sequence[str], join: str) -> str:
    """A query of FTS5. Tokens are letters and digits only, so that quoting them is enough."""

    def phrase(term: Term) -> str:
        return f'"{" ".join(term.tokens)}"{"*" if term.is_beginning else ""}'

    parts = [f"({f' {join} '.join(map(phrase, terms))})", *(f'"{facet}"' for facet in own)]
    without = "".join(f" NOT {phrase(term)}" for term in excluded)
    return f"({' AND '.join(parts)}){without}"


def _tsquery(terms: Iterable[Term], excluded: Iterable[Term], own: Sequence[str], join: str) -> str:
    """The same as the literal of a text search query of PostgreSQL."""

    def phrase(term: Term) -> str:
        words = [f"'{token}'" for token in term.tokens]
        return f"({' <-> '.join(words)}{':*' if term.is_beginning else ''})"

    sign = " & " if join == "AND" else " | "
    parts = [f"({sign.join(map(phrase, terms))})", *(f"'{facet}'" for facet in own)]
    return " & ".join([*parts, *(f"!{phrase(term)}" for term in excluded)])


def _keys(
    session: Session, asked: str, kind: SearchKind | None, after: int | None, limit: int
) -> sa.Select[int]:
    """The greatest keys of what matches."""
    key: Any = INDEX.c.rowid if _is_sqlite(session) else SearchEntry.id
    inside = []
    if kind is not None:
        first, behind = key_range(kind)
        inside = [key >= first, key < min(after or behind, behind)]
    elif after is not None:
        inside = [key < after]
    if _is_sqlite(session):
        # FTS5 finds in the order of keys, the greatest first, and stops when it has enough.
        matching = INDEX.c.search_index.op("MATCH")(asked)
        return sa.select(key.label("id")).where(matching, *inside).order_by(key.desc()).limit(limit)
    matching = SearchEntry.words.op("@@")(sa.cast(asked, TSQUERY))
    return _postgresql_keys(matching, inside, limit)


def _postgresql_keys(
    matching: sa.ColumnElement[bool], inside: Sequence[sa.ColumnElement[bool]], limit: int
) -> sa.Select[int]:
    """The greatest keys among the newest texts if enough of these match, else among all.

    Left to itself PostgreSQL looks through every text in order wherever it expects many matches,
    and it cannot know that two common words hardly ever meet. So that is done for the newest
    alone, which is enough for common words; all others are found in the index and then sorted.
    """
    key = SearchEntry.id
    newest = sa.select(key).where(*inside).order_by(key.desc())
    first = newest.offset(max(FEWEST_TRIED, TRIED * limit)).limit(1).scalar_subquery()
    tried = newest.where(matching, key >= sa.func.coalesce(first, 0)).limit(limit).cte("tried")
    are_enough = sa.select(sa.func.count()).select_from(tried).scalar_subquery() >= limit
    # Ordered by a sum, which the index of keys does not serve.
    by_sum = (key + sa.literal_column("0")).desc()
    every = sa.select(key).where(matching, *inside, ~are_enough).order_by(by_sum).limit(limit)
    both = sa.union_all(
        sa.select(tried.c.id).where(are_enough), sa.select(every.subquery().c.id)
    ).subquery()
    return sa.select(both.c.id)


def _results(session: Session, keys: sa.Select[int]) -> list[SearchResult]:
    """The texts with these keys and what is said of them, in one query."""
    chosen = keys.subquery()
    edition = (
        sa.select(sa.func.max(Edition.number))
        .where(Edition.summary_id == SearchEntry.subject_id)
        .correlate(SearchEntry)
        .scalar_subquery()
    )
    of_question = sa.and_(
        SearchEntry.kind == SearchKind.QUESTION, PolicyQuestion.id == SearchEntry.subject_id
    )
    of_output = sa.and_(SearchEntry.kind == SearchKind.OUTPUT, Output.id == SearchEntry.subject_id)
    query: Any = (
        sa.select(
            SearchEntry.id,
            SearchEntry.kind,
            SearchEntry.subject_id,
            SearchEntry.title,
            SearchEntry.text,
            SearchEntry.language,
            Person.name,
            SearchEntry.group,
            SearchEntry.written_at,
            ForumSession.slug,
            ForumSession.title,
            ForumSession.year,
            ForumSession.is_demo,
            SearchEntry.deliberation_id,
            Deliberation.title,
            PolicyQuestion.state,
            Output.kind,
            sa.case((SearchEntry.kind == SearchKind.SUMMARY, edition)),
        )
        .join(chosen, chosen.c.id == SearchEntry.id)
        .join(ForumSession, ForumSession.id == SearchEntry.session_id)
        .outerjoin(Person, Person.id == SearchEntry.author_id)
        .outerjoin(Deliberation, Deliberation.id == SearchEntry.deliberation_id)
        .outerjoin(PolicyQuestion, of_question)
        .outerjoin(Output, of_output)
        .order_by(SearchEntry.id.desc())
    )
    return [SearchResult(*row) for row in session.execute(query)]
