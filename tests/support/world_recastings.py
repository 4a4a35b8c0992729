"""Recastings of proposals in the world of all things."""

from collections.abc import Mapping

from deliberate.domain.people import Actor
from deliberate.storage.database import Database
from tests.factories import make_person
from tests.support.recasting import propose, suggest_recasting


def add_recastings(
    db: Database, people: Mapping[str, Actor], deliberation_id: int
) -> dict[str, int | str]:
    """Two that wait for the stakeholder's consent, one by the stakeholder, one published."""
    author, facilitator, other = people["stakeholder"], people["facilitator"], make_person(db)

    def pair(number: int) -> list[int]:
        titles = (f"Oil for lamp {number}", f"Wicks for lamp {number}")
        return [
            propose(db, person, deliberation_id, title)
            for person, title in zip((author, other), titles, strict=True)
        ]

    suggest_recasting(
        db,
        author,
        [propose(db, author, deliberation_id, "Paint all lamps")],
        "Paint them all",
        "Lamps of all kinds",
    )
    both = "Oil and wicks for the lamp"
    return {
        "recasting": suggest_recasting(db, facilitator, pair(1), both).id,
        "recasting_to_decline": suggest_recasting(db, facilitator, pair(2), both).id,
        "own_recasting": suggest_recasting(db, author, pair(3), both).id,
    }
