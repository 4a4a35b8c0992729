"""What a curator corrects on a page before it is stored: one model for each kind of value."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from deliberate.domain.forum import SessionType
from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.inputs.texts import Input, Reason, clean_line

GOALS = range(1, 18)
EARLIEST_YEAR, LATEST_YEAR = 2006, 2100
"""The first forum was held in 2006."""
LONGEST_DAY = 24 * 60
_NUMBERS = re.compile(r"[\s,;]+")


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise PydanticCustomError("day", "no such day") from None
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise PydanticCustomError("day", "no day of this forum")
    return day.isoformat()


def _clock(text: str) -> str:
    if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", text.strip()):
        raise PydanticCustomError("clock", "no time of day")
    return text.strip()


def _goals(text: str) -> str:
    """Numbers such as "9, 16", each once and in order."""
    words = {word for word in _NUMBERS.split(text) if word}
    if not words or not all(word.isdecimal() and word.isascii() for word in words):
        raise PydanticCustomError("goals", "no list of goals")
    goals = {int(word[:4]) for word in words}
    if not goals <= set(GOALS):
        raise PydanticCustomError("goals", "no such goal")
    return ", ".join(map(str, sorted(goals)))


def _blank_to_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Key = Annotated[str, Field(pattern=r"^[a-z_]{1,20}(/(added-)?[0-9]{1,4})?$")]
"""The key of a value, such as `title`, `speakers/0` or `speakers/added-1`."""
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
Words = Annotated[str, AfterValidator(clean_line), Field(min_length=1, max_length=300)]
Paragraph = Annotated[str, AfterValidator(clean_line), Field(min_length=1, max_length=10_000)]
QuestionText = Annotated[str, AfterValidator(clean_line), Field(min_length=3, max_length=2_000)]
OptionalWords = Annotated[Words | None, BeforeValidator(_blank_to_none)]
OptionalGroup = Annotated[StakeholderGroup | None, BeforeValidator(_blank_to_none)]
OptionalRegion = Annotated[RegionalGroup | None, BeforeValidator(_blank_to_none)]
OptionalReason = Annotated[Reason | None, BeforeValidator(_blank_to_none)]
Clock = Annotated[str, AfterValidator(_clock)]
Year = Annotated[int, Field(ge=EARLIEST_YEAR, le=LATEST_YEAR)]
Minutes = Annotated[int, Field(ge=1, le=LONGEST_DAY)]
Day = Annotated[str, AfterValidator(_day)]
Goals = Annotated[str, AfterValidator(_goals)]


class Act(Input):
    """What is done to one value; `version` is the one its form showed."""

    key: Key
    version: Version
    act: Literal["remove", "restore", "dismiss"]


class DoubtAct(Input):
    """What is done to doubts of one kind, by its name and their lines.

    `version` is the one at which the text was read.
    """

    kind: Annotated[str, Field(pattern=r"^[A-Z_]{1,40}$")]
    lines: Annotated[list[Annotated[int, Field(ge=1, le=100_000)]], Field(min_length=1)]
    version: Version
    act: Literal["settle", "reopen"]


class ValueCorrection(Input):
    """The base of all corrections that say what a value should be."""

    key: Key
    version: Version
    act: Literal["change", "add"] = "change"

    @property
    def plain(self) -> Any:
        """The value in the JSON types of a page's record."""
        return self.model_dump(mode="json", exclude={"key", "version", "act"})["value"]


class LineCorrection(ValueCorrection):
    """A title, a number of a session, a room, a theme."""

    value: Words


class TextCorrection(ValueCorrection):
    """A takeaway or a call."""

    value: Paragraph


class YearCorrection(ValueCorrection):
    """The year of the forum."""

    value: Year


class MinutesCorrection(ValueCorrection):
    """A duration in minutes."""

    value: Minutes


class DayCorrection(ValueCorrection):
    """A day in ISO 8601."""

    value: Day


class ClockCorrection(ValueCorrection):
    """A time of day in UTC."""

    value: Clock


class TypeCorrection(ValueCorrection):
    """The kind of session."""

    value: SessionType


class GoalsCorrection(ValueCorrection):
    """Sustainable Development Goals by number, separated by commas."""

    value: Goals

    @property
    def plain(self) -> Any:
        """The numbers, as a page's record has them."""
        return [int(number) for number in self.value.split(", ")]


class _Record(ValueCorrection):
    """A value of several parts."""

    @property
    def plain(self) -> Any:
        """The parts in the JSON types of a page's record."""
        return self.model_dump(mode="json", exclude={"key", "version", "act"})


class OrganizerCorrection(_Record):
    """An organizer; anonymised pages give only a group."""

    name: OptionalWords = None
    stakeholder_group: OptionalGroup = None
    regional_group: OptionalRegion = None

    @model_validator(mode="after")
    def _is_somebody(self) -> "OrganizerCorrection":
        if not self.name and not self.stakeholder_group:
            raise PydanticCustomError("nobody", "neither a name nor a group")
        return self


class PersonCorrection(OrganizerCorrection):
    """A speaker, moderator or rapporteur."""

    affiliation: OptionalWords = None


class QuestionCorrection(_Record):
    """A policy question with the heading it stands under."""

    heading: OptionalWords = None
    text: QuestionText


MODELS: dict[str, type[ValueCorrection]] = {
    "title": LineCorrection,
    "reference": LineCorrection,
    "year": YearCorrection,
    "type": TypeCorrection,
    "format": LineCorrection,
    "duration_minutes": MinutesCorrection,
    "date": DayCorrection,
    "start_utc": ClockCorrection,
    "end_utc": ClockCorrection,
    "room": LineCorrection,
    "organizers": OrganizerCorrection,
    "speakers": PersonCorrection,
    "moderators": PersonCorrection,
    "rapporteurs": PersonCorrection,
    "theme": LineCorrection,
    "sdgs": GoalsCorrection,
    "policy_questions": QuestionCorrection,
    "key_takeaways": TextCorrection,
    "calls_to_action": TextCorrection,
}
"""The model for each field of a page."""


class TextReplacement(Input):
    """The page's text put right, to be read again; `version` is the draft's when it was shown."""

    text: Annotated[str, Field(min_length=1)]
    version: Version


class Confirmation(Input):
    """Storing a page as it was shown; `reason` is asked for when it is stored already."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    reason: OptionalReason = None
