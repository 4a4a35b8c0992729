"""Live figures, cited comments and cited arguments in a summary's text.

A summary names a figure as `[[figure:KEY]]`, a comment as `[[comment:12]]` and an argument as
`[[argument:3]]`. While it is a draft the value is looked up each time; publishing freezes it.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from deliberate.domain.errors import Invalid

FIGURE = re.compile(r"\[\[figure:([a-z0-9_.-]+)\]\]")
COMMENT = re.compile(r"\[\[comment:([0-9]{1,9})\]\]")
ARGUMENT = re.compile(r"\[\[argument:([0-9]{1,9})\]\]")
LEFT_OVER = re.compile(r"\[\[(figure|comment|argument):[^\]]{0,80}\]\]")


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


def argument_ids(text: str) -> list[int]:
    """The arguments a text cites, in order, each once."""
    return list(dict.fromkeys(int(match) for match in ARGUMENT.findall(text)))


def check_references(
    text: str,
    figures: Mapping[str, Figure],
    comments: Collection[int],
    arguments: Collection[int] = (),
) -> None:
    """Raise `Invalid` naming the first reference that leads nowhere."""
    known = {f"[[figure:{key}]]" for key in figures}
    known |= {f"[[comment:{number}]]" for number in comments}
    known |= {f"[[argument:{number}]]" for number in arguments}
    for match in LEFT_OVER.finditer(text):
        if match[0] not in known:
            raise Invalid(
                "A reference in the text leads nowhere.",
                fields={
                    "body": f"{match[0]} is not a figure, comment or argument of this discussion."
                },
            )
