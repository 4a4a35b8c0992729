"""Journeys M6 and M7: score and end a review, suggest and answer, with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from deliberate.domain.people import Role, StakeholderGroup
from deliberate.storage.database import Database
from deliberate.storage.forum import list_questions
from tests.factories import make_person, make_session
from tests.support.journeys import OpenVisit

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
    db: Database, visit: OpenVisit
) -> None:
    """Ensure scores stay hidden until one's own, and accepting waits for three groups."""
    members = [
        make_person(db, group, Role.MAG_MEMBER, email=email) for email, group in GROUPS.items()
    ]
    session = make_session(db, members[0])
    with db.reading() as reader:
        question_id = list_questions(reader, session.id)[0].id
    curator, second, third = (visit(email) for email in GROUPS)

    curator.page.goto(f"/sessions/{session.slug}/curation")
    curator.page.get_by_role("button", name="Send all 2 new questions to review").click()
    give_score(curator.page, question_id, 2, NOTE)
    act = f'form[action="/questions/{question_id}/acceptance"]'
    curator.page.goto(f"/sessions/{session.slug}/curation")
    accept(curator.page, act)
    expect(curator.page.get_by_role("alert")).to_contain_text("Needs 2 more reviews")
    curator.look("missing")

    second.page.goto(f"/questions/{question_id}/review")
    expect(second.page.get_by_text(NOTE)).to_have_count(0)
    second.look("hidden")
    give_score(second.page, question_id, 5)
    expect(second.page.get_by_text(NOTE)).to_be_visible()
    second.page.locator('input[name="score"][value="4"]').check()
    second.page.get_by_role("button", name="Change the score").click()
    expect(second.page.get_by_text("Changed after seeing others, first 5")).to_be_visible()
    give_score(third.page, question_id, 5)
    third.look("scores")

    curator.page.goto(f"/sessions/{session.slug}/curation")
    accept(curator.page, act)
    expect(curator.page.get_by_text("The question is accepted.")).to_be_visible()
    curator.page.goto("/curation-log")
    expect(curator.page.get_by_text("Average score 3.7 of 5")).to_be_visible()
    curator.page.goto("/curate")
    curator.look("desk")


def accept(page: Page, act: str) -> None:
    """Accept a question with a reason, unfolding the form where it is folded."""
    form = page.locator(act)
    if not form.is_visible():
        form.locator("xpath=ancestor::details").locator("> summary").click()
    form.get_by_label("Reason").fill("Three groups scored it well enough.")
    form.get_by_role("button").click()


@pytest.mark.browser
def test_m7_a_suggestion_is_acknowledged_taken_up_and_answered(
    db: Database, visit: OpenVisit
) -> None:
    """Ensure a participant's question gets a public answer and becomes one of the session's."""
    session = make_session(db, make_person(db, role=Role.MAG_MEMBER, email=CURATOR))
    make_person(db, email=PARTICIPANT, name="Ama Lantern")
    person, member = visit(PARTICIPANT, narrow=True), visit(CURATOR)

    person.page.goto(f"/sessions/{session.slug}")
    person.page.get_by_role("link", name="Suggest a question").click()
    person.page.get_by_label("Question", exact=True).fill(SUGGESTION)
    person.page.get_by_label("Why it should be asked").fill("Oil was short last winter.")
    person.page.get_by_role("button", name="Suggest the question").click()
    expect(person.page.get_by_text("The MAG will answer here")).to_be_visible()
    person.look("suggested")

    member.page.goto("/curate")
    member.page.get_by_role("link", name="suggestion to answer").click()
    member.page.get_by_role("button", name="Acknowledge").click()
    member.page.locator("details > summary", has_text="Answer").click()
    member.page.locator('input[value="take_up"]').check()
    member.page.get_by_label("What you answer").fill(ANSWER)
    member.look("answering")
    member.page.get_by_role("button", name="Send the answer").click()
    expect(member.page.get_by_text("Nothing waits for an answer.")).to_be_visible()

    person.page.goto("/account")
    expect(person.page.get_by_text(ANSWER)).to_be_visible()
    person.page.goto(f"/sessions/{session.slug}")
    question = person.page.locator(".entry", has_text=SUGGESTION).first
    expect(question).to_contain_text("Ama Lantern")
    person.look("taken-up")
