"""Journeys M8, M9 and M13: design a process, move its dates, archive it and begin anew."""

import re

import pytest
from playwright.sync_api import Page, expect

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Role, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.storage.database import Database
from tests.factories import make_comment, make_deliberation, make_person, make_session, respond
from tests.support.clock import FakeClock
from tests.support.designing import make_question
from tests.support.journeys import OpenVisit, Visit

pytestmark = pytest.mark.browser
CURATOR, WRITER = "curator@example.org", "ama@example.org"
HOPE = "Twenty responses of each group that pays for oil."
LONGER = "Two groups asked for a week more."
SHORTER = "The hearing was brought forward."
OVER = "It came to its summary and nothing is open any more."
ANEW = "The cities have published their maps since."
ROLES = ("Visitor", "Participant of another group", "MAG member", "Facilitator", "Secretariat")


def fill_in(curator: Visit, **moments: str) -> None:
    """Enter moments by the names of their fields, and save."""
    for name, moment in moments.items():
        curator.page.locator(f'[name="{name}"]').fill(moment)
    curator.page.get_by_role("button", name="Save the design").click()


def digest_of(page: Page) -> str:
    """The fingerprint that is shown, without its gaps."""
    digest = "".join(page.locator(".digest code").first.inner_text().split())
    assert re.fullmatch("[0-9a-f]{64}", digest)
    return digest


