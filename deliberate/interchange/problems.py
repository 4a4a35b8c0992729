"""What is wrong with a ballot file, told by line, and what a format cannot hold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from deliberate.domain.errors import DomainError

SHOWN = 20
"""So many problems are listed; of the others only the number is told."""

Source = TypeVar("Source")
Value = TypeVar("Value")


class Malformed(Exception):
    """One thing in a file that cannot be understood; the message is for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason and the line it is about, counted from 1; line 0 is the file as a whole."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}" if self.line else self.reason


class Unreadable(DomainError):
    """The file cannot be read, and nothing of it was counted; `problems` says why."""

    status = 422

    def __init__(self, problems: Iterable[Problem], unlisted: int = 0) -> None:
        self.problems = tuple(problems)
        listed = [str(problem) for problem in self.problems]
        more = [f"and {unlisted} more problems"] if unlisted else []
        super().__init__("The ballots cannot be read.", "\n".join([*listed, *more]))


class Unwritable(DomainError):
    """The format cannot hold all that the ballots say; the advice names formats that can."""

    status = 422


class Problems:
    """Collects what is wrong, so that a person can mend everything at once."""

    def __init__(self) -> None:
        self.listed: list[Problem] = []
        self.unlisted = 0

    def add(self, line: int, reason: object) -> None:
        """Note a problem."""
        if len(self.listed) < SHOWN:
            self.listed.append(Problem(line, str(reason)))
        else:
            self.unlisted += 1

    def each(
        self, numbered: Iterable[tuple[int, Source]], parse: Callable[[Source], Value]
    ) -> list[Value]:
        """The values of the lines that can be parsed; the others become problems."""
        values = []
        for line, source in numbered:
            try:
                values.append(parse(source))
            except Malformed as error:
                self.add(line, error)
        return values

    def stop_if_any(self) -> None:
        """Raise `Unreadable` with the problems in the order of the lines, if there are any."""
        if self.listed:
            raise Unreadable(sorted(self.listed, key=lambda each: each.line), self.unlisted)


def unreadable(reason: str, line: int = 0) -> Unreadable:
    """The refusal of a file for one reason."""
    return Unreadable([Problem(line, reason)])
