"""Journey S15: the ballots that are no rankings, on a phone, scripts on and off."""

import pytest
from playwright.sync_api import Locator, expect

from deliberate.actions.counting import count_poll
from deliberate.domain.ballots import Kind
from deliberate.domain.people import Role
from deliberate.storage.database import Database
from tests.factories import make_deliberation, make_person, make_proposals
from tests.support.clock import FakeClock
from tests.support.journeys import OpenVisit, Visit
from tests.support.voting import fill_in, make_kind

VOTER, FACILITATOR = "voter@example.org", "facilitator@example.org"
REASON = "It would shut out whoever cannot travel."
WRONG = {
    Kind.CHOICE: "Choose one option, or abstain.",
    Kind.APPROVAL: "Too many options are ticked.",
    Kind.SCORE: "Give at least one option a step",
    Kind.DOTS: "These are more dots than you have.",
    Kind.AGREEMENT: "Choose an answer;",
    Kind.CONSENT: "To block needs a reason",
}
RIGHT = {
    Kind.CHOICE: "Chosen",
    Kind.APPROVAL: "Approved",
    Kind.SCORE: "Very much",
    Kind.DOTS: "6 dots",
    Kind.AGREEMENT: "Unclear to me",
    Kind.CONSENT: REASON,
}


def answer_wrongly(ballot: Locator, kind: Kind) -> None:
    """Fill in what cannot be counted, or nothing."""
    if kind is Kind.APPROVAL:
        for box in ballot.locator('input[name^="mark_"]').all():
            box.check()
    elif kind is Kind.DOTS:
        for field in ballot.locator('input[type="number"]').all():
            field.fill("6")
    elif kind in (Kind.AGREEMENT, Kind.CONSENT):
        words = "Abstain" if kind is Kind.AGREEMENT else "Block"
        for row in ballot.locator("fieldset.scale").all()[:2]:
            row.get_by_label(words, exact=True).check()
        if kind is Kind.CONSENT:
            ballot.locator("fieldset.scale").last.get_by_label("Agree", exact=True).check()


def answer_rightly(ballot: Locator, kind: Kind) -> None:
    """Mend what was wrong."""
    if kind is Kind.CHOICE:
        ballot.get_by_label("Publish who took part").check()
    elif kind is Kind.APPROVAL:
        ballot.locator('input[name^="mark_"]').first.uncheck()
    elif kind is Kind.SCORE:
        ballot.locator("select").first.select_option("5")
    elif kind is Kind.DOTS:
        for field in ballot.locator('input[type="number"]').all()[1:]:
            field.fill("")
    elif kind is Kind.AGREEMENT:
        ballot.locator("fieldset.scale").last.get_by_label("Unclear to me").check()
    else:
        for field in ballot.locator("fieldset.scale textarea").all()[:2]:
            field.fill(REASON)


def vote(voter: Visit, kind: Kind, address: str) -> None:
    """Press Enter or the button on a wrong ballot, mend it, review and cast it."""
    page = voter.page
    page.goto(address)
    ballot = page.locator("#ballot form")
    answer_wrongly(ballot, kind)
    if kind is Kind.DOTS:
        ballot.locator('input[type="number"]').first.press("Enter")
    else:
        ballot.get_by_role("button", name="Review the ballot").last.click()
    expect(page.locator("#ballot [role=alert]")).to_contain_text(WRONG[kind])
    voter.look(f"{kind}-explained")
    answer_rightly(page.locator("#ballot form"), kind)
    page.get_by_role("button", name="Review the ballot").last.click()
    expect(page.get_by_role("heading", name="Is this your ballot?")).to_be_visible()
    expect(page.locator("#ballot")).to_contain_text(RIGHT[kind])
    page.get_by_role("button", name="Cast this ballot").click()
    page.wait_for_url("**/receipt")
    expect(page.get_by_text(RIGHT[kind]).first).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("kind", list(WRONG))
def test_s15_a_ballot_of_another_kind_is_explained_mended_and_cast(
    db: Database, clock: FakeClock, visit: OpenVisit, kind: Kind
) -> None:
    """Ensure each kind works with a thumb and without scripts, up to its result."""
    make_person(db, email=VOTER)
    others = [make_person(db) for _ in range(2)]
    settings = {"most": 2} if kind is Kind.APPROVAL else {}
    poll = make_kind(db, kind, **settings)
    address = f"/polls/{poll.id}"

    vote(visit(VOTER, narrow=True), kind, address)
    for other in others:
        fill_in(db, poll, other, 1, *((1, 1) if kind in (Kind.AGREEMENT, Kind.CONSENT) else ()))
    clock.advance(days=2)
    with db.writing() as tx:
        count_poll(tx, poll.id)
    visitor = visit(narrow=True)
    visitor.page.goto(f"{address}/results")

    expect(visitor.page.get_by_text("Each group counts the same").first).to_be_visible()
    visitor.look(f"{kind}-result")


@pytest.mark.browser
def test_s15_a_facilitator_sets_up_a_poll_of_another_kind(db: Database, visit: OpenVisit) -> None:
    """Ensure the kind comes first, its settings are explained, and what was typed stays."""
    make_person(db, role=Role.FACILITATOR, email=FACILITATOR)
    deliberation = make_deliberation(db)
    make_proposals(db, deliberation.id, 2)
    facilitator = visit(FACILITATOR)
    page = facilitator.page
    page.goto(f"/deliberations/{deliberation.id}/polls/new")
    facilitator.look("kinds")
    page.get_by_role("link", name="Approval").click()
    page.get_by_label("What is asked").fill("Which of these can you support?")
    page.get_by_label("Other options").fill("Publish who took part\nA list by group.")
    page.get_by_label("Most ticks").fill("9")
    page.locator('input[name="closes_at"]').fill("2026-03-10T12:00")

    page.get_by_role("button", name="Open the poll").click()
    expect(page.get_by_text("There are not so many options.").first).to_be_visible()
    expect(page.get_by_label("Other options")).to_have_value(
        "Publish who took part\nA list by group."
    )
    facilitator.look("settings")
    page.get_by_label("Most ticks").fill("2")
    page.get_by_role("button", name="Open the poll").click()
    page.wait_for_url("**/polls/*")

    expect(page.get_by_text("Publish who took part")).to_be_visible()
