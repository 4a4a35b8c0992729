"""What the pages of a poll show, read from what is stored.

The stored count is plain JSON (`deliberate.actions.polls`); here it becomes numbers again.
Rationals are kept exact and are rounded only where they are printed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.small_cells import MERGED_GROUPS
from deliberate.domain.tally import Change
from deliberate.domain.weighting import Scheme

Json = Mapping[str, Any]
Tiers = tuple[tuple[int, ...], ...]
MOST_PAIRS = 28
"""All pairs of eight options; with more options a page shows the first option's pairs only."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option as it was frozen at opening; what names a proposal is None for any other text."""

    id: int
    title: str
    text: str
    proposal_id: int | None
    version: int | None

    @property
    def href(self) -> str | None:
        """Where it can be read in full."""
        return None if self.proposal_id is None else f"/proposals/{self.proposal_id}"

    @property
    def detail(self) -> str:
        """The text of an option that has no page of its own."""
        return self.text if self.proposal_id is None else ""


@dataclass(frozen=True, slots=True)
class Step:
    """The weakest link of a path: the option above, the one below, and the weight for it."""

    upper: int
    lower: int
    strength: Fraction


@dataclass(frozen=True, slots=True)
class Way:
    """The strongest paths between a first option and another one; None where there is no path."""

    first: int
    other: int
    there: Step | None
    back: Step | None


@dataclass(frozen=True, slots=True)
class Count:
    """One count: all ballots under a scheme, or one group's own.

    `cells[a, b]` is the weight of the ballots that place a above b, of `total` weight.
    """

    ballots: int
    total: Fraction
    cells: Mapping[tuple[int, int], Fraction]
    firsts: Mapping[int, Fraction]
    tiers: Tiers
    condorcet: int | None
    closest: tuple[int, ...]
    ways: tuple[Way, ...]

    @property
    def first(self) -> tuple[int, ...]:
        """The options ranked first: one, or several that are level."""
        return self.tiers[0] if self.tiers else ()

    def place(self, option: int) -> int:
        """The place of an option; options that are level share it."""
        return next(place for place, tier in enumerate(self.tiers, 1) if option in tier)

    def share(self, option: int, other: int) -> Fraction | None:
        """The share of those who prefer one of the two that prefer the first of them."""
        both = self.cells[option, other] + self.cells[other, option]
        return self.cells[option, other] / both if both else None


