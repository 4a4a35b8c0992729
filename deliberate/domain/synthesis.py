"""Arguments that facilitators collect from comments, and what they leave uncovered.

The three kinds have equal standing. What a group raised is what its own comments are cited for;
whether that was answered is what a person marked, never what the software guesses.
"""

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from deliberate.domain.people import StakeholderGroup

_INLINE_TAG = re.compile(r"</?(?:a|em|strong|code)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


class ArgumentKind(StrEnum):
    """What an argument does to the text under discussion."""

    FOR = "for"
    AGAINST = "against"
    QUESTION = "question"


class Sorted(StrEnum):
    """What facilitators did with a comment: cited it, set it aside with a reason, or neither."""

    NOT_YET = "not_yet"
    CITED = "cited"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Voice:
    """What one group wrote: its people, its comments, and what became of these."""

    people: int
    comments: int
    cited: int
    waived: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How widely an argument is shared.

    `people` of each group wrote one of the `comments` that are shown; `gone` citations are of
    comments that were taken back or hidden since, and count for nobody.
    """

    people: Mapping[StakeholderGroup, int]
    comments: int
    gone: int

    @property
    def breadth(self) -> tuple[int, int]:
        """By which arguments are put in order: groups first, then people."""
        return len(self.people), sum(self.people.values())


NOBODY = Spread({}, 0, 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the comments of a discussion are sorted."""

    comments: int
    cited: int
    waived: int

    @property
    def left(self) -> int:
        """How many comments are neither cited nor waived."""
        return self.comments - self.cited - self.waived


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of one group's contributions.

    `raised` are the arguments that cite it and `unanswered` those of them without an answer.
    """

    group: StakeholderGroup
    people: int
    raised: tuple[int, ...]
    unanswered: tuple[int, ...]

    @property
    def is_heard(self) -> bool:
        """Whether anybody of the group said anything."""
        return self.people > 0


def progress(voices: Mapping[StakeholderGroup, Voice]) -> Progress:
    """The groups' comments taken together."""
    every = voices.values()
    return Progress(
        sum(voice.comments for voice in every),
        sum(voice.cited for voice in every),
        sum(voice.waived for voice in every),
    )


def coverage(
    voices: Mapping[StakeholderGroup, Voice],
    spread: Mapping[int, Spread],
    answered: Collection[int],
    answered_for: Collection[tuple[int, StakeholderGroup]],
) -> list[Coverage]:
    """What each group raised and what of it is unanswered, in the order of the groups.

    An argument in `answered` is answered for every group. One in `answered_for` is answered for
    the group alone whose comment in it was answered.
    """
    rows = []
    for group in StakeholderGroup.registrable():
        raised = tuple(number for number, each in spread.items() if each.people.get(group))
        unanswered = tuple(
            number
            for number in raised
            if number not in answered and (number, group) not in answered_for
        )
        people = voices[group].people if group in voices else 0
        rows.append(Coverage(group, people, raised, unanswered))
    return rows


def visible_text(body_html: str) -> str:
    """What a reader sees of a cleaned comment, on one line.

    Cleaned HTML has no "<" outside its tags, so that these can be told by pattern.
    """
    text = _TAG.sub(" ", _INLINE_TAG.sub("", body_html))
    return " ".join(html.unescape(text).split())


def is_excerpt(excerpt: str, body_html: str) -> bool:
    """Whether the excerpt stands in the comment word for word; line breaks count as spaces."""
    return " ".join(excerpt.split()) in visible_text(body_html)
