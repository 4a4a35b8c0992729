"""What people say to a text: positions on output points, ratings of proposals, and their counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Position(StrEnum):
    """A response to one point of an output.

    As with the ballot positions of the IESG (RFC 2026 section 6, "discuss" must say why), the
    responses that ask for a change carry a reason.
    """

    ENDORSE = "endorse"
    PARTLY = "endorse_in_part"
    CONTEST = "contest"
    UNCLEAR = "unclear"
    NO_POSITION = "no_position"

    @property
    def label(self) -> str:
        """The words on screen, in English; pages translate them."""
        return _POSITION_LABELS[self]

    @property
    def asks_reason(self) -> bool:
        """Whether the form asks why."""
        return self in (Position.PARTLY, Position.CONTEST)


_POSITION_LABELS = {
    Position.ENDORSE: "Endorse",
    Position.PARTLY: "Endorse in part",
    Position.CONTEST: "Contest",
    Position.UNCLEAR: "Unclear to me",
    Position.NO_POSITION: "No position",
}


class Rating(StrEnum):
    """The six steps of the idea rating sheets that the IGF tried in 2015 (method.md 5)."""

    STRONG_AGREEMENT = "strong_agreement"
    AGREEMENT = "agreement"
    NEUTRAL = "neutral"
    DISAGREEMENT = "disagreement"
    STRONG_DISAGREEMENT = "strong_disagreement"
    CONFUSION = "confusion"

    @property
    def label(self) -> str:
        """The words on screen, in English; pages translate them."""
        return _RATING_LABELS[self]


_RATING_LABELS = {
    Rating.STRONG_AGREEMENT: "Strong agreement",
    Rating.AGREEMENT: "Agreement",
    Rating.NEUTRAL: "Neutral",
    Rating.DISAGREEMENT: "Disagreement",
    Rating.STRONG_DISAGREEMENT: "Strong disagreement",
    Rating.CONFUSION: "Unclear to me",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people of one group agree, disagree or pass (method.md 5.1: A, D and P).

    The last three are parts of the first ones and are shown beside them: `partly` of `agree`,
    `unclear` and `no_position` of `passed`. All are numbers of people.

    Raises `ValueError` when a part exceeds its whole or a number is negative.
    """

    agree: int = 0
    disagree: int = 0
    passed: int = 0
    partly: int = 0
    unclear: int = 0
    no_position: int = 0

    def __post_init__(self) -> None:
        """Refuse counts that cannot be."""
        parts = (self.agree, self.disagree, self.passed, self.partly, self.unclear)
        if min(*parts, self.no_position) < 0:
            raise ValueError("numbers of people cannot be negative")
        if self.partly > self.agree or self.unclear + self.no_position > self.passed:
            raise ValueError("a part exceeds its whole")

    @property
    def n(self) -> int:
        """Everybody who answered."""
        return self.agree + self.disagree + self.passed

    @property
    def positions(self) -> int:
        """Those who took a side."""
        return self.agree + self.disagree

    @property
    def taking_part(self) -> int:
        """Those who count for a quorum: everybody who answered, but for "no position"."""
        return self.n - self.no_position

    @property
    def support(self) -> Fraction | None:
        """Share of those who took a side that agree, at least in part; None if nobody did."""
        return Fraction(self.agree, self.positions) if self.positions else None

    def __add__(self, other: "Counts") -> "Counts":
        """The counts of two groups of people together."""
        return Counts(
            self.agree + other.agree,
            self.disagree + other.disagree,
            self.passed + other.passed,
            self.partly + other.partly,
            self.unclear + other.unclear,
            self.no_position + other.no_position,
        )

    def as_json(self) -> dict[str, int]:
        """Plain numbers by name."""
        return {
            "agree": self.agree,
            "disagree": self.disagree,
            "pass": self.passed,
            "partly": self.partly,
            "unclear": self.unclear,
            "no_position": self.no_position,
        }


def count_positions(numbers: Mapping[Position, int]) -> Counts:
    """Positions on an output point as support, opposition and pass.

    An endorsement in part is support at least in part and is also counted by itself, so that
    an indicator can say how much of the support is partial.
    """
    partly = numbers.get(Position.PARTLY, 0)
    unclear = numbers.get(Position.UNCLEAR, 0)
    no_position = numbers.get(Position.NO_POSITION, 0)
    return Counts(
        agree=numbers.get(Position.ENDORSE, 0) + partly,
        disagree=numbers.get(Position.CONTEST, 0),
        passed=unclear + no_position,
        partly=partly,
        unclear=unclear,
        no_position=no_position,
    )


def count_ratings(numbers: Mapping[Rating, int]) -> Counts:
    """Ratings of a proposal as support, opposition and pass; confusion is unclear."""
    unclear = numbers.get(Rating.CONFUSION, 0)
    strong, mild = Rating.STRONG_AGREEMENT, Rating.AGREEMENT
    against, firmly = Rating.DISAGREEMENT, Rating.STRONG_DISAGREEMENT
    return Counts(
        agree=numbers.get(strong, 0) + numbers.get(mild, 0),
        disagree=numbers.get(against, 0) + numbers.get(firmly, 0),
        passed=numbers.get(Rating.NEUTRAL, 0) + unclear,
        unclear=unclear,
    )
