"""What the world has of tended threads: one that was moved, and one that can be undone."""

from collections.abc import Mapping

from deliberate.domain.gardening import GardenAct
from deliberate.domain.people import Actor
from deliberate.storage.database import Database
from tests.factories import make_comment
from tests.support.tending import do


def add_tended(
    db: Database, people: Mapping[str, Actor], home_id: int, other_id: int
) -> dict[str, int]:
    """The id of an act on a thread."""
    moved, marked = [make_comment(db, home_id).id for _ in range(2)]
    do(db, people["facilitator"], moved, GardenAct.MOVE, home=other_id)
    act = do(db, people["facilitator"], marked, GardenAct.SETTLE)
    assert act is not None
    return {"thread_act": act.id}
