"""Which options could come first if ties that a count meets were broken otherwise.

A published order breaks ties one way; that the outcome hangs on it is worth telling. The search
goes through every way to break them, and gives up where there are too many.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import Any

from deliberate.domain.tally.pairwise import Pairwise
from deliberate.domain.tally.piles import Piles
from deliberate.domain.tally.profile import Profile
from deliberate.domain.tally.schulze import Measure, strengths

LIMIT = 2_000
"""States of a count that are looked at; a count without ties has one for each round."""
CELLS = 20_000_000
"""Ranks on ballots that are looked at beyond one count, so that many ballots mean fewer states."""

Pair = tuple[int, int]
Below = tuple[int, ...]
"""For each row the rows it is locked above, itself included, as bits of a number."""


def possible_runoff(profile: Profile, weights: Mapping[Any, Fraction]) -> frozenset[int] | None:
    """The options that can remain in an instant run-off; None where there are too many ways."""
    firsts: set[int] = set()
    seen, ahead = set[frozenset[int]](), [frozenset(range(len(profile.options)))]
    most = len(profile.options) + min(LIMIT, CELLS // max(1, profile.ranks.size))
    while ahead:
        rows = ahead.pop()
        if len(rows) == 1:
            firsts |= {profile.options[row] for row in rows}
        if len(rows) == 1 or rows in seen:
            continue
        seen.add(rows)
        if len(seen) > most:
            return None
        ahead += _after_a_round(_votes(profile, weights, sorted(rows)))
    return frozenset(firsts)


def _after_a_round(votes: Mapping[int, Fraction]) -> list[frozenset[int]]:
    """The rows that can be left, by who drops out of those with the fewest votes.

    Rows that cannot reach the next higher one even with all their votes together drop out one
    after the other in any case, so their order is of no account.
    """
    fewest = min(votes.values())
    lowest = {row for row, number in votes.items() if number == fewest}
    others = votes.keys() - lowest
    if others and fewest * len(lowest) < min(votes[row] for row in others):
        return [frozenset(others)]
    return [frozenset(votes.keys() - {row}) for row in lowest]


def _votes(
    profile: Profile, weights: Mapping[Any, Fraction], rows: list[int]
) -> dict[int, Fraction]:
    """The weight that each of these rows has when the others are out."""
    return Piles(replace(profile, options=tuple(rows), ranks=profile.ranks[rows])).weigh(weights)


def possible_ranked_pairs(pairwise: Pairwise, measure: Measure) -> frozenset[int] | None:
    """The options that can be first under ranked pairs; None where there are too many ways."""
    groups = _links_alike(pairwise, measure)
    firsts: set[int] = set()
    start: Below = tuple(1 << row for row in range(len(pairwise.options)))
    ahead = [(0, groups[0] if groups else frozenset[Pair](), start)]
    seen = set(ahead)
    while ahead:
        number, rest, below = ahead.pop()
        following = list(_next_states(rest, below))
        if following:
            states = [(number, left, locked) for left, locked in following]
        elif number + 1 < len(groups):
            states = [(number + 1, groups[number + 1], below)]
        else:
            firsts |= {pairwise.options[row] for row in _tops(below)}
            continue
        ahead += [state for state in states if state not in seen]
        seen.update(states)
        if len(seen) > LIMIT:
            return None
    return frozenset(firsts)


def _links_alike(pairwise: Pairwise, measure: Measure) -> list[frozenset[Pair]]:
    """The pairwise preferences, equally strong ones together, the strongest first."""
    links = [
        (strength, (high, low))
        for high, row in enumerate(strengths(pairwise, measure).tolist())
        for low, strength in enumerate(row)
        if strength
    ]
    links.sort(reverse=True)
    return [
        frozenset(pair for _, pair in alike)
        for _, alike in groupby(links, key=lambda link: link[0])
    ]


def _next_states(rest: Iterable[Pair], below: Below) -> Iterable[tuple[frozenset[Pair], Below]]:
    """What can come of locking equally strong pairs: what is left of them, and who is below whom.

    Nothing, if all that are left follow from what is locked or contradict it.
    """
    free = frozenset(
        (high, low) for high, low in rest if not (below[low] >> high | below[high] >> low) & 1
    )
    if not free:
        return
    together = below
    for pair in free:
        together = _lock(together, pair)
    if not _has_cycle(together):
        yield frozenset(), together
        return
    for pair in sorted(free):
        yield free - {pair}, _lock(below, pair)


def _lock(below: Below, pair: Pair) -> Below:
    """The relation with this pair and all that follows from it."""
    high, low = pair
    return tuple(mask | below[low] if mask >> high & 1 else mask for mask in below)


def _has_cycle(below: Below) -> bool:
    """Whether two rows are above each other."""
    rows = range(len(below))
    return any(below[one] >> two & below[two] >> one & 1 for one in rows for two in range(one))


def _tops(below: Below) -> list[int]:
    """The rows that none is above."""
    rows = range(len(below))
    return [
        row for row in rows if not any(below[other] >> row & 1 for other in rows if other != row)
    ]
