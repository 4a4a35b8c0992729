"""What each job does, by the name it was enqueued under."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.polls import count_poll

Handler = Callable[[Session, dict[str, Any]], object]

HANDLERS: dict[str, Handler] = {
    "count_poll": lambda tx, payload: count_poll(tx, payload["poll_id"]),
}
