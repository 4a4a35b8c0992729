"""What the world has of reading: a reaction to a comment, and how far somebody has read."""

from deliberate.actions.reactions import react
from deliberate.actions.visits import note_visit
from deliberate.domain.people import Actor
from deliberate.domain.threads import Reaction
from deliberate.storage.database import Database


def leave_traces(db: Database, reader: Actor, deliberation_id: int, comment_id: int) -> None:
    """Somebody who reads a discussion to its end, and asks for a source."""
    with db.writing() as tx:
        react(tx, reader, comment_id, Reaction.NEEDS_SOURCE)
        note_visit(tx, reader, deliberation_id, None, read=True)
