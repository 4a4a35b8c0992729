"""What may happen to polls, in the world of all things."""

from deliberate.actions.invalidations import propose_invalidation
from deliberate.domain.people import Role
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
