"""Drafts of proposals in the world of all things."""

import uuid

from deliberate.actions.proposal_drafts import keep_draft
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import DraftedProposal
from deliberate.storage.database import Database


def add_proposal_drafts(db: Database, author: Actor, deliberation_id: int) -> dict[str, int | str]:
    """Two drafts of one person: one to read and publish, one to delete."""
    ids: dict[str, int | str] = {}
    for name in ("own_draft", "spare_own_draft"):
        form = DraftedProposal(
            title="Mend the lanterns before winter",
            body="Somebody has to climb up.",
            submission_key=str(uuid.uuid4()),
        )
        with db.writing() as tx:
            ids[name] = keep_draft(tx, author, form, deliberation_id=deliberation_id).id
    return ids