@dataclass(frozen=True, slots=True)
class Turn:
    """The factor on one group's weight at which the first option is level with `rivals`."""

    group: str
    factor: Fraction
    rivals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SchemeCount:
    """All ballots under one registered scheme; `count` is None when none counts under it."""

    scheme: Scheme
    count: Count | None
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two options that stand otherwise under `scheme` than under the primary one."""

    scheme: Scheme
    change: Change
    upper: int
    lower: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """A stored count. `schemes` begins with the one registered as primary.

    `groups` holds the strata that report, in alphabetical order and the merged one last;
    `merged` the groups counted together, `unreported` those whose ballots no table shows.
    """

    turnout: Mapping[str, int]
    schemes: tuple[SchemeCount, ...]
    groups: Mapping[str, Count]
    merged: tuple[str, ...]
    unreported: tuple[str, ...]
    same_first: bool | None
    same_order: bool | None
    differences: tuple[Difference, ...]

    @property
    def ballots(self) -> int:
        """How many people cast a ballot."""
        return sum(self.turnout.values())

    @property
    def primary(self) -> SchemeCount:
        """The count under the scheme registered as primary."""
        return self.schemes[0]

    @property
    def absent(self) -> tuple[str, ...]:
        """The groups of which nobody cast a ballot."""
        return tuple(group for group, ballots in self.turnout.items() if not ballots)

    @property
    def shows_all_pairs(self) -> bool:
        """Whether the options are few enough for a line about every pair."""
        return len(self._ordered_pairs()) <= MOST_PAIRS

    def pairs(self) -> list[tuple[int, int]]:
        """The pairs worth a line each, in the order of the primary count.

        All of them, or with many options only those of the options ranked first.
        """
        pairs = self._ordered_pairs()
        if self.primary.count is None or self.shows_all_pairs:
            return pairs
        return [pair for pair in pairs if pair[0] in self.primary.count.first]

    def _ordered_pairs(self) -> list[tuple[int, int]]:
        tiers = self.primary.count.tiers if self.primary.count else ()
        return list(combinations([option for tier in tiers for option in tier], 2))


def list_frozen_options(frozen: Json, ids: Sequence[int]) -> tuple[Option, ...]:
    """The options in their registered order; `ids` are their ids in that order."""
    return tuple(
        Option(id_, each["title"], each["text"], each["proposal"], each["version"])
        for id_, each in zip(ids, frozen["options"], strict=True)
    )


def turnout_rows(turnout: Mapping[Any, int], frozen: Json) -> list[dict[str, Any]]:
    """Turnout by group, of those registered at opening where that is not fewer."""
    registered = frozen["registered_at_opening"]
    rows = []
    for group in StakeholderGroup.registrable():
        count = turnout.get(group, 0)
        eligible = registered.get(group.value, 0)
        rows.append(
            {
                "group": group.value,
                "count": count,
                "eligible": eligible if eligible >= count else None,
            }
        )
    return rows


def read_outcome(result: Json) -> Outcome:
    """The stored count as numbers."""
    comparison, published = result["comparison"], result["published"]
    own = result["schemes"][0]["per_group"]
    voted = [group for group in sorted(published) if result["turnout"][group]]
    return Outcome(
        turnout=dict(sorted(result["turnout"].items())),
        schemes=tuple(_scheme(each) for each in result["schemes"]),
        groups={name: _count(own[name]) for name in sorted(own, key=_merged_last)},
        merged=tuple(group for group in voted if published[group] == MERGED_GROUPS),
        unreported=tuple(group for group in voted if published[group] is None),
        same_first=comparison["same_first"],
        same_order=comparison["same_order"],
        differences=tuple(
            Difference(Scheme(each["scheme"]), Change(each["change"]), each["upper"], each["lower"])
            for each in comparison["differences"]
        ),
    )


def _merged_last(stratum: str) -> tuple[bool, str]:
    return stratum == MERGED_GROUPS, stratum


def _scheme(stored: Json) -> SchemeCount:
    turns = [
        Turn(point["group"], Fraction(turn["factor"]), tuple(turn["rivals"]))
        for point in stored["turning"]
        for turn in (point["less"], point["more"])
        if turn is not None
    ]
    # The turn that needs the smallest change comes first.
    turns.sort(key=lambda turn: (abs(turn.factor - 1), turn.group))
    count = _count(stored["result"]) if stored["result"] else None
    return SchemeCount(Scheme(stored["scheme"]), count, tuple(turns))


def _count(stored: Json) -> Count:
    pairwise = stored["pairwise"]
    options = pairwise["options"]
    return Count(
        ballots=stored["ballots"],
        total=Fraction(pairwise["total"]),
        cells={
            (upper, lower): Fraction(pairwise["cells"][row][column])
            for row, upper in enumerate(options)
            for column, lower in enumerate(options)
            if upper != lower
        },
        firsts={option: Fraction(weight) for option, weight in stored["first_preferences"]},
        tiers=tuple(tuple(tier) for tier in stored["tiers"]),
        condorcet=stored["condorcet"],
        closest=tuple(stored["closest_rivals"]),
        ways=tuple(_way(each) for each in stored["schulze"]["paths"]),
    )


def _way(stored: Json) -> Way:
    return Way(stored["first"], stored["other"], _step(stored["there"]), _step(stored["back"]))


def _step(route: Json | None) -> Step | None:
    if route is None:
        return None
    upper, lower = route["weakest"]
    return Step(upper, lower, Fraction(route["strength"]))
