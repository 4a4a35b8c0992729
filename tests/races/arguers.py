"""What the processes of the races around arguments do."""

from deliberate.actions.arguments import begin_argument, cite_comments, waive_comments
from deliberate.actions.regrouping import merge_arguments
from deliberate.domain.errors import DomainError
from deliberate.domain.people import Actor
from deliberate.inputs.synthesis import NewArgument
from deliberate.storage.database import Clock, Database


def act(url: str, clock: Clock, actor: Actor, name: str, home: int, what: object) -> str:
    """Do one thing in a transaction of its own; gives the refusal, "" when it was done."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            if name == "begin" and isinstance(what, NewArgument):
                begin_argument(tx, actor, home, what)
            elif name == "merge" and isinstance(what, tuple):
                merge_arguments(tx, actor, what[0], what[1])
            elif name == "cite" and isinstance(what, tuple):
                cite_comments(tx, actor, what[0], what[1])
            elif name == "waive" and isinstance(what, list):
                waive_comments(tx, actor, home, what, "It belongs to no argument.")
    except DomainError as error:
        return error.title
    finally:
        db.dispose()
    return ""
