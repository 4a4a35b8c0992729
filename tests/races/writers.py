"""What the processes of races about comments do, each in a transaction of its own."""

from deliberate.actions.comments import add_comment, revise_comment
from deliberate.domain.errors import Conflict
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import CommentRevision, NewComment
from deliberate.storage.database import Clock, Database


def post(url: str, clock: Clock, author: Actor, deliberation_id: int, form: NewComment) -> int:
    """Post a comment and give its id."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            return add_comment(tx, author, deliberation_id, form).id
    finally:
        db.dispose()


def edit(url: str, clock: Clock, author: Actor, comment_id: int, form: CommentRevision) -> str:
    """Put a comment in other words: "edited", or why not."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            revise_comment(tx, author, comment_id, form)
        return "edited"
    except Conflict as error:
        return error.title
    finally:
        db.dispose()
