"""Exact counting of ballots by stakeholder group.

From ballots to an outcome: `profile_of` or `profile_of_bytes` puts rankings into arrays, stratum
by stratum; `count_profile` counts each stratum once; `method.weigh_profile` weighs the counts; a
method of `registry.METHODS` counts what was weighed and explains its outcome. `count` does all
this for one poll under one scheme and adds what a result page shows. Ballots that are no rankings
are counted in `marks`. Results are tuples and rationals; `as_json` turns them into plain data.
"""

from deliberate.domain.tally.comparison import Change, Comparison, Difference, compare
from deliberate.domain.tally.pairwise import (
    Pairwise,
    Stratum,
    combine,
    condorcet,
    count_profile,
    count_strata,
)
from deliberate.domain.tally.profile import Ballot, Profile, Tiers, profile_of, profile_of_bytes
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
    "Profile",
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
    "count_profile",
    "count_strata",
    "profile_of",
    "profile_of_bytes",
    "regroup",
    "schulze",
    "turning_points",
    "weigh",
]
