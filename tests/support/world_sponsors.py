"""Co-sponsors in the world of all things."""

from deliberate.actions.sponsors import invite_sponsor, sponsor_proposal
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import NewSponsorship, SponsorInviting
from deliberate.storage.database import Database
from deliberate.storage.people import find_actor
from tests.factories import make_comment, make_person, make_proposals
from tests.support.amending import read


def add_sponsors(
    db: Database, author: Actor, proposal_id: int, deliberation_id: int
) -> dict[str, int | str]:
    """Somebody whom the author invited, and another proposal, which the author co-sponsors."""
    other = make_proposals(db, deliberation_id, 1)[0].id
    guest = make_person(db)
    make_comment(db, deliberation_id, guest)
    invite(db, author, proposal_id, guest)
    with db.reading() as reader:
        host = find_actor(reader, read(db, other).author_id)
    assert host is not None
    invite(db, host, other, author)
    sponsor(db, author, other)
    return {"invited_person": guest.id or 0, "sponsored": other}


def invite(db: Database, author: Actor, proposal_id: int, guest: Actor) -> None:
    """Invite somebody who wrote something by their handle."""
    with db.writing() as tx:
        invite_sponsor(tx, author, proposal_id, SponsorInviting(handle=f"@{guest.name}"))


def sponsor(db: Database, guest: Actor, proposal_id: int, **fields: str) -> None:
    """Stand behind a proposal as it stands."""
    form = NewSponsorship.model_validate({"version_id": read(db, proposal_id).version_id} | fields)
    with db.writing() as tx:
        sponsor_proposal(tx, guest, proposal_id, form)
