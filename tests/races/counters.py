"""The process that counts while others vote."""

from datetime import datetime
from typing import Any

from deliberate.actions.counting import count_poll
from tests.races.voters import shortly_before


def count_at_closing(
    url: str, closes_at: datetime, poll_id: int, *_as_voters_have: Any
) -> dict[int | None, str]:
    """Ask for the count again and again until there is one."""
    db = shortly_before(closes_at, url)
    try:
        while True:
            with db.writing() as tx:
                if count_poll(tx, poll_id) is not None:
                    return {}
    finally:
        db.dispose()


def count_and_tell(url: str, closes_at: datetime, poll_id: int) -> tuple[str, datetime]:
    """Ask for the count until there is one; its digest, and when it was made."""
    db = shortly_before(closes_at, url)
    try:
        while True:
            with db.writing() as tx:
                tally = count_poll(tx, poll_id)
                if tally is not None:
                    return tally.digest, tally.counted_at
    finally:
        db.dispose()
