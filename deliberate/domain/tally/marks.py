"""How often each mark was given to each option: the count of every ballot that is no ranking.

Ballots are counted as integers inside each stratum and weighed afterwards, as rankings are
(method.md 2). Sums of points follow from these numbers, so nothing is ever read twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from deliberate.domain.ballots import BallotRules
from deliberate.domain.tally.ordering import by_score
from deliberate.domain.weighting import Scheme, exact, weights


@dataclass(frozen=True, slots=True)
class MarkCount:
    """The marks on the ballots of one stratum.

    `numbers[option][mark]` ballots gave that mark, with 0 for none; `blank` ballots gave none to
    any option.
    """

    ballots: int
    blank: int
    numbers: Mapping[int, tuple[int, ...]]

    def as_json(self) -> dict[str, object]:
        """Plain data; option ids stay numbers inside pairs, because JSON names are strings."""
        return {
            "ballots": self.ballots,
            "blank": self.blank,
            "numbers": [[option, list(own)] for option, own in self.numbers.items()],
        }


@dataclass(frozen=True, slots=True)
class MarkTally:
    """All ballots under one scheme: their weight by mark, and the order that points give.

    `tiers` is empty for kinds whose answers are not added up.
    """

    scheme: Scheme
    ballots: int
    total: Fraction
    numbers: Mapping[int, tuple[Fraction, ...]]
    points: Mapping[int, Fraction]
    tiers: tuple[tuple[int, ...], ...]

    def as_json(self) -> dict[str, object]:
        """Plain data, rationals as `exact` writes them; no result when no ballot counts."""
        result = {
            "ballots": self.ballots,
            "total": exact(self.total),
            "numbers": [[o, [exact(each) for each in own]] for o, own in self.numbers.items()],
            "points": [[option, exact(points)] for option, points in self.points.items()],
            "tiers": [list(tier) for tier in self.tiers],
        }
        return {"scheme": self.scheme.value, "result": result if self.ballots else None}


def count_marks(
    answers: Iterable[tuple[str, bytes]], options: Sequence[int], rules: BallotRules
) -> dict[str, MarkCount]:
    """The count of each stratum, from stratum and answer of every ballot."""
    sorted_out: defaultdict[str, list[bytes]] = defaultdict(list)
    for stratum, answer in answers:
        sorted_out[stratum].append(answer)
    size = rules.highest(len(options)) + 1
    return {name: _stratum(own, options, size) for name, own in sorted(sorted_out.items())}


def _stratum(answers: Sequence[bytes], options: Sequence[int], size: int) -> MarkCount:
    marks = np.frombuffer(b"".join(answers), dtype=np.uint8).reshape(len(answers), len(options))
    numbers = {
        option: tuple(int(each) for each in np.bincount(marks[:, place], minlength=size))
        for place, option in enumerate(options)
    }
    return MarkCount(len(answers), int(np.count_nonzero(~marks.any(axis=1))), numbers)


def weigh_marks(
    strata: Mapping[str, MarkCount],
    options: Sequence[int],
    rules: BallotRules,
    scheme: Scheme,
    minimum: int,
) -> MarkTally:
    """Strata that were counted once, under one of several schemes."""
    counts = {name: stratum.ballots for name, stratum in strata.items()}
    weighed = weights(counts, scheme, minimum)

    def together(numbers: Mapping[str, int]) -> Fraction:
        parts = (each * numbers[name] for name, each in weighed.per_group.items())
        return sum(parts, Fraction())

    numbers = {
        option: tuple(
            together({name: own.numbers[option][mark] for name, own in strata.items()})
            for mark in range(rules.highest(len(options)) + 1)
        )
        for option in options
    }
    points = _points(numbers, rules) if rules.adds_up else {}
    return MarkTally(
        scheme=scheme,
        ballots=weighed.n,
        total=together(counts),
        numbers=numbers,
        points=points,
        tiers=by_score(tuple(points), points) if points else (),
    )


def _points(numbers: Mapping[int, Sequence[Fraction]], rules: BallotRules) -> dict[int, Fraction]:
    """What the marks of each option add up to."""
    return {
        option: sum((rules.points(mark) * each for mark, each in enumerate(own)), Fraction())
        for option, own in numbers.items()
    }
