"""Who could come first: compared with trying every way to break ties, one after the other."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby, permutations, product

from hypothesis import given, settings

from deliberate.domain.tally import Ballot, Measure, Pairwise, Tiers, profile_of
from deliberate.domain.tally.instant_runoff import instant_runoff
from deliberate.domain.tally.method import weigh_profile
from deliberate.domain.tally.possible import possible_ranked_pairs, possible_runoff
from deliberate.domain.tally.ranked_pairs import ranked_pairs
from tests.domain.strategies import OPTIONS, cast_polls

Pair = tuple[int, int]


def firsts_of_runoffs(ballots: Sequence[tuple[Tiers, int]], left: frozenset[int]) -> frozenset[int]:
    """The last options of every run-off, by the definition."""
    if len(left) == 1:
        return left
    votes = dict.fromkeys(left, Fraction())
    for tiers, number in ballots:
        highest = next((set(tier) & left for tier in tiers if set(tier) & left), set[int]())
        for option in highest:
            votes[option] += Fraction(number, len(highest))
    lowest = [option for option in left if votes[option] == min(votes.values())]
    return frozenset().union(*(firsts_of_runoffs(ballots, left - {out}) for out in lowest))


def every_sequence(pairwise: Pairwise) -> Iterator[list[Pair]]:
    """The preferences from the strongest down, equally strong ones in every order."""
    margins = {
        (one, two): pairwise.margin(one, two)
        for one, two in permutations(pairwise.options, 2)
        if pairwise.beats(one, two)
    }
    links = sorted(margins, key=lambda pair: -margins[pair])
    groups = [list(alike) for _, alike in groupby(links, key=lambda pair: margins[pair])]
    for orders in product(*(permutations(group) for group in groups)):
        yield [pair for order in orders for pair in order]


def first_of_sequence(options: Sequence[int], pairs: list[Pair]) -> frozenset[int]:
    """Those whom no locked pair is above, after locking the pairs in this order."""
    above: set[Pair] = set()
    for high, low in pairs:
        if (low, high) not in above:
            ends = {low, *(b for a, b in above if a == low)}
            above |= {(a, b) for a in {high, *(a for a, b in above if b == high)} for b in ends}
    return frozenset(options) - {low for _, low in above}


@settings(max_examples=60, deadline=None)
@given(cast_polls)
def test_every_way_through_a_runoff_is_found(ballots: list[Ballot]) -> None:
    """Ensure no option that could remain is missed, and none is named that could not."""
    profile = profile_of(ballots, OPTIONS)
    weights = {name: Fraction(1) for name in profile.strata}

    found = possible_runoff(profile, weights)

    plain = [(ballot.tiers, ballot.number) for ballot in ballots]
    assert found == firsts_of_runoffs(plain, frozenset(OPTIONS))
    assert found is not None
    assert instant_runoff(profile, weights).first in found


@settings(max_examples=60, deadline=None)
@given(cast_polls)
def test_every_order_of_equal_preferences_is_found(ballots: list[Ballot]) -> None:
    """Ensure ranked pairs name those who are first under some order of equal margins."""
    options = OPTIONS[:3]
    kept = (tuple(tuple(set(tier) & set(options)) for tier in each.tiers) for each in ballots)
    profile = profile_of([Ballot("all", tuple(filter(None, tiers))) for tiers in kept], options)
    pairwise = weigh_profile(profile, {"all": Fraction(1)}).pairwise

    found = possible_ranked_pairs(pairwise, Measure.MARGINS)

    ways = (first_of_sequence(options, pairs) for pairs in every_sequence(pairwise))
    assert found == frozenset().union(*ways)
    assert set(ranked_pairs(pairwise, Measure.MARGINS).tiers[0]) <= set(found or ())
