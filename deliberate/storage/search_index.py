"""Keeping what can be found equal to what is there, in the transaction that changes it.

No action calls this. Every session notes which rows of the tables that hold texts it writes,
through objects or through statements, and before it commits, their entries are worked out anew.
Whoever adds an act need not think of search; whoever adds a table of texts adds it to `SOURCES`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import ORMExecuteState, Session

from deliberate.domain.search import SearchKind
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession, Output, PolicyQuestion
from deliberate.storage.proposals import Proposal, ProposalVersion
from deliberate.storage.search_entries import (
    FORMAT,
    SearchEntry,
    SearchFormat,
    list_found,
    row_of,
    words_of,
)
from deliberate.storage.summaries import Edition

BATCH = 500
SOURCES: Mapping[str, tuple[SearchKind, Any, Any]] = {
    table.__tablename__: (kind, table, subject)
    for kind, table, subject in (
        (SearchKind.QUESTION, PolicyQuestion, PolicyQuestion.id),
        (SearchKind.OUTPUT, Output, Output.id),
        (SearchKind.SUMMARY, Edition, Edition.summary_id),
        (SearchKind.PROPOSAL, Proposal, Proposal.id),
        (SearchKind.PROPOSAL, ProposalVersion, ProposalVersion.proposal_id),
        (SearchKind.COMMENT, Comment, Comment.id),
    )
}
"""Tables of texts by name: what they hold, and which column says whose text it is."""
_SUBJECTS = {
    SearchKind.QUESTION: PolicyQuestion.id,
    SearchKind.OUTPUT: Output.id,
    SearchKind.SUMMARY: Edition.summary_id,
    SearchKind.PROPOSAL: Proposal.id,
    SearchKind.COMMENT: Comment.id,
}
_NOTED = "changed_texts"

Noted = dict[SearchKind, set[int]]
Progress = Callable[[int, int], None]


def _noted(session: Session) -> Noted:
    """The subjects whose texts this session changed and did not index yet."""
    noted: Noted = session.info.setdefault(_NOTED, defaultdict(set))
    return noted


@sa.event.listens_for(Session, "after_flush")
def _note_objects(session: Session, _context: Any) -> None:
    """Note what is written through objects; their ids are known by now."""
    for changed in (session.new, session.dirty, session.deleted):
        for one in changed:
            source = SOURCES.get(one.__tablename__)
            if source is not None:
                kind, _table, subject = source
                _noted(session)[kind].add(getattr(one, subject.key))
            elif isinstance(one, ForumSession) and _moved_year(one):
                _note_session(session, [one.id])


def _moved_year(forum_session: ForumSession) -> bool:
    """Whether the year of a session changed, by which all that belongs to it is filtered."""
    return bool(sa.inspect(forum_session).attrs.year.history.has_changes())


def _note_session(session: Session, session_ids: Iterable[int]) -> None:
    query = sa.select(SearchEntry.kind, SearchEntry.subject_id)
    with session.no_autoflush:
        for kind, subject_id in session.execute(
            query.where(SearchEntry.session_id.in_(list(session_ids)))
        ):
            _noted(session)[kind].add(subject_id)


@sa.event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> Any:
    """Note what a statement changes in many rows at once."""
    if not (state.is_insert or state.is_update or state.is_delete):
        return None
    statement: Any = state.statement
    name = statement.table.name
    if name == ForumSession.__tablename__ and not state.is_insert:
        _note_session(state.session, _touched(state, ForumSession.id))
    if name not in SOURCES:
        return None
    kind, table, subject = SOURCES[name]
    if state.is_insert:
        return _invoke_and_note(state, kind, table, subject)
    _noted(state.session)[kind].update(_touched(state, subject))
    return None


def _touched(state: ORMExecuteState, subject: Any) -> Iterator[int]:
    """The subjects of the rows that an update or a deletion is about to reach, held until then."""
    statement: Any = state.statement
    given: Any = state.parameters
    key = subject.class_.id
    for values in given if isinstance(given, list) else [given or {}]:
        query = sa.select(subject).with_for_update()
        if statement.whereclause is not None:
            query = query.where(statement.whereclause)
        elif key.name in values:
            query = query.where(key == values[key.name])
        yield from state.session.scalars(query, values)


def _invoke_and_note(state: ORMExecuteState, kind: SearchKind, table: Any, subject: Any) -> Any:
    """Insert, then note the rows with the ids that were given, and those with later ids."""
    session = state.session
    last = session.scalar(sa.select(sa.func.max(table.id))) or 0
    result = state.invoke_statement()
    given: Any = state.parameters if isinstance(state.parameters, list) else [state.parameters]
    named = [values["id"] for values in given if values and "id" in values]
    # Of a single row, the result tells the id that stood in the statement itself.
    rows: Any = getattr(result, "inserted_primary_key_rows", ())
    named += [key for key, *_rest in rows if key is not None]
    _noted(session)[kind].update(session.scalars(sa.select(subject).where(table.id > last)))
    for batch in _batches(named):
        _noted(session)[kind].update(session.scalars(sa.select(subject).where(table.id.in_(batch))))
    return result


@sa.event.listens_for(Session, "before_commit")
def _index_what_changed(session: Session) -> None:
    """Bring the entries up to date with all that the whole transaction changed."""
    if session.in_nested_transaction():
        return
    session.flush()
    noted: Noted = session.info.pop(_NOTED, {})
    for kind in SearchKind:
        if noted.get(kind):
            refresh(session, kind, noted[kind])


def refresh(
    tx: Session, kind: SearchKind, subject_ids: Iterable[int], *, all_anew: bool = False
) -> None:
    """Make the entries of these subjects what they should be; `all_anew` also writes equal ones."""
    for batch in _batches(sorted(set(subject_ids))):
        found = {one.subject_id: one for one in list_found(tx, kind, batch)}
        rows = {key: row_of(kind, one) for key, one in found.items()}
        stored = _stored(tx, kind, batch)
        equal = set[int]()
        if not all_anew:
            equal = {
                key for key, (_id, digest) in stored.items()
                if key in rows and rows[key]["digest"] == digest
            }  # fmt: skip
        _remove(tx, [place for key, (place, _digest) in stored.items() if key not in equal])
        for_sqlite = tx.get_bind().dialect.name == "sqlite"
        _add(
            tx,
            [
                row | {"words": words_of(found[key], row["language"], for_sqlite=for_sqlite)}
                for key, row in rows.items()
                if key not in equal
            ],
        )


def _stored(tx: Session, kind: SearchKind, batch: Sequence[int]) -> dict[int, tuple[int, str]]:
    query = sa.select(SearchEntry.subject_id, SearchEntry.id, SearchEntry.digest).where(
        SearchEntry.kind == kind, SearchEntry.subject_id.in_(batch)
    )
    return {subject_id: (key, digest) for subject_id, key, digest in tx.execute(query)}


def _remove(tx: Session, keys: Sequence[int]) -> None:
    """Take entries out. SQLite's full-text table is told what they held before they go."""
    if not keys:
        return
    if tx.get_bind().dialect.name == "sqlite":
        held = sa.select(sa.literal("delete"), SearchEntry.id, SearchEntry.words).where(
            SearchEntry.id.in_(keys)
        )
        tx.execute(sa.insert(INDEX).from_select(["search_index", "rowid", "words"], held))
    table: Any = SearchEntry.__table__
    tx.execute(sa.delete(table).where(table.c.id.in_(keys)))


