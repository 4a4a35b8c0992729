"""From a session page to a published summary, in Chromium, with JavaScript and without."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from deliberate.domain.people import Role, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.polls import list_all_polls
from tests.factories import PASSWORD, make_person, respond, vote
from tests.support.clock import FakeClock
from tests.support.journeys import OpenVisit, Visit

PAGE = Path(__file__).parent.parent / "pages" / "seed-2021-main.txt"
QUESTION = "What are the main strengths and weaknesses of existing Internet governance approaches"
CALL = "To adapt to the future, the IGF has to boldly embrace the real policy controversies"
REASON = "It is clear, open and within our mandate."


@pytest.mark.browser
def test_from_session_page_to_published_summary(
    db: Database, clock: FakeClock, visit: OpenVisit
) -> None:
    """Ensure every station of the path works for the people who need it, on a real page."""
    for role in (Role.MAG_MEMBER, Role.FACILITATOR):
        make_person(db, role=role, email=f"{role}@example.org")
    curator, facilitator = visit("mag_member@example.org"), visit("facilitator@example.org")
    person = visit(narrow=True)

    import_page(curator)
    question_page, call_page = curate(curator)
    register(person)
    discuss(person, question_page)
    respond_to_call(person, call_page)
    poll_page = open_poll(facilitator, question_page)
    cast_and_change(person, poll_page)
    add_other_voices(db)
    clock.advance(days=15)
    run_due_jobs(db)
    read_results(visit(), poll_page, call_page)
    # Two weeks later the facilitator's sign-in has run out.
    facilitator.sign_in("facilitator@example.org")
    publish_summary(facilitator, call_page)
    read_edition(visit())


def import_page(curator: Visit) -> None:
    """Upload the page, check what was read, and confirm."""
    page = curator.page
    page.goto("/imports")
    curator.look("import")
    page.locator('input[type="file"]').set_input_files(PAGE)
    page.locator('form[action="/imports"] button').first.click()
    expect(page.get_by_text(QUESTION).first).to_be_visible()
    curator.look("preview")
    page.locator('form[action$="/confirmation"] button').first.click()
    page.wait_for_url("**/curation")


def curate(curator: Visit) -> tuple[str, str]:
    """Accept and open the first question; split and open the first call. Gives both addresses."""
    page = curator.page
    curation = page.url
    curator.look("curation")
    question = page.locator('form[action^="/questions/"][action$="/acceptance"]').first
    action = question.get_attribute("action") or ""
    form = curator.form(action)
    form.get_by_label("Reason").fill(REASON)
    form.get_by_role("button").first.click()
    expect(page.get_by_text("The question is accepted.")).to_be_visible()
    question_page = open_subject(curator, action.replace("acceptance", "opening"))

    page.goto(curation)
    call = page.locator(f'article:has-text("{CALL}") form[action$="/split"]').first
    split_action = call.get_attribute("action") or ""
    form = curator.form(split_action)
    parts = form.locator('textarea[name="parts"]')
    parts.fill("The MAG needs to be strengthened.\n\nSeparate tracks need to be eliminated.")
    form.get_by_label("Reason").fill("It asks for two different things.")
    form.get_by_role("button").first.click()
    expect(page.get_by_text("The points are saved.")).to_be_visible()
    call_page = open_subject(curator, split_action.replace("split", "opening"))
    return question_page, call_page


def open_subject(curator: Visit, action: str) -> str:
    """Open a question or an output for two weeks and give the deliberation's address."""
    form = curator.form(action)
    form.locator('input[name="closes_at"]').fill("2026-03-16T12:00")
    form.locator('input[name="minimum"]').fill("2")
    form.get_by_role("button").first.click()
    curator.page.goto(action.removesuffix("/opening"))
    curator.page.wait_for_url("**/deliberations/*")
    return curator.page.url


def register(person: Visit) -> None:
    """Make an account; the form says at the field what is wrong and keeps the rest."""
    page = person.page
    page.goto("/register")
    page.get_by_label("Name", exact=False).first.fill("Ama Lantern")
    page.get_by_label("E-mail").fill("ama@example.org")
    page.get_by_label("Password").fill("short")
    page.get_by_label("Civil Society").check()
    page.locator('select[name="regional_group"]').select_option("African Group")
    send = page.locator('form[action^="/register"] button').first
    send.evaluate("button => button.form.noValidate = true") if person.scripts else None
    send.click()
    if person.scripts:
        expect(page.get_by_text("at least 12 characters").first).to_be_visible()
        person.look("register-refused")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator('form[action^="/register"] button').first.click()
    expect(page.locator(".account")).to_contain_text("Sign out")


