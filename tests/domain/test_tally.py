"""What a poll's tally says about groups, schemes, cycles and ties."""

from fractions import Fraction

import pytest

from deliberate.domain.small_cells import MERGED_GROUPS, merge_small_groups
from deliberate.domain.tally import (
    Ballot,
    Change,
    Measure,
    Route,
    compare,
    count,
    regroup,
)
from deliberate.domain.weighting import Scheme

A, B, C = 1, 2, 3
MAJORITY = [
    Ballot("large", ((B,), (A,), (C,)), 60),
    Ballot("large", ((A,), (B,), (C,)), 40),
    Ballot("small", ((A,), (C,), (B,)), 9),
    Ballot("small", ((B,), (C,), (A,)), 1),
    Ballot("third", ((A,), (B,), (C,)), 6),
    Ballot("third", ((B,), (A,), (C,)), 4),
]
CYCLE = [
    Ballot("g", ((A,), (B,), (C,)), 9),
    Ballot("g", ((B,), (C,), (A,)), 8),
    Ballot("g", ((C,), (A,), (B,)), 7),
]


def test_schemes_can_disagree_and_the_swap_is_named() -> None:
    """Ensure head counts and equal groups are compared pair by pair."""
    by_head = count(MAJORITY, (A, B, C), Scheme.PARTICIPANT)
    by_group = count(MAJORITY, (A, B, C), Scheme.GROUP)

    comparison = compare([by_group, by_head])

    assert (by_head.first, by_group.first) == ((B,), (A,))
    assert comparison.same_first is False
    assert comparison.same_order is False
    assert [(swap.scheme, swap.upper, swap.lower) for swap in comparison.swaps] == [
        (Scheme.PARTICIPANT, A, B)
    ]


def test_a_tie_under_one_scheme_only_is_not_a_swap() -> None:
    """Ensure levelled and separated pairs are told apart, in either direction."""
    poll = [
        Ballot("a", ((A,), (B,)), 10),
        Ballot("b", ((B,), (A,)), 5),
    ]
    by_head = count(poll, (A, B), Scheme.PARTICIPANT)
    by_group = count(poll, (A, B), Scheme.GROUP)

    there, back = compare([by_head, by_group]), compare([by_group, by_head])

    assert [each.change for each in there.differences] == [Change.LEVELLED]
    assert [each.change for each in back.differences] == [Change.SEPARATED]
    assert (back.differences[0].upper, back.differences[0].lower) == (A, B)
    assert there.swaps == back.swaps == ()
    assert there.same_first is False


def test_agreeing_schemes_are_said_to_agree() -> None:
    """Ensure the same order under both schemes is reported as holding."""
    poll = [Ballot("a", ((A,), (B,)), 7), Ballot("b", ((A,), (B,)), 5)]

    comparison = compare([count(poll, (A, B), scheme) for scheme in Scheme])

    assert (comparison.same_first, comparison.same_order) == (True, True)
    assert comparison.differences == ()


def test_without_a_balanced_result_nothing_is_compared() -> None:
    """Ensure groups that are all too small give no balanced order, and that this is said."""
    poll = [Ballot("a", ((A,), (B,)), 4), Ballot("b", ((B,), (A,)), 3)]
    by_head, by_group = (count(poll, (A, B), scheme, minimum=5) for scheme in Scheme)

    comparison = compare([by_head, by_group])

    assert by_group.result is None
    assert by_group.too_few == by_group.weights.left_out == ("a", "b")
    assert by_head.first == (A,)
    assert comparison.without_result == (Scheme.GROUP,)
    assert comparison.same_first is None


def test_a_group_with_too_few_ballots_is_named_and_not_inflated() -> None:
    """Ensure one ballot of a group of one neither counts as a fifth nor is shown."""
    poll = [Ballot("a", ((A,), (B,)), 6), Ballot("b", ((B,), (A,)), 1)]

    tally = count(poll, (A, B), Scheme.GROUP, minimum=5, groups=("a", "b", "c"))

    assert tally.too_few == ("b", "c")
    assert tally.ballots == 7
    assert tally.result is not None
    assert tally.result.ballots == 6
    assert tally.result.pairwise.over(B, A) == 0
    assert list(tally.per_group) == ["a"]


def test_each_group_has_its_own_order() -> None:
    """Ensure groups stand side by side with their own first place and head counts."""
    tally = count(MAJORITY, (A, B, C), Scheme.GROUP)

    assert {group: own.first for group, own in tally.per_group.items()} == {
        "large": (B,),
        "small": (A,),
        "third": (A,),
    }
    assert tally.per_group["large"].first_preferences == {A: 40, B: 60, C: 0}
    assert tally.per_group["small"].tiers == ((A,), (C,), (B,))


def test_the_closest_rival_is_named_with_both_weights() -> None:
    """Ensure the first layer of an explanation has its numbers."""
    result = count(MAJORITY, (A, B, C), Scheme.GROUP).result

    assert result is not None
    (closest,) = result.closest_rivals
    assert closest.option == B
    assert closest.for_first == Fraction(40, 100) + Fraction(9, 10) + Fraction(6, 10)
    assert closest.share == Fraction(19, 30)


