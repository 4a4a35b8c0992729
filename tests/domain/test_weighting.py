"""Weights are exact, small groups are left out, precision is stated."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.weighting import Scheme, exact, weights

sizes = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 600), min_size=1)


@pytest.mark.parametrize(
    ("groups", "n_eff"),
    [((20, 300, 500, 170, 10), 155), ((3, 7, 551, 13, 1), 16.1), ((1, 50, 500, 100, 2), 16.3)],
)
def test_effective_numbers_are_the_measured_ones(groups: tuple[int, ...], n_eff: float) -> None:
    """Ensure Kish's number agrees with the figures of the design for three sets of groups."""
    counts = {str(place): size for place, size in enumerate(groups)}

    weighed = weights(counts, Scheme.GROUP, minimum=1)

    assert float(weighed.effective_n) == pytest.approx(n_eff, rel=0.003)


@given(sizes, st.integers(1, 20))
def test_every_group_in_the_balance_has_one_voice(counts: dict[str, int], minimum: int) -> None:
    """Ensure a group's ballots add up to exactly one, and small groups are named."""
    weighed = weights(counts, Scheme.GROUP, minimum)

    for group, n in counts.items():
        if n >= minimum:
            assert weighed.per_group[group] * n == 1
        else:
            assert group in weighed.left_out
            assert group not in weighed.per_group
    assert weighed.n == sum(n for n in counts.values() if n >= minimum)
    assert weighed.has_result == any(n >= minimum for n in counts.values())


@given(sizes)
def test_each_participant_counts_one(counts: dict[str, int]) -> None:
    """Ensure head counts have weight 1 and lose no precision."""
    weighed = weights(counts, Scheme.PARTICIPANT)

    assert set(weighed.per_group.values()) == {Fraction(1)}
    assert weighed.effective_n == weighed.n == sum(counts.values())
    assert weighed.left_out == ()


@given(sizes)
def test_weighting_never_makes_ballots_more_informative(counts: dict[str, int]) -> None:
    """Ensure the effective number is at most the number of ballots."""
    weighed = weights(counts, Scheme.GROUP, minimum=1)

    assert weighed.effective_n <= weighed.n


def test_all_groups_too_small_give_no_result() -> None:
    """Ensure nothing is balanced when no group reaches the minimum."""
    weighed = weights({"a": 4, "b": 2}, Scheme.GROUP, minimum=5)

    assert not weighed.has_result
    assert weighed.left_out == ("a", "b")
    assert weighed.ratio is None
    assert weighed.effective_n == 0


def test_the_ratio_of_weights_is_stated() -> None:
    """Ensure a reader can see how much more one ballot counts than another."""
    assert weights({"a": 5, "b": 500}, Scheme.GROUP).ratio == 100


@pytest.mark.parametrize(("counts", "minimum"), [({"a": 3}, 0), ({"a": -1}, 5)])
def test_counts_that_make_no_sense_are_refused(counts: dict[str, int], minimum: int) -> None:
    """Ensure mistakes of the caller are not weighed."""
    with pytest.raises(ValueError, match="minimums are at least 1"):
        weights(counts, Scheme.GROUP, minimum)


@given(st.fractions())
def test_rationals_survive_as_plain_data(number: Fraction) -> None:
    """Ensure what is written can be read back exactly."""
    assert Fraction(exact(number)) == number
