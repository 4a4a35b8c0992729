"""What tests ask of the search index: that it is what a fresh one would be."""

from typing import Any

import sqlalchemy as sa

from deliberate.domain.search import parse_query
from deliberate.storage.database import Database
from deliberate.storage.search import SearchFilter, search
from deliberate.storage.search_entries import SearchEntry
from deliberate.storage.search_index import INDEX, rebuild


def entries(db: Database) -> list[tuple[Any, ...]]:
    """Every entry in order, with its words as the database keeps them."""
    words = sa.cast(SearchEntry.words, sa.Text)
    columns = [each for each in SearchEntry.__table__.columns if each.name != "words"]
    with db.reading() as reader:
        rows = reader.execute(sa.select(*columns, words).order_by(SearchEntry.id))
        return [tuple(row) for row in rows]


def assert_fresh(db: Database) -> None:
    """The index is what one made of nothing is, and SQLite finds its own part of it whole."""
    before = entries(db)
    if db.is_sqlite:
        with db.writing() as tx:
            tx.execute(sa.insert(INDEX).values(search_index="integrity-check"))
    with db.writing() as tx:
        tx.execute(sa.delete(SearchEntry))
    rebuild(db)
    assert entries(db) == before


def found(db: Database, query: str, wanted: SearchFilter | None = None) -> list[str]:
    """The texts that a query finds, a page of three at a time."""
    texts: list[str] = []
    after: int | None = None
    with db.reading() as reader:
        while True:
            page = search(reader, parse_query(query), wanted, after, limit=3)
            texts += [one.text for one in page.results]
            after = page.next_after
            if after is None:
                return texts
