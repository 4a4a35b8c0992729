"""What moderators, reporters and authors of the races do, each in a process of its own."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from deliberate.domain.errors import DomainError
from deliberate.domain.moderation import ItemKind
from deliberate.domain.people import Actor
from deliberate.storage.database import Clock, Database

Act = Callable[[Session, Actor, ItemKind, int, Any], object]


def act_once(url: str, clock: Clock, act: Act, actor: Actor, comment_id: int, form: Any) -> bool:
    """Act on a comment; False when somebody else was there before."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            act(tx, actor, ItemKind.COMMENT, comment_id, form)
        return True
    except DomainError:
        return False
    finally:
        db.dispose()
