"""Live figures and cited comments in a summary's text.

A summary names a figure as `[[figure:KEY]]` and a comment as `[[comment:12]]`. While it is a
draft the value is looked up each time; publishing freezes it.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from deliberate.domain.errors import Invalid

FIGURE = re.compile(r"\[\[figure:([a-z0-9_.-]+)\]\]")
COMMENT = re.compile(r"\[\[comment:([0-9]{1,9})\]\]")
LEFT_OVER = re.compile(r"\[\[(figure|comment):[^\]]{0,80}\]\]")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that a sentence may stand on.

    `label` says what it counts, `text` is how it reads in a sentence, and `address` is the page
    on which anybody can see where it comes from.
    """

    key: str
    label: str
    text: str
    address: str

    @property
    def token(self) -> str:
        """What to write into the text."""
        return f"[[figure:{self.key}]]"

    def as_json(self) -> dict[str, str]:
        """Plain data."""
        return {"label": self.label, "text": self.text, "address": self.address}


def figure_keys(text: str) -> list[str]:
    """The figures a text names, in order, each once."""
    return list(dict.fromkeys(FIGURE.findall(text)))


def comment_ids(text: str) -> list[int]:
    """The comments a text cites, in order, each once."""
    return list(dict.fromkeys(int(match) for match in COMMENT.findall(text)))


def check_references(text: str, figures: Mapping[str, Figure], comments: Collection[int]) -> None:
    """Raise `Invalid` naming the first reference that leads nowhere."""
    for match in LEFT_OVER.finditer(text):
        named = FIGURE.fullmatch(match[0]), COMMENT.fullmatch(match[0])
        is_figure = named[0] is not None and named[0][1] in figures
        is_comment = named[1] is not None and int(named[1][1]) in comments
        if not is_figure and not is_comment:
            raise Invalid(
                "A reference in the text leads nowhere.",
                fields={"body": f"{match[0]} is not a figure or comment of this discussion."},
            )
