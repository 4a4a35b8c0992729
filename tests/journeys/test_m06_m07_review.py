"""Journeys M6 and M7: score and end a review, suggest and answer, with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from deliberate.domain.people import Role, StakeholderGroup
from deliberate.storage.database import Database
from deliberate.storage.forum import list_questions
from tests.factories import PASSWORD, make_person, make_session
from tests.support.axe import axe
from tests.support.browser import screenshot

OpenPage = Callable[..., Page]
GROUPS = {
    "curator@example.org": StakeholderGroup.CIVIL_SOCIETY,
    "second@example.org": StakeholderGroup.GOVERNMENT,
    "third@example.org": StakeholderGroup.TECHNICAL,
}
CURATOR, SECOND, THIRD = GROUPS
PARTICIPANT = "ama@example.org"
NOTE = "Says whose lanterns are meant."
SUGGESTION = "Which lanterns should be lit first when oil is short?"
ANSWER = "It fits the session and is open to several answers."
expect.set_options(timeout=15_000)


@pytest.fixture(params=["js", "nojs"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether scripts run."""
    return str(request.param) == "js"


def sign_in(page: Page, email: str) -> Page:
    """Sign in with the password that all test people share."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator('main form[action^="/sign-in"] button').first.click()
    expect(page.locator(".account")).to_contain_text("Sign out")
    return page


def look(page: Page, name: str, *, scripts: bool) -> None:
    """Keep a picture and, where scripts run, let axe judge the page."""
    screenshot(page, f"review-{'js' if scripts else 'nojs'}-{name}")
    if scripts:
        axe(page)


def give_score(page: Page, question_id: int, value: int, note: str = "") -> None:
    """Score a question from the queue."""
    page.goto("/review")
    page.locator(f'a[href="/questions/{question_id}/review"]').click()
    expect(page.get_by_role("heading", name="All scores")).to_have_count(0)
    page.locator(f'input[name="score"][value="{value}"]').check()
    page.get_by_label("Note").fill(note)
    page.get_by_role("button", name="Save the score").click()
    expect(page.get_by_role("heading", name="All scores")).to_be_visible()


@pytest.mark.browser
def test_m6_members_score_blind_and_a_curator_ends_the_review(
    db: Database, open_page: OpenPage, *, scripts: bool
) -> None:
    """Ensure scores stay hidden until one's own, and accepting waits for three groups."""
    members = [
        make_person(db, group, Role.MAG_MEMBER, email=email) for email, group in GROUPS.items()
    ]
    session = make_session(db, members[0])
    with db.reading() as reader:
        question_id = list_questions(reader, session.id)[0].id
    size = {"width": 1200, "height": 900}
    curator, second, third = (
        sign_in(open_page(viewport=size, java_script_enabled=scripts), email) for email in GROUPS
    )

    curator.goto(f"/sessions/{session.slug}/curation")
    curator.get_by_role("button", name="Send all 2 new questions to review").click()
    give_score(curator, question_id, 2, NOTE)
    act = f'form[action="/questions/{question_id}/acceptance"]'
    curator.goto(f"/sessions/{session.slug}/curation")
    accept(curator, act)
    expect(curator.get_by_role("alert")).to_contain_text("Needs 2 more reviews")
    look(curator, "missing", scripts=scripts)

    second.goto(f"/questions/{question_id}/review")
    expect(second.get_by_text(NOTE)).to_have_count(0)
    look(second, "hidden", scripts=scripts)
    give_score(second, question_id, 5)
    expect(second.get_by_text(NOTE)).to_be_visible()
    second.locator('input[name="score"][value="4"]').check()
    second.get_by_role("button", name="Change the score").click()
    expect(second.get_by_text("Changed after seeing others, first 5")).to_be_visible()
    give_score(third, question_id, 5)
    look(third, "scores", scripts=scripts)

    curator.goto(f"/sessions/{session.slug}/curation")
    accept(curator, act)
    expect(curator.get_by_text("The question is accepted.")).to_be_visible()
    curator.goto("/curation-log")
    expect(curator.get_by_text("Average score 3.7 of 5")).to_be_visible()
    curator.goto("/curate")
    look(curator, "desk", scripts=scripts)


def accept(page: Page, act: str) -> None:
    """Accept a question with a reason, unfolding the form where it is folded."""
    form = page.locator(act)
    if not form.is_visible():
        form.locator("xpath=ancestor::details").locator("> summary").click()
    form.get_by_label("Reason").fill("Three groups scored it well enough.")
    form.get_by_role("button").click()


@pytest.mark.browser
def test_m7_a_suggestion_is_acknowledged_taken_up_and_answered(
    db: Database, open_page: OpenPage, *, scripts: bool
) -> None:
    """Ensure a participant's question gets a public answer and becomes one of the session's."""
    session = make_session(db, make_person(db, role=Role.MAG_MEMBER, email=CURATOR))
    make_person(db, email=PARTICIPANT, name="Ama Lantern")
    narrow = {"width": 360, "height": 740}
    person = sign_in(open_page(viewport=narrow, java_script_enabled=scripts), PARTICIPANT)
    member = sign_in(open_page(java_script_enabled=scripts), CURATOR)

    person.goto(f"/sessions/{session.slug}")
    person.get_by_role("link", name="Suggest a question").click()
    person.get_by_label("Question", exact=True).fill(SUGGESTION)
    person.get_by_label("Why it should be asked").fill("Oil was short last winter.")
    person.get_by_role("button", name="Suggest the question").click()
    expect(person.get_by_text("The MAG will answer here")).to_be_visible()
    look(person, "suggested", scripts=scripts)

    member.goto("/curate")
    member.get_by_role("link", name="suggestion to answer").click()
    member.get_by_role("button", name="Acknowledge").click()
    member.locator("details > summary", has_text="Answer").click()
    member.locator('input[value="take_up"]').check()
    member.get_by_label("What you answer").fill(ANSWER)
    look(member, "answering", scripts=scripts)
    member.get_by_role("button", name="Send the answer").click()
    expect(member.get_by_text("Nothing waits for an answer.")).to_be_visible()

    person.goto("/account")
    expect(person.get_by_text(ANSWER)).to_be_visible()
    person.goto(f"/sessions/{session.slug}")
    question = person.locator(".entry", has_text=SUGGESTION).first
    expect(question).to_contain_text("Ama Lantern")
    look(person, "taken-up", scripts=scripts)
