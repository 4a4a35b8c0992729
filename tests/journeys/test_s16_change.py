"""Journey S16: a ballot is changed, withdrawn and cast again, until the poll closes."""

import pytest
from playwright.sync_api import Locator, expect

from deliberate.domain.ballots import Kind
from deliberate.storage.database import Database
from tests.factories import make_person
from tests.support.clock import FakeClock
from tests.support.journeys import OpenVisit
from tests.support.voting import make_kind

VOTER = "voter@example.org"


@pytest.mark.browser
def test_s16_a_ballot_is_changed_and_withdrawn_until_closing(
    db: Database, clock: FakeClock, visit: OpenVisit
) -> None:
    """Ensure only the latest ballot counts, and that who comes too late is told so."""
    make_person(db, email=VOTER)
    address = f"/polls/{make_kind(db, Kind.CHOICE).id}"
    voter = visit(VOTER, narrow=True)
    page = voter.page

    def cast(choice: Locator) -> str:
        choice.check()
        page.get_by_role("button", name="Review the ballot").last.click()
        page.get_by_role("button", name="Cast this ballot").click()
        page.wait_for_url("**/receipt")
        return page.locator(".receipt-code").inner_text()

    listed, abstain = page.get_by_label("Publish who took part"), page.locator("#field-blank")
    page.goto(address)
    first = cast(listed)
    page.get_by_role("link", name="Edit my ballot").click()
    expect(listed).to_be_checked()
    assert cast(abstain) != first
    page.goto(address)
    page.get_by_role("link", name="Withdraw your ballot").click()
    page.wait_for_url("**/withdrawal")
    voter.look("withdrawal")
    page.get_by_role("button", name="Withdraw my ballot").click()
    expect(page.get_by_text("Your ballot is withdrawn.")).to_be_visible()
    cast(listed)

    page.goto(address)
    abstain.check()
    page.get_by_role("button", name="Review the ballot").last.click()
    expect(page.get_by_role("heading", name="Is this your ballot?")).to_be_visible()
    clock.advance(days=2)
    page.get_by_role("button", name="Cast this ballot").click()
    expect(page.get_by_text("This ballot was not recorded")).to_be_visible()
    voter.look("too-late")
