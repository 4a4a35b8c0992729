"""The page of a deliberation: what stands on it in each phase, and for whom."""

import hashlib
import json

import pytest
from flask import Flask

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Role, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.places import ROOTS_A_PAGE
from deliberate.storage.threads import REPLIES_SHOWN
from tests.factories import (
    make_comment,
    make_deliberation,
    make_person,
    make_poll,
    make_proposals,
    respond,
)
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded
from tests.support.signed_in import browser_of

ROLES = [None, Role.STAKEHOLDER, Role.MAG_MEMBER, Role.FACILITATOR, Role.SECRETARIAT]
BUDGET = 8


@pytest.fixture
def question(db: Database) -> Deliberation:
    """An open policy question."""
    return make_deliberation(db)


@pytest.fixture
def call(db: Database) -> Deliberation:
    """An open call to action that three groups have answered."""
    made = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    groups = StakeholderGroup.registrable()
    for group in groups[:3]:
        for _ in range(6):
            respond(db, made, make_person(db, group), Position.ENDORSE)
    respond(
        db, made, make_person(db, groups[3], name="Olu Doubt"), Position.CONTEST, "Too vague.  "
    )
    return made


def browse(app: Flask, db: Database, role: Role | None) -> PageChecker:
    """A browser of somebody with this role; of a visitor without one."""
    person = make_person(db, role=role) if role else None
    return browser_of(app, db, person)


def test_anybody_recomputes_the_fingerprint(
    client: PageChecker, question: Deliberation, call: Deliberation
) -> None:
    """Ensure the hash of the bytes that a visitor is sent is the one that the page shows."""
    for each in (question, call):
        page = client.page(f"/deliberations/{each.id}")

        fixed = client.get(f"/deliberations/{each.id}/frozen.json")

        digest = hashlib.sha256(fixed.data).hexdigest()
        assert digest == each.fingerprint
        assert digest in page.text.replace(" ", "")
        assert json.loads(fixed.data)["process"]["template"]
    assert client.get("/deliberations/99/frozen.json").status_code == 404


def test_the_question_and_its_dates_are_shown(client: PageChecker, question: Deliberation) -> None:
    """Ensure a visitor reads the question, where it stands and what one can do."""
    page = client.page(f"/deliberations/{question.id}")

    assert "How should public lanterns be connected to community networks?" in page.text
    assert "Lanterns on the network" in page.text
    assert "1 Apr 2026" in page.text
    assert "You can comment, make proposals and rate them." in page.text
    assert question.fingerprint in page.text.replace(" ", "")


def test_a_missing_deliberation_says_so(client: PageChecker) -> None:
    """Ensure an unknown number is not found, however large it is."""
    assert client.get("/deliberations/999").status_code == 404
    assert client.get("/deliberations/99999999999999999999").status_code == 404


def test_an_output_is_quoted_as_reported(client: PageChecker, call: Deliberation) -> None:
    """Ensure the words of the session are marked as such, and that positions are named."""
    page = client.page(f"/deliberations/{call.id}")

    assert "Cities should publish where every lantern stands." in page.text
    assert "As reported by the session" in page.text
    assert "Positions are named" in page.text


@pytest.mark.parametrize("role", ROLES)
def test_nobody_sees_results_before_closing(
    app: Flask, db: Database, call: Deliberation, role: Role | None
) -> None:
    """Ensure until closing every role sees how many of each group answered, and nothing else."""
    client = browse(app, db, role)

    html = client.get(f"/deliberations/{call.id}").text

    assert "stacked" not in html
    assert "Olu Doubt" not in html
    assert "Nearest level" not in html
    assert "results.csv" not in html
    assert '<span class="count">6</span>' in html


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_results_after_closing(
    app: Flask, db: Database, clock: FakeClock, call: Deliberation, role: Role | None
) -> None:
    """Ensure after closing the groups stand side by side and thin ones are named."""
    client = browse(app, db, role)
    clock.advance(days=31)

    page = client.page(f"/deliberations/{call.id}")

    assert page.tags["table"] == 1
    assert "Endorsed across all reporting groups" in page.text
    assert "Nearest level: Consensus" in page.text
    assert "Too few responses to say where these groups stand" in page.text
    assert f"/deliberations/{call.id}/results.json" in page.links
    assert not [form for form in page.forms if (form.action or "").startswith("/points/")]


def test_a_page_kept_in_memory_ends_with_the_phase(
    client: PageChecker, clock: FakeClock, call: Deliberation
) -> None:
    """Ensure the page drawn a second before closing is not the one shown at closing."""
    clock.advance(days=30, seconds=-1)
    before = client.page(f"/deliberations/{call.id}")

    clock.advance(seconds=1)
    after = client.page(f"/deliberations/{call.id}")

    assert "Respond to the points" in before.text
    assert "Positions of the groups" in after.text


