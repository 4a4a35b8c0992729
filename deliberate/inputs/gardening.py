"""What facilitators enter while they tend threads."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from deliberate.domain.gardening import GardenAct
from deliberate.inputs.texts import Input, OptionalId, Reason

_NUMBER = re.compile(r"#?c?([0-9]{1,10})")
_ADDRESS = re.compile(r"\S*(?:/comments/|#c)([0-9]{1,10})(?:[/?#]\S*)?")
_HOME = re.compile(r"\S*/deliberations/([0-9]{1,10})(?:[/?#]\S*)?")


def _comment_number(value: Any) -> Any:
    """The number in "12", "#12" or the address of a comment."""
    if not isinstance(value, str) or not value.strip():
        return value
    text = value.strip()
    found = _NUMBER.fullmatch(text) or _ADDRESS.fullmatch(text)
    if found is None:
        raise PydanticCustomError("comment_number", "no number or address of a comment")
    return found[1]


def _home_number(value: Any) -> Any:
    """The number in the address of a discussion, or the number alone."""
    found = _HOME.fullmatch(value.strip()) if isinstance(value, str) else None
    return found[1] if found else value


CommentNumber = Annotated[OptionalId, BeforeValidator(_comment_number)]


class Tending(Input):
    """An act on a thread, and why: everybody can read the reason.

    `parent` is the comment to stand under, `home` the discussion to go to, and `answer` the
    comment that settles a question, if one does.
    """

    act: GardenAct
    reason: Reason
    parent: CommentNumber = None
    home: Annotated[OptionalId, BeforeValidator(_home_number)] = None
    answer: CommentNumber = None

    @model_validator(mode="after")
    def _has_target(self) -> "Tending":
        if self.act is GardenAct.MERGE and self.parent is None:
            raise PydanticCustomError("parent_missing", "no comment to stand under")
        if self.act is GardenAct.MOVE and self.home is None:
            raise PydanticCustomError("home_missing", "no discussion to go to")
        return self
