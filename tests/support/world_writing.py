"""What writing leaves in the world: wordings, a draft, mentions, and who speaks for others."""

import uuid
from collections.abc import Mapping

from deliberate.actions.comment_drafts import save_draft
from deliberate.actions.comments import revise_comment
from deliberate.actions.mandates import confirm_mandate
from deliberate.domain.handles import to_handle
from deliberate.domain.people import Actor
from deliberate.domain.threads import CommentKind
from deliberate.inputs.contributions import CommentRevision, NewComment
from deliberate.storage.database import Database
from tests import factories


def add_writing(
    db: Database, people: Mapping[str, Actor], ids: Mapping[str, int | str]
) -> dict[str, int | str]:
    """The stakeholder's comment in other words, their draft, and a person with a mandate."""
    author, open_id, comment_id = people["stakeholder"], int(ids["open"]), int(ids["comment"])
    spokesperson = factories.make_person(db, organisation="Lamplighters' Union")
    body = f"As @{to_handle(author.name)} says in #{ids['proposal']}, it depends on the oil."
    form = CommentRevision(body=body, kind=CommentKind.REMARK, version=1)
    kept = NewComment(body="It also depends on", submission_key=str(uuid.uuid4()))
    with db.writing() as tx:
        revise_comment(tx, author, comment_id, form)
        draft = save_draft(tx, author, open_id, kept)
        confirm_mandate(tx, people["secretariat"], spokesperson.id or 0, "Lamplighters' Union")
    return {"spokesperson": spokesperson.id or 0, "comment_draft": draft.id}
