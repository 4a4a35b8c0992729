"""The registered ways to count ranked ballots.

A method that is not here cannot be chosen when a process is designed: every choice on a form can
be counted exactly and recounted by anybody (method.md 2).
"""

from enum import StrEnum


class Method(StrEnum):
    """A registered method, by the name that stands in what is fixed at a poll's opening."""

    SCHULZE = "schulze-winning-votes"

    @property
    def label(self) -> str:
        """The words on screen, in English; pages translate them."""
        return METHOD_LABELS[self]


METHOD_LABELS = {
    Method.SCHULZE: "Schulze: each proposal is compared with each other one",
}
METHODS = tuple(method.value for method in Method)
