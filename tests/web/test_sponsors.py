"""Co-sponsors in a browser without scripts: inviting, accepting, confirming, leaving."""

import pytest
from flask import Flask

from deliberate.actions.mandates import confirm_mandate
from deliberate.actions.proposals import revise_proposal
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.storage.database import Database
from deliberate.storage.people import find_actor
from deliberate.storage.proposals import ProposalLine
from tests.factories import make_comment, make_deliberation, make_person, make_proposals
from tests.support.amending import read, suggest, version_form
from tests.support.client import PageChecker
from tests.support.queries import recorded
from tests.support.signed_in import browser_of
from tests.support.world_sponsors import invite, sponsor

pytestmark = pytest.mark.one_database


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
    """Somebody with a mandate who wrote in the discussion."""
    person = make_person(
        db, StakeholderGroup.TECHNICAL, name="Gudrun Guest", organisation="Lamp Guild"
    )
    make_comment(db, line.deliberation_id, person)
    secretariat = make_person(db, role=Role.SECRETARIAT)
    with db.writing() as tx:
        confirm_mandate(tx, secretariat, person.id or 0, "Lamp Guild")
    return person


def test_a_co_sponsor_is_invited_accepts_confirms_and_leaves(
    app: Flask, db: Database, client: PageChecker, line: ProposalLine, author: Actor, guest: Actor
) -> None:
    """Ensure each step is a form on the proposal's page, and the list is shown by group."""
    home = f"/proposals/{line.id}"
    writer, invited = browser_of(app, db, author), browser_of(app, db, guest)
    missed = writer.submit(home, f"{home}/sponsors", {"handle": "@nobody-here"})
    assert missed.status_code == 422
    assert "Nobody who wrote something on this site has this name." in missed.text
    assert "@nobody-here" in missed.text
    assert "You are invited" not in invited.get(home).text

    writer.submit(home, f"{home}/sponsors", {"handle": "@gudrun-guest"})
    assert "Gudrun Guest" in writer.get(home).text
    assert "Gudrun Guest" not in client.get(home).text.partition('id="thread"')[0]
    invited.submit(home, f"{home}/sponsorship", {"capacity": "organisation"})

    shown = client.get(home).text
    section = shown[shown.index('id="sponsors"') :]
    assert section.index("Technical Community") < section.index("Gudrun Guest")
    assert "on behalf of Lamp Guild" in section
    with db.writing() as tx:
        revise_proposal(tx, author, line.id, version_form(line))
    assert "You co-sponsored version 1. This is version 2." in invited.get(home).text
    assert "asked to confirm this one" in client.get(home).text
    invited.submit(home, f"{home}/sponsorship")
    assert "asked to confirm this one" not in client.get(home).text
    assert invited.submit(home, f"{home}/sponsorship/end").status_code == 303
    assert 'id="sponsors"' not in client.get(home).text


def test_an_author_withdraws_an_invitation(
    app: Flask, db: Database, line: ProposalLine, author: Actor, guest: Actor
) -> None:
    """Ensure it leaves both pages."""
    home, writer = f"/proposals/{line.id}", browser_of(app, db, author)
    invite(db, author, line.id, guest)

    writer.submit(home, f"{home}/sponsors/{guest.id}/removal")

    assert "Gudrun Guest" not in writer.get(home).text.partition('id="thread"')[0]
    assert "You are invited" not in browser_of(app, db, guest).get(home).text


def test_a_proposal_is_made_on_behalf_of_an_organisation(
    app: Flask, db: Database, client: PageChecker, line: ProposalLine, guest: Actor
) -> None:
    """Ensure only who has a mandate is asked, and the capacity survives the draft."""
    path = f"/deliberations/{line.deliberation_id}/proposals"
    other = browser_of(app, db, make_person(db, organisation="Oil & Sons"))
    assert "capacity" not in other.page(f"{path}/new").form(path).names
    writer = browser_of(app, db, guest)
    text = {"title": "Lamps for everybody", "body": "All.", "capacity": "organisation"}

    draft = writer.submit(f"{path}/new", path, text | {"act": "preview"}).headers["Location"]
    assert writer.page(draft.removesuffix("/preview")).form(path).fields["capacity"] == [
        "organisation"
    ]
    made = writer.submit(draft, draft.replace("preview", "publication")).headers["Location"]

    assert "on behalf of the organisation" in client.get(made).text


def test_a_proposal_with_everything_asks_little_of_the_database(
    app: Flask, db: Database, line: ProposalLine, author: Actor, guest: Actor
) -> None:
    """Ensure co-sponsors and amendments stay within eight statements together."""
    invite(db, author, line.id, guest)
    sponsor(db, guest, line.id)
    suggest(db, make_person(db), line.id)
    make_comment(db, line.deliberation_id, proposal_id=line.id, kind="support")
    for person in (author, guest):
        browser = browser_of(app, db, person)

        with recorded(db) as sent:
            browser.get(f"/proposals/{line.id}")

        assert len(sent) <= 8
