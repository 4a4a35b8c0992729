"""Which phase a deliberation is in and when a poll takes ballots, on one clock."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Phase(StrEnum):
    """The life of a deliberation, in order."""

    DRAFT = "draft"
    OPEN = "open"
    VOTING = "voting"
    CLOSED = "closed"
    SUMMARISED = "summarised"


class PollPhase(StrEnum):
    """The life of a poll: announced, taking ballots, being counted, counted.

    One that is declared invalid before its count ends as invalid; a count that is declared invalid
    stays a count.
    """

    SCHEDULED = "scheduled"
    OPEN = "open"
    COUNTING = "counting"
    CLOSED = "closed"
    INVALID = "invalid"


class Window(Protocol):
    """Something that opens and closes at stated moments."""

    @property
    def opens_at(self) -> datetime:
        """The first moment inside."""

    @property
    def closes_at(self) -> datetime:
        """The first moment outside again."""


class PollWindow(Window, Protocol):
    """A poll also records when it was closed and counted."""

    @property
    def closed_at(self) -> datetime | None:
        """When the count was made; None before."""

    @property
    def invalidated_at(self) -> datetime | None:
        """When it was declared invalid, if it was."""


def is_open(window: Window, now: datetime) -> bool:
    """Whether `now` lies in the half-open interval from opening to closing."""
    return window.opens_at <= now < window.closes_at


def deliberation_phase(
    window: Window, now: datetime, *, poll_is_open: bool, has_edition: bool
) -> Phase:
    """The phase of a deliberation; a published summary outlasts everything else."""
    if has_edition:
        return Phase.SUMMARISED
    if poll_is_open:
        return Phase.VOTING
    if now < window.opens_at:
        return Phase.DRAFT
    return Phase.OPEN if is_open(window, now) else Phase.CLOSED


def poll_phase(poll: PollWindow, now: datetime) -> PollPhase:
    """The phase of a poll; between its end and its count nobody can do anything to it."""
    if poll.closed_at is not None:
        return PollPhase.CLOSED
    if poll.invalidated_at is not None:
        return PollPhase.INVALID
    if now < poll.opens_at:
        return PollPhase.SCHEDULED
    return PollPhase.OPEN if now < poll.closes_at else PollPhase.COUNTING
