"""What the processes of races about proposals do. Imports little, for each imports it anew."""

from deliberate.actions.polls import open_poll
from deliberate.actions.proposal_drafts import publish_draft
from deliberate.actions.proposals import revise_proposal
from deliberate.domain.errors import Conflict
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import DraftPublication, NewProposal, NewVersion
from deliberate.inputs.polls import NewPoll
from deliberate.storage.database import Clock, Database


def revise(url: str, clock: Clock, author: Actor, proposal_id: int, form: NewVersion) -> str:
    """Publish a new version: "revised", or why not."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            revise_proposal(tx, author, proposal_id, form)
        return "revised"
    except Conflict as error:
        return error.title
    finally:
        db.dispose()


def put_to_vote(
    url: str, clock: Clock, facilitator: Actor, deliberation_id: int, form: NewPoll
) -> str:
    """Open a poll: always "opened"."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            open_poll(tx, facilitator, deliberation_id, form)
        return "opened"
    finally:
        db.dispose()


def publish(
    url: str,
    clock: Clock,
    author: Actor,
    draft_id: int,
    form: DraftPublication,
    text: NewProposal,
) -> int:
    """Publish a draft and give the proposal's id."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            return publish_draft(tx, author, draft_id, form, text)
    finally:
        db.dispose()
