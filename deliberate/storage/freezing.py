"""Rows that stay as they were fixed: the session refuses to change them, whatever the code asks.

The fingerprint shows a change afterwards; this keeps one from happening by mistake. Who writes SQL
by hand is not stopped, only found out.
"""

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from deliberate.domain.errors import Conflict
from deliberate.storage.base import Base

FIXED = "This was fixed at opening and cannot change."
NEW_ROUND = "Open a new poll, or a new round of the discussion, for what should be different."
_FROZEN: set[type[Base]] = set()


def freeze(
    model: type[Base],
    columns: Iterable[str] | None = None,
    since: Callable[[Any], bool] = lambda _row: True,
) -> None:
    """Refuse every change of these columns (all, when none are named) and every deletion.

    `since` says of a row whether it is fixed already. Refusing is raising `Conflict`.
    """
    names = list(columns) if columns is not None else list(sa.inspect(model).columns.keys())
    _FROZEN.add(model)

    @sa.event.listens_for(model, "before_update")
    def refuse_change(_mapper: Mapper[Any], _connection: sa.Connection, row: Any) -> None:
        state = sa.inspect(row)
        changed = [name for name in names if state.attrs[name].history.has_changes()]
        if changed and since(row):
            raise Conflict(FIXED, NEW_ROUND)

    @sa.event.listens_for(model, "before_delete")
    def refuse_deletion(_mapper: Mapper[Any], _connection: sa.Connection, _row: Any) -> None:
        raise Conflict(FIXED, NEW_ROUND)


def former(row: Any, name: str) -> Any:
    """What a column held before this transaction changed it."""
    history = sa.inspect(row).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(row, name)


@sa.event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(execution: ORMExecuteState) -> None:
    """Changes of many rows at once go past their rows' own guards, so there are none of these."""
    if execution.is_update or execution.is_delete:
        mapper = execution.bind_mapper
        if mapper is not None and mapper.class_ in _FROZEN:
            raise Conflict(FIXED, NEW_ROUND)
