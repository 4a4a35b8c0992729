"""The balance board: what everybody sees of who takes part, and what those who invite see."""

import pytest
from flask import Flask

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Actor, RegionalGroup, Role, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.storage.balance import count_cells
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from tests.factories import (
    make_comment,
    make_deliberation,
    make_person,
    make_poll,
    make_session,
    respond,
    vote,
)
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of
from tests.support.world_portfolio import invite

GOVERNMENT, AFRICA = StakeholderGroup.GOVERNMENT, RegionalGroup.AFRICA
INVITATION = {
    "group": "Government",
    "region": "African Group",
    "channel": "The mailing list of missions",
    "invited": "40",
    "sent_on": "2026-03-01",
    "note": "In French too.",
}


@pytest.fixture
def deliberation(db: Database) -> Deliberation:
    """An open discussion of a call."""
    return make_deliberation(db, make_session(db), output=OutputKind.CALL_TO_ACTION)


@pytest.fixture
def governments(db: Database) -> list[Actor]:
    """Nine people from governments of Africa."""
    return [make_person(db, GOVERNMENT) for _ in range(9)]


@pytest.fixture
def facilitator(app: Flask, db: Database) -> PageChecker:
    """A facilitator's browser."""
    return browser_of(app, db, make_person(db, role=Role.FACILITATOR))


def test_every_way_of_taking_part_counts_a_person_once(
    db: Database, deliberation: Deliberation, governments: list[Actor]
) -> None:
    """Ensure writers, responders and voters are one number, and other discussions add nothing."""
    question = make_deliberation(db, make_session(db))
    poll = make_poll(db, question.id)
    first, second, third = governments[:3]
    make_comment(db, deliberation.id, first)
    respond(db, deliberation, first, Position.ENDORSE)
    respond(db, deliberation, second, Position.ENDORSE)
    make_comment(db, question.id, third)
    vote(db, poll.id, third, 0)

    with db.reading() as reader:
        responding = count_cells(reader, deliberation)[GOVERNMENT, AFRICA]
        voting = count_cells(reader, question)[GOVERNMENT, AFRICA]

    assert (responding.taking_part, responding.registered) == (2, 9)
    assert (voting.taking_part, voting.registered) == (1, 9)


def test_the_board_names_gaps_and_hides_small_numbers(
    db: Database, client: PageChecker, deliberation: Deliberation, governments: list[Actor]
) -> None:
    """Ensure everybody reads where nobody takes part, and nobody can be recognised."""
    address = f"/deliberations/{deliberation.id}/balance"
    gap = "No participant from Government in the African Group"
    assert gap in client.page(address).text

    for number, person in enumerate(governments[:3]):
        respond(db, deliberation, person, Position.CONTEST)
        with recorded(db) as sent:
            page = client.page(address)
        assert len(sent) <= 8
        assert gap not in page.text
        assert ("fewer than 3 of 9" in page.text) is (number < 2)
    assert "3 of 9" in page.text
    assert "Contest" not in page.text
    assert "Invitations" not in page.text
    assert address in client.page(f"/deliberations/{deliberation.id}").links


def test_invitations_are_noted_and_show_who_joined_since(
    db: Database,
    client: PageChecker,
    facilitator: PageChecker,
    deliberation: Deliberation,
    governments: list[Actor],
) -> None:
    """Ensure a campaign is followed in numbers, by those who run things alone."""
    address = f"/deliberations/{deliberation.id}/balance"
    action = f"/deliberations/{deliberation.id}/invitations"

    response = facilitator.submit(address, action, INVITATION)

    assert (response.status_code, response.location) == (303, f"{address}#invitations")
    page = facilitator.page(address).text
    assert "The mailing list of missions" in page
    for person in governments[:2]:
        respond(db, deliberation, person, Position.ENDORSE)
    assert (
        '<td class="num"><span class="quiet small">too few to say' in facilitator.get(address).text
    )
    for person in governments[2:5]:
        respond(db, deliberation, person, Position.ENDORSE)
    assert '<td class="num">5</td>' in facilitator.get(address).text
    assert "The mailing list of missions" not in client.page(address).text


def test_what_joined_since_is_not_told_when_few_were_there_before(
    db: Database, facilitator: PageChecker, deliberation: Deliberation, governments: list[Actor]
) -> None:
    """Ensure the difference of two numbers does not give the smaller one away."""
    respond(db, deliberation, governments[0], Position.ENDORSE)
    invite(db, make_person(db, role=Role.MAG_MEMBER), deliberation.id)
    for person in governments[1:6]:
        respond(db, deliberation, person, Position.ENDORSE)

    text = facilitator.get(f"/deliberations/{deliberation.id}/balance").text

    assert "6 of 9" in text
    assert '<td class="num">5</td>' not in text
    assert "too few to say" in text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("group", "Academia", "Choose one of the options."),
        ("region", "Atlantis", "Choose one of the options."),
        ("channel", "", "This is needed."),
        ("invited", "0", "Enter 1 or more."),
        ("invited", "many", "Enter a whole number."),
        ("sent_on", "yesterday", "Enter a day, such as 2026-01-31."),
        ("sent_on", "2026-03-03", "This day has not come yet."),
        ("note", "a\u202eb", "invisible direction marks"),
    ],
)
def test_a_faulty_invitation_comes_back_with_its_text(
    db: Database,
    facilitator: PageChecker,
    deliberation: Deliberation,
    field: str,
    value: str,
    message: str,
) -> None:
    """Ensure the field says what is wrong, and nothing is noted."""
    page = facilitator.page(f"/deliberations/{deliberation.id}/balance")
    action = f"/deliberations/{deliberation.id}/invitations"
    sent = {**page.form(action).fields, **INVITATION, field: value}

    response = facilitator.post(action, data=sent)

    assert response.status_code == 422
    assert message in response.text
    assert field == "channel" or "The mailing list of missions" in response.text
    assert count_rows(db)["invitations_sent"] == 0


def test_the_same_form_twice_notes_one_invitation(
    db: Database, facilitator: PageChecker, deliberation: Deliberation
) -> None:
    """Ensure a second click has no effect."""
    page = facilitator.page(f"/deliberations/{deliberation.id}/balance")
    action = f"/deliberations/{deliberation.id}/invitations"
    sent = {**page.form(action).fields, **INVITATION}

    answers = [facilitator.post(action, data=sent).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert count_rows(db)["invitations_sent"] == 1


@pytest.mark.parametrize("role", [None, Role.STAKEHOLDER, Role.SECRETARIAT])
def test_others_do_not_invite(
    app: Flask, db: Database, deliberation: Deliberation, role: Role | None
) -> None:
    """Ensure only those who curate or facilitate note invitations, while somebody can join."""
    person = make_person(db, role=role) if role else None
    browser = browser_of(app, db, person)
    token = browser.page("/sign-in" if role is None else "/account").forms[-1].fields["csrf_token"]
    action = f"/deliberations/{deliberation.id}/invitations"

    assert browser.post(action, data={**INVITATION, "csrf_token": token}).status_code == 403
    assert count_rows(db)["invitations_sent"] == 0


def test_a_discussion_that_is_over_takes_no_invitations(
    db: Database, clock: FakeClock, deliberation: Deliberation, app: Flask
) -> None:
    """Ensure the board stays readable and says why nothing can be noted any more."""
    clock.advance(days=31)
    browser = browser_of(app, db, make_person(db, role=Role.MAG_MEMBER))

    page = browser.page(f"/deliberations/{deliberation.id}/balance")

    assert "This discussion is over; nobody can join it any more." in page.text
