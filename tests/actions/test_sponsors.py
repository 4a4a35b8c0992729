"""Co-sponsoring proposals: by invitation, for a version, for oneself or an organisation."""

from dataclasses import replace

import pytest

from deliberate.actions.amendments import accept_amendment
from deliberate.actions.mandates import confirm_mandate
from deliberate.actions.proposals import make_proposal, revise_proposal, withdraw_proposal
from deliberate.actions.sponsors import (
    decline_sponsorship,
    invite_sponsor,
    sponsor_proposal,
    withdraw_invitation,
)
from deliberate.domain.errors import Conflict, Invalid, Refused
from deliberate.domain.people import VISITOR, Actor, Role, StakeholderGroup
from deliberate.domain.threads import Capacity
from deliberate.inputs.contributions import NewProposal, NewSponsorship, SponsorInviting
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.database import Database
from deliberate.storage.notices import list_notices
from deliberate.storage.people import find_actor
from deliberate.storage.proposal_story import Surroundings, read_surroundings
from deliberate.storage.proposals import ProposalLine
from tests.factories import make_comment, make_deliberation, make_person, make_proposals
from tests.support.amending import read, suggest, version_form
from tests.support.clock import FakeClock
from tests.support.rows import count_rows
from tests.support.world_sponsors import invite, sponsor


@pytest.fixture
def line(db: Database) -> ProposalLine:
    """A proposal."""
    return read(db, make_proposals(db, make_deliberation(db).id, 1)[0].id)


@pytest.fixture
def author(db: Database, line: ProposalLine) -> Actor:
    """Who wrote it."""
    with db.reading() as reader:
        actor = find_actor(reader, line.author_id)
    assert actor is not None
    return actor


@pytest.fixture
def guest(db: Database, line: ProposalLine) -> Actor:
    """Somebody of another group who wrote in the discussion."""
    person = make_person(
        db, StakeholderGroup.TECHNICAL, name="Gúdrun Guest", organisation="Lamp Guild"
    )
    make_comment(db, line.deliberation_id, person)
    return person


def around(db: Database, line: ProposalLine) -> Surroundings:
    """What stands around a proposal."""
    with db.reading() as reader:
        return read_surroundings(reader, line.id)


def test_an_invited_person_stands_behind_the_version_they_read(
    db: Database, line: ProposalLine, author: Actor, guest: Actor
) -> None:
    """Ensure inviting and accepting twice have one effect each, and the guest is told once."""
    for _ in range(2):
        invite(db, author, line.id, replace(guest, name="gudrun-guest"))
    run_due_jobs(db)
    with db.reading() as reader:
        (notice,) = list_notices(reader, guest.id or 0)[0]
    assert notice.event.address == f"/proposals/{line.id}"
    assert [each.person_id for each in around(db, line).invited] == [guest.id]

    for _ in range(2):
        sponsor(db, guest, line.id)

    (given,) = around(db, line).sponsors
    assert (given.person_id, given.group, given.number) == (
        guest.id,
        StakeholderGroup.TECHNICAL,
        1,
    )
    assert around(db, line).invited == []


def test_a_new_version_leaves_co_sponsors_on_the_one_they_chose(
    db: Database, line: ProposalLine, author: Actor, guest: Actor
) -> None:
    """Ensure nobody stands behind words they did not read, and may answer for those they did."""
    invite(db, author, line.id, guest)
    sponsor(db, guest, line.id)
    first = suggest(db, make_person(db), line.id)
    with db.writing() as tx:
        accept_amendment(tx, guest, first.id, version_form(line))
    second = suggest(db, make_person(db), line.id, body="Other words altogether.")
    with pytest.raises(Refused, match="co-sponsors of the current version"), db.writing() as tx:
        accept_amendment(tx, guest, second.id, version_form(read(db, line.id)))
    stale = NewSponsorship(version_id=line.version_id)
    with pytest.raises(Conflict, match="changed since"), db.writing() as tx:
        sponsor_proposal(tx, guest, line.id, stale)
    assert [each.number for each in around(db, line).sponsors] == [1]

    sponsor(db, guest, line.id)

    assert [each.number for each in around(db, line).sponsors] == [1, 2]


