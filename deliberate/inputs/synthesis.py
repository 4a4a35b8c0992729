"""What facilitators enter while they collect comments into arguments."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from deliberate.domain.synthesis import ArgumentKind
from deliberate.inputs.texts import Id, Input, OptionalId, Reason, SubmissionKey, clean_line

MOST_AT_ONCE = 100


def _some(ids: list[int]) -> list[int]:
    if not ids:
        raise PydanticCustomError("nothing_ticked", "nothing is ticked")
    return list(dict.fromkeys(ids))


def _chosen(value: Any) -> Any:
    if value == "":
        raise PydanticCustomError("enum", "nothing is chosen")
    return value


def _without_sign(value: Any) -> Any:
    return value.strip().removeprefix("#") if isinstance(value, str) else value


ArgumentText = Annotated[str, AfterValidator(clean_line), Field(min_length=8, max_length=300)]
Excerpt = Annotated[str, AfterValidator(clean_line), Field(max_length=500)]
ChosenArgument = Annotated[Id, BeforeValidator(_chosen)]
CommentNumber = Annotated[OptionalId, BeforeValidator(_without_sign)]
Ticked = Annotated[
    list[Id],
    AfterValidator(_some),
    Field(default_factory=list, max_length=MOST_AT_ONCE, validate_default=True),
]


class CommentsForArgument(Input):
    """Comments to be cited by an argument that there is."""

    comment_ids: Ticked
    argument_id: ChosenArgument


class NewArgument(Input):
    """An argument with the comments it begins with."""

    comment_ids: Ticked
    kind: ArgumentKind
    text: ArgumentText
    submission_key: SubmissionKey


class CommentsToWaive(Input):
    """Comments that belong to no argument, and why not."""

    comment_ids: Ticked
    reason: Reason


class ArgumentEdit(Input):
    """Another text or kind; `version` is the one that the form showed."""

    kind: ArgumentKind
    text: ArgumentText
    version: int


class CitationsToMove(Input):
    """Citations that belong to another argument."""

    citation_ids: Ticked
    argument_id: ChosenArgument


class CitationsToSplit(Input):
    """Citations that make an argument of their own."""

    citation_ids: Ticked
    kind: ArgumentKind
    text: ArgumentText
    submission_key: SubmissionKey


class CitationsToRemove(Input):
    """Citations that do not belong to the argument."""

    citation_ids: Ticked


class Merger(Input):
    """The argument that another one becomes part of."""

    argument_id: ChosenArgument


class NewExcerpt(Input):
    """The words of a comment that a citation shows; none shows its beginning."""

    excerpt: Excerpt = ""


class NewAnswer(Input):
    """What answers an argument, or a comment in it that asks: another comment, or an argument.

    `asking` is that comment's id, or none for the argument; `comment_id` may be typed as "#12".
    """

    asking: OptionalId = None
    comment_id: CommentNumber = None
    argument_id: OptionalId = None
