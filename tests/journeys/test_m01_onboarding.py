"""M1: from an invitation to a member's desk, in Chromium, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import expect

from deliberate.domain.people import Role
from deliberate.storage.database import Database
from tests.factories import PASSWORD, make_person, make_session
from tests.support.clock import FakeClock
from tests.support.journeys import OpenVisit, Visit
from tests.support.second_steps import code_at

EMAIL = "new.member@example.org"


@pytest.mark.browser
def test_m01_an_invited_member_arrives_at_the_desk(
    db: Database, clock: FakeClock, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure invitation, account, second step, organisation and conflicts follow each other."""
    make_person(db, role=Role.SECRETARIAT, email="secretariat@example.org")
    slug = make_session(db).slug
    narrow = not scripts
    link = invite(visit("secretariat@example.org", narrow=narrow))
    member = visit(narrow=narrow)

    accept(member, link)
    secret, recovery = set_up(member, db)
    arrive(member)
    stand_aside(member, slug)
    sign_in_again(visit(narrow=narrow), db, clock, secret, recovery)
    late = visit(narrow=narrow)
    late.page.goto(link)
    expect(late.page.locator("main")).to_contain_text("This invitation was used already.")
    late.look("used")


def invite(secretariat: Visit) -> str:
    """Make the link that is sent by hand."""
    page = secretariat.page
    page.goto("/people")
    page.get_by_role("link", name="Invite somebody").click()
    secretariat.look("invite")
    page.get_by_label("MAG member").check()
    secretariat.send("/people/invitations", email=EMAIL)
    secretariat.look("link")
    link = page.get_by_label("Invitation link").input_value().strip()
    page.get_by_role("link", name="Done").click()
    expect(page.locator("#open")).to_contain_text(EMAIL)
    secretariat.look("open")
    return link


def accept(member: Visit, link: str) -> None:
    """Make the account."""
    page = member.page
    page.goto(link)
    member.look("invitation")
    page.get_by_label("Civil Society").check()
    page.get_by_label("Regional group").select_option("African Group")
    address = re.sub("^https?://[^/]+", "", link)
    member.send(address, name="Nia Okoro", password=PASSWORD)
    page.wait_for_url("**/account/second-step")


def set_up(member: Visit, db: Database) -> tuple[str, str]:
    """Set up the second step; its secret and one of the recovery codes."""
    page = member.page
    member.look("second-step")
    member.send("/account/second-step", password=PASSWORD)
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    member.look("secret")
    secret = page.locator("#scan ~ * code, section code").first.inner_text().replace(" ", "")
    member.send("/account/second-step/confirmation", code="000000")
    expect(page.get_by_role("alert")).to_contain_text("This code does not fit.")
    member.send("/account/second-step/confirmation", code=code_at(db, secret))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    member.look("recovery-codes")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a text file").click()
    recovery = page.locator(".recovery-codes code").first.inner_text()
    assert recovery in saved.value.path().read_text(encoding="utf-8")
    return secret, recovery


def arrive(member: Visit) -> None:
    """Do the first things on the desk: organisation and conflicts."""
    page = member.page
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/curate")
    member.look("welcome")
    welcome = page.locator("#welcome")
    welcome.get_by_role("link", name="Your organisation").click()
    member.look("organisation")
    member.send("/account/organisation?next=/curate", organisation="Heron Works")
    expect(welcome).to_contain_text("Heron Works")
    welcome.get_by_role("button").click()
    expect(page.locator("#conflicts")).to_be_visible()
    expect(welcome).to_have_count(0)
    page.goto("/account")
    member.look("account")


def stand_aside(member: Visit, slug: str) -> None:
    """Declare a conflict: the session can be read, nothing done, and the public log says so."""
    page = member.page
    page.goto(f"/sessions/{slug}/curation")
    expect(page.locator('main form[action$="/acceptance"]')).not_to_have_count(0)
    page.get_by_role("link", name="I have a conflict of interest here").click()
    member.send(f"/sessions/{slug}/conflict", note="I organised it.")
    expect(page.locator("#conflicts")).to_contain_text("I organised it.")
    page.goto(f"/sessions/{slug}/curation")
    expect(page.locator('main form[action^="/questions/"]')).to_have_count(0)
    page.goto("/curation-log")
    log = page.locator("main")
    expect(log).to_contain_text("Nia Okoro")
    expect(log).not_to_contain_text("I organised it.")


def sign_in_again(
    member: Visit, db: Database, clock: FakeClock, secret: str, recovery: str
) -> None:
    """Take both steps, with the app and then with a recovery code."""
    page = member.page
    for code in (None, recovery):
        clock.advance(minutes=5)
        page.goto("/sign-in")
        member.send("/sign-in", email=EMAIL, password=PASSWORD)
        page.wait_for_url("**/sign-in/second-step")
        member.look("code")
        member.send("/sign-in/second-step", code=code or code_at(db, secret))
        expect(page.locator(".account")).to_contain_text("Nia Okoro")
        page.locator('.account form[action="/sign-out"] button').click()
