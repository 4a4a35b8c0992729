"""What every way of counting ranked ballots looks like from outside."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from deliberate.domain.errors import Invalid
from deliberate.domain.reasons import Reason, ReasonKind
from deliberate.domain.tally.pairwise import Pairwise, Stratum, combine, count_profile
from deliberate.domain.tally.profile import Profile, Tiers


@dataclass(frozen=True, eq=False)
class Weighed:
    """The ballots of a poll under one weighting: what a method counts.

    `weights` gives the weight of one ballot of each stratum that counts. `tie_order` holds all
    options, best first: it was published before the poll and decides where a method needs an order
    and the ballots give none.
    """

    profile: Profile
    weights: Mapping[Any, Fraction]
    pairwise: Pairwise
    tie_order: tuple[int, ...]

    @property
    def options(self) -> tuple[int, ...]:
        """The options, in the order of the ballot paper."""
        return self.profile.options


def weigh_profile(
    profile: Profile,
    weights: Mapping[Any, Fraction],
    tie_order: Sequence[int] | None = None,
    strata: Mapping[Any, Stratum] | None = None,
) -> Weighed:
    """A profile under one weighting; `strata` are its counts, if they are there already."""
    counted = count_profile(profile) if strata is None else strata
    pairwise = combine(counted, weights, profile.options)
    return Weighed(profile, weights, pairwise, tuple(tie_order or profile.options))


class Detail(Protocol):
    """What stands behind an outcome: rounds, paths or scores, by method."""

    def as_json(self) -> dict[str, object]:
        """Plain data, rationals as integers or "p/q"."""


D = TypeVar("D", bound=Detail)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[D]):
    """What a method says: tiers best first, in which options of one tier are tied.

    Of a method that fills several places the first tier holds who has one. `tie_broken` says
    that the published order decided something, which a page must say as well.
    """

    method: str
    tiers: Tiers
    tie_broken: bool
    detail: D

    @property
    def first(self) -> tuple[int, ...]:
        """The options of the first tier."""
        return self.tiers[0] if self.tiers else ()

    def as_json(self) -> dict[str, object]:
        """Plain data that any JSON library can store."""
        return {
            "method": self.method,
            "tiers": [list(tier) for tier in self.tiers],
            "tie_broken": self.tie_broken,
            "detail": self.detail.as_json(),
        }


class CountingMethod(ABC, Generic[D]):
    """A way of counting ranked ballots: a name, what it takes, its count, and why it came so."""

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]
    fills_several: ClassVar[bool] = False

    def check(self, profile: Profile, seats: int = 1) -> None:
        """Raise `Invalid` when this method cannot count these ballots, or fill so many places."""
        if seats != 1:
            raise Invalid("This method fills one place.", "For several places count by STV.")

    @abstractmethod
    def count(self, ballots: Weighed, seats: int = 1) -> Outcome[D]:
        """The outcome, exact, and the same for ballots in any order."""

    @abstractmethod
    def explain(self, outcome: Outcome[D], ballots: Weighed) -> tuple[Reason, ...]:
        """Why the first option is first, and why each other one is not."""


def head_to_head(first: int, other: int, pairwise: Pairwise) -> Reason:
    """What the ballots that prefer one of two options say, from the side of the first."""
    more, less = pairwise.over(first, other), pairwise.over(other, first)
    options = {"first": first, "other": other}
    if more == less:
        return Reason(ReasonKind.LEVEL, options)
    return Reason(ReasonKind.BEHIND, options, {"more": more, "less": less})
