"""Exact counting of ranked ballots by stakeholder group.

`count` is the way in. Results are tuples and rationals; `as_json` turns them into plain data.
"""

from deliberate.domain.tally.comparison import Change, Comparison, Difference, compare
from deliberate.domain.tally.pairwise import (
    Ballot,
    Pairwise,
    Stratum,
    Tiers,
    combine,
    condorcet,
    count_strata,
)
from deliberate.domain.tally.ranked import RankedTally, count, regroup, weigh
from deliberate.domain.tally.result import Result, Rival
from deliberate.domain.tally.schulze import Measure, Route, Schulze, schulze
from deliberate.domain.tally.turning import Turn, TurningPoint, turning_points

__all__ = [
    "Ballot",
    "Change",
    "Comparison",
    "Difference",
    "Measure",
    "Pairwise",
    "RankedTally",
    "Result",
    "Rival",
    "Route",
    "Schulze",
    "Stratum",
    "Tiers",
    "Turn",
    "TurningPoint",
    "combine",
    "compare",
    "condorcet",
    "count",
    "count_strata",
    "regroup",
    "schulze",
    "turning_points",
    "weigh",
]
