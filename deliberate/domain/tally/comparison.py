"""Whether an order survives other weighting schemes (method.md 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from deliberate.domain.tally.ranked import RankedTally
from deliberate.domain.weighting import Scheme

Place = Mapping[int, int]


class Change(StrEnum):
    """What happens to two options under another scheme."""

    SWAPPED = "swapped"
    LEVELLED = "levelled"
    SEPARATED = "separated"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two options that stand otherwise under `scheme` than under the primary one.

    `SWAPPED`: `upper` is above `lower` in the primary scheme and below it in the other;
    `LEVELLED`: above in the primary, tied in the other; `SEPARATED`: tied in the primary, and
    `upper` above `lower` in the other.
    """

    scheme: Scheme
    change: Change
    upper: int
    lower: int

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "scheme": self.scheme.value,
            "change": self.change.value,
            "upper": self.upper,
            "lower": self.lower,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same ballots under several schemes; `primary` is the one registered as such.

    `same_first` and `same_order` are None when fewer than two schemes have a result: nothing
    was compared, which is not the same as nothing having changed.
    """

    primary: Scheme
    without_result: tuple[Scheme, ...]
    same_first: bool | None
    same_order: bool | None
    differences: tuple[Difference, ...]

    @property
    def swaps(self) -> tuple[Difference, ...]:
        """The pairs whose order turns round under another scheme."""
        return tuple(each for each in self.differences if each.change is Change.SWAPPED)

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "primary": self.primary.value,
            "without_result": [scheme.value for scheme in self.without_result],
            "same_first": self.same_first,
            "same_order": self.same_order,
            "differences": [each.as_json() for each in self.differences],
        }


def compare(tallies: Sequence[RankedTally]) -> Comparison:
    """Compare the order of the first tally, the primary one, with those of the others.

    Raises `ValueError` without any tally.
    """
    if not tallies:
        raise ValueError("there is nothing to compare")
    primary, *others = tallies
    counted = [other for other in others if other.result is not None]
    comparable = primary.result is not None and bool(counted)
    differences = [difference for other in counted for difference in _differences(primary, other)]
    same_first = all(set(other.first) == set(primary.first) for other in counted)
    return Comparison(
        primary=primary.scheme,
        without_result=tuple(tally.scheme for tally in tallies if tally.result is None),
        same_first=same_first if comparable else None,
        same_order=not differences if comparable else None,
        differences=tuple(differences) if comparable else (),
    )


def _differences(primary: RankedTally, other: RankedTally) -> list[Difference]:
    """Every pair of options that stands otherwise in the other tally."""
    here, there = _places(primary), _places(other)
    if not here:
        return []
    found = []
    for one, two in combinations(primary.options, 2):
        upper, lower = sorted((one, two), key=lambda option: (here[option], there[option]))
        change = _change(here[lower] - here[upper], there[lower] - there[upper])
        if change:
            found.append(Difference(other.scheme, change, upper, lower))
    return found


def _change(gap_here: int, gap_there: int) -> Change | None:
    """How a pair moved, from how many tiers the upper option leads by in either tally."""
    if gap_here == 0:
        return Change.SEPARATED if gap_there else None
    if gap_there > 0:
        return None
    return Change.SWAPPED if gap_there < 0 else Change.LEVELLED


def _places(tally: RankedTally) -> Place:
    """The tier in which each option stands; nothing without a result."""
    tiers = tally.result.tiers if tally.result else ()
    return {option: place for place, tier in enumerate(tiers) for option in tier}
