"""The voters of a poll in classes: what weighting may know of them, and what may be published.

A voter's ballot never says who cast it. Weighting needs no more than how many people of each
class were eligible and voted, which is known without opening a ballot, and the stratum of each
ballot, which holds so many ballots that it shows nobody (ADR 22).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.domain.small_cells import merge_small_groups


@dataclass(frozen=True, slots=True)
class Cell:
    """What a voter was when the poll opened; `is_confirmed` says that a mandate stood then."""

    group: StakeholderGroup
    region: RegionalGroup
    organisation: str | None
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class CellCount:
    """How many people of one cell were on the list of voters, and how many of them voted."""

    cell: Cell
    eligible: int
    voted: int


def publishable_strata(cells: Iterable[CellCount], minimum: int) -> dict[Cell, str | None]:
    """The stratum under which the ballots of each cell are counted; None where none may be.

    It depends on turnout alone, so that it can be worked out again after the link between voters
    and ballots is gone. Groups below the minimum are merged as `small_cells` says.
    """
    known = list(cells)
    turnout: dict[str, int] = {}
    for each in known:
        name = each.cell.group.value
        turnout[name] = turnout.get(name, 0) + each.voted
    strata = merge_small_groups(turnout, minimum)
    return {each.cell: strata[each.cell.group.value] for each in known}
