"""The Schulze method, with the paths that explain its outcome.

Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and
Condorcet-consistent single-winner election method", Social Choice and Welfare 36 (2011),
267-303; sections 2.2 (relation and algorithm) and 4.1 (the relation is transitive).
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise as neighbours

import numpy as np
import numpy.typing as npt

from deliberate.domain.tally.ordering import is_complete, tiers
from deliberate.domain.tally.pairwise import Pairwise
from deliberate.domain.weighting import exact


class Measure(StrEnum):
    """How strong a pairwise preference is (Schulze 2011, section 2.1).

    Without ties and truncation both give the same outcome; example 10 of the paper's worked
    examples shows that they can differ.
    """

    WINNING = "winning"
    MARGINS = "margins"


def strengths(pairwise: Pairwise, measure: Measure) -> list[list[int]]:
    """The strength of each pairwise preference in units of the matrix; 0 where there is none."""
    less = 0 if measure is Measure.WINNING else 1
    return [
        [
            mine - less * theirs if mine > theirs else 0
            for mine, theirs in zip(row, column, strict=True)
        ]
        for row, column in zip(pairwise.cells, zip(*pairwise.cells, strict=True), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Route:
    """A strongest path between two options: each beats the next, `weakest` by the least."""

    options: tuple[int, ...]
    weakest: tuple[int, int]
    strength: Fraction

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "options": list(self.options),
            "weakest": list(self.weakest),
            "strength": exact(self.strength),
        }


@dataclass(frozen=True, slots=True)
class Schulze:
    """The outcome: tiers, best first, and the path strengths behind them.

    The first tier holds every undominated option; more than one means a tie, which is reported
    and not broken. `complete` is false when options of different tiers are level in truth.
    """

    measure: Measure
    pairwise: Pairwise
    tiers: tuple[tuple[int, ...], ...]
    complete: bool
    paths: Mapping[int, Mapping[int, Fraction]]
    links: Mapping[int, Mapping[int, Fraction]] = field(repr=False)

    def route(self, start: int, end: int) -> Route | None:
        """A strongest path with the fewest steps, or None if the start reaches the end by none.

        Among equally short ones the order of the options chooses, which changes the words of
        an explanation but never the outcome.
        """
        needed = self.paths[start].get(end, Fraction())
        if not needed:
            return None
        options = self._shortest(start, end, needed)
        weakest = min(neighbours(options), key=lambda pair: self.links[pair[0]][pair[1]])
        return Route(options, weakest, needed)

    def _shortest(self, start: int, end: int, needed: Fraction) -> tuple[int, ...]:
        """Breadth-first search along preferences of at least the needed strength."""
        came_from: dict[int, int | None] = {start: None}
        queue = deque([start])
        while end not in came_from:
            here = queue.popleft()
            for other, strength in self.links[here].items():
                if strength >= needed and other not in came_from:
                    came_from[other] = here
                    queue.append(other)
        route, step = [end], came_from[end]
        while step is not None:
            route.append(step)
            step = came_from[step]
        return tuple(reversed(route))

    def explanation(self) -> tuple[tuple[int, int, Route | None, Route | None], ...]:
        """For each first option and each other one: the best path there and the best path back.

        The first option stands above the other when the path there is the stronger one; the
        weakest link of the path back is what a page says is set aside (method.md 2).
        Empty when one option beats all others: then no path is needed to see why it is first.
        """
        if not self.tiers or all(self.links[self.tiers[0][0]].values()):
            return ()
        return tuple(
            (first, other, self.route(first, other), self.route(other, first))
            for first in self.tiers[0]
            for other in self.pairwise.options
            if other != first
        )

    def as_json(self) -> dict[str, object]:
        """Plain data, with the explaining paths."""
        return {
            "measure": self.measure.value,
            "tiers": [list(tier) for tier in self.tiers],
            "complete": self.complete,
            "paths": [
                {
                    "first": first,
                    "other": other,
                    "there": there.as_json() if there else None,
                    "back": back.as_json() if back else None,
                }
                for first, other, there, back in self.explanation()
            ],
        }


def schulze(pairwise: Pairwise, measure: Measure = Measure.WINNING) -> Schulze:
    """The Schulze order of the options of a pairwise count."""
    links = strengths(pairwise, measure)
    paths = _strongest(links)
    place = {option: row for row, option in enumerate(pairwise.options)}

    def above(option: int, other: int) -> bool:
        row, column = place[option], place[other]
        return paths[row][column] > paths[column][row]

    layers = tiers(pairwise.options, above)
    return Schulze(
        measure=measure,
        pairwise=pairwise,
        tiers=layers,
        complete=is_complete(layers, above),
        paths=_by_option(paths, pairwise),
        links=_by_option(links, pairwise),
    )


def _strongest(links: list[list[int]]) -> list[list[int]]:
    """The strength of the strongest path between every two options (Floyd-Warshall).

    Only the order of the strengths matters, so they are replaced by their places in that
    order: small integers that numpy compares exactly, however large the numerators are.
    """
    values = sorted({0}.union(*links))
    level = {value: index for index, value in enumerate(values)}
    size = len(links)
    paths: npt.NDArray[np.int32] = np.array(
        [[level[link] for link in row] for row in links], dtype=np.int32
    ).reshape(size, size)
    for through in range(size):
        detour = np.minimum(paths[:, through, None], paths[None, through, :])
        np.maximum(paths, detour, out=paths)
    return [[values[index] for index in row] for row in paths.tolist()]


def _by_option(matrix: list[list[int]], pairwise: Pairwise) -> dict[int, dict[int, Fraction]]:
    """A square of numbers in units of the count, as rationals by option; no diagonal."""
    return {
        option: {
            other: Fraction(matrix[row][column], pairwise.unit)
            for column, other in enumerate(pairwise.options)
            if other != option
        }
        for row, option in enumerate(pairwise.options)
    }
