"""Options are moved predictably while ranking, and shown in an order that favours none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.ballots import Direction, display_order, move, put_in_order

OPTIONS = (11, 12, 13, 14)


def test_putting_in_order_closes_gaps_and_keeps_equal_ranks_in_sequence() -> None:
    """Ensure the button that renumbers is predictable."""
    assert put_in_order({11: 7, 12: 2, 13: None, 14: 2}) == (12, 14, 11)


def test_an_option_moves_by_one_place() -> None:
    """Ensure up and down are one step and the ends hold."""
    assert move((1, 2, 3), 3, Direction.UP) == (1, 3, 2)
    assert move((1, 2, 3), 1, Direction.DOWN) == (2, 1, 3)
    assert move((1, 2, 3), 1, Direction.UP) == (1, 2, 3)
    assert move((1, 2, 3), 3, Direction.DOWN) == (1, 2, 3)


def test_an_option_that_is_not_ranked_cannot_move() -> None:
    """Ensure a stale button is noticed."""
    with pytest.raises(ValueError, match="not in"):
        move((1, 2), 9, Direction.UP)


@given(st.lists(st.integers(1, 10**9), unique=True, max_size=12), st.binary(max_size=32))
def test_the_order_of_display_depends_on_the_seed_alone(options: list[int], seed: bytes) -> None:
    """Ensure the order is a permutation and the same from whatever order it starts."""
    shown = display_order(options, seed)

    assert sorted(shown) == sorted(options)
    assert display_order(list(reversed(options)), seed) == shown


def test_over_many_voters_each_option_comes_first_about_equally() -> None:
    """Ensure no option is favoured by its place: 4,000 seeds, 1,000 expected each."""
    firsts = [display_order(OPTIONS, f"voter {seed}".encode())[0] for seed in range(4000)]

    assert all(850 < firsts.count(option) < 1150 for option in OPTIONS)
