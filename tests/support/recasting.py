"""Recastings for tests, made through the product's own actions."""

import uuid
from collections.abc import Sequence

from deliberate.actions.proposals import make_proposal
from deliberate.actions.recastings import propose_recasting
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import NewProposal, NewRecasting, ProposalText
from deliberate.storage.database import Database
from deliberate.storage.recastings import Recasting


def propose(db: Database, author: Actor, deliberation_id: int, title: str) -> int:
    """A proposal of somebody's; its id."""
    key = str(uuid.uuid4())
    form = NewProposal(title=title, body=f"{title}, everywhere.", submission_key=key)
    with db.writing() as tx:
        return make_proposal(tx, author, deliberation_id, form).id


def new_texts(*titles: str) -> list[ProposalText]:
    """What proposals are to become."""
    return [
        ProposalText(title=title, body=f"{title}, at last.", submission_key=str(uuid.uuid4()))
        for title in titles
    ]


def new_recasting(*others: int) -> NewRecasting:
    """The rest of the form, with a key of its own."""
    return NewRecasting(
        others=list(others),
        reason="They ask for the same lamps.",
        submission_key=str(uuid.uuid4()),
    )


def suggest_recasting(
    db: Database, person: Actor, proposal_ids: Sequence[int], *titles: str
) -> Recasting:
    """Suggest to make texts with these titles of these proposals."""
    first, *others = proposal_ids
    with db.writing() as tx:
        return propose_recasting(tx, person, first, new_recasting(*others), new_texts(*titles))
