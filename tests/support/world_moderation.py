"""What the world has of moderation: an open report, and a hidden comment with an appeal."""

from collections.abc import Mapping

from deliberate.domain.people import Actor, Role
from deliberate.storage.database import Database
from tests.factories import make_comment, make_person
from tests.support.moderating import appeal, hide, report


def add_moderation(
    db: Database, people: Mapping[str, Actor], deliberation_id: int
) -> dict[str, int]:
    """The ids of somebody's comment, the stakeholder's report of it, and a hidden comment."""
    author = make_person(db)
    reported, hidden = [make_comment(db, deliberation_id, author) for _ in range(2)]
    flag = report(db, people["stakeholder"], reported)
    hiding = hide(db, make_person(db, role=Role.FACILITATOR), hidden)
    appeal(db, author, hidden, hiding)
    return {"reported": reported.id, "flag": flag.id, "hidden": hidden.id}
