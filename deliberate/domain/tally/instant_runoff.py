"""Instant run-off: the option with the fewest first preferences drops out, again and again.

Rules: one option drops out at a time until one remains; a ballot counts for its highest
continuing options, equally shared when they are tied; a ballot without any is exhausted. A
tie for the lowest place goes to earlier rounds, latest first, and then to the published order
of the poll (method.md 2), and is reported.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from deliberate.domain.tally.profile import Ballot, Tiers


@dataclass(frozen=True, slots=True)
class Round:
    """One round: the weight each continuing option has, what is exhausted, who drops out.

    `tied` lists the options that shared the lowest place, if there was more than one.
    """

    votes: Mapping[int, Fraction]
    exhausted: Fraction
    out: int | None
    tied: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class InstantRunoff:
    """The outcome: the option that remains, the rounds, and whether a tie had to be broken.

    `order` lists the options from the one that remains to the first that dropped out.
    `published_order_used` says that earlier rounds did not break every tie.
    """

    first: int
    order: tuple[int, ...]
    rounds: tuple[Round, ...]
    tie_break_used: bool
    published_order_used: bool


def instant_runoff(
    ballots: Iterable[Ballot],
    weights: Mapping[str, Fraction],
    options: Sequence[int],
    tie_order: Sequence[int] | None = None,
) -> InstantRunoff:
    """Count the ballots of the strata that have a weight; `tie_order` is best first.

    Raises `ValueError` when there are no options.
    """
    if not options:
        raise ValueError("there is nothing to count")
    order = list(tie_order or options)
    piles = _piles(ballots, weights)
    continuing, rounds, drawn = list(options), list[Round](), False
    while len(continuing) > 1:
        votes, exhausted = _first_preferences(piles, continuing)
        tied = _lowest(votes, votes)
        last = _lowest_before(tied, rounds)
        drawn = drawn or len(last) > 1
        out = max(last, key=order.index)
        rounds.append(Round(votes, exhausted, out, tuple(tied) if len(tied) > 1 else ()))
        continuing.remove(out)
    votes, exhausted = _first_preferences(piles, continuing)
    rounds.append(Round(votes, exhausted, None))
    dropped = tuple(each.out for each in reversed(rounds) if each.out is not None)
    ties = any(each.tied for each in rounds)
    return InstantRunoff(continuing[0], (continuing[0], *dropped), tuple(rounds), ties, drawn)


def _piles(ballots: Iterable[Ballot], weights: Mapping[str, Fraction]) -> dict[Tiers, Fraction]:
    """The weight behind each distinct ranking."""
    numbers: Counter[tuple[str, Tiers]] = Counter()
    for ballot in ballots:
        numbers[ballot.stratum, ballot.tiers] += ballot.number
    piles: dict[Tiers, Fraction] = {}
    for (stratum, tiers), number in numbers.items():
        weight = weights.get(stratum, Fraction()) * number
        piles[tiers] = piles.get(tiers, Fraction()) + weight
    return piles


def _first_preferences(
    piles: Mapping[Tiers, Fraction], continuing: Sequence[int]
) -> tuple[dict[int, Fraction], Fraction]:
    """What each continuing option has, and the weight of ballots that rank none of them."""
    votes, exhausted = dict.fromkeys(continuing, Fraction()), Fraction()
    for tiers, weight in piles.items():
        kept = ([option for option in tier if option in votes] for tier in tiers)
        highest = next((tier for tier in kept if tier), [])
        for option in highest:
            votes[option] += weight / len(highest)
        exhausted += Fraction() if highest else weight
    return votes, exhausted


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
