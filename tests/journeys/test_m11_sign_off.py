"""Journey M11: the MAG signs off a draft, a Discuss is settled, with and without scripts."""

import pytest
from playwright.sync_api import expect

from deliberate.actions.summaries import save_summary
from deliberate.domain.forum import OutputKind
from deliberate.domain.levels import ConsensusLevel
from deliberate.domain.people import Role
from deliberate.inputs.summaries import SummaryDraft
from deliberate.storage.database import Database
from tests.factories import make_deliberation, make_person
from tests.support.clock import FakeClock
from tests.support.journeys import OpenVisit

FACILITATOR, MEMBER = "facilitator@example.org", "member@example.org"
DISCUSS = "Who lights the lanterns is not said."


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
    db: Database, clock: FakeClock, visit: OpenVisit
) -> None:
    """Ensure publishing waits for the member, and the edition shows where everybody stood."""
    desk = f"/deliberations/{make_draft(db, clock)}/summary"
    make_person(db, role=Role.MAG_MEMBER, email=MEMBER, name="Me Mber")
    facilitator, member = visit(FACILITATOR), visit(MEMBER)

    facilitator.page.goto(desk)
    facilitator.page.get_by_role("button", name="Ask for sign-off").click()
    expect(facilitator.page.get_by_text("The MAG is asked.")).to_be_visible()
    member.page.goto("/curate")
    member.page.locator('#sign-off a[href$="/sign-off"]').click()
    member.page.locator('input[value="discuss"]').check()
    member.page.get_by_label("What to discuss").fill(DISCUSS)
    member.look("draft")
    member.page.get_by_role("button", name="Save where I stand").click()

    facilitator.page.goto(desk)
    expect(
        facilitator.page.get_by_text("A member of the MAG asks for a discussion.")
    ).to_be_visible()
    facilitator.page.get_by_role("button", name="Publish edition 1 without agreement").click()
    expect(facilitator.page.get_by_role("alert")).to_contain_text("say publicly why you publish")
    facilitator.page.locator("#sign-off details > summary", has_text="Answer").click()
    facilitator.page.get_by_label("Your answer").fill("The cities do: see the second line.")
    facilitator.page.get_by_role("button", name="Save the answer").click()
    facilitator.look("desk")

    member.page.reload()
    expect(member.page.get_by_text("The cities do: see the second line.")).to_be_visible()
    member.page.locator('input[value="yes"]').check()
    member.page.get_by_label("What to discuss").fill("")
    member.page.get_by_role("button", name="Save where I stand").click()
    facilitator.page.goto(desk)
    facilitator.page.get_by_role("button", name="Publish edition 1").click()
    facilitator.page.wait_for_url("**/editions/1")
    expect(facilitator.page.locator("main")).to_contain_text("Me Mber")
    facilitator.look("edition")
