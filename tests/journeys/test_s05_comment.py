"""S5: a comment of a chosen type about a line of the source, a proposal or nothing; drafts."""

import re

import pytest
from playwright.sync_api import Page, expect

from deliberate.actions.mandates import confirm_mandate
from deliberate.domain.people import Role
from deliberate.storage.database import Database
from tests.factories import PAGE, PASSWORD, make_deliberation, make_person, make_proposals
from tests.support.clock import FakeClock
from tests.support.journeys import OpenVisit, Visit

pytestmark = pytest.mark.browser
WRITER, UNION = "writer@example.org", "Lamplighters' Union"
LINE = next(
    number for number, line in enumerate(PAGE.splitlines(), start=1) if "How should" in line
)
BODY = "#comment-body"


def test_s05_a_comment_is_seen_before_it_is_published_and_says_who_speaks(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure type, anchor, group, capacity and time are chosen, previewed and then shown."""
    deliberation = make_deliberation(db).id
    person, secretary = (
        make_person(db, email=WRITER, organisation=UNION),
        make_person(db, role=Role.SECRETARIAT),
    )
    with db.writing() as tx:
        confirm_mandate(tx, secretary, person.id or 0, UNION)
    proposal = make_proposals(db, deliberation, number=1)[0].id
    writer = visit(WRITER, narrow=True)
    page = writer.page

    page.goto(f"/deliberations/{deliberation}")
    page.get_by_role("link", name="of the session's page").click()
    page.get_by_role("link", name=f"Comment on line {LINE}").click()
    expect(page.locator("#writing blockquote")).to_contain_text("public lanterns")
    write(writer, "We *tried* this.", kind="Supports", capacity=f"on behalf of {UNION}")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview em")).to_have_text("tried")
    writer.look("preview")
    press_by_keyboard(writer, "Publish comment")
    own = page.locator("article.comment")
    for words in (
        "Supports",
        "Civil Society",
        "on behalf of the organisation",
        "2 Mar 2026, 09:00",
    ):
        expect(own).to_contain_text(words)
    expect(own.get_by_role("link", name="About the session's page")).to_be_visible()

    page.goto(f"/proposals/{proposal}")
    write(writer, "Who would do it?", kind="Asks a question")
    press_by_keyboard(writer, "Publish comment")
    own = page.locator("article.comment", has_text="Who would do it?")
    expect(own).to_contain_text("Asks")
    assert f"/proposals/{proposal}" in page.url
    if scripts:
        expect(own).to_be_focused()

    page.goto(f"/deliberations/{deliberation}")
    write(writer, "Nobody mentions repairs.", kind="Names a point that is missing")
    page.get_by_role("button", name="Publish comment").click()
    own = page.locator("article.comment", has_text="Nobody mentions repairs.")
    expect(own).to_contain_text("Missing point")
    expect(own.get_by_role("link", name="About")).to_have_count(0)
    expect(page.locator("article.comment")).to_have_count(3)
    writer.look("published")


def test_s05_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(
    db: Database, visit: OpenVisit, clock: FakeClock
) -> None:
    """Ensure an empty, a too long and a late comment come back with a message and their text."""
    make_person(db, email=WRITER)
    deliberation = make_deliberation(db, days=1).id
    writer = visit(WRITER, narrow=True)
    page = writer.page
    page.goto(f"/deliberations/{deliberation}")

    for text, message in (
        ("  ", "This is needed."),
        ("y" * 5001, "Shorten this to 5000 characters."),
    ):
        write(writer, text)
        page.get_by_role("button", name="Publish comment").click()
        expect(page.locator(f"{BODY}-error")).to_contain_text(message)
        expect(page.locator(BODY)).to_have_attribute("aria-invalid", "true")
        expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(BODY)).to_have_value("y" * 5001)
    writer.look("too-long")

    write(writer, "One minute too late.")
    clock.advance(days=1, minutes=1)
    page.get_by_role("button", name="Publish comment").click()
    expect(
        page.locator("#messages, main").get_by_text("One minute too late.").first
    ).to_be_visible()
    expect(
        page.get_by_text("This discussion is not open for contributions now.").first
    ).to_be_visible()
    writer.look("too-late")


def test_s05_a_draft_survives_a_reload_and_an_expired_session(
    db: Database, visit: OpenVisit
) -> None:
    """Ensure what was saved is there again, and what was not is offered after signing in."""
    make_person(db, email=WRITER)
    address = f"/deliberations/{make_deliberation(db).id}"
    writer = visit(WRITER, narrow=True)
    page = writer.page

    page.goto(address)
    write(writer, "Half a thought", kind="Gives evidence")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text(re.compile("Draft saved|draft is saved")).first).to_be_visible()
    page.goto(address)
    page.reload()
    expect(page.locator(BODY)).to_have_value("Half a thought")
    expect(page.get_by_label("What your comment does")).to_have_value("evidence")

    page.locator(BODY).fill("Half a thought, and the other half.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Publish comment").click()
    expect(page.get_by_text("You are not signed in now.")).to_be_visible()
    writer.look("expired")
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Sign in, in a new tab").click()
    sign_in(opening.value)
    again = page.get_by_role("button", name="Send it again")
    again.click()
    expect(page.locator("textarea")).to_have_value("Half a thought, and the other half.")
    again.click()
    expect(page.locator("article.comment")).to_contain_text("and the other half.")
    expect(page.locator(BODY)).to_have_value("")


def write(writer: Visit, text: str, **choices: str) -> None:
    """Fill in the form of a comment; what the browser itself would object to is let through."""
    body = writer.page.locator(BODY)
    body.evaluate("field => { field.form.noValidate = true; field.removeAttribute('maxlength') }")
    body.fill(text)
    for name, words in choices.items():
        writer.page.locator(f'[name="{name}"]').last.select_option(label=words)


def press_by_keyboard(writer: Visit, name: str) -> None:
    """From the text on to a button and press it, with the keyboard alone."""
    writer.page.locator(BODY).focus()
    button = writer.page.get_by_role("button", name=name)
    for _step in range(4):
        writer.page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    expect(button).to_be_focused()
    writer.page.keyboard.press("Enter")


def sign_in(page: Page) -> None:
    """With address and password, in a tab of its own, which is closed again."""
    page.get_by_label("E-mail").fill(WRITER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("You are signed in.")).to_be_visible()
    page.close()
