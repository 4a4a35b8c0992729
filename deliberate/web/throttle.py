"""Limits on how often one person, or one address, may do a thing."""

from datetime import timedelta

from flask import request
from flask_babel import format_datetime
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.domain.errors import TooMany
from deliberate.domain.moderation import new_until
from deliberate.storage.database import now
from deliberate.storage.people import find_person
from deliberate.storage.throttles import seconds_to_wait
from deliberate.web.login import current_actor

NEWCOMERS = {"comment": 10, "proposal": 3, "flag": 5}
"""How often an hour an account writes something on its first day."""


def limit(tx: Session, act: str, *, burst: int, minutes: int, of: str | None = None) -> None:
    """Count one act. Raises `TooMany` beyond `burst` acts in `minutes`.

    Counted by `of` when given, else by the signed-in person, else by network address.
    """
    actor = current_actor()
    whose = of or (f"person:{actor.id}" if actor.id else f"address:{request.remote_addr}")
    wait = seconds_to_wait(tx, f"{act}:{whose}", burst, timedelta(minutes=minutes))
    if wait:
        raise TooMany(
            _("That was a lot in a short time."),
            _("Please wait %(seconds)d seconds, then send it again.", seconds=wait),
            wait,
        )


def limit_writing(tx: Session, act: str, *, burst: int, minutes: int) -> None:
    """Count something written; of accounts newer than a day at most `NEWCOMERS` an hour.

    Raises `TooMany`, which tells a newcomer until when the account counts as new.
    """
    limit(tx, act, burst=burst, minutes=minutes)
    actor = current_actor()
    person = find_person(tx, actor.id) if actor.id is not None else None
    end = new_until(person.registered_at, now(tx)) if person else None
    if end is None or act not in NEWCOMERS:
        return
    wait = seconds_to_wait(tx, f"new {act}:person:{actor.id}", NEWCOMERS[act], timedelta(hours=1))
    if wait:
        raise TooMany(
            _("New accounts write a little less often on their first day."),
            _(
                "Your account is new until %(moment)s. You can go on in %(minutes)d minutes.",
                moment=format_datetime(end, "d MMM y, HH:mm 'UTC'"),
                minutes=-(-wait // 60),
            ),
            wait,
        )
