"""Amendments in the world of all things."""

from deliberate.domain.people import Actor
from deliberate.storage.database import Database
from tests.factories import make_person, make_proposals
from tests.support.amending import suggest


def add_amendments(
    db: Database, author: Actor, proposal_id: int, deliberation_id: int
) -> dict[str, int | str]:
    """Two amendments to the author's proposal, and one that the author suggests to another."""
    other = make_proposals(db, deliberation_id, 1)[0].id
    return {
        "amendment": suggest(db, make_person(db), proposal_id).id,
        "amendment_to_stand": suggest(db, make_person(db), proposal_id).id,
        "own_amendment": suggest(db, author, other).id,
    }
