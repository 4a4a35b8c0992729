"""What the processes of races about amendments and consent do. Imports little."""

from deliberate.actions.amendments import accept_amendment
from deliberate.actions.proposals import revise_proposal
from deliberate.actions.recastings import consent
from deliberate.domain.errors import Conflict
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import NewVersion
from deliberate.storage.database import Clock, Database


def accept(url: str, clock: Clock, author: Actor, amendment_id: int, form: NewVersion) -> str:
    """Accept an amendment: "published", or why not."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            accept_amendment(tx, author, amendment_id, form)
        return "published"
    except Conflict as error:
        return error.title
    finally:
        db.dispose()


def revise(url: str, clock: Clock, author: Actor, proposal_id: int, form: NewVersion) -> str:
    """Publish a new version: "published", or why not."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            revise_proposal(tx, author, proposal_id, form)
        return "published"
    except Conflict as error:
        return error.title
    finally:
        db.dispose()


def agree(url: str, clock: Clock, author: Actor, recasting_id: int) -> str:
    """Consent to a recasting: the state it has then."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            return consent(tx, author, recasting_id).state.value
    finally:
        db.dispose()
