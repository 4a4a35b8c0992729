"""What facilitators and writers of the races do, each in a process of its own."""

import uuid

from deliberate.actions.comments import add_comment
from deliberate.actions.gardening import tend
from deliberate.domain.errors import DomainError
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import NewComment
from deliberate.inputs.gardening import Tending
from deliberate.storage.database import Clock, Database


def tend_or_reply(
    url: str, clock: Clock, actor: Actor, comment_id: int, form: Tending | None, home_id: int
) -> bool:
    """Tend a comment, or reply to it five times; False when somebody else was there before."""
    db = Database(url, clock)
    try:
        for _ in range(1 if form else 5):
            with db.writing() as tx:
                if form is not None:
                    tend(tx, actor, comment_id, form)
                    continue
                reply = NewComment(
                    body="As I said.", parent_id=comment_id, submission_key=str(uuid.uuid4())
                )
                add_comment(tx, actor, home_id, reply)
        return True
    except DomainError:
        return False
    finally:
        db.dispose()
