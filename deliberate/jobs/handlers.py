"""What each job does, by the name it was enqueued under."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.counting import count_poll
from deliberate.actions.new_passwords import answer_forgotten_password
from deliberate.actions.notices import announce_poll, remind_of_poll, tell_followers
from deliberate.actions.polls import open_planned_poll

Handler = Callable[[Session, dict[str, Any]], object]

HANDLERS: dict[str, Handler] = {
    "open_planned_poll": lambda tx, payload: open_planned_poll(tx, payload["deliberation_id"]),
    "answer_forgotten_password": lambda tx, payload: answer_forgotten_password(
        tx, payload["email"]
    ),
    "announce_poll": lambda tx, payload: announce_poll(tx, payload["poll_id"]),
    "remind_of_poll": lambda tx, payload: remind_of_poll(tx, payload["poll_id"]),
    "tell_followers": lambda tx, payload: tell_followers(
        tx, payload["event_id"], payload.get("after_id", 0)
    ),
    "count_poll": lambda tx, payload: count_poll(tx, payload["poll_id"]),
}
