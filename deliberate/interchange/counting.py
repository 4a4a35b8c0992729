"""Counting the ballots of a file: each question by the methods that fit it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from deliberate.domain.ballot_files import BallotFile, BallotLine
from deliberate.domain.errors import Invalid
from deliberate.domain.tally.method import Outcome, Weighed, weigh_profile
from deliberate.domain.tally.profile import Ballot, profile_of
from deliberate.domain.tally.registry import METHODS
from deliberate.domain.tally.scores import Scores

Marks = Iterable[tuple[int, Fraction]]
"""What one ballot gives to options."""

SUMMED: Mapping[str, Callable[[BallotLine], Marks | None]] = {
    "approval": lambda line: _marks(line.approved),
    "score": lambda line: line.scores,
    "choice": lambda line: _marks(line.choice),
}
"""Questions whose answers are added up: what a ballot says to each, None if it was not asked."""

METHOD_NAMES = (*METHODS, *(name for name in SUMMED if name not in METHODS))
"""All that `count_file` can be asked for. Approval is that of the top places, unless ballots were
asked for approval itself."""

UNASKED = frozenset({"approval", "stv_scottish"})
"""Methods by which rankings are counted only on request."""


@dataclass(frozen=True, eq=False)
class FileCount:
    """The outcomes of the methods by name; `ballots` are the rankings, if there are any."""

    file: BallotFile
    ballots: Weighed | None
    outcomes: Mapping[str, Outcome[Any]]

    @property
    def weight(self) -> Fraction:
        """The weight of all ballots."""
        return sum((line.weight for line in self.file.ballots), Fraction())


def count_file(file: BallotFile, names: Sequence[str] = (), seats: int | None = None) -> FileCount:
    """Count by the named methods, or by all that fit the ballots; the file's order breaks ties.

    STV fills `seats`, or as many as the file says. Raises `Invalid` when a named method cannot
    count the ballots, or when none can.
    """
    file = file.without_withdrawn()
    if not file.options:
        raise Invalid("All options are withdrawn.")
    seats = file.seats if seats is None else seats
    ballots = weigh_lines(file) if _is_answered(file, lambda line: line.ranking) else None
    outcomes: dict[str, Outcome[Any]] = {}
    for name in names or METHOD_NAMES:
        outcome = _outcome(name, file, ballots, seats, is_named=bool(names))
        if outcome:
            outcomes[name] = outcome
        elif names:
            raise Invalid(f"Not all ballots can be counted by {name}: they answer something else.")
    if not outcomes:
        raise Invalid("The ballots do not all answer the same question.")
    return FileCount(file, ballots, outcomes)


def weigh_lines(file: BallotFile) -> Weighed:
    """The rankings of a file, ready to be counted.

    A whole weight is a number of ballots, and any other what one ballot of a stratum weighs.
    """
    ballots = [
        Ballot(Fraction(1), line.ranking or (), int(line.weight))
        if line.weight.denominator == 1
        else Ballot(line.weight, line.ranking or ())
        for line in file.ballots
    ]
    weights = {ballot.stratum: ballot.stratum for ballot in ballots}
    return weigh_profile(profile_of(ballots, range(len(file.options))), weights)


def _outcome(
    name: str, file: BallotFile, ballots: Weighed | None, seats: int | None, *, is_named: bool
) -> Outcome[Any] | None:
    """The outcome of one method, or None where it does not fit the ballots."""
    marks = SUMMED.get(name)
    if marks and any(marks(line) is not None for line in file.ballots):
        return _summed(name, file, marks) if _is_answered(file, marks) else None
    if name not in METHODS or ballots is None:
        return None
    fills_seats = name == "stv_scottish"
    if not is_named and name in UNASKED and not (fills_seats and seats):
        return None
    method, places = METHODS[name], (seats or 1) if fills_seats else 1
    try:
        method.check(ballots.profile, places)
    except Invalid:
        if is_named:
            raise
        return None
    return method.count(ballots, places)


def _summed(
    name: str, file: BallotFile, marks: Callable[[BallotLine], Marks | None]
) -> Outcome[Scores]:
    """The options by the sum of what the ballots give them."""
    sums = dict.fromkeys(range(len(file.options)), Fraction())
    for line in file.ballots:
        for option, mark in marks(line) or ():
            sums[option] += line.weight * mark
    scores = Scores(sums)
    return Outcome(name, scores.tiers, tie_broken=False, detail=scores)


def _marks(options: tuple[int, ...] | None) -> Marks | None:
    """One mark for each of the options."""
    return None if options is None else [(option, Fraction(1)) for option in options]


def _is_answered(file: BallotFile, answer: Callable[[BallotLine], object]) -> bool:
    """Whether all ballots were asked the question; one that is blank stands for any question."""
    return all(answer(line) is not None or _is_blank(line) for line in file.ballots)


def _is_blank(line: BallotLine) -> bool:
    """Whether the ballot ranks nothing and says nothing else."""
    answers = (line.approved, line.scores, line.choice)
    return line.ranking == () and all(answer is None for answer in answers)
