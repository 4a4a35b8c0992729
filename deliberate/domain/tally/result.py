"""What one count says: of all ballots under a scheme, or of one group's ballots."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from deliberate.domain.tally.pairwise import Pairwise, condorcet
from deliberate.domain.tally.schulze import Measure, Schulze, schulze
from deliberate.domain.weighting import exact


@dataclass(frozen=True, slots=True)
class Rival:
    """The option ranked first against another one: the weight that prefers each of them."""

    option: int
    for_first: Fraction
    for_rival: Fraction

    @property
    def share(self) -> Fraction | None:
        """The first option's share of the ballots that prefer one of the two; None if none do."""
        both = self.for_first + self.for_rival
        return self.for_first / both if both else None

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "option": self.option,
            "for_first": exact(self.for_first),
            "for_rival": exact(self.for_rival),
            "share": None if self.share is None else exact(self.share),
        }


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one count; `ballots` is a number of people, the rest is weighted.

    `rivals` compares the single first option with every other one, the closest first; it is
    empty when several options share the first tier.
    """

    ballots: int
    pairwise: Pairwise
    first_preferences: Mapping[int, Fraction]
    condorcet: int | None
    schulze: Schulze
    rivals: tuple[Rival, ...]

    @property
    def tiers(self) -> tuple[tuple[int, ...], ...]:
        """The order, best first; options of one tier are tied."""
        return self.schulze.tiers

    @property
    def first(self) -> tuple[int, ...]:
        """The options ranked first: one, or several that are tied."""
        return self.tiers[0] if self.tiers else ()

    @property
    def is_cycle(self) -> bool:
        """Whether one option is ranked first though none is preferred to every other."""
        return self.condorcet is None and len(self.first) == 1

    @property
    def closest_rivals(self) -> tuple[Rival, ...]:
        """The rivals with the smallest margin to the first option: one, or several alike."""
        margins = [rival.for_first - rival.for_rival for rival in self.rivals]
        return tuple(
            rival
            for rival, margin in zip(self.rivals, margins, strict=True)
            if margin == margins[0]
        )

    def as_json(self) -> dict[str, object]:
        """Plain data; option ids stay numbers inside pairs, because JSON names are strings."""
        return {
            "ballots": self.ballots,
            "pairwise": self.pairwise.as_json(),
            "first_preferences": [
                [option, exact(weight)] for option, weight in self.first_preferences.items()
            ],
            "condorcet": self.condorcet,
            "tiers": [list(tier) for tier in self.tiers],
            "is_cycle": self.is_cycle,
            "schulze": self.schulze.as_json(),
            "rivals": [rival.as_json() for rival in self.rivals],
            "closest_rivals": [rival.option for rival in self.closest_rivals],
        }


def result_of(
    ballots: int, pairwise: Pairwise, firsts: Mapping[int, Fraction], measure: Measure
) -> Result:
    """The outcome of a pairwise count."""
    order = schulze(pairwise, measure)
    first = order.tiers[0] if order.tiers else ()
    rivals = _rivals(pairwise, first[0]) if len(first) == 1 else ()
    return Result(ballots, pairwise, dict(firsts), condorcet(pairwise), order, rivals)


def _rivals(pairwise: Pairwise, first: int) -> tuple[Rival, ...]:
    """The first option against each other one, the smallest margin first."""
    rivals = (
        Rival(other, pairwise.over(first, other), pairwise.over(other, first))
        for other in pairwise.options
        if other != first
    )
    return tuple(sorted(rivals, key=lambda rival: rival.for_first - rival.for_rival))
