"""Texts and moments as people enter them, cleaned the same way everywhere.

Unicode is normalised to NFC. Invisible direction controls (Unicode UAX 9, section 2) are
refused, because they can make a name or a title read as something else.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACES = re.compile(r"\s+")
LARGEST_ID = 2**31 - 1
"""What the integer columns of both databases hold."""
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""Between these a form's moments lie; an hour typed into the year 20226 is a slip."""


class Input(BaseModel):
    """The base of every input model: fields it does not name are refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _visible(text: str) -> str:
    if _INVISIBLE.search(text):
        raise PydanticCustomError("invisible_characters", "invisible direction controls")
    if _CONTROLS.search(text):
        raise PydanticCustomError("control_characters", "control characters")
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """One line of text: visible characters only, single spaces, trimmed."""
    return _SPACES.sub(" ", _visible(text)).strip()


def clean_prose(text: str) -> str:
    """Several lines: visible characters only, line ends as LF, trimmed at both ends."""
    return _visible(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def blank_to_none(value: Any) -> Any:
    """An empty field means that nothing was given."""
    return None if isinstance(value, str) and not value.strip() else value


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise PydanticCustomError("moment", "not a date and time") from None
    if not isinstance(value, datetime):
        return value
    moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value
    # Zones can push the first and the last day of the calendar out of it.
    if not EARLIEST <= moment < LATEST:
        raise PydanticCustomError("moment", "not a date of this forum")
    return moment


Line = Annotated[str, AfterValidator(clean_line), Field(min_length=1)]
Title = Annotated[str, AfterValidator(clean_line), Field(min_length=8, max_length=160)]
Name = Annotated[str, AfterValidator(clean_line), Field(min_length=2, max_length=80)]
OptionalLine = Annotated[
    Annotated[str, AfterValidator(clean_line), Field(max_length=120)] | None,
    BeforeValidator(blank_to_none),
]
Prose = Annotated[str, AfterValidator(clean_prose), Field(min_length=1, max_length=5_000)]
LongProse = Annotated[str, AfterValidator(clean_prose), Field(max_length=40_000)]
Reason = Annotated[str, AfterValidator(clean_prose), Field(min_length=10, max_length=1_000)]
OptionalReason = Annotated[str, AfterValidator(clean_prose), Field(max_length=1_000)]
SubmissionKey = Annotated[str, Field(pattern=r"^[0-9a-f-]{32,36}$")]
Moment = Annotated[datetime, BeforeValidator(_moment)]
"""A moment; a form's date and time without a zone is meant in UTC, as its label says."""
OptionalMoment = Annotated[Moment | None, BeforeValidator(blank_to_none)]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
OptionalId = Annotated[Id | None, BeforeValidator(blank_to_none)]
