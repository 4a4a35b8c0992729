"""What a deliberation came to, computed from what people said; nothing here writes.

Callers ask policy first: until closing nobody, staff included, sees more than turnout.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from deliberate.domain.consensus import Indicator, Parameters, indicate
from deliberate.domain.people import Actor, StakeholderGroup
from deliberate.domain.positions import (
    Counts,
    Position,
    Rating,
    count_positions,
    count_ratings,
)
from deliberate.policy import STAFF, Can, require
from deliberate.storage import people, polls, proposal_versions, proposals, responses
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.forum import OutputPoint, list_points
from deliberate.storage.polls import Poll, PollOption
from deliberate.storage.proposals import ProposalLine

K = TypeVar("K")
W = TypeVar("W", Position, Rating)


@dataclass(frozen=True, slots=True)
class PointResult:
    """One point of an output with how many of each group took which position.

    Unless positions are named, the numbers of groups that do not report are for nobody's eyes.
    """

    point: OutputPoint
    numbers: Mapping[StakeholderGroup, Mapping[Position, int]]
    indicator: Indicator
    is_named: bool = True


@dataclass(frozen=True, slots=True)
class ProposalResult:
    """One proposal version with how many of each group gave which rating.

    `given` says how many ratings each version has; only those of the current one are counted.
    """

    proposal: ProposalLine
    numbers: Mapping[StakeholderGroup, Mapping[Rating, int]]
    indicator: Indicator
    given: Mapping[int, int] = field(default_factory=dict)

    @property
    def earlier(self) -> Mapping[int, int]:
        """How many ratings stay on each earlier version that has any."""
        current = self.proposal.version_number
        return {number: count for number, count in self.given.items() if count and number < current}


@dataclass(frozen=True, slots=True)
class PollResult:
    """A counted poll: its options and the stored count, None until it was made."""

    poll: Poll
    options: Sequence[PollOption]
    result: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a deliberation came to."""

    points: Sequence[PointResult]
    proposals: Sequence[ProposalResult]
    polls: Sequence[PollResult]


def get_results(session: Session, actor: Actor, page: DeliberationPage) -> Results:
    """The results of a closed deliberation. Raises `Refused` before closing."""
    require(actor, Can.SEE_RESULTS, page)
    eligible = _eligible(session, page)
    return Results(
        points=_points(session, page, eligible),
        proposals=_proposals(session, page, eligible),
        polls=[_poll(session, poll) for poll in polls.list_polls(session, page.id)],
    )


def _eligible(session: Session, page: DeliberationPage) -> dict[str, int]:
    """Registered people of each eligible group at closing, without those who run things."""
    registered = people.count_registered(session, page.closes_at, excluding=STAFF)
    eligible = [
        group
        for group in StakeholderGroup.registrable()
        if page.groups is None or group in page.groups
    ]
    return {group.value: registered.get(group, 0) for group in eligible}


def _parameters(page: DeliberationPage) -> Parameters:
    return Parameters(min_votes=page.deliberation.minimum)


def _points(
    session: Session, page: DeliberationPage, eligible: Mapping[str, int]
) -> list[PointResult]:
    if page.output is None:
        return []
    points = list_points(session, [page.output.id], page.deliberation.round)
    rows = responses.count_responses(session, [point.id for point in points])
    by_point = _by_text(rows)
    found = []
    for point in points:
        numbers = by_point.get(point.id, {})
        counts = {group.value: count_positions(own) for group, own in numbers.items()}
        indicator = _indicate(counts, eligible, page)
        found.append(PointResult(point, numbers, indicator, page.positions_are_named))
    return found


def _proposals(
    session: Session, page: DeliberationPage, eligible: Mapping[str, int]
) -> list[ProposalResult]:
    lines = [line for line in proposals.list_proposals(session, page.id) if line.is_public]
    rows = proposal_versions.count_ratings(session, page.id)
    by_version = _by_text(
        ((proposal_id, number), group, rating, count)
        for proposal_id, number, group, rating, count in rows
    )
    found = []
    for line in lines:
        versions = range(1, line.version_number + 1)
        given = {number: _sum(by_version.get((line.id, number), {})) for number in versions}
        numbers = by_version.get((line.id, line.version_number), {})
        counts = {group.value: count_ratings(own) for group, own in numbers.items()}
        indicator = _indicate(counts, eligible, page)
        found.append(ProposalResult(line, numbers, indicator, given))
    return found


def _indicate(
    counts: Mapping[str, Counts], eligible: Mapping[str, int], page: DeliberationPage
) -> Indicator:
    return indicate(counts, eligible, _parameters(page))


def _sum(numbers: Mapping[StakeholderGroup, Mapping[Rating, int]]) -> int:
    return sum(count for own in numbers.values() for count in own.values())


def _by_text(
    rows: Iterable[tuple[K, StakeholderGroup, W, int]],
) -> dict[K, dict[StakeholderGroup, dict[W, int]]]:
    """Counts by text, group and answer."""
    found: dict[K, dict[StakeholderGroup, dict[W, int]]] = {}
    for text_id, group, answer, count in rows:
        found.setdefault(text_id, {}).setdefault(group, {})[answer] = count
    return found


def _poll(session: Session, poll: Poll) -> PollResult:
    tally = polls.find_tally(session, poll.id)
    return PollResult(
        poll, polls.list_options(session, poll.id), tally.result if tally is not None else None
    )
