"""What change of a group's weight would turn the first place.

Every pairwise margin is linear in the weight of one group: margin(t) = rest + t · own, where t
multiplies the group's weight and `own` is the group's present part of the margin. The option
that beats all others stops doing so where the first of its margins reaches zero, which is an
exact rational.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from deliberate.domain.tally.pairwise import Pairwise, Stratum, condorcet
from deliberate.domain.weighting import exact


@dataclass(frozen=True, slots=True)
class Turn:
    """The factor on a group's weight at which the first option is level with `rivals`.

    Beyond the factor, away from 1, a rival is preferred (or, at factor 0, it is level without
    the group). `share` is the group's part of the whole weight at that factor.
    """

    factor: Fraction
    share: Fraction
    rivals: tuple[int, ...]

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "factor": exact(self.factor),
            "share": exact(self.share),
            "rivals": list(self.rivals),
        }


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """For one group: its share of the weight now, and where less or more of it would turn.

    `less` is the largest factor below 1 and `more` the smallest factor above 1 at which the
    first place changes; None where no such factor exists.
    """

    group: str
    share: Fraction
    less: Turn | None
    more: Turn | None

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "group": self.group,
            "share": exact(self.share),
            "less": self.less.as_json() if self.less else None,
            "more": self.more.as_json() if self.more else None,
        }


def turning_points(
    pairwise: Pairwise, strata: Mapping[str, Stratum], weights: Mapping[str, Fraction]
) -> tuple[TurningPoint, ...]:
    """For each group that counts, how far its weight can move before the first place changes.

    Empty when no option beats all others: then the first place rests on a cycle or a tie, and
    no single margin decides it.
    """
    first = condorcet(pairwise)
    if first is None:
        return ()
    return tuple(
        _turning_point(group, first, pairwise, strata[group], weight)
        for group, weight in weights.items()
        if strata[group].ballots
    )


def _turning_point(
    group: str, first: int, pairwise: Pairwise, stratum: Stratum, weight: Fraction
) -> TurningPoint:
    own_weight = weight * stratum.ballots
    factors: dict[Fraction, tuple[int, ...]] = {}
    for rival in pairwise.options:
        own = weight * stratum.pairwise.margin(first, rival) if rival != first else Fraction()
        factor = 1 - pairwise.margin(first, rival) / own if own else Fraction(-1)
        if factor >= 0:
            factors[factor] = (*factors.get(factor, ()), rival)
    less = max((factor for factor in factors if factor < 1), default=None)
    more = min((factor for factor in factors if factor > 1), default=None)

    def turn(factor: Fraction | None) -> Turn | None:
        if factor is None:
            return None
        rest = pairwise.weight - own_weight
        share = factor * own_weight / (rest + factor * own_weight) if factor else Fraction()
        return Turn(factor, share, factors[factor])

    return TurningPoint(group, own_weight / pairwise.weight, turn(less), turn(more))
