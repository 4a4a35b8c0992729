"""The shape of a threaded discussion: what comments do, stand under and look like in order."""

from enum import StrEnum

MAX_INDENT = 3
STEP_WIDTH = 10


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

    Each step is the comment's id, zero-padded so that text order equals number order.
    """
    step = f"{comment_id:0{STEP_WIDTH}d}"
    return step if parent_path is None else f"{parent_path}/{step}"


def root_id(path: str) -> int:
    """The id of the first comment of the thread in which a comment with this path stands."""
    return int(path.split("/", maxsplit=1)[0])


def indent(depth: int) -> int:
    """The indentation shown for a depth; beyond the cap a reply names whom it answers."""
    return min(depth, MAX_INDENT)