def test_a_deliberation_not_yet_open_takes_nothing(
    app: Flask, db: Database, clock: FakeClock
) -> None:
    """Ensure before opening the text can be read and there is no form to fill in."""
    later = make_deliberation(db, opens_at=clock.now.replace(month=3, day=10))
    client = browse(app, db, Role.STAKEHOLDER)

    page = client.page(f"/deliberations/{later.id}")

    assert "take part from the date above" in page.text
    assert [form.action for form in page.forms] == ["/sign-out"]


def test_polls_and_proposals_are_listed(
    client: PageChecker, db: Database, clock: FakeClock, question: Deliberation
) -> None:
    """Ensure each poll says until when it takes ballots, and each proposal leads to its page."""
    poll = make_poll(db, question.id, hours=24)
    path = f"/deliberations/{question.id}"

    page = client.page(path)

    assert "takes ballots until 3 Mar 2026, 09:00 UTC" in page.text
    assert "0 ballots" in page.text
    assert f"/polls/{poll.id}" in page.links
    assert len([link for link in page.links if link.startswith("/proposals/")]) == 3
    clock.advance(hours=24)
    assert "is being counted" in client.page(path).text


def test_a_facilitator_finds_the_tools(app: Flask, db: Database, question: Deliberation) -> None:
    """Ensure links to open a poll and write the summary are there for facilitators only."""
    tools = {f"/deliberations/{question.id}/{tool}" for tool in ("polls/new", "summary")}

    for role in ROLES:
        links = set(browse(app, db, role).page(f"/deliberations/{question.id}").links)

        assert tools <= links if role is Role.FACILITATOR else not tools & links


def test_a_damaged_cursor_means_the_beginning(
    client: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure whatever stands behind `after` gives a page."""
    comment = make_comment(db, question.id)

    page = client.page(f"/deliberations/{question.id}?after='%20OR%201--")

    assert f"c{comment.id}" in page.ids


def test_deep_replies_name_whom_they_answer(
    client: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure the indentation ends at three steps and the rest is said in words."""
    root = parent = make_comment(db, question.id)
    for number in range(5):
        author = make_person(db, name=f"Voice {number}")
        parent = make_comment(db, question.id, author, parent_id=parent.id)

    html = client.get(f"/deliberations/{question.id}?thread={root.id}").text

    assert "in reply to Voice 3" in html
    assert "in reply to Voice 1" not in html
    assert html.count('<ol class="thread"') == 4


def test_a_page_of_many_comments_is_light(
    client: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure of two hundred comments a page has the threads with the first replies of each."""
    people = [make_person(db) for _ in range(10)]
    roots = [make_comment(db, question.id, people[n % 10]) for n in range(ROOTS_A_PAGE)]
    for number in range(170):
        parent = roots[number % ROOTS_A_PAGE]
        make_comment(db, question.id, people[number % 10], parent_id=parent.id)

    page = client.page(f"/deliberations/{question.id}")

    assert page.tags["article"] == ROOTS_A_PAGE * (1 + REPLIES_SHOWN)


@pytest.mark.parametrize("role", [None, Role.STAKEHOLDER])
def test_a_question_asks_little_of_the_database(
    app: Flask, db: Database, question: Deliberation, role: Role | None
) -> None:
    """Ensure a page drawn for the first time keeps to the budget, and a kept one to half of it."""
    make_proposals(db, question.id)
    for _ in range(10):
        make_comment(db, question.id)
    client = browse(app, db, role)

    with recorded(db) as first:
        client.get(f"/deliberations/{question.id}")
    with recorded(db) as second:
        client.get(f"/deliberations/{question.id}")

    assert len(first) <= BUDGET
    assert len(second) <= BUDGET // 2


@pytest.mark.parametrize("days", [0, 31])
def test_points_ask_little_of_the_database(
    app: Flask, db: Database, clock: FakeClock, call: Deliberation, days: int
) -> None:
    """Ensure results are counted for the first reader after a change and not for the next."""
    clock.advance(days=days)
    client = browse(app, db, Role.STAKEHOLDER)
    client.get(f"/deliberations/{call.id}")

    with recorded(db) as sent:
        client.get(f"/deliberations/{call.id}")

    assert len(sent) <= BUDGET // 2


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_speaks_the_language_asked_for(
    client: PageChecker, question: Deliberation, language: str
) -> None:
    """Ensure what is kept for one language is not shown in another."""
    client.page(f"/deliberations/{question.id}?lang=en")

    page = client.page(f"/deliberations/{question.id}?lang={language}")

    assert page.html_attributes["lang"] == language
