"""Threads for tests, tended through the product's own actions."""

from typing import Any

import sqlalchemy as sa

from deliberate.actions.gardening import tend
from deliberate.domain.gardening import GardenAct
from deliberate.domain.people import Actor
from deliberate.inputs.gardening import Tending
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database
from deliberate.storage.gardening import ThreadAct

REASON = "It answers what somebody asked over there."


def tending(act: GardenAct, **target: Any) -> Tending:
    """The form of an act."""
    return Tending(act=act, reason=REASON, **target)


def do(
    db: Database, actor: Actor, comment_id: int, act: GardenAct, **target: Any
) -> ThreadAct | None:
    """Do an act in a transaction of its own."""
    with db.writing() as tx:
        return tend(tx, actor, comment_id, tending(act, **target))


def rows_of(db: Database) -> list[tuple[Any, ...]]:
    """Where every comment stands and what it is about, by id."""
    query = sa.select(
        Comment.id,
        Comment.deliberation_id,
        Comment.parent_id,
        Comment.path,
        Comment.depth,
        Comment.anchor,
        Comment.proposal_id,
        Comment.author_id,
    ).order_by(Comment.id)
    with db.reading() as reader:
        return [tuple(row) for row in reader.execute(query)]


def assert_whole(db: Database) -> None:
    """Check what must always hold of the comments of all discussions together."""
    places = {row[0]: row[1:5] for row in rows_of(db)}
    for comment_id, (home, parent_id, path, depth) in places.items():
        step = f"{comment_id:010d}"
        if parent_id is None:
            assert (path, depth) == (step, 0)
        else:
            parent_home, _parent, parent_path, parent_depth = places[parent_id]
            assert (home, path, depth) == (
                parent_home, f"{parent_path}/{step}", parent_depth + 1
            )  # fmt: skip
