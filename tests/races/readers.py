"""What the processes of the races around reading do."""

from deliberate.actions.reactions import react
from deliberate.actions.visits import note_visit
from deliberate.domain.people import Actor
from deliberate.domain.threads import Reaction
from deliberate.storage.database import Clock, Database


def click(url: str, clock: Clock, actor: Actor, comment_id: int, reaction: Reaction) -> None:
    """React to a comment in a transaction of its own."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            react(tx, actor, comment_id, reaction)
    finally:
        db.dispose()


def arrive(url: str, clock: Clock, actor: Actor, deliberation_id: int) -> None:
    """Note a visit in a transaction of its own."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            note_visit(tx, actor, deliberation_id, None, read=False)
    finally:
        db.dispose()
