"""What curators left behind in the one forum of `world`."""

from sqlalchemy.orm import Session

from deliberate.domain.people import Actor
from deliberate.storage.curation import find_newest_by


def newest_act(tx: Session, curator: Actor) -> int:
    """The id of what this curator did last, which can be taken back."""
    tx.flush()
    decision = find_newest_by(tx, curator)
    assert decision is not None
    return decision.id
