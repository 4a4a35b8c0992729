"""Arguments for tests, collected through the product's own actions."""

import uuid
from collections.abc import Sequence
from typing import Any

from deliberate.actions.arguments import begin_argument
from deliberate.domain.people import Actor
from deliberate.domain.synthesis import ArgumentKind
from deliberate.inputs.synthesis import NewArgument
from deliberate.storage.arguments import Argument, Citation, list_own_citations
from deliberate.storage.database import Database

TEXT = "Lanterns that people own are repaired sooner."


def new_argument(comment_ids: Sequence[int], **fields: Any) -> NewArgument:
    """The form that begins an argument with these comments."""
    values = {"kind": ArgumentKind.FOR, "text": TEXT, "submission_key": str(uuid.uuid4())}
    return NewArgument(comment_ids=list(comment_ids), **(values | fields))


def make_argument(
    db: Database, facilitator: Actor, deliberation_id: int, comment_ids: Sequence[int],
    **fields: Any,
) -> Argument:  # fmt: skip
    """An argument that cites these comments."""
    form = new_argument(comment_ids, **fields)
    with db.writing() as tx:
        return begin_argument(tx, facilitator, deliberation_id, form)[0]


def citations_of(db: Database, argument_id: int) -> Sequence[Citation]:
    """The citations of an argument, the oldest first."""
    with db.reading() as reader:
        return list_own_citations(reader, argument_id)
