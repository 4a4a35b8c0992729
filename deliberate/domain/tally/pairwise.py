"""Pairwise counts: for every two options, how much of the vote places one above the other.

Ballots are counted as integers inside each stratum and combined afterwards with rational
weights, so every number is exact (method.md 2). Options of one tier are tied; options a
ballot leaves out are tied with each other below all ranked ones (Schulze 2011, section 2.1).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from deliberate.domain.tally.piles import Piles
from deliberate.domain.tally.profile import Ballot, Profile, Ranks, profile_of
from deliberate.domain.weighting import exact

Matrix = npt.NDArray[Any]
"""A square of exact integers: of 64 bits where they fit, of Python's own kind where not."""

WORD = 8
"""How many truth values of a byte each are added at once, as one integer of 64 bits."""
SUMS = 6
"""How many sums are made at once: few long comparisons are faster than many short ones."""
BITS = 62
"""Of a word, those that numbers above zero may fill."""
STRETCH = SUMS * 255 * WORD
"""How many ballots are compared at a time: beyond 255 words a byte of their sum would overflow."""


@dataclass(frozen=True, eq=False)
class Pairwise:
    """Exact pairwise totals: integers over one common denominator.

    `cells[i, j] / unit` is the total weight of the ballots that place `options[i]` strictly
    above `options[j]`; `total / unit` is the weight of all ballots, blank ones included.
    """

    options: tuple[int, ...]
    cells: Matrix
    total: int
    unit: int = 1

    @cached_property
    def rows(self) -> dict[int, int]:
        """Where each option stands in the matrix."""
        return {option: row for row, option in enumerate(self.options)}

    def weight_of(self, matrix: Matrix, option: int, other: int) -> Fraction:
        """A number of this count, or of a matrix in its units, for two options."""
        return Fraction(int(matrix[self.rows[option], self.rows[other]]), self.unit)

    def over(self, option: int, other: int) -> Fraction:
        """The weight that places the first option strictly above the second."""
        return self.weight_of(self.cells, option, other)

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
            "cells": [[exact(Fraction(cell, unit)) for cell in row] for row in self.cells.tolist()],
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
    return count_profile(profile_of(ballots, options, strata))


def count_profile(profile: Profile) -> dict[Any, Stratum]:
    """Integer counts of each stratum of a profile."""
    found: dict[Any, Stratum] = {}
    piles = Piles(profile)
    for place, name in enumerate(profile.strata):
        columns = profile.columns(place)
        ranks, numbers = profile.ranks[:, columns], profile.numbers[columns]
        ballots = profile.size(place)
        pairwise = Pairwise(profile.options, count_pairs(ranks, numbers), ballots)
        found[name] = Stratum(ballots, pairwise, piles.by_stratum(place))
    return found


def count_pairs(ranks: Ranks, numbers: npt.NDArray[np.int64]) -> Matrix:
    """How many ballots place the row's option strictly above the column's.

    Rankings cast equally often are counted together, because counting truth values is much
    faster than multiplying them.
    """
    cells: Matrix = np.zeros((len(ranks), len(ranks)), dtype=np.int64)
    for number in np.unique(numbers).tolist():
        alike = ranks if (numbers == number).all() else ranks[:, numbers == number]
        for start in range(0, alike.shape[1], STRETCH):
            cells += number * _above(alike[:, start : start + STRETCH])
    return cells


def _above(ranks: Ranks) -> Matrix:
    """The same for at most `STRETCH` ballots, each counted once.

    Ballots are filled up to whole words with ones on which all options are level. A word holds
    eight truth values of a byte each, and a sum of at most 255 such words carries from no byte
    into the next, so that eight ballots are counted with one addition.
    """
    size, ballots = ranks.shape
    words = -(-ballots // (SUMS * WORD))
    filled = np.zeros((size, SUMS * words * WORD), dtype=ranks.dtype)
    filled[:, :ballots] = ranks
    above = np.empty(filled.shape, dtype=np.bool_)
    addends = above.view(np.uint64).reshape(size, SUMS, words)
    sums = np.empty((size, size, SUMS), dtype=np.uint64)
    for row in range(size):
        np.less(filled[row], filled, out=above)
        np.add.reduce(addends, axis=2, out=sums[row])
    parts = sums.view(np.uint8).reshape(size, size, SUMS * WORD)
    counts: Matrix = parts.sum(axis=2, dtype=np.int64)
    return counts


def combine(
    strata: Mapping[Any, Stratum], weights: Mapping[Any, Fraction], options: Sequence[int]
) -> Pairwise:
    """The weighted sum of the strata that have a weight, over one common denominator."""
    unit = math.lcm(*(weight.denominator for weight in weights.values()))
    times = {name: int(weight * unit) for name, weight in weights.items()}
    total = sum(each * strata[name].ballots for name, each in times.items())
    ballots = sum(strata[name].ballots for name in times)
    # Factors are cut into parts so short that a sum of products fits into 64 bits.
    bits = BITS - ballots.bit_length()
    sums: list[Matrix] = []
    while any(times.values()) or not sums:
        parts = {name: each & ((1 << bits) - 1) for name, each in times.items()}
        sums.append(_sum(strata, parts, len(options)))
        times = {name: each >> bits for name, each in times.items()}
    cells = sums.pop()
    while sums:
        cells = (cells.astype(object) << bits) + sums.pop()
    return Pairwise(tuple(options), cells, total, unit)


def _sum(strata: Mapping[Any, Stratum], times: Mapping[Any, int], size: int) -> Matrix:
    """The strata's pairwise counts, each multiplied by its factor."""
    cells: Matrix = np.zeros((size, size), dtype=np.int64)
    for name, factor in times.items():
        cells += factor * strata[name].pairwise.cells
    return cells


def condorcet(pairwise: Pairwise) -> int | None:
    """The option preferred to every other one by more weight, or None (Condorcet 1785).

    A pairwise tie is no preference, so it stands in the way. Without any ballot there is none.
    """
    if not pairwise.total:
        return None
    beats = pairwise.cells > pairwise.cells.T
    best = np.flatnonzero(beats.sum(axis=1) == len(pairwise.options) - 1)
    return pairwise.options[best[0]] if best.size else None
