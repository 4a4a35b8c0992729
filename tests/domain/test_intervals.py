"""Ranges of shares agree with published values and with the finite population."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.intervals import finite_factor, wilson
from deliberate.domain.weighting import Scheme, weights

CASES = json.loads(
    (Path(__file__).parent.parent / "cases" / "opinion" / "weighting.json").read_text("utf-8")
)


@pytest.mark.parametrize("check", CASES["wilson95_checks"])
def test_wilson_limits_are_the_published_ones(check: dict[str, Any]) -> None:
    """Ensure the limits agree to six decimals."""
    low, high = wilson(check["x"] / check["n"], check["n"])

    assert [round(low, 6), round(high, 6)] == check["interval"]


@pytest.mark.parametrize("scheme", ["one_person_one_vote", "equal_voice"])
def test_weighted_shares_use_the_effective_number(scheme: str) -> None:
    """Ensure estimate, effective number and limits agree with the case, weight by weight."""
    expected = CASES[scheme]
    sizes = {str(group): CASES["group"].count(group) for group in range(5)}
    chosen = Scheme.PARTICIPANT if scheme == "one_person_one_vote" else Scheme.GROUP

    weighed = weights(sizes, chosen, minimum=1)
    pairs = zip(CASES["group"], CASES["agree"], strict=True)
    agree = sum(weighed.per_group[str(group)] for group, yes in pairs if yes)
    whole = sum(weighed.per_group[group] * size for group, size in sizes.items())
    limits = wilson(float(agree / whole), float(weighed.effective_n))

    assert round(float(agree / whole), 6) == expected["estimate"]
    assert round(float(weighed.effective_n), 4) == expected["kish_n_eff"]
    assert limits == pytest.approx(expected["wilson95"], abs=1e-5)


def test_a_group_that_voted_completely_has_an_exact_share() -> None:
    """Ensure nothing is left to chance when everybody voted."""
    factor = finite_factor(12, 12)

    assert factor == 0
    assert wilson(0.25, 12, factor=float(factor)) == (0.25, 0.25)


def test_the_factor_is_the_share_not_yet_heard() -> None:
    """Ensure (N - n) / (N - 1), and 0 when more voted than were registered."""
    assert finite_factor(10, 40) == Fraction(30, 39)
    assert finite_factor(13, 12) == 0
    assert finite_factor(0, 0) == 0
    assert finite_factor(0, 12) == 1


def test_without_votes_nothing_is_known() -> None:
    """Ensure the range without votes is the whole range."""
    assert wilson(0.0, 0) == (0.0, 1.0)


@given(st.integers(1, 300), st.data())
def test_the_range_holds_the_share_and_shrinks_with_the_population(
    n: int, data: st.DataObject
) -> None:
    """Ensure limits enclose the share and a finite population never widens them."""
    share = data.draw(st.integers(0, n)) / n
    population = data.draw(st.integers(n, 3 * n))

    low, high = wilson(share, n)
    nearer, farther = wilson(share, n, factor=float(finite_factor(n, population)))

    assert low - 1e-9 <= nearer <= share + 1e-12
    assert share - 1e-12 <= farther <= high + 1e-9