def _add(tx: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    table: Any = SearchEntry.__table__
    tx.execute(sa.insert(table), rows)
    if tx.get_bind().dialect.name == "sqlite":
        held = [{"rowid": row["id"], "words": row["words"]} for row in rows]
        tx.execute(sa.insert(INDEX), held)


INDEX = sa.table(
    "search_index",
    sa.column("search_index", sa.String),
    sa.column("rowid", sa.Integer),
    sa.column("words", sa.Text),
)
"""SQLite's full-text table over the words of the entries; the migration makes it."""


def rebuild(db: Database, progress: Progress | None = None) -> int:
    """Make every entry anew, a batch in each transaction; how many texts can be found then.

    It may be interrupted and repeated, and people may write and search meanwhile.
    """
    with db.reading() as reader:
        total = sum(_count(reader, kind) for kind in SearchKind)
    done = 0
    for kind in SearchKind:
        last = 0
        while batch := _next_batch(db, kind, last):
            with db.writing() as tx:
                refresh(tx, kind, batch, all_anew=True)
            last = batch[-1]
            done += len(batch)
            if progress is not None:
                progress(min(done, total), total)
    return _finish(db)


def ensure_format(db: Database, progress: Progress | None = None) -> None:
    """Make the entries if there are none yet, or if another version made them."""
    with db.reading() as reader:
        found = reader.scalar(sa.select(SearchFormat.format))
    if found != FORMAT:
        rebuild(db, progress)


def _finish(db: Database) -> int:
    """Note the format and, on SQLite, make the full-text table anew from the entries."""
    with db.writing() as tx:
        if db.is_sqlite:
            tx.execute(sa.insert(INDEX).values(search_index="rebuild"))
        tx.execute(sa.delete(SearchFormat))
        tx.add(SearchFormat(format=FORMAT))
        return tx.scalar(sa.select(sa.func.count(SearchEntry.id))) or 0


def _count(reader: Session, kind: SearchKind) -> int:
    return reader.scalar(sa.select(sa.func.count(_SUBJECTS[kind].distinct()))) or 0


def _next_batch(db: Database, kind: SearchKind, last: int) -> list[int]:
    """The next subjects behind `last`: those there are, and those an entry is left of."""
    stored = sa.select(SearchEntry.subject_id).where(
        SearchEntry.kind == kind, SearchEntry.subject_id > last
    )
    subject = _SUBJECTS[kind]
    both = sa.union(sa.select(subject).where(subject > last), stored).subquery()
    query = sa.select(both.c[0]).order_by(both.c[0]).limit(BATCH)
    with db.reading() as reader:
        return list(reader.scalars(query))


def _batches(values: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
