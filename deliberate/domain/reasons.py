"""What a person reads about a count, as data: which sentence, which options and numbers.

The domain chooses the sentence and fills nothing in: pages and the command line know the options'
titles, the reader's language and how numbers are rounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from deliberate.domain.weighting import exact

Number = int | Fraction


class ReasonKind(StrEnum):
    """Which sentence."""

    BEATS_ALL = "beats_all"
    BEATS_NONE = "beats_none"
    BEHIND = "behind"
    LEVEL = "level"
    STRONGER_PATH = "stronger_path"
    ONLY_PATH = "only_path"
    SET_ASIDE = "set_aside"
    FEWER_POINTS = "fewer_points"
    FEWER_APPROVALS = "fewer_approvals"
    AS_MANY = "as_many"
    DROPPED_OUT = "dropped_out"
    LOWEST_BY_LOT = "lowest_by_lot"
    EXHAUSTED = "exhausted"
    REACHED_QUOTA = "reached_quota"
    LAST_PLACES = "last_places"
    STILL_IN = "still_in"
    TIED_FIRST = "tied_first"


REASON_LABELS = {
    ReasonKind.BEATS_ALL: "%(first)s is preferred to each other option.",
    ReasonKind.BEATS_NONE: (
        "No option is preferred to every other: preferences go in a circle, or are level."
    ),
    ReasonKind.BEHIND: ("%(other)s: %(first)s is preferred to it, by %(more)s to %(less)s."),
    ReasonKind.LEVEL: "%(other)s: as many prefer it to %(first)s as the other way round.",
    ReasonKind.STRONGER_PATH: (
        "%(other)s: the chain of preferences from %(first)s is stronger, %(there)s against"
        " %(back)s. The weakest link of the chain back is %(upper)s over %(lower)s."
    ),
    ReasonKind.ONLY_PATH: (
        "%(other)s: a chain of preferences leads from %(first)s to it, and none leads back."
    ),
    ReasonKind.SET_ASIDE: (
        "The preference for %(upper)s over %(lower)s is set aside, because stronger ones"
        " already place %(lower)s above %(upper)s."
    ),
    ReasonKind.FEWER_POINTS: "%(other)s: %(less)s points, and %(first)s has %(more)s.",
    ReasonKind.FEWER_APPROVALS: (
        "%(other)s: among the first %(places)s places of %(less)s, and %(first)s of %(more)s."
    ),
    ReasonKind.AS_MANY: "%(other)s: as many as %(first)s.",
    ReasonKind.DROPPED_OUT: "%(other)s drops out in round %(round)s with %(less)s.",
    ReasonKind.LOWEST_BY_LOT: (
        "%(other)s drops out in round %(round)s with %(less)s. Another was level with it, and the"
        " order published for ties decided."
    ),
    ReasonKind.EXHAUSTED: "At the end %(less)s rank none of the options that are left.",
    ReasonKind.REACHED_QUOTA: "%(first)s reaches the quota of %(more)s in round %(round)s.",
    ReasonKind.LAST_PLACES: "%(first)s is left over for one of the last places.",
    ReasonKind.STILL_IN: "%(other)s is still in the count when the last place is filled.",
    ReasonKind.TIED_FIRST: "%(other)s shares the first place.",
}
"""The sentences in English, options and numbers in their places; pages translate them."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence: `options` and `numbers` by their names in it."""

    kind: ReasonKind
    options: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, Number] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Plain data, rationals as integers or "p/q"."""
        numbers = {name: exact(Fraction(number)) for name, number in self.numbers.items()}
        return {"kind": self.kind.value, "options": dict(self.options), "numbers": numbers}


def read_reason(plain: Mapping[str, Any]) -> Reason:
    """The reason that `Reason.as_json` wrote."""
    numbers = {name: Fraction(number) for name, number in plain["numbers"].items()}
    return Reason(ReasonKind(plain["kind"]), plain["options"], numbers)
