"""Claims about the order of discussions."""

import pytest

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.threads import Cursor, Order, support_rank

GROUPS = StakeholderGroup.registrable()


def rank(*numbers: int) -> int:
    """The rank of so many agreeing people in each group."""
    return support_rank(dict(zip(GROUPS, numbers, strict=False)))


def test_the_group_with_the_fewest_decides_and_not_the_total() -> None:
    """Ensure support in one more group outweighs any number of people in the others."""
    assert rank(1, 1, 1, 1, 1) > rank(500, 500, 500, 500, 0)
    assert rank(1, 1) > rank(500)
    assert rank(2, 2, 2, 2, 3) > rank(2, 2, 2, 2, 2) > rank(9, 9, 9, 9, 1)


def test_no_group_counts_more_than_another() -> None:
    """Ensure groups can change places, and a rank fits into an integer column."""
    assert rank(1, 2, 3, 4, 5) == rank(5, 4, 3, 2, 1)
    assert rank() == 0
    assert rank(*[10_000] * 5) < 2**31


@pytest.mark.parametrize("text", ["", "0", "1.2.3", "-1", "1 OR 1", "99999999999", "2.7"])
def test_what_is_no_cursor_means_the_beginning(text: str) -> None:
    """Ensure an address changed by hand is harmless, and cursors stay with their order."""
    assert Cursor.parse(text, Order.OLDEST) is None


@pytest.mark.parametrize("cursor", [Cursor(7), Cursor(7, 0), Cursor(2**31 - 1, 2**30 - 1)])
def test_a_cursor_survives_its_address(cursor: Cursor) -> None:
    """Ensure what a link says is what is read from it."""
    order = Order.OLDEST if cursor.support is None else Order.SUPPORT

    assert Cursor.parse(str(cursor), order) == cursor