def test_a_turning_point_is_an_exact_share() -> None:
    """Ensure the factor on a group's weight that turns the first place is exact.

    By equal groups A leads B by 8/10 + 2/10 - 20/100 = 4/5. The small group's part is 4/5, so
    the lead is gone when that group has no weight; the large group's part is -1/5, so it is
    gone when that group weighs five times as much, which is 5/7 of the whole.
    """
    points = {point.group: point for point in count(MAJORITY, (A, B, C), Scheme.GROUP).turning}

    assert points["small"].less is not None
    assert points["small"].less.factor == 0
    assert points["small"].less.share == 0
    assert points["large"].more is not None
    assert points["large"].more.factor == 5
    assert points["large"].more.share == Fraction(5, 7)
    assert points["large"].more.rivals == (B,)
    assert points["third"].less is None
    assert points["third"].more is None


def test_a_cycle_is_explained_by_its_weakest_link() -> None:
    """Ensure the path there, the path back and its weakest link are given."""
    tally = count(CYCLE, (A, B, C), Scheme.PARTICIPANT)

    assert tally.result is not None
    assert tally.result.condorcet is None
    assert tally.result.is_cycle
    assert tally.result.tiers == ((A,), (B,), (C,))
    routes = {other: (there, back) for _, other, there, back in tally.result.schulze.explanation()}
    assert routes[C] == (
        Route((A, B, C), (A, B), Fraction(16)),
        Route((C, A), (C, A), Fraction(15)),
    )
    assert routes[B] == (
        Route((A, B), (A, B), Fraction(16)),
        Route((B, C, A), (C, A), Fraction(15)),
    )
    assert tally.turning == ()


def test_an_equal_pair_is_a_preference_neither_way() -> None:
    """Ensure five against five is no link of a path, with either measure.

    A beats B by 6 to 4 and C by 7 to 3; B and C are level, so they share the second place
    although A's lead over them differs.
    """
    poll = [
        Ballot("g", ((A,), (B,), (C,)), 4),
        Ballot("g", ((B,), (A,), (C,)), 1),
        Ballot("g", ((A,), (C,), (B,)), 2),
        Ballot("g", ((C,), (B,), (A,)), 3),
    ]

    for measure in Measure:
        tally = count(poll, (A, B, C), Scheme.PARTICIPANT, measure=measure)

        assert tally.result is not None
        assert tally.result.tiers == ((A,), (B, C))
        assert tally.result.schulze.route(B, C) is None
        assert tally.result.schulze.explanation() == ()
        assert tally.result.pairwise.over(A, A) == 0


def test_a_tie_for_the_first_place_is_reported_as_a_tie() -> None:
    """Ensure no rival and no turning point is made up for tied options."""
    tally = count([Ballot("g", ((A, B), (C,)), 5)], (A, B, C), Scheme.PARTICIPANT)

    assert tally.result is not None
    assert tally.result.tiers == ((A, B), (C,))
    assert tally.result.rivals == tally.result.closest_rivals == ()
    assert tally.result.condorcet is None
    assert not tally.result.is_cycle


def test_a_poll_without_ballots_has_no_result() -> None:
    """Ensure silence is not reported as a tie of all options."""
    for scheme in Scheme:
        tally = count([], (A, B), scheme, groups=("a",))

        assert tally.result is None
        assert tally.first == ()
        assert tally.counts == {"a": 0}


def test_merged_groups_are_counted_as_one() -> None:
    """Ensure small groups of a confidential poll share one voice."""
    poll = [
        Ballot("a", ((A,), (B,)), 8),
        Ballot("b", ((B,), (A,)), 3),
        Ballot("c", ((B,), (A,)), 2),
    ]
    published = merge_small_groups({"a": 8, "b": 3, "c": 2})

    tally = count(regroup(poll, published), (A, B), Scheme.GROUP)

    assert tally.counts == {"a": 8, MERGED_GROUPS: 5}
    assert tally.first == (A, B)


def test_ballots_of_a_small_group_count_without_showing_it() -> None:
    """Ensure a group that stays too small is counted with another and has no row of its own."""
    poll = [Ballot("a", ((A,), (B,)), 8), Ballot("b", ((B,), (A,)), 3)]

    kept = regroup(poll, merge_small_groups({"a": 8, "b": 3}))

    tally = count(kept, (A, B), Scheme.PARTICIPANT)
    assert tally.ballots == 11
    assert set(tally.counts) == {MERGED_GROUPS}


def test_too_few_ballots_in_all_are_in_no_total() -> None:
    """Ensure a poll with fewer ballots than the minimum publishes nothing."""
    poll = [Ballot("a", ((A,), (B,)), 3), Ballot("b", ((B,), (A,)), 1)]

    kept = regroup(poll, merge_small_groups({"a": 3, "b": 1}))

    assert count(kept, (A, B), Scheme.PARTICIPANT).ballots == 0


def test_comparing_nothing_is_refused() -> None:
    """Ensure a mistake of the caller is not reported as agreement."""
    with pytest.raises(ValueError, match="nothing to compare"):
        compare([])
