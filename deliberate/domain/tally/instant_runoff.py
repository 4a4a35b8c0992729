"""Instant run-off: the option with the fewest first preferences drops out, again and again.

Rules: one option drops out at a time until one remains; a ballot counts for its highest
continuing options, equally shared when they are tied; a ballot without any is exhausted. A
tie for the lowest place goes to earlier rounds, latest first, and then to the published order
of the poll (method.md 2), and is reported.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from deliberate.domain.reasons import Reason, ReasonKind
from deliberate.domain.tally.method import CountingMethod, Outcome, Weighed
from deliberate.domain.tally.piles import Piles
from deliberate.domain.tally.profile import Profile
from deliberate.domain.weighting import exact


@dataclass(frozen=True, slots=True)
class Round:
    """One round: the weight each continuing option has, what is exhausted, who drops out.

    `tied` lists the options that shared the lowest place, if there was more than one; `by_lot` says
    that earlier rounds did not tell them apart either.
    """

    votes: Mapping[int, Fraction]
    exhausted: Fraction
    out: int | None
    tied: tuple[int, ...] = ()
    by_lot: bool = False

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "votes": [[option, exact(weight)] for option, weight in self.votes.items()],
            "exhausted": exact(self.exhausted),
            "out": self.out,
            "tied": list(self.tied),
            "by_lot": self.by_lot,
        }


@dataclass(frozen=True, slots=True)
class InstantRunoff:
    """The outcome: the option that remains, the rounds, and whether a tie had to be broken.

    `order` lists the options from the one that remains to the first that dropped out.
    """

    first: int
    order: tuple[int, ...]
    rounds: tuple[Round, ...]
    tie_break_used: bool

    @property
    def published_order_used(self) -> bool:
        """Whether earlier rounds left a tie."""
        return any(each.by_lot for each in self.rounds)

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {"rounds": [each.as_json() for each in self.rounds]}


def instant_runoff(
    profile: Profile,
    weights: Mapping[Any, Fraction],
    tie_order: Sequence[int] | None = None,
) -> InstantRunoff:
    """Count the ballots of the strata that have a weight; `tie_order` is best first.

    Raises `ValueError` when there are no options.
    """
    if not profile.options:
        raise ValueError("there is nothing to count")
    order = list(tie_order or profile.options)
    piles, rounds = Piles(profile), list[Round]()
    total = profile.weigh(weights)
    while len(piles.continuing) > 1:
        votes = piles.weigh(weights)
        tied = _lowest(votes, votes)
        last = _lowest_before(tied, rounds)
        out = max(last, key=order.index)
        exhausted = total - sum(votes.values())
        shared = tuple(tied) if len(tied) > 1 else ()
        rounds.append(Round(votes, exhausted, out, shared, by_lot=len(last) > 1))
        piles.drop(out)
    votes = piles.weigh(weights)
    rounds.append(Round(votes, total - sum(votes.values()), None))
    dropped = tuple(each.out for each in reversed(rounds) if each.out is not None)
    first = piles.continuing[0]
    ties = any(each.tied for each in rounds)
    return InstantRunoff(first, (first, *dropped), tuple(rounds), ties)


def _lowest(options: Iterable[int], votes: Mapping[int, Fraction]) -> list[int]:
    """Those of the options that have the fewest votes."""
    among = list(options)
    fewest = min(votes[option] for option in among)
    return [option for option in among if votes[option] == fewest]


def _lowest_before(tied: list[int], rounds: Sequence[Round]) -> list[int]:
    """Those of the tied options that were lowest in earlier rounds, the latest round first."""
    for earlier in reversed(rounds):
        tied = _lowest(tied, earlier.votes)
    return tied


class InstantRunoffMethod(CountingMethod[InstantRunoff]):
    """Instant run-off, one option out in each round."""

    name = "irv"
    label = "Instant run-off"
    help = "The one with the fewest first places drops out, again and again"

    def count(self, ballots: Weighed, seats: int = 1) -> Outcome[InstantRunoff]:
        """The order in which options dropped out, the last one first."""
        detail = instant_runoff(ballots.profile, ballots.weights, ballots.tie_order)
        tiers = tuple((option,) for option in detail.order)
        return Outcome(self.name, tiers, detail.published_order_used, detail)

    def explain(self, outcome: Outcome[InstantRunoff], ballots: Weighed) -> tuple[Reason, ...]:
        """In which round each other option dropped out, and with how much."""
        found = []
        for number, each in enumerate(outcome.detail.rounds, start=1):
            if each.out is not None:
                kind = ReasonKind.LOWEST_BY_LOT if each.by_lot else ReasonKind.DROPPED_OUT
                numbers = {"round": Fraction(number), "less": each.votes[each.out]}
                found.append(Reason(kind, {"other": each.out}, numbers))
        left = outcome.detail.rounds[-1].exhausted
        return (*found, Reason(ReasonKind.EXHAUSTED, {}, {"less": left})) if left else tuple(found)
