"""Ballots as a file holds them: named options and lines of ballots filled in alike.

Options are numbered from 0 in the order of the file. Weights and scores are rationals, so what
was written as 1/3 or 0.1 is exactly that.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

Ranking = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class BallotLine:
    """Ballots filled in alike; `weight` is their number, or what they count together.

    A question that was not asked is None, and one that was left blank is empty: a `ranking` of
    () ranks nothing, a `choice` of () abstains. A ranking lists tiers, best first; options of
    one tier are tied. Approved and scored options are in the order of the file.
    """

    weight: Fraction = Fraction(1)
    ranking: Ranking | None = None
    approved: tuple[int, ...] | None = None
    scores: tuple[tuple[int, Fraction], ...] | None = None
    choice: tuple[int, ...] | None = None
    group: str | None = None

    @property
    def ranked(self) -> tuple[int, ...]:
        """The options the ballot ranks, in its order."""
        return tuple(option for tier in self.ranking or () for option in tier)


@dataclass(frozen=True, slots=True)
class BallotFile:
    """All ballots of one poll; `withdrawn` options are on the ballots and are not counted."""

    options: tuple[str, ...]
    ballots: tuple[BallotLine, ...]
    title: str = ""
    seats: int | None = None
    withdrawn: frozenset[int] = frozenset()

    def without_withdrawn(self) -> "BallotFile":
        """The file as it is counted: every ballot as if withdrawn options had not been offered."""
        if not self.withdrawn:
            return self
        kept = [option for option in range(len(self.options)) if option not in self.withdrawn]
        places = {option: place for place, option in enumerate(kept)}
        return replace(
            self,
            options=tuple(self.options[option] for option in kept),
            ballots=tuple(_only(ballot, places) for ballot in self.ballots),
            withdrawn=frozenset(),
        )


def merge_alike(lines: Iterable[BallotLine]) -> tuple[BallotLine, ...]:
    """The lines with equal ones made one, in the order of their first appearance."""
    alike: dict[object, list[BallotLine]] = {}
    for line in lines:
        answers = (line.ranking, line.approved, line.scores, line.choice, line.group)
        alike.setdefault(answers, []).append(line)
    return tuple(
        replace(own[0], weight=sum((line.weight for line in own), Fraction()))
        if len(own) > 1
        else own[0]
        for own in alike.values()
    )


def _only(line: BallotLine, places: dict[int, int]) -> BallotLine:
    """The ballot with the options of `places` alone, under their new numbers."""

    def kept(options: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(places[option] for option in options if option in places)

    tiers = None if line.ranking is None else (kept(tier) for tier in line.ranking)
    return replace(
        line,
        ranking=None if tiers is None else tuple(tier for tier in tiers if tier),
        approved=None if line.approved is None else kept(line.approved),
        scores=None
        if line.scores is None
        else tuple((places[option], score) for option, score in line.scores if option in places),
        choice=None if line.choice is None else kept(line.choice),
    )
