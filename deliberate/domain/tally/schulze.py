"""The Schulze method, with the paths that explain its outcome.

Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and
Condorcet-consistent single-winner election method", Social Choice and Welfare 36 (2011),
267-303; sections 2.2 (relation and algorithm) and 4.1 (the relation is transitive).
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise as neighbours

import numpy as np

from deliberate.domain.reasons import Reason, ReasonKind
from deliberate.domain.tally.method import CountingMethod, Outcome, Weighed, head_to_head
from deliberate.domain.tally.ordering import is_complete, layers
from deliberate.domain.tally.pairwise import Matrix, Pairwise, condorcet
from deliberate.domain.tally.profile import Tiers
from deliberate.domain.weighting import exact


class Measure(StrEnum):
    """How strong a pairwise preference is (Schulze 2011, section 2.1).

    Without ties and truncation both give the same outcome; example 10 of the paper's worked
    examples shows that they can differ.
    """

    WINNING = "winning"
    MARGINS = "margins"


def strengths(pairwise: Pairwise, measure: Measure) -> Matrix:
    """The strength of each pairwise preference in units of the count; 0 where there is none."""
    cells = pairwise.cells
    numbers = cells if measure is Measure.WINNING else cells - cells.T
    return np.where(cells > cells.T, numbers, 0)


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


@dataclass(frozen=True, slots=True, eq=False)
class Schulze:
    """The outcome: tiers, best first, and the path strengths behind them.

    The first tier holds every undominated option; more than one means a tie, which is reported
    and not broken. `complete` is false when options of different tiers are level in truth.
    """

    measure: Measure
    pairwise: Pairwise
    tiers: Tiers
    complete: bool
    paths: Matrix
    links: Matrix

    def path(self, start: int, end: int) -> Fraction:
        """The strength of the strongest path between two options; 0 without any."""
        return self.pairwise.weight_of(self.paths, start, end)

    def link(self, start: int, end: int) -> Fraction:
        """The strength of the preference for the first of two options; 0 without one."""
        return self.pairwise.weight_of(self.links, start, end)

    def route(self, start: int, end: int) -> Route | None:
        """A strongest path with the fewest steps, or None if the start reaches the end by none.

        Among equally short ones the order of the options chooses, which changes the words of
        an explanation but never the outcome.
        """
        strength = self.path(start, end)
        if not strength:
            return None
        options = self._shortest(start, end)
        weakest = min(neighbours(options), key=lambda pair: self.link(*pair))
        return Route(options, weakest, strength)

    def _shortest(self, start: int, end: int) -> tuple[int, ...]:
        """Breadth-first search along preferences as strong as the path."""
        rows = self.pairwise.rows
        first, last = rows[start], rows[end]
        is_open = self.links >= self.paths[first, last]
        came_from: dict[int, int | None] = {first: None}
        queue = deque([first])
        while last not in came_from:
            here = queue.popleft()
            for other in np.flatnonzero(is_open[here]).tolist():
                if other not in came_from:
                    came_from[other] = here
                    queue.append(other)
        steps, step = [last], came_from[last]
        while step is not None:
            steps.append(step)
            step = came_from[step]
        return tuple(self.pairwise.options[row] for row in reversed(steps))

    def explanation(self) -> tuple[tuple[int, int, Route | None, Route | None], ...]:
        """For each first option and each other one: the best path there and the best path back.

        The first option stands above the other when the path there is the stronger one; the
        weakest link of the path back is what a page says is set aside (method.md 2).
        Empty when one option beats all others: then no path is needed to see why it is first.
        """
        if not self.tiers or condorcet(self.pairwise) is not None:
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
    values, places = _strongest(links)
    above = places > places.T
    tiers = layers(pairwise.options, above)
    complete = is_complete(pairwise.options, tiers, above)
    return Schulze(measure, pairwise, tiers, complete, values[places], links)


def _strongest(links: Matrix) -> tuple[Matrix, Matrix]:
    """The strength of the strongest path between every two options (Floyd-Warshall).

    Only the order of the strengths matters, so they are replaced by their places in that
    order: small integers that numpy compares exactly, however large the numerators are.
    Returns the strengths in order, and the place of each path's among them.
    """
    values, places = _ordered(links)
    kind = np.int16 if len(values) <= np.iinfo(np.int16).max else np.int32
    paths = places.reshape(links.shape).astype(kind)
    detours = np.empty_like(paths)
    for through in range(len(links)):
        np.minimum(paths[:, through, None], paths[through], out=detours)
        np.maximum(paths, detours, out=paths)
    np.fill_diagonal(paths, 0)
    return values, paths


def _ordered(links: Matrix) -> tuple[Matrix, Matrix]:
    """The different strengths in order, and the place of each link's among them."""
    if links.dtype != object:
        return np.unique(links, return_inverse=True)
    # Python sorts its own integers several times as fast as numpy does.
    flat = links.ravel().tolist()
    values = sorted(set(flat))
    place_of = {value: place for place, value in enumerate(values)}
    return np.array(values, dtype=object), np.array([place_of[value] for value in flat], dtype=int)


class SchulzeMethod(CountingMethod[Schulze]):
    """Beatpaths by winning votes (docs/adr/0014)."""

    name = "schulze"
    label = "Schulze"
    help = "Each option against each other one"

    def count(self, ballots: Weighed, seats: int = 1) -> Outcome[Schulze]:
        """The tiers of the path relation; all undominated options share the first."""
        detail = schulze(ballots.pairwise)
        return Outcome(self.name, detail.tiers, tie_broken=False, detail=detail)

    def explain(self, outcome: Outcome[Schulze], ballots: Weighed) -> tuple[Reason, ...]:
        """Head to head where the first option is preferred, and by chains where it is not."""
        best, detail = condorcet(ballots.pairwise), outcome.detail
        found = [Reason(ReasonKind.BEATS_NONE)]
        if best is not None:
            found = [Reason(ReasonKind.BEATS_ALL, {"first": best})]
        elif len(outcome.first) > 1:
            found = [Reason(ReasonKind.TIED_FIRST, {"other": each}) for each in outcome.first]
        others = [option for tier in outcome.tiers[1:] for option in tier]
        return (*found, *(_why_not(detail, outcome.first, other) for other in others))


def _why_not(detail: Schulze, firsts: tuple[int, ...], other: int) -> Reason:
    """Why an option is behind one of the first ones."""
    first = next(each for each in firsts if detail.path(each, other) > detail.path(other, each))
    if detail.pairwise.beats(first, other):
        return head_to_head(first, other, detail.pairwise)
    back = detail.route(other, first)
    options = {"first": first, "other": other}
    if back is None:
        return Reason(ReasonKind.ONLY_PATH, options)
    upper, lower = back.weakest
    numbers = {"there": detail.path(first, other), "back": back.strength}
    return Reason(ReasonKind.STRONGER_PATH, {**options, "upper": upper, "lower": lower}, numbers)
