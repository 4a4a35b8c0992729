"""S12: invite co-sponsors, stand behind a proposal for an organisation, and confirm it anew."""

import pytest
from playwright.sync_api import expect

from deliberate.actions.mandates import confirm_mandate
from deliberate.domain.people import Role, StakeholderGroup
from deliberate.storage.database import Database
from tests.factories import make_comment, make_deliberation, make_person, make_proposals
from tests.support.amending import email_of
from tests.support.journeys import OpenVisit

pytestmark = pytest.mark.browser
GUEST = "guest@example.org"


def test_s12_a_co_sponsor_stands_behind_each_version_they_confirm(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure the list by group says for whom somebody stands behind which version."""
    discussion = make_deliberation(db).id
    (proposal,) = make_proposals(db, discussion, 1)
    guest = make_person(
        db, StakeholderGroup.TECHNICAL, name="Gudrun Guest", email=GUEST, organisation="Lamp Guild"
    )
    make_comment(db, discussion, guest)
    secretariat = make_person(db, role=Role.SECRETARIAT)
    with db.writing() as tx:
        confirm_mandate(tx, secretariat, guest.id or 0, "Lamp Guild")
    author = visit(email_of(db, proposal.author_id), narrow=scripts).page
    invited = visit(GUEST, narrow=not scripts)

    author.goto(f"/proposals/{proposal.id}")
    author.get_by_text("Invite co-sponsors").click()
    author.get_by_label("Whom").fill("@gudrun-guest")
    author.get_by_role("button", name="Invite", exact=True).click()
    expect(author.get_by_text("has not answered yet")).to_be_visible()

    invited.page.goto(f"/proposals/{proposal.id}")
    invited.page.get_by_label("You co-sponsor it").select_option("organisation")
    invited.look("invited")
    invited.page.get_by_role("button", name="Co-sponsor it").click()
    expect(invited.page.locator("#sponsors")).to_contain_text("on behalf of Lamp Guild")

    author.get_by_role("link", name="Write a new version").click()
    author.get_by_label("What should be done").fill("Lamps in every street.")
    author.get_by_label("What changed, and why").fill("Streets were forgotten.")
    author.get_by_role("button", name="See how it reads").click()
    author.get_by_role("button", name="Publish version 2").click()
    expect(author.locator("#sponsors")).to_contain_text("asked to confirm this one")

    invited.page.goto(f"/proposals/{proposal.id}")
    invited.look("confirm")
    invited.page.get_by_role("button", name="Confirm it for version 2").click()
    expect(invited.page.locator("#sponsors dl")).to_contain_text("Gudrun Guest")
    invited.page.get_by_text("Leave the co-sponsors").click()
    invited.page.get_by_role("button", name="Leave", exact=True).click()
    expect(invited.page.locator("#sponsors")).to_have_count(0)
