"""The sign-off on a draft, as browsers of members and facilitators without scripts do it."""

import pytest
from flask import Flask

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Actor, Role
from deliberate.storage.database import Database
from deliberate.storage.sign_offs import list_sign_offs
from deliberate.storage.summaries import find_summary_of
from tests.factories import make_deliberation, make_person
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded
from tests.support.signed_in import browser_of

TEXT = "Every group that took part wants the places of lanterns to be published."
DRAFT = {"body": TEXT, "level": "consensus", "level_reason": "Nobody objected to it."}
DISCUSS = "Who lights the lanterns is not said."
WHY = "It was not discussed, so it is not said."
MOST_QUERIES = 16
"""Of the sign-off page: it computes the figures that the text names, as the facilitator's does."""


@pytest.fixture
def desk(app: Flask, db: Database, clock: FakeClock) -> tuple[PageChecker, str, int]:
    """A facilitator's browser, the address of a saved draft, and the summary's id."""
    deliberation = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    clock.advance(days=31)
    facilitator: Actor = make_person(db, role=Role.FACILITATOR)
    browser = browser_of(app, db, facilitator)
    address = f"/deliberations/{deliberation.id}/summary"
    browser.submit(address, data=DRAFT)
    with db.reading() as reader:
        summary = find_summary_of(reader, deliberation.id)
    assert summary is not None
    return browser, address, summary.id


@pytest.fixture
def member(app: Flask, db: Database, desk: tuple[PageChecker, str, int]) -> PageChecker:
    """A MAG member's browser, signed in after the discussion ended."""
    assert desk
    return browser_of(app, db, make_person(db, role=Role.MAG_MEMBER))


def test_nobody_sees_a_draft_that_was_not_shown_to_them(
    app: Flask, db: Database, member: PageChecker, desk: tuple[PageChecker, str, int]
) -> None:
    """Ensure members see it once asked, others never."""
    facilitator, address, summary_id = desk
    page = f"/summaries/{summary_id}/sign-off"
    assert "Nobody has asked for sign-off" in member.page(page, 403).text

    facilitator.submit(address, f"/summaries/{summary_id}/sign-off-request")

    with recorded(db) as sent:
        assert TEXT in member.page(page).text
    assert len(sent) <= MOST_QUERIES
    for role in (None, Role.SECRETARIAT):
        other = browser_of(app, db, make_person(db, role=role))
        assert TEXT not in other.get(page).text


def test_a_discuss_is_answered_and_overridden_in_public(
    app: Flask, db: Database, member: PageChecker, desk: tuple[PageChecker, str, int]
) -> None:
    """Ensure each step keeps what was typed, and the edition shows all of it."""
    facilitator, address, summary_id = desk
    page, publication = f"/summaries/{summary_id}/sign-off", f"/summaries/{summary_id}/publication"
    facilitator.submit(address, f"/summaries/{summary_id}/sign-off-request")
    silent = member.submit(page, data={"stance": "discuss", "text": "Why?"})
    assert silent.status_code == 422
    assert "Say what to discuss" in silent.text
    assert member.submit(page, data={"stance": "discuss", "text": DISCUSS}).status_code == 303
    with db.reading() as reader:
        given = list_sign_offs(reader, summary_id)[0][0]
    answer = f"/sign-offs/{given.id}/answer"
    assert facilitator.submit(address, answer, {"answer": "No."}).status_code == 422

    facilitator.submit(address, answer, {"answer": "Nobody said who does."})
    refused = facilitator.submit(address, publication, {"override": "So."})
    assert refused.status_code == 422
    assert "So." in refused.text
    published = facilitator.submit(address, publication, {"override": WHY})

    edition = app.test_client().get(published.location).text
    for text in (DISCUSS, "Nobody said who does.", WHY, "Published although a member"):
        assert text in edition


def test_a_text_that_changed_meanwhile_is_shown_again(
    member: PageChecker, desk: tuple[PageChecker, str, int]
) -> None:
    """Ensure a member signs off on the text they read, and keeps what they typed."""
    facilitator, address, summary_id = desk
    page = f"/summaries/{summary_id}/sign-off"
    facilitator.submit(address, f"/summaries/{summary_id}/sign-off-request")
    fields = member.page(page).form(page).fields
    facilitator.submit(address, data={"body": TEXT + " In every city."})

    late = member.post(page, data={**fields, "stance": "discuss", "text": DISCUSS})

    assert late.status_code == 409
    assert "The draft was changed since you saw it." in late.text
    assert "In every city." in late.text
    assert DISCUSS in late.text
    member.submit(page, data={"stance": "yes"})
    facilitator.submit(address, data={"body": TEXT + " In most cities."})
    assert "given to an earlier draft" in member.page(page).text
