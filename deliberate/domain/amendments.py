"""Amendments: changes to a proposal's text that somebody else suggests."""

from enum import StrEnum


class AmendmentState(StrEnum):
    """What became of an amendment.

    `ALTERNATIVE` is one that stands as a proposal of its own, beside the one it would change.
    """

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ALTERNATIVE = "alternative"
