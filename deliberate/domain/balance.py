"""Who takes part, by stakeholder group and region, without saying who a person is.

That somebody took part in a confidential poll is theirs to tell. Turnout by group is public, so
the totals of groups stand; a cell of one group in one region is shown only as far as it names
nobody (the threshold rule of statistical disclosure control; method.md 4):

- with fewer than `CROWD` registered people a cell says nothing of who took part;
- with one or two participants among more it says "fewer than 3";
- when the public total of a group less its exact cells would give the others away, its largest
  exact cell becomes vague as well: "3 or more", or "fewer than 3" where nobody takes part.

A cell in which everybody takes part can hide nobody; neither can a group of one cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from deliberate.domain.people import RegionalGroup, StakeholderGroup

CROWD = 3
"""So many people hide each other."""

Place: TypeAlias = tuple[StakeholderGroup, RegionalGroup]


class Shown(StrEnum):
    """How much a cell says."""

    NOBODY = "nobody"
    HIDDEN = "hidden"
    FEW = "few"
    SOME = "some"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Cell:
    """One group in one region; `taking_part` of its `registered` people took part."""

    registered: int
    taking_part: int


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as everybody may see it; numbers that it does not say are None."""

    shown: Shown
    registered: int | None
    taking_part: int | None

    @property
    def is_gap(self) -> bool:
        """Whether it is plain to everybody that nobody from here takes part."""
        return self.shown is Shown.NOBODY or self.taking_part == 0


def places() -> list[Place]:
    """Every group in every region, in the order of the table.

    Intergovernmental organisations belong to no region of the United Nations.
    """
    regions = [region for region in RegionalGroup if region is not RegionalGroup.INTERGOVERNMENTAL]
    return [
        (group, region)
        for group in StakeholderGroup.registrable()
        for region in (*regions, RegionalGroup.INTERGOVERNMENTAL)
    ]


def show_cells(cells: Mapping[Place, Cell]) -> dict[Place, ShownCell]:
    """What each cell says; a place without a cell has nobody registered.

    Raises `ValueError` where more take part than are registered.
    """
    if any(not 0 <= cell.taking_part <= cell.registered for cell in cells.values()):
        raise ValueError("more people take part than are registered")
    by_group: dict[StakeholderGroup, dict[Place, Cell]] = {}
    for place in dict.fromkeys((*places(), *cells)):
        by_group.setdefault(place[0], {})[place] = cells.get(place, Cell(0, 0))
    shown: dict[Place, ShownCell] = {}
    for row in by_group.values():
        shown |= _show_row(row)
    return shown


def gaps(shown: Mapping[Place, ShownCell]) -> list[Place]:
    """The places from which nobody takes part although people are registered there."""
    return [place for place, cell in shown.items() if cell.is_gap and cell.registered]


def _show_row(row: Mapping[Place, Cell]) -> dict[Place, ShownCell]:
    kinds = {place: _alone(cell) for place, cell in row.items()}
    if _gives_away(row, kinds):
        spacious = [
            place
            for place, kind in kinds.items()
            if kind is Shown.EXACT and row[place].taking_part < row[place].registered
        ]
        cover = max(spacious, key=lambda place: row[place].taking_part, default=None)
        if cover is not None:
            kinds[cover] = Shown.SOME if row[cover].taking_part else Shown.FEW
    return {place: _cell(row[place], kind) for place, kind in kinds.items()}


def _gives_away(row: Mapping[Place, Cell], kinds: Mapping[Place, Shown]) -> bool:
    """Whether the group's total less its exact cells leaves one way to fill the others."""
    vague = {place: kind for place, kind in kinds.items() if kind in (Shown.HIDDEN, Shown.FEW)}
    taking_part = sum(row[place].taking_part for place in vague)
    most = sum(
        row[place].registered if kind is Shown.HIDDEN else CROWD - 1
        for place, kind in vague.items()
    )
    return taking_part > 0 and (len(vague) == 1 or taking_part == most)


def _alone(cell: Cell) -> Shown:
    """How much a cell may say by itself."""
    if cell.registered == 0:
        return Shown.NOBODY
    if cell.registered < CROWD:
        return Shown.HIDDEN
    return Shown.FEW if 0 < cell.taking_part < CROWD else Shown.EXACT


def _cell(cell: Cell, kind: Shown) -> ShownCell:
    registered = None if kind is Shown.HIDDEN else cell.registered
    return ShownCell(kind, registered, cell.taking_part if kind is Shown.EXACT else None)