def test_declining_leaving_and_withdrawing_end_an_invitation(
    db: Database, line: ProposalLine, author: Actor, guest: Actor
) -> None:
    """Ensure each leaves no name on the page, and only a new invitation opens the way again."""
    form = NewSponsorship(version_id=line.version_id)
    for end in ("decline", "withdraw", "leave"):
        invite(db, author, line.id, guest)
        if end == "leave":
            sponsor(db, guest, line.id)
            with pytest.raises(Conflict, match="accepted already"), db.writing() as tx:
                withdraw_invitation(tx, author, line.id, guest.id or 0)
        with db.writing() as tx:
            if end == "withdraw":
                withdraw_invitation(tx, author, line.id, guest.id or 0)
            else:
                decline_sponsorship(tx, guest, line.id)
        with pytest.raises(Conflict, match="does not stand"), db.writing() as tx:
            sponsor_proposal(tx, guest, line.id, form)
        assert (around(db, line).sponsors, around(db, line).invited) == ([], [])


def test_only_a_confirmed_mandate_speaks_for_an_organisation(
    db: Database, line: ProposalLine, author: Actor, guest: Actor
) -> None:
    """Ensure the capacity is checked for co-sponsors and for proposals alike."""
    invite(db, author, line.id, guest)
    text = {
        "title": "Lamps for everybody",
        "body": "All of them.",
        "capacity": "organisation",
        "submission_key": "0" * 32,
    }
    proposal = NewProposal.model_validate(text)
    with pytest.raises(Refused, match="confirm first"):
        sponsor(db, guest, line.id, capacity="organisation")
    with pytest.raises(Refused, match="confirm first"), db.writing() as tx:
        make_proposal(tx, guest, line.deliberation_id, proposal)

    secretariat = make_person(db, role=Role.SECRETARIAT)
    with db.writing() as tx:
        confirm_mandate(tx, secretariat, guest.id or 0, "Lamp Guild")
        mandated = find_actor(tx, guest.id or 0)
    assert mandated is not None
    sponsor(db, mandated, line.id, capacity="organisation")
    with db.writing() as tx:
        made = make_proposal(tx, mandated, line.deliberation_id, proposal).id

    (given,) = around(db, line).sponsors
    assert (given.capacity, given.organisation) == (Capacity.ORGANISATION, "Lamp Guild")
    assert read(db, made).capacity is Capacity.ORGANISATION


def test_who_has_written_nothing_cannot_be_found_by_name(
    db: Database, line: ProposalLine, author: Actor, guest: Actor
) -> None:
    """Ensure an invitation tells nobody who has an account, and never guesses who is meant."""
    make_person(db, name="Silent Sam")
    for _ in range(2):
        make_comment(db, line.deliberation_id, make_person(db, name="Two Twins"))
    elsewhere = make_person(db, name="Gúdrun Guest")
    make_proposals(db, line.deliberation_id, 1)
    before = count_rows(db)

    for handle, told in (
        ("@silent-sam", "Nobody who wrote"),
        ("@two-twins", "Several people"),
        (f"@{author.name}", "your own proposal"),
        ("@!!", "Nobody who wrote"),
    ):
        with pytest.raises(Invalid) as refused, db.writing() as tx:
            invite_sponsor(tx, author, line.id, SponsorInviting(handle=handle))
        assert told in refused.value.fields["handle"]

    assert count_rows(db) == before
    invite(db, author, line.id, elsewhere)
    assert [each.person_id for each in around(db, line).invited] == [guest.id]


def test_inviting_is_for_the_author_and_accepting_for_the_invited(
    db: Database, clock: FakeClock, line: ProposalLine, author: Actor, guest: Actor
) -> None:
    """Ensure everybody else is refused, and everybody when there is nothing to stand behind."""
    form, handle = NewSponsorship(version_id=line.version_id), SponsorInviting(handle=guest.name)
    for person in (guest, VISITOR):
        with pytest.raises(Refused), db.writing() as tx:
            invite_sponsor(tx, person, line.id, handle)
        with pytest.raises(Refused), db.writing() as tx:
            sponsor_proposal(tx, person, line.id, form)
    invite(db, author, line.id, guest)
    with db.writing() as tx:
        revise_proposal(tx, author, line.id, version_form(line))
        withdraw_proposal(tx, author, line.id)
    with pytest.raises(Conflict, match="withdrawn"):
        sponsor(db, guest, line.id)
    clock.advance(days=31)
    with pytest.raises(Refused, match="not open"):
        sponsor(db, guest, line.id)

    assert around(db, line).sponsors == []
