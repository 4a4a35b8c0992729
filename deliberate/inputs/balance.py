"""Noting that people of a group and region were invited."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.inputs.texts import Input, OptionalReason, SubmissionKey, clean_line


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        raise PydanticCustomError("day", "not a day") from None
    if not 2000 <= day.year < 2100:
        raise PydanticCustomError("day", "not a day of this forum")
    return day


def _registrable(group: StakeholderGroup) -> StakeholderGroup:
    if group not in StakeholderGroup.registrable():
        raise PydanticCustomError("enum", "not a group to invite")
    return group


class NewInvitation(Input):
    """An invitation: to whom, by which way, to how many, when."""

    group: Annotated[StakeholderGroup, AfterValidator(_registrable)]
    region: RegionalGroup
    channel: Annotated[str, AfterValidator(clean_line), Field(min_length=2, max_length=80)]
    invited: Annotated[int, Field(ge=1, le=1_000_000)]
    sent_on: Annotated[date, BeforeValidator(_day)]
    note: OptionalReason = ""
    submission_key: SubmissionKey
