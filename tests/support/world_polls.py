"""What may happen to polls, in the world of all things."""

from deliberate.actions.invalidations import propose_invalidation
from deliberate.actions.room_counts import enter_room_ballots
from deliberate.domain.people import Role
from deliberate.inputs.polls import RoomBallots
from deliberate.inputs.process import PublicReason
from deliberate.storage.database import Database
from tests.factories import make_person

REASON = "Two people voted from one account, as they told us."


def doubt_polls(db: Database, *poll_ids: int) -> None:
    """Another facilitator proposes to declare these polls invalid."""
    doubter = make_person(db, role=Role.FACILITATOR)
    for poll_id in poll_ids:
        with db.writing() as tx:
            propose_invalidation(tx, doubter, poll_id, PublicReason(reason=REASON))


def count_in_room(db: Database, poll_id: int) -> None:
    """A facilitator enters what was counted in a hall, for a poll of three options."""
    form = RoomBallots(
        ballots=12, counts=[7, 4, 1], source="Main hall, cards raised", witness="Ada Example"
    )
    facilitator = make_person(db, role=Role.FACILITATOR)
    with db.writing() as tx:
        enter_room_ballots(tx, facilitator, poll_id, form)
