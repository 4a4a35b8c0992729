"""Journey M11: the MAG signs off a draft, a Discuss is settled, with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from deliberate.actions.summaries import save_summary
from deliberate.domain.forum import OutputKind
from deliberate.domain.levels import ConsensusLevel
from deliberate.domain.people import Role
from deliberate.inputs.summaries import SummaryDraft
from deliberate.storage.database import Database
from tests.factories import PASSWORD, make_deliberation, make_person
from tests.support.axe import axe
from tests.support.browser import screenshot
from tests.support.clock import FakeClock

OpenPage = Callable[..., Page]
FACILITATOR, MEMBER = "facilitator@example.org", "member@example.org"
DISCUSS = "Who lights the lanterns is not said."
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
    screenshot(page, f"sign-off-{'js' if scripts else 'nojs'}-{name}")
    if scripts:
        axe(page)


def make_draft(db: Database, clock: FakeClock) -> int:
    """A complete draft of a discussion that is over; the discussion's id."""
    facilitator = make_person(db, role=Role.FACILITATOR, email=FACILITATOR)
    deliberation = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    clock.advance(days=31)
    form = SummaryDraft(
        body="Every group that took part wants the places of lanterns to be published.",
        level=ConsensusLevel.CONSENSUS,
        level_reason="Nobody objected to it.",
        version=0,
    )
    with db.writing() as tx:
        save_summary(tx, facilitator, deliberation.id, form)
    return deliberation.id


@pytest.mark.browser
def test_m11_a_discuss_is_answered_settled_and_kept_in_the_edition(
    db: Database, clock: FakeClock, open_page: OpenPage, *, scripts: bool
) -> None:
    """Ensure publishing waits for the member, and the edition shows where everybody stood."""
    desk = f"/deliberations/{make_draft(db, clock)}/summary"
    make_person(db, role=Role.MAG_MEMBER, email=MEMBER, name="Me Mber")
    facilitator = sign_in(open_page(java_script_enabled=scripts), FACILITATOR)
    member = sign_in(open_page(java_script_enabled=scripts), MEMBER)

    facilitator.goto(desk)
    facilitator.get_by_role("button", name="Ask for sign-off").click()
    expect(facilitator.get_by_text("The MAG is asked.")).to_be_visible()
    member.goto("/curate")
    member.locator('#sign-off a[href$="/sign-off"]').click()
    member.locator('input[value="discuss"]').check()
    member.get_by_label("What to discuss").fill(DISCUSS)
    look(member, "draft", scripts=scripts)
    member.get_by_role("button", name="Save where I stand").click()

    facilitator.goto(desk)
    expect(facilitator.get_by_text("A member of the MAG asks for a discussion.")).to_be_visible()
    facilitator.get_by_role("button", name="Publish edition 1 without agreement").click()
    expect(facilitator.get_by_role("alert")).to_contain_text("say publicly why you publish")
    facilitator.locator("#sign-off details > summary", has_text="Answer").click()
    facilitator.get_by_label("Your answer").fill("The cities do: see the second line.")
    facilitator.get_by_role("button", name="Save the answer").click()
    look(facilitator, "desk", scripts=scripts)

    member.reload()
    expect(member.get_by_text("The cities do: see the second line.")).to_be_visible()
    member.locator('input[value="yes"]').check()
    member.get_by_label("What to discuss").fill("")
    member.get_by_role("button", name="Save where I stand").click()
    facilitator.goto(desk)
    facilitator.get_by_role("button", name="Publish edition 1").click()
    facilitator.wait_for_url("**/editions/1")
    expect(facilitator.locator("main")).to_contain_text("Me Mber")
    look(facilitator, "edition", scripts=scripts)
