"""What a curator adds by hand: questions and outputs that were not read from the page."""

from typing import Annotated

from pydantic import BeforeValidator

from deliberate.domain.forum import OutputKind
from deliberate.inputs.curation import PointText, QuestionText
from deliberate.inputs.texts import Id, Input, Reason


def _zero_to_none(value: object) -> object:
    return None if value in ("", "0", 0) else value


Line = Annotated[Id | None, BeforeValidator(_zero_to_none)]
"""A line of the session's page, counted from 1; none for what stands nowhere on it."""


class NewQuestion(Input):
    """A question for a session, from a line of its page or from elsewhere."""

    text: QuestionText
    line: Line = None
    reason: Reason


class NewOutput(Input):
    """A takeaway or a call for a session, for instance one without a report on its page."""

    kind: OutputKind
    text: PointText
    line: Line = None
    reason: Reason
