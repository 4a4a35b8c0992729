"""M4: split a compound question, merge one from several sessions, see the lineage, undo."""

import re

import pytest
from playwright.sync_api import Locator, expect

from deliberate.domain.people import Role
from deliberate.storage.database import Database
from deliberate.storage.forum import list_questions
from tests.factories import PAGE, make_person, make_session
from tests.support.journeys import OpenVisit, Visit

pytestmark = pytest.mark.browser
COMPOUND = "What do coverage maps leave out, and who gains from the omission?"
PARTS = ("What do coverage maps leave out?", "Who gains from what coverage maps leave out?")
REASON = "It asks two things, and different people can answer them."
BACK = "The meeting wants it in one piece after all."
MERGED = "How should public lanterns and community networks be connected?"
AGENDA = "\nAgenda\nThe panel begins with names. What do lamps cost in a valley? Then we close.\n"


def card(curator: Visit, text: str) -> Locator:
    """The question of these words on the desk."""
    page = curator.page
    return page.locator("article", has=page.get_by_role("heading", name=text))


def test_m04_split_merge_lineage_and_undo(db: Database, visit: OpenVisit, *, scripts: bool) -> None:
    """Ensure a curator splits, undoes, merges across sessions and adds, and sees the lineage."""
    member = make_person(db, role=Role.MAG_MEMBER, email="mag@example.org")
    page = PAGE.replace("Who should pay for the oil that keeps the lanterns burning?", COMPOUND)
    here = make_session(db, member, page + AGENDA)
    there = make_session(
        db, member, PAGE.replace("Lanterns on the network", "Lamps by the sea").replace("#77", "#8")
    )
    with db.reading() as reader:
        shared, compound = (each.id for each in list_questions(reader, here.id))
        twin = list_questions(reader, there.id)[0].id
    curator = visit("mag@example.org", narrow=not scripts)
    desk = f"/sessions/{here.slug}/curation"

    split_and_undo(curator, desk, compound)
    merge_across(curator, shared, twin, there.slug)
    add_from_its_line(curator, here.slug)
    curator.page.goto(f"/curation-log?session={there.slug}")
    expect(curator.page.locator(".entries .tag", has_text="Merged").first).to_be_visible()
    curator.look("log")


def split_and_undo(curator: Visit, desk: str, question: int) -> None:
    """Follow the hint, split, then take the split back from the message."""
    page = curator.page
    page.goto(desk)
    expect(page.locator(f"#question-{question}")).to_contain_text("consider a split")
    curator.look("desk")
    curator.send(f"/questions/{question}/split", parts="\n\n".join(PARTS), reason=REASON)
    expect(card(curator, PARTS[1])).to_contain_text("Split from:")
    expect(page.locator(f"#question-{question}")).to_contain_text("Became:")
    curator.look("split")
    page.locator("#messages").get_by_role("link", name="Undo").click()
    form = page.locator('form[action$="/undoing"]:visible').first
    curator.look("undoing")
    form.get_by_label("Why do you take it back?").fill(BACK)
    form.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    expect(card(curator, PARTS[1])).to_have_count(0)
    expect(page.locator(f'form[action="/questions/{question}/split"]')).to_have_count(1)


def merge_across(curator: Visit, question: int, twin: int, slug: str) -> None:
    """Find the same question elsewhere, merge, and follow the lineage both ways."""
    page = curator.page
    found = page.locator(f"#question-{question}")
    expect(found).to_contain_text("Lamps by the sea")
    found.get_by_role("link", name="Compare and merge").click()
    curator.look("similar")
    page.locator(f'input[name="question_ids"][value="{twin}"][type="checkbox"]').check()
    curator.send(f"/questions/{question}/merger", text=MERGED, reason=REASON)
    expect(page.get_by_text("The questions are merged.")).to_be_visible()
    expect(card(curator, MERGED)).to_contain_text("Lamps by the sea")
    curator.look("merged")
    page.goto(f"/sessions/{slug}")
    page.get_by_role("link", name=MERGED).first.click()
    expect(page).to_have_url(re.compile(r"/sessions/2024-ws-77#question-\d+"))
    expect(page.get_by_text("Merged from:").first).to_be_visible()
    curator.look("session")


def add_from_its_line(curator: Visit, slug: str) -> None:
    """Take over a question that stands in the agenda."""
    page = curator.page
    page.goto(f"/sessions/{slug}/source")
    curator.look("source")
    page.get_by_role("link", name="Add as a question").first.click()
    expect(page.get_by_label("Question", exact=True)).to_have_value(re.compile("lamps cost"))
    curator.look("addition")
    curator.send(f"/sessions/{slug}/questions", reason=REASON)
    expect(page.get_by_text("The question is added.")).to_be_visible()
    expect(card(curator, "lamps cost")).to_contain_text("Added by")
