"""The shape of a threaded discussion: what comments do, stand under and look like in order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Self

from deliberate.domain.people import StakeholderGroup

MAX_INDENT = 3
STEP_WIDTH = 10
DEEPEST = 100
"""Steps below the first comment of a thread that a path has at most: PostgreSQL indexes nothing
longer than about 2,700 bytes. What answers a comment that deep stands beside it."""
SUPPORT_BITS = 6
_CURSOR = re.compile(r"(?:([0-9]{1,10})\.)?([1-9][0-9]{0,9})")
_LARGEST = 2**31 - 1


class CommentKind(StrEnum):
    """What a comment does to the text it stands under."""

    REMARK = "remark"
    SUPPORT = "support"
    OPPOSE = "oppose"
    CONDITIONAL = "conditional"
    QUESTION = "question"
    EVIDENCE = "evidence"
    MISSING = "missing"


class Anchor(StrEnum):
    """What a root comment is about; a reply is about what its parent is about.

    `SOURCE` is a line of the session's page. `NOTHING` is for what no text says yet: the point
    that is missing (the complaint after NETmundial 2014 was that such points had no place).
    """

    SUBJECT = "subject"
    PROPOSAL = "proposal"
    POINT = "point"
    SOURCE = "source"
    NOTHING = "nothing"


class Capacity(StrEnum):
    """For whom somebody writes, as of the time of writing."""

    PERSONAL = "personal"
    ORGANISATION = "organisation"


class CommentState(StrEnum):
    """Whether the text of a comment is shown, and if not, why not.

    `HELD` waits for a moderator and is shown to its author and to moderators only.
    """

    SHOWN = "shown"
    RETRACTED = "retracted"
    HIDDEN = "hidden"
    HELD = "held"


class Reaction(StrEnum):
    """What a reader says to a comment without writing one; each person one at a time."""

    AGREE = "agree"
    DISAGREE = "disagree"
    THANKS = "thanks"
    NEEDS_SOURCE = "needs_source"


def comment_path(parent_path: str | None, comment_id: int) -> str:
    """The materialised path of a comment: sorting paths as text gives the thread order.

    Each step is the comment's id, zero-padded so that text order equals number order. A reply
    to a comment that stands at `DEEPEST` has that one's place, behind it.
    """
    above = parent_path.split("/")[:DEEPEST] if parent_path else []
    return "/".join([*above, f"{comment_id:0{STEP_WIDTH}d}"])


def path_depth(path: str) -> int:
    """How many comments stand above the one with this path."""
    return path.count("/")


def root_id(path: str) -> int:
    """The id of the first comment of the thread in which a comment with this path stands."""
    return int(path.split("/", maxsplit=1)[0])


def indent(depth: int) -> int:
    """The indentation shown for a depth; beyond the cap a reply names whom it answers."""
    return min(depth, MAX_INDENT)


class Order(StrEnum):
    """In which order a discussion is read. `SUPPORT` is across groups, see `support_rank`."""

    OLDEST = "oldest"
    NEWEST = "newest"
    UNANSWERED = "unanswered"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which comments somebody wants to read, in which order; None leaves a matter open."""

    order: Order = Order.OLDEST
    group: StakeholderGroup | None = None
    kind: CommentKind | None = None
    language: str | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether single comments are asked for instead of whole threads."""
        return any(each is not None for each in (self.group, self.kind, self.language))


class Cursor(NamedTuple):
    """Behind which comment a list goes on; `support` is its rank where the order is by support."""

    id: int
    support: int | None = None

    def __str__(self) -> str:
        """As it stands in addresses."""
        return str(self.id) if self.support is None else f"{self.support}.{self.id}"

    @classmethod
    def parse(cls, text: str, order: Order) -> Self | None:
        """Read one from an address; None for anything that is no cursor of this order."""
        found = _CURSOR.fullmatch(text)
        if found is None or (found[1] is not None) is not (order is Order.SUPPORT):
            return None
        cursor = cls(int(found[2]), int(found[1]) if found[1] else None)
        return cursor if max(cursor.id, cursor.support or 0) <= _LARGEST else None


def path_ids(path: str) -> list[int]:
    """The ids of a comment's ancestors from the root on, and its own."""
    return [int(step) for step in path.split("/")]


def support_rank(agreeing: Mapping[StakeholderGroup, int]) -> int:
    """A number that orders comments by support across the stakeholder groups.

    The group with the fewest agreeing people decides, however many agree in others; where those
    are equal, the group with the second fewest decides, and so on (the leximin order, A. Sen,
    Collective Choice and Social Welfare, 1970, chapter 9). Each group's number takes six bits,
    the smallest the highest ones; from 63 on, numbers count as equal.
    """
    largest = 2**SUPPORT_BITS - 1
    numbers = sorted(
        min(agreeing.get(group, 0), largest) for group in StakeholderGroup.registrable()
    )
    rank = 0
    for number in numbers:
        rank = rank << SUPPORT_BITS | number
    return rank