def test_m8_a_process_is_designed_previewed_and_fixed(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure contradictions are refused where they stand, and what is fixed stays as it is."""
    question = make_question(db, make_person(db, role=Role.MAG_MEMBER, email=CURATOR))
    curator = visit(CURATOR, narrow=not scripts)
    address = f"/questions/{question.id}/process"

    choose_a_template(curator, address)
    contradict(curator)
    put_right(curator)
    preview(curator)
    digest = fix(curator, address)
    read_the_plan(visit(), f"/questions/{question.id}", digest)


def choose_a_template(curator: Visit, address: str) -> None:
    """Begin with suggestions in which nothing contradicts anything."""
    page = curator.page
    page.goto(address)
    curator.look("m8-template")
    page.get_by_label("Ranked choice").check()
    page.get_by_role("button", name="Fill in suggestions").click()
    expect(page.get_by_label("Poll closes")).to_have_value("2026-03-26T18:00")
    curator.look("m8-suggestions")


def contradict(curator: Visit) -> None:
    """Say what cannot be meant: it is kept as a draft, with each reason at its field."""
    page = curator.page
    page.get_by_label("What participation you hope for").fill(HOPE)
    page.get_by_label("What is asked").fill("Which?")
    fill_in(curator, poll_closes_at="2026-04-20T18:00")
    expect(page.get_by_text("The draft is saved with its contradictions.")).to_be_visible()
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("It cannot be opened yet: 2 reasons.")
    late = page.get_by_label("Poll closes")
    expect(late).to_have_accessible_description(
        re.compile("A poll closes no later than its discussion does")
    )
    expect(late).to_have_value("2026-04-20T18:00")
    expect(page.get_by_label("What is asked")).to_have_value("Which?")
    expect(page.get_by_label("What participation you hope for")).to_have_value(HOPE)
    expect(page.get_by_role("button", name="Freeze and open")).to_have_count(0)
    curator.look("m8-contradictions")
    refused.get_by_role("link", name="A poll closes no later").click()
    assert page.url.endswith("#field-poll_closes_at")


def put_right(curator: Visit) -> None:
    """Correct both, leave a group out, and register one weighting alone."""
    page = curator.page
    page.get_by_label("What is asked").fill("Which proposal should come first?")
    page.get_by_label("Private Sector").uncheck()
    page.get_by_role("group", name="Registered weightings").get_by_role("checkbox").nth(1).uncheck()
    page.get_by_label("Fewest answers for a group").fill("3")
    fill_in(curator, poll_closes_at="2026-03-26T18:00", opens_at="")
    expect(page.get_by_text("Nothing contradicts anything: it can be opened.")).to_be_visible()
    curator.look("m8-ready")


def preview(curator: Visit) -> None:
    """See what each role can do in each phase."""
    page = curator.page
    page.get_by_role("link", name="Preview it as each role").click()
    for role in ROLES:
        page.get_by_role("link", name=role, exact=True).click()
        expect(page.locator('nav a[aria-current="page"]').last).to_have_text(role)
    page.get_by_role("link", name="Participant", exact=True).click()
    row = page.get_by_role("row", name=re.compile("Discussion and poll"))
    expect(row.get_by_role("cell").first).to_contain_text("Rank proposals in the poll")
    expect(row.get_by_role("cell").nth(1)).to_contain_text("The time for proposals is over")
    curator.look("m8-participant")
    page.get_by_role("link", name="Participant of another group").click()
    page.get_by_text("What this role can do in no phase").click()
    expect(page.locator("details[open]")).to_contain_text("Only the stakeholder groups")
    curator.look("m8-other-group")
    page.get_by_role("link", name="Back to the design").click()


def fix(curator: Visit, address: str) -> str:
    """Open it; from here on there is no form for it any more. Gives the fingerprint."""
    page = curator.page
    page.get_by_role("button", name="Freeze and open").click()
    page.wait_for_url("**/deliberations/*")
    expect(page.get_by_text("The process is fixed.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("Its process was fixed and does not change any more")).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)
    curator.look("m8-fixed")
    return digest_of(page)


def read_the_plan(visitor: Visit, address: str, digest: str) -> None:
    """Find the plan and the same fingerprint as everybody does."""
    page = visitor.page
    page.goto(address)
    plan = page.get_by_role("region", name="How this goes")
    expect(plan).to_contain_text(HOPE)
    expect(plan).not_to_contain_text("Private Sector")
    page.get_by_text("What was fixed at opening").click()
    assert digest_of(page) == digest
    visitor.look("m8-plan")


def test_m9_dates_move_with_a_public_reason_and_a_notice(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure full weeks are seen, no date moves silently, and those who took part are told."""
    member = make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    session = make_session(db, member)
    discussion = make_deliberation(db, session, days=14)
    make_deliberation(db, session, days=15, output=OutputKind.KEY_TAKEAWAY)
    make_comment(db, discussion.id, make_person(db, email=WRITER))
    curator = visit(CURATOR, narrow=not scripts)

    curator.page.goto("/timetable")
    expect(curator.page.get_by_text("2 discussions close in the same week.").first).to_be_visible()
    curator.look("m9-timetable")
    extend(curator, discussion.id)
    shorten(curator, discussion.id)
    be_told(visit(WRITER, narrow=not scripts))
    read_the_reasons(visit(), discussion.id)


def extend(curator: Visit, discussion_id: int) -> None:
    """Give a week more: without a reason nothing happens, and the text is kept."""
    page = curator.page
    page.get_by_role("link", name=re.compile("^Move the closing of How should")).click()
    curator.look("m9-dates")
    form = curator.form(f"/deliberations/{discussion_id}/rescheduling")
    form.get_by_label("Closes").fill("2026-03-24T12:00")
    form.get_by_label("Reason").fill("Too short")
    form.get_by_role("button", name="Move the closing").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 10 characters")
    expect(form.get_by_label("Closes")).to_have_value("2026-03-24T12:00")
    curator.look("m9-refused")
    form.get_by_label("Reason").fill(LONGER)
    form.get_by_role("button", name="Move the closing").click()
    expect(page.get_by_text("The closing is moved.")).to_be_visible()
    page.goto("/timetable")
    expect(page.get_by_text("close in the same week.")).to_have_count(0)


def shorten(curator: Visit, discussion_id: int) -> None:
    """Take some of it back: never to less than two days from now."""
    page = curator.page
    page.goto(f"/deliberations/{discussion_id}/dates")
    action = f"/deliberations/{discussion_id}/rescheduling"
    curator.send(action, closes_at="2026-03-03T12:00", reason=SHORTER)
    expect(page.get_by_label("Closes")).to_have_accessible_description(
        re.compile("People need at least 48 hours from now")
    )
    expect(page.get_by_label("Reason")).to_have_value(SHORTER)
    curator.send(action, closes_at="2026-03-20T12:00")
    expect(page.get_by_text("The closing is moved.")).to_be_visible()
    page.goto(f"/deliberations/{discussion_id}/dates")
    moved = page.get_by_role("region", name="Moved before")
    expect(moved.locator("q")).to_have_text([SHORTER, LONGER])
    curator.look("m9-moved")


def be_told(writer: Visit) -> None:
    """Find both moves on one's own page, with the reasons."""
    page = writer.page
    page.goto("/account")
    told = page.get_by_role("region", name="Dates that moved")
    expect(told).to_contain_text(LONGER)
    expect(told).to_contain_text(SHORTER)
    writer.look("m9-notices")


def read_the_reasons(visitor: Visit, discussion_id: int) -> None:
    """Read beside the fingerprint, and in the public log, why the date moved."""
    page = visitor.page
    page.goto(f"/deliberations/{discussion_id}")
    expect(page.get_by_text(SHORTER)).to_be_visible()
    page.get_by_text("What was fixed at opening").click()
    expect(page.get_by_text("Amended after opening")).to_be_visible()
    visitor.look("m9-discussion")
    page.goto("/curation-log")
    expect(page.locator("main")).to_contain_text(LONGER)
    expect(page.locator("main")).to_contain_text(SHORTER)


def test_m13_what_is_archived_stays_and_another_round_begins(
    db: Database, clock: FakeClock, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure addresses last, archives are only read, and a new round leaves results as they are."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    first = make_deliberation(db, days=5, output=OutputKind.CALL_TO_ACTION, minimum=2)
    for group in (StakeholderGroup.GOVERNMENT, StakeholderGroup.TECHNICAL):
        for _ in range(2):
            respond(db, first, make_person(db, group), Position.CONTEST)
    make_comment(db, first.id, make_person(db, email=WRITER))
    clock.advance(days=6)
    curator = visit(CURATOR, narrow=not scripts)
    reader = visit(WRITER, narrow=not scripts)
    address = f"/deliberations/{first.id}"
    before = reader.page.request.get(f"{address}/results.json").json()

    archive(curator, address)
    find_it_again(reader, address)
    second = begin_anew(curator, address, first.output_id or 0)

    respond_anew(reader, address, second)
    assert reader.page.request.get(f"{address}/results.json").json() == before


def archive(curator: Visit, address: str) -> None:
    """Take it out of the lists, with a public reason."""
    page = curator.page
    page.goto(f"{address}/dates")
    expect(page.get_by_role("heading", name="Move the closing")).to_have_count(0)
    curator.look("m13-over")
    curator.send(f"{address}/archive", reason=OVER)
    expect(page.get_by_text("The discussion is archived.")).to_be_visible()
    curator.look("m13-archived")


def find_it_again(reader: Visit, address: str) -> None:
    """Not in the list, but among what is archived and at its address, where nothing is written."""
    page = reader.page
    page.goto("/deliberations")
    expect(page.locator(f'main a[href="{address}"]')).to_have_count(0)
    page.get_by_role("link", name="Archived (1)").click()
    page.locator(f'main a[href="{address}"]').first.click()
    expect(page.get_by_text("Archived: it stands in no list any more.")).to_be_visible()
    expect(page.locator('main form[method="post"]:not([action$="/visit"])')).to_have_count(0)
    reader.look("m13-archive")


def begin_anew(curator: Visit, address: str, output_id: int) -> str:
    """Design another round and open it; it asks why. Gives its address."""
    page = curator.page
    page.goto(f"{address}/dates")
    page.get_by_role("link", name="Design another round").click()
    page.get_by_role("button", name="Fill in suggestions").click()
    fill_in(curator, opens_at="")
    expect(page.get_by_label("Why another round?")).to_be_visible()
    curator.look("m13-again")
    opening = f"/outputs/{output_id}/opening"
    curator.send(opening, reason="Soon")
    expect(page.get_by_label("Why another round?")).to_have_value("Soon")
    expect(page.get_by_role("alert")).to_contain_text("why another round is needed")
    curator.send(opening, reason=ANEW)
    expect(page.get_by_text("The process is fixed.")).to_be_visible()
    page.wait_for_url(re.compile(r"/deliberations/\d+$"))
    assert not page.url.endswith(address)
    return page.url


def respond_anew(reader: Visit, first: str, second: str) -> None:
    """Respond in the new round, and go from each round to the other."""
    page = reader.page
    page.goto(second)
    action = page.locator('form[action^="/points/"]').first.get_attribute("action") or ""
    form = reader.form(action)
    form.locator('input[value="endorse"]').check()
    form.get_by_role("button").first.click()
    expect(page.get_by_text("Endorse").first).to_be_visible()
    reader.look("m13-second-round")
    page.get_by_role("link", name="Round 1 of 2026 and its results").click()
    assert page.url.endswith(first)
    expect(page.get_by_text("Contest").first).to_be_visible()
    reader.look("m13-first-round")
    page.get_by_role("link", name="There is a later round").click()
    page.wait_for_url(second)
