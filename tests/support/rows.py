"""How many rows each table has, to show that an act wrote nothing."""

import sqlalchemy as sa

from deliberate.storage.base import Base
from deliberate.storage.database import Database


def count_rows(db: Database) -> dict[str, int]:
    """The number of rows of every table of the product, by name."""
    with db.reading() as reader:
        return {
            name: reader.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }
