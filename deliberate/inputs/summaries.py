"""Writing a consensus summary."""

from typing import Annotated

from pydantic import BeforeValidator

from deliberate.domain.levels import ConsensusLevel
from deliberate.inputs.texts import Input, LongProse, OptionalReason


def _blank_to_none(value: object) -> object:
    return None if value == "" else value


class SummaryDraft(Input):
    """The text in progress; `version` is the one the form showed, 0 for a new draft."""

    body: LongProse
    minority_views: LongProse = ""
    level: Annotated[ConsensusLevel | None, BeforeValidator(_blank_to_none)] = None
    level_reason: OptionalReason = ""
    version: int
