"""What the balance board tells of small cells, and what nobody can work out from it."""

import itertools
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.balance import CROWD, Cell, Place, Shown, gaps, places, show_cells
from deliberate.domain.people import RegionalGroup, StakeholderGroup

GOVERNMENT = [place for place in places() if place[0] is StakeholderGroup.GOVERNMENT]
CELLS = st.integers(0, 6).flatmap(
    lambda registered: st.builds(Cell, st.just(registered), st.integers(0, registered))
)
ROWS = st.lists(CELLS, min_size=1, max_size=5).map(
    lambda cells: dict(zip(GOVERNMENT, cells, strict=False))
)


def possible(row: Mapping[Place, Cell]) -> list[dict[Place, int]]:
    """Every way to fill the row that agrees with what is shown and with the group's total."""
    shown = show_cells(row)
    total = sum(cell.taking_part for cell in row.values())
    ranges = []
    for place, cell in row.items():
        choices: Mapping[Shown, range] = {
            Shown.NOBODY: range(1),
            Shown.HIDDEN: range(cell.registered + 1),
            Shown.FEW: range(min(CROWD, cell.registered + 1)),
            Shown.SOME: range(CROWD, cell.registered + 1),
            Shown.EXACT: range(cell.taking_part, cell.taking_part + 1),
        }
        ranges.append(choices[shown[place].shown])
    filled = [dict(zip(row, numbers, strict=True)) for numbers in itertools.product(*ranges)]
    return [each for each in filled if sum(each.values()) == total]


@given(ROWS)
def test_no_total_says_how_many_of_a_small_cell_take_part(row: dict[Place, Cell]) -> None:
    """Ensure subtraction finds a small cell only where every other one is full."""
    shown, ways = show_cells(row), possible(row)

    assert {place: cell.taking_part for place, cell in row.items()} in ways
    for place, cell in row.items():
        is_small = shown[place].shown in (Shown.HIDDEN, Shown.FEW) and cell.taking_part > 0
        if is_small and len({way[place] for way in ways}) == 1:
            others = [each for each in row if each != place]
            assert all(is_full(row[each], shown[each].shown) for each in others)


def is_full(cell: Cell, shown: Shown) -> bool:
    """Whether a cell could not have more participants, as far as is shown of it."""
    most = CROWD - 1 if shown is Shown.FEW else cell.registered
    return shown is not Shown.SOME and cell.taking_part == most


@given(ROWS)
def test_small_numbers_are_never_told(row: dict[Place, Cell]) -> None:
    """Ensure no cell says one or two, and none of fewer than three registered says anything."""
    for place, cell in show_cells(row).items():
        assert cell.taking_part not in (1, 2)
        if 0 < row.get(place, Cell(0, 0)).registered < CROWD:
            assert (cell.shown, cell.registered, cell.taking_part) == (Shown.HIDDEN, None, None)


@given(ROWS)
def test_every_gap_is_one(row: dict[Place, Cell]) -> None:
    """Ensure a place is called empty only where people are registered and nobody takes part."""
    for place in gaps(show_cells(row)):
        assert row[place].taking_part == 0
        assert row[place].registered >= CROWD


def test_one_small_cell_is_covered_by_a_large_one() -> None:
    """Ensure the total of seven does not say that the one of two takes part."""
    africa, asia, other = GOVERNMENT[:3]

    shown = show_cells({africa: Cell(2, 1), asia: Cell(9, 6), other: Cell(4, 0)})

    assert shown[africa].shown is Shown.HIDDEN
    assert (shown[asia].shown, shown[asia].taking_part) == (Shown.SOME, None)
    assert shown[other].taking_part == 0


def test_two_full_cells_are_covered_as_well() -> None:
    """Ensure a total that only one sum explains is not left standing."""
    africa, asia, other = GOVERNMENT[:3]

    shown = show_cells({africa: Cell(2, 2), asia: Cell(5, 2), other: Cell(9, 0)})

    assert [shown[place].shown for place in (africa, asia, other)] == [
        Shown.HIDDEN,
        Shown.FEW,
        Shown.FEW,
    ]


def test_every_place_is_in_the_table() -> None:
    """Ensure a region without anybody is seen as such."""
    shown = show_cells({})

    assert len(shown) == len(places()) == 5 * len(RegionalGroup)
    assert {cell.shown for cell in shown.values()} == {Shown.NOBODY}


def test_more_participants_than_registered_are_refused() -> None:
    """Ensure a miscount is an error and not a number on a page."""
    with pytest.raises(ValueError, match="registered"):
        show_cells({GOVERNMENT[0]: Cell(1, 2)})
