"""What readers send without writing: a reaction, and how far they have read."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from deliberate.domain.threads import Reaction
from deliberate.inputs.texts import Input, OptionalId


def _none_to_none(value: Any) -> Any:
    return None if value == "none" else value


class NewReaction(Input):
    """A reaction to a comment; `none` takes the earlier one back."""

    reaction: Annotated[Reaction | None, BeforeValidator(_none_to_none)]


class NewVisit(Input):
    """The newest comment that a page showed, and whether its reader called everything read."""

    newest: OptionalId = None
    read: bool = False
