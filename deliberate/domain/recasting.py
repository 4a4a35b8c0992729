"""Recasting proposals: several become one text, or one becomes several, if all authors consent."""

from enum import StrEnum


class RecastingState(StrEnum):
    """What became of the suggestion to recast proposals."""

    OPEN = "open"
    PUBLISHED = "published"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
