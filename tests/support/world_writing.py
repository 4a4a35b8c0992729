"""What writing leaves in the world: an earlier wording, and somebody who speaks for others."""

from collections.abc import Mapping

from deliberate.actions.comments import revise_comment
from deliberate.actions.mandates import confirm_mandate
from deliberate.domain.people import Actor
from deliberate.domain.threads import CommentKind
from deliberate.inputs.contributions import CommentRevision
from deliberate.storage.database import Database
from tests import factories


def add_writing(db: Database, people: Mapping[str, Actor], comment_id: int) -> dict[str, int | str]:
    """The stakeholder's comment in other words, and a person with a mandate."""
    spokesperson = factories.make_person(db, organisation="Lamplighters' Union")
    form = CommentRevision(body="It depends on the oil.", kind=CommentKind.REMARK, version=1)
    with db.writing() as tx:
        revise_comment(tx, people["stakeholder"], comment_id, form)
        confirm_mandate(tx, people["secretariat"], spokesperson.id or 0, "Lamplighters' Union")
    return {"spokesperson": spokesperson.id or 0}