def discuss(person: Visit, address: str) -> None:
    """Comment, reply and make two proposals."""
    page = person.page
    page.goto(address)
    number = address.rsplit("/", 1)[1]
    form = person.form(f"/deliberations/{number}/comments")
    form.locator('textarea[name="body"]').fill("**Strength**: everybody may come.")
    form.get_by_role("button").first.click()
    expect(page.locator("article strong", has_text="Strength")).to_be_visible()
    page.locator("article").get_by_role("link", name="Reply").first.click()
    reply = page.locator(
        f'form[action="/deliberations/{number}/comments"]:has(input[name="parent_id"])'
    )
    reply.locator('textarea[name="body"]').first.fill("And a weakness: not everybody can.")
    reply.get_by_role("button").first.click()
    expect(page.get_by_text("And a weakness")).to_be_visible()
    for title in ("Pay for travel and interpretation", "Publish who took part"):
        page.goto(f"/deliberations/{number}/proposals/new")
        page.locator('input[name="title"]').fill(title)
        page.locator('textarea[name="body"]').fill("Because it decides who can be heard.")
        page.get_by_role("button", name="See how it reads").click()
        page.get_by_role("button", name="Publish").click()
        page.wait_for_url("**/proposals/*")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.goto(address)
    person.look("deliberation")


def respond_to_call(person: Visit, address: str) -> None:
    """Contest a point: without a reason it is asked for, with one it is recorded."""
    page = person.page
    page.goto(address)
    action = page.locator('form[action^="/points/"]').first.get_attribute("action") or ""
    form = person.form(action)
    form.locator('input[value="contest"]').check()
    form.get_by_role("button").first.click()
    # The whole message: its first words also stand beside the choice, before any answer came.
    expect(page.get_by_text("Say why, in at least 10 characters").first).to_be_visible()
    form = person.form(action)
    expect(form.locator('input[value="contest"]')).to_be_checked()
    form.locator('textarea[name="reason"]').fill("Strength comes from people, not from rules.")
    form.get_by_role("button").first.click()
    expect(page.get_by_text("Strength comes from people").first).to_be_visible()
    person.look("response")


def open_poll(facilitator: Visit, address: str) -> str:
    """Put both proposals on a ballot and give the poll's address."""
    page = facilitator.page
    number = address.rsplit("/", 1)[1]
    page.goto(f"/deliberations/{number}/polls/new")
    page.get_by_role("link", name="Ranking").click()
    facilitator.look("poll-form")
    form = facilitator.form(f"/deliberations/{number}/polls")
    form.locator('input[name="closes_at"]').fill("2026-03-16T11:00")
    form.locator('input[name="minimum"]').fill("2")
    form.get_by_role("button").first.click()
    page.wait_for_url("**/polls/*")
    return page.url


def cast_and_change(person: Visit, address: str) -> None:
    """Rank with the buttons, review, cast, then change the ballot before closing."""
    page = person.page
    page.goto(address)
    page.locator('button[name="move"][value$=":up"]:not([disabled])').last.click()
    person.look("ballot")
    for _round in range(2):
        page.get_by_role("button", name="Review").first.click()
        expect(page.get_by_role("button", name="Cast").first).to_be_visible()
        person.look("ballot-review")
        page.get_by_role("button", name="Cast").first.click()
        page.wait_for_url("**/receipt*")
        person.look("receipt")
        page.goto(address)


def add_other_voices(db: Database) -> None:
    """Let two people of each group vote and respond, through the product's own actions."""
    with db.reading() as reader:
        poll = list_all_polls(reader)[0]
        call = next(each for each in reader.query(Deliberation) if each.output_id)
    positions = [Position.ENDORSE, Position.PARTLY]
    for group in StakeholderGroup.registrable():
        for place, position in enumerate(positions):
            voter = make_person(db, group)
            vote(db, poll.id, voter, place, 1 - place)
            respond(db, call, voter, position)


def read_results(visitor: Visit, poll_page: str, call_page: str) -> None:
    """See groups side by side, both weightings, and the positions on the call."""
    page = visitor.page
    page.goto(f"{poll_page}/results")
    for words in ("Each participant counts the same", "Each group counts the same"):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.get_by_text("Not a decision or position").first).to_be_visible()
    visitor.look("results")
    page.goto(call_page)
    expect(page.get_by_text("Government").first).to_be_visible()
    visitor.look("call-results")


def publish_summary(facilitator: Visit, address: str) -> None:
    """Write beside the indicators, put a figure in, designate a level, and publish."""
    page = facilitator.page
    number = address.rsplit("/", 1)[1]
    page.goto(f"/deliberations/{number}/summary")
    facilitator.look("desk")
    action = f"/deliberations/{number}/summary"
    form = facilitator.form(action)
    form.locator('textarea[name="body"]').fill(
        "All groups endorse the first point, in part at least."
    )
    form.locator("summary").first.click()
    form.locator('button[name="insert"]').nth(1).click()
    expect(page.locator('textarea[name="body"]')).to_have_value(re.compile("figure:"))
    form = facilitator.form(action)
    form.locator('input[value="consensus"]').check()
    form.locator('textarea[name="level_reason"]').fill(
        "One person contests it; all groups endorse."
    )
    form.get_by_role("button", name="Save the draft").last.click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    page.get_by_role("button", name="Publish edition 1").click()
    page.wait_for_url("**/editions/1")


def read_edition(visitor: Visit) -> None:
    """Reach the edition from the list, with its level, its figure and its data."""
    page = visitor.page
    page.goto("/summaries")
    page.locator('main a[href*="/editions/1"]').first.click()
    expect(page.get_by_text("Designated: Consensus")).to_be_visible()
    expect(page.locator("a.citation").first).to_be_visible()
    visitor.look("edition")
    answer = page.request.get(f"{page.url}.json")
    assert answer.json()["document"]["level"] == "consensus"
