"""Where questions and outputs stand, and which of them wait too long.

*Overdue* is what others were promised: a discussion that closed more than `SUMMARY_DUE` ago has
no published summary, or a poll has ended and was not counted within `COUNT_DUE`.
*Stuck* is what nobody moves: a text that nobody has acted on for `ACT_DUE`, a question that is in
review for `REVIEW_DUE`, or one that was accepted `OPENING_DUE` ago and not opened.
All limits are exclusive: something is late one moment after them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from deliberate.domain.forum import QuestionState
from deliberate.domain.phases import Phase


class Stage(StrEnum):
    """The way of a question from its session to its summary, and where it can leave it."""

    WAITING = "waiting"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    OPEN = "open"
    VOTING = "voting"
    CLOSED = "closed"
    SUMMARISED = "summarised"
    DECLINED = "declined"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The stage in a few words, as pages show it."""
        return STAGE_LABELS[self]


STAGE_LABELS = {
    Stage.WAITING: "Waiting for curation",
    Stage.IN_REVIEW: "In review",
    Stage.ACCEPTED: "Accepted, not open yet",
    Stage.SCHEDULED: "Opens soon",
    Stage.OPEN: "Discussion open",
    Stage.VOTING: "Poll open",
    Stage.CLOSED: "Closed, no summary yet",
    Stage.SUMMARISED: "Summary published",
    Stage.DECLINED: "Declined",
    Stage.REPLACED: "Replaced",
    Stage.WITHDRAWN: "Withdrawn",
}
PHASE_STAGES = {
    Phase.DRAFT: Stage.SCHEDULED,
    Phase.OPEN: Stage.OPEN,
    Phase.VOTING: Stage.VOTING,
    Phase.CLOSED: Stage.CLOSED,
    Phase.SUMMARISED: Stage.SUMMARISED,
}
STATE_STAGES = {
    QuestionState.IMPORTED: Stage.WAITING,
    QuestionState.IN_REVIEW: Stage.IN_REVIEW,
    QuestionState.ACCEPTED: Stage.ACCEPTED,
    QuestionState.DECLINED: Stage.DECLINED,
    QuestionState.REPLACED: Stage.REPLACED,
}
FINISHED = (Stage.SUMMARISED, Stage.DECLINED, Stage.REPLACED, Stage.WITHDRAWN)
"""Stages in which nothing is waited for."""

SUMMARY_DUE = timedelta(days=14)
COUNT_DUE = timedelta(days=1)
ACT_DUE = timedelta(days=30)
REVIEW_DUE = timedelta(days=14)
OPENING_DUE = timedelta(days=14)
STUCK_AFTER: Mapping[Stage, timedelta] = {
    Stage.WAITING: ACT_DUE,
    Stage.IN_REVIEW: REVIEW_DUE,
    Stage.ACCEPTED: OPENING_DUE,
}


class Delay(StrEnum):
    """Why something counts as late."""

    NO_SUMMARY = "no_summary"
    NOT_COUNTED = "not_counted"
    NO_ACT = "no_act"
    NOT_REVIEWED = "not_reviewed"
    NOT_OPENED = "not_opened"

    @property
    def is_overdue(self) -> bool:
        """Whether participants wait for it; else it is stuck."""
        return self in (Delay.NO_SUMMARY, Delay.NOT_COUNTED)


STUCK_BECAUSE = {
    Stage.WAITING: Delay.NO_ACT,
    Stage.IN_REVIEW: Delay.NOT_REVIEWED,
    Stage.ACCEPTED: Delay.NOT_OPENED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage, since when, and since when an uncounted poll has been over (None without one)."""

    stage: Stage
    since: datetime
    uncounted_since: datetime | None = None


def stage_of(state: QuestionState | None, phase: Phase | None, *, is_withdrawn: bool) -> Stage:
    """The stage of a question, or of an output, which has no state.

    What was opened stands where its discussion stands; what a newer page no longer has is
    withdrawn, unless it was opened before.
    """
    if phase is not None:
        return PHASE_STAGES[phase]
    if is_withdrawn:
        return Stage.WITHDRAWN
    return Stage.WAITING if state is None else STATE_STAGES[state]


def delay_of(standing: Standing, now: datetime) -> Delay | None:
    """Why this is late, if it is; what participants wait for comes first."""
    age = now - standing.since
    if standing.stage is Stage.CLOSED and age > SUMMARY_DUE:
        return Delay.NO_SUMMARY
    if standing.uncounted_since is not None and now - standing.uncounted_since > COUNT_DUE:
        return Delay.NOT_COUNTED
    limit = STUCK_AFTER.get(standing.stage)
    return STUCK_BECAUSE[standing.stage] if limit is not None and age > limit else None
