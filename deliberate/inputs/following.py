"""What people ask of their inbox and of what they follow."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from deliberate.inputs.texts import LARGEST_ID, Input

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class FollowAct(StrEnum):
    """What to do with a thing that can be followed."""

    FOLLOW = "follow"
    MUTE = "mute"
    UNFOLLOW = "unfollow"


class Following(Input):
    """One of the acts."""

    act: FollowAct


class Reading(Input):
    """Which notice was read; without one, all up to the newest that was shown."""

    notice_id: Id | None = None
    until_id: Id
