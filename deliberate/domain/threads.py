"""The shape of a threaded discussion: kinds of comment and the path that orders them."""

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


def comment_path(parent_path: str | None, comment_id: int) -> str:
    """The materialised path of a comment: sorting paths as text gives the thread order.

    Each step is the comment's id, zero-padded so that text order equals number order.
    """
    step = f"{comment_id:0{STEP_WIDTH}d}"
    return step if parent_path is None else f"{parent_path}/{step}"


def indent(depth: int) -> int:
    """The indentation shown for a depth; beyond the cap a reply names whom it answers."""
    return min(depth, MAX_INDENT)
