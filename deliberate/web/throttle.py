"""Limits on how often one person, or one address, may do a thing."""

from datetime import timedelta

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.domain.errors import TooMany
from deliberate.storage.throttles import seconds_to_wait
from deliberate.web.login import current_actor


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
