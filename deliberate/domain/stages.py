"""The stretches of time that a design divides a deliberation into, for showing it beforehand."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.phases import Phase, PollPhase
from deliberate.domain.process import ProcessDesign, Visibility, eligible_groups


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch in which nothing that people may do changes, as policy sees a deliberation.

    `starts_at` and `ends_at` are None where it is not limited by the design. `poll` is the phase of
    the planned poll, None when there is none.
    """

    phase: Phase
    opens_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    takes_proposals: bool
    proposals_are_open: bool
    has_planned_poll: bool
    poll: PollPhase | None
    groups: frozenset[StakeholderGroup] | None
    positions_are_named: bool


def list_stages(design: ProcessDesign, moment: datetime) -> list[Stage]:
    """The stages in the order of time; none while the design has no time at which it closes.

    A discussion that opens at once is not announced before. The last stage is the one after a
    summary has been published.
    """
    start, end = design.opens_at or moment, design.closes_at
    if end is None or end <= start:
        return []
    own = (design.proposals_close_at, design.poll_opens_at, design.poll_closes_at)
    inner = sorted({edge for edge in own if edge is not None and start < edge < end})
    edges = [start, *inner, end]
    stages = [
        _stage(design, _running(design, begins), start, begins, ends)
        for begins, ends in pairwise(edges)
    ]
    if start > moment:
        stages.insert(0, _stage(design, Phase.DRAFT, start, None, start))
    closed = (Phase.CLOSED, Phase.SUMMARISED)
    return stages + [_stage(design, phase, start, end, None) for phase in closed]


def _running(design: ProcessDesign, moment: datetime) -> Phase:
    return Phase.VOTING if _poll(design, moment) is PollPhase.OPEN else Phase.OPEN


def _poll(design: ProcessDesign, moment: datetime | None) -> PollPhase | None:
    """The phase of the planned poll; a count follows its closing at once."""
    opens_at, closes_at = design.poll_opens_at, design.poll_closes_at
    if opens_at is None or closes_at is None:
        return None
    if moment is None or moment < opens_at:
        return PollPhase.SCHEDULED
    return PollPhase.OPEN if moment < closes_at else PollPhase.CLOSED


def _stage(
    design: ProcessDesign,
    phase: Phase,
    opens_at: datetime,
    starts_at: datetime | None,
    ends_at: datetime | None,
) -> Stage:
    return Stage(
        phase=phase,
        opens_at=opens_at,
        starts_at=starts_at,
        ends_at=ends_at,
        takes_proposals=design.takes_proposals,
        proposals_are_open=starts_at is None or design.takes_proposals_at(starts_at),
        has_planned_poll=design.has_poll,
        poll=_poll(design, starts_at),
        groups=eligible_groups(design),
        positions_are_named=design.responses is Visibility.NAMED,
    )
