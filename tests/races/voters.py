"""What the processes of the races do. Imports little, for each process imports it anew."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any, TypeVar

from deliberate.actions.ballots import cast_ballot, withdraw_ballot
from deliberate.domain.errors import Conflict
from deliberate.domain.people import Actor
from deliberate.inputs.ballots import CastBallot
from deliberate.storage.database import Clock, Database

R = TypeVar("R")
Ranks = dict[int, int | None]


@dataclass(frozen=True)
class Shifted:
    """The machine's clock moved by an offset, for processes that share no other clock."""

    offset: timedelta

    def __call__(self) -> datetime:
        """The moment it is now."""
        return datetime.now(UTC) + self.offset


def shortly_before(closes_at: datetime, url: str) -> Database:
    """A database that is already connected, and by whose clock two seconds are left."""
    db = Database(url)
    with db.reading() as reader:
        reader.connection()
    db.clock = Shifted(closes_at - datetime.now(UTC) - timedelta(seconds=2))
    return db


def cast(db: Database, poll_id: int, voter: Actor, ranks: Ranks) -> str:
    """Cast one ballot and return its receipt, "" when the poll had closed."""
    form = CastBallot(marks=ranks, submission_key=str(uuid.uuid4()))
    try:
        with db.writing() as tx:
            return cast_ballot(tx, voter, poll_id, form).code
    except Conflict:
        return ""


def cast_all(
    url: str, clock: Clock, poll_id: int, voter: Actor, rankings: list[Ranks]
) -> list[tuple[str, Ranks]]:
    """Cast these rankings one after another; each with its receipt."""
    db = Database(url, clock)
    try:
        return [(cast(db, poll_id, voter, ranks), ranks) for ranks in rankings]
    finally:
        db.dispose()


def cast_and_withdraw(
    url: str, clock: Clock, poll_id: int, voter: Actor, ranks: Ranks, times: int
) -> None:
    """Cast a ballot and withdraw it, so many times."""
    db = Database(url, clock)
    try:
        for _ in range(times):
            cast(db, poll_id, voter, ranks)
            with db.writing() as tx:
                withdraw_ballot(tx, voter, poll_id)
    finally:
        db.dispose()


def vote_until_closing(
    url: str, closes_at: datetime, poll_id: int, voters: list[Actor], rankings: list[Ranks]
) -> dict[int | None, str]:
    """Cast and change ballots until the poll has closed; the last receipt of each voter."""
    db = shortly_before(closes_at, url)
    receipts: dict[int | None, str] = {}
    choices = cycle(rankings)
    try:
        for voter in cycle(voters):
            code = cast(db, poll_id, voter, next(choices))
            if not code:
                break
            receipts[voter.id] = code
    finally:
        db.dispose()
    return receipts


def take_part(act: Callable[..., R], *arguments: Any) -> R:
    """Do one act or another, so that different ones can begin together."""
    return act(*arguments)
