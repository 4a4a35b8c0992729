"""Pairwise counts: for every two options, how much of the vote places one above the other.

Ballots are counted as integers inside each stratum and combined afterwards with rational
weights, so every number is exact (method.md 2). Options of one tier are tied; options a
ballot leaves out are tied with each other below all ranked ones (Schulze 2011, section 2.1).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from deliberate.domain.weighting import exact

Tiers = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ranking cast by `number` people of one stratum (a stakeholder group)."""

    stratum: str
    tiers: Tiers
    number: int = 1


@dataclass(frozen=True, slots=True)
class Pairwise:
    """Exact pairwise totals: integers over one common denominator.

    `cells[i][j] / unit` is the total weight of the ballots that place `options[i]` strictly
    above `options[j]`; `total / unit` is the weight of all ballots, blank ones included.
    """

    options: tuple[int, ...]
    cells: tuple[tuple[int, ...], ...]
    total: int
    unit: int = 1

    def over(self, option: int, other: int) -> Fraction:
        """The weight that places the first option strictly above the second."""
        row, column = self.options.index(option), self.options.index(other)
        return Fraction(self.cells[row][column], self.unit)

    def margin(self, option: int, other: int) -> Fraction:
        """How much more weight prefers the first option than the second; may be negative."""
        return self.over(option, other) - self.over(other, option)

    def beats(self, option: int, other: int) -> bool:
        """Whether more weight prefers the first option; an equal pair beats neither way."""
        return self.margin(option, other) > 0

    @property
    def weight(self) -> Fraction:
        """The weight of all ballots counted."""
        return Fraction(self.total, self.unit)

    def as_json(self) -> dict[str, object]:
        """Plain data: the matrix row by row in the order of the options."""
        unit = self.unit
        return {
            "options": list(self.options),
            "cells": [[exact(Fraction(cell, unit)) for cell in row] for row in self.cells],
            "total": exact(self.weight),
        }


@dataclass(frozen=True, slots=True)
class Stratum:
    """The unweighted count of one group's ballots.

    `first_preferences` shares the first place of a ballot equally among the options tied for
    it; a blank ballot has none.
    """

    ballots: int
    pairwise: Pairwise
    first_preferences: Mapping[int, Fraction]


def count_strata(
    ballots: Iterable[Ballot], options: Sequence[int], strata: Iterable[str] = ()
) -> dict[str, Stratum]:
    """Integer counts per stratum, for the named strata and all that cast ballots.

    Raises `ValueError` for a ballot that ranks an option twice or one that is not offered, and
    for a negative number of ballots.
    """
    sorted_out: dict[str, Counter[Tiers]] = {name: Counter() for name in strata}
    for ballot in ballots:
        if ballot.number < 0:
            raise ValueError("a number of ballots cannot be negative")
        sorted_out.setdefault(ballot.stratum, Counter())[ballot.tiers] += ballot.number
    return {name: _stratum(rankings, tuple(options)) for name, rankings in sorted_out.items()}


def _stratum(rankings: Mapping[Tiers, int], options: tuple[int, ...]) -> Stratum:
    """Counts of one stratum from its distinct rankings and how often each was cast."""
    number = sum(rankings.values())
    cells = _cells(_ranks(list(rankings), options), np.array(list(rankings.values()), np.int64))
    firsts = dict.fromkeys(options, Fraction())
    for tiers, times in rankings.items():
        for option in tiers[0] if tiers else ():
            firsts[option] += Fraction(times, len(tiers[0]))
    rows = tuple(tuple(int(cell) for cell in row) for row in cells)
    return Stratum(number, Pairwise(options, rows, number), firsts)


def _ranks(rankings: Sequence[Tiers], options: tuple[int, ...]) -> npt.NDArray[np.int16]:
    """The tier in which each option (row) stands on each ranking (column); unranked is last."""
    place = {option: row for row, option in enumerate(options)}
    ranks = np.full((len(options), len(rankings)), len(options), dtype=np.int16)
    for column, tiers in enumerate(rankings):
        listed = [option for tier in tiers for option in tier]
        if len(set(listed)) < len(listed) or not place.keys() >= set(listed):
            raise ValueError("a ballot ranks an option twice or one that is not offered")
        for tier, tied in enumerate(tiers):
            for option in tied:
                ranks[place[option], column] = tier
    return ranks


def _cells(ranks: npt.NDArray[np.int16], numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many ballots place the row option above the column option.

    Rankings cast equally often are counted together, because counting true values is much
    faster than multiplying them.
    """
    cells = np.zeros((len(ranks), len(ranks)), dtype=np.int64)
    for number in np.unique(numbers):
        alike = np.ascontiguousarray(ranks[:, numbers == number])
        for row, own in enumerate(alike):
            cells[row] += number * np.count_nonzero(own < alike, axis=1)
    return cells


def combine(
    strata: Mapping[str, Stratum], weights: Mapping[str, Fraction], options: Sequence[int]
) -> Pairwise:
    """The weighted sum of the strata that have a weight, over one common denominator."""
    unit = math.lcm(*(weight.denominator for weight in weights.values()))
    scaled = [(int(weight * unit), strata[name].pairwise) for name, weight in weights.items()]
    size = range(len(options))
    rows = tuple(
        tuple(sum(times * counts.cells[row][column] for times, counts in scaled) for column in size)
        for row in size
    )
    total = sum(times * counts.total for times, counts in scaled)
    return Pairwise(tuple(options), rows, total, unit)


def condorcet(pairwise: Pairwise) -> int | None:
    """The option preferred to every other one by more weight, or None (Condorcet 1785).

    A pairwise tie is no preference, so it stands in the way. Without any ballot there is none.
    """
    if not pairwise.total:
        return None
    for option in pairwise.options:
        rivals = (other for other in pairwise.options if other != option)
        if all(pairwise.beats(option, other) for other in rivals):
            return option
    return None
