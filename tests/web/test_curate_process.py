"""Designing, previewing and fixing a process, as a browser without scripts does it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from deliberate.actions.curation import accept_question
from deliberate.actions.deliberations import get_page
from deliberate.actions.designs import find_subject, save_design
from deliberate.domain import contradictions as told
from deliberate.domain.canonical import fingerprint
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.domain.process import ProcessDesign, Template, design_of
from deliberate.storage.database import Database
from deliberate.storage.designs import find_draft
from deliberate.storage.forum import list_questions
from tests.factories import make_deliberation, make_person, make_session
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.designing import as_form, make_output, make_question, ranked
from tests.support.pages import Page
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of, renew

MOST_QUERIES = 8
HOPE = "Twenty responses of each group that pays for oil."
ANEW = "The cities have published their maps since."
OTHERS = [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT]


@pytest.fixture
def member(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


@pytest.fixture
def curator(app: Flask, db: Database, member: Actor) -> PageChecker:
    """Their browser."""
    return browser_of(app, db, member)


@pytest.fixture
def question_id(db: Database, member: Actor) -> int:
    """An accepted question that nobody has opened."""
    return make_question(db, member).id


@pytest.fixture
def address(question_id: int) -> str:
    """The address of its process."""
    return f"/questions/{question_id}/process"


@pytest.fixture
def opening(question_id: int) -> str:
    """The address that opens it."""
    return f"/questions/{question_id}/opening"


def save(db: Database, member: Actor, design: ProcessDesign, version: int = 0, **ids: int) -> None:
    """Keep a design as somebody else would."""
    with db.writing() as tx:
        save_design(tx, member, find_subject(tx, **ids), as_form(design, version))


def open_now(curator: PageChecker, address: str, opening: str, **fields: str) -> int:
    """Open what is designed; the id of the deliberation."""
    response = curator.submit(address, opening, fields)
    assert response.status_code == 303, response.text
    return int(response.location.rsplit("/", 1)[1])


def typed(page: Page, address: str) -> dict[str, list[str]]:
    """What stands in the form of the design."""
    form = next(form for form in page.forms if (form.action, form.method) == (address, "post"))
    return form.fields


def test_a_question_is_designed_opened_and_then_fixed(
    db: Database, curator: PageChecker, address: str, opening: str
) -> None:
    """Ensure suggestions can be opened as they are, and nothing changes them afterwards."""
    filled = curator.page(f"{address}?template=ranked_choice")
    design = typed(filled, address) | {"opens_at": "", "quorum": HOPE, "minimum": "3"}

    assert curator.post(address, data=design).location == address
    assert "it can be opened" in curator.page(address).text
    earlier = curator.page(address)
    number = open_now(curator, address, opening)

    with db.reading() as reader:
        opened = get_page(reader, number).deliberation
    fixed = design_of(opened.frozen)
    assert fixed is not None
    assert (fixed.template, fixed.minimum, fixed.quorum) == (Template.RANKED_CHOICE, 3, HOPE)
    shown = "".join(curator.page(f"/deliberations/{number}").text.split())
    assert fingerprint(opened.frozen) == opened.fingerprint
    assert opened.fingerprint in shown
    page, rows = curator.page(address), count_rows(db)
    assert not [form for form in page.forms if (form.action or "").startswith("/questions/")]
    for data in (typed(earlier, address) | {"minimum": "9"}, design | {"minimum": "none"}):
        late = curator.post(address, data=data)
        assert (late.status_code, HOPE in late.text) == (409, True)
    again = earlier.form(opening).fields | {"reason": ANEW}
    assert curator.post(opening, data=again).status_code == 409
    assert count_rows(db) == rows


@pytest.mark.one_database
def test_a_design_saved_as_it_stands_stays_as_it_is(
    db: Database, curator: PageChecker, member: Actor, question_id: int, address: str
) -> None:
    """Ensure a form that asks for no poll loses nothing that another kind would ask for."""
    save(db, member, ProcessDesign(Template.CONSULTATION), question_id=question_id)

    assert curator.post(address, data=typed(curator.page(address), address)).status_code == 303

    with db.reading() as reader:
        draft = find_draft(reader, question_id=question_id)
        assert draft is not None
        assert draft.version == 1


@pytest.mark.one_database
def test_contradictions_are_kept_as_a_draft_and_not_opened(
    db: Database, curator: PageChecker, address: str, opening: str
) -> None:
    """Ensure dates in the wrong order are explained each at its field, and markup stays text."""
    design = typed(curator.page(f"{address}?template=ranked_choice"), address) | {
        "opens_at": "2026-03-20T09:00",
        "closes_at": "2026-03-10T09:00",
        "poll_opens_at": "2026-03-19T09:00",
        "poll_closes_at": "2026-03-19T10:00",
        "poll_title": "<b>Now?",
        "groups": [],
        "ratings": "named",
        "quorum": "<script>alert(1)</script>",
    }

    assert curator.post(address, data=design).status_code == 303
    page = curator.page(address)
    forged = {**page.form(address).fields, "version": "1"}
    rows = count_rows(db)
    refused = curator.post(opening, data={name: forged[name] for name in ("csrf_token", "version")})

    expected = {
        "closes_at": told.CLOSES_FIRST,
        "proposals_close_at": told.PROPOSALS_SHORT,
        "poll_opens_at": told.POLL_FIRST,
        "poll_closes_at": told.POLL_SHORT,
        "poll_title": told.POLL_UNTITLED,
        "groups": told.NOBODY,
        "ratings": told.RATINGS_NAMED,
    }
    for shown in (page, Page(refused.text)):
        assert {name for name in shown.ids if name.endswith("-error")} == {
            f"field-{name}-error" for name in expected
        }
        assert all(sentence in shown.text for sentence in expected.values())
        assert "<script>alert(1)</script>" in shown.form(address).fields["quorum"]
        assert opening not in {form.action for form in shown.forms}
    assert (refused.status_code, count_rows(db)) == (422, rows)
    assert "cannot be opened yet: 7 reasons" in curator.page(f"{address}/preview").text


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("closes_at", "soon"),
        ("closes_at", "2026-02-30T10:00"),
        ("opens_at", "20226-03-10T10:00"),
        ("minimum", "0"),
        ("minimum", "many"),
        ("quorum", "a" * 301),
        ("quorum", "turned \u202e around"),
        ("poll_title", "a" * 161),
        ("groups", "Pirates"),
        ("schemes", "the loudest"),
        ("responses", "sold"),
    ],
)
def test_bad_input_comes_back_with_everything_that_was_typed(
    db: Database, curator: PageChecker, member: Actor, field: str, value: str
) -> None:
    """Ensure it is explained at its field, the other fields are kept, and nothing is written."""
    address = f"/outputs/{make_output(db, member)}/process"
    design = typed(curator.page(f"{address}?template=ranked_choice"), address)
    mine = design | {"quorum": HOPE} | {field: value}
    rows = count_rows(db)

    response = curator.post(address, data=mine)

    assert response.status_code == 422
    page = Page(response.text)
    assert f"field-{field}-error" in page.ids
    sent = {name: [each] if isinstance(each, str) else each for name, each in mine.items()}
    lost = {name for name, each in typed(page, address).items() if each != sent[name]}
    # What is no choice of a list cannot be shown as chosen.
    assert lost <= {"csrf_token", *({field} & {"groups", "schemes", "responses"})}
    assert count_rows(db) == rows


@pytest.mark.one_database
def test_two_designs_stand_beside_each_other(
    db: Database, curator: PageChecker, clock: FakeClock, address: str, question_id: int
) -> None:
    """Ensure neither is lost, only what differs is shown, and a second click is knowing."""
    mine = typed(curator.page(f"{address}?template=consultation"), address) | {"minimum": "4"}
    other = make_person(db, role=Role.MAG_MEMBER)
    save(db, other, ranked(clock(), quorum=HOPE, minimum=7), question_id=question_id)
    rows = count_rows(db)

    response = curator.post(address, data=mine)

    assert (response.status_code, count_rows(db)) == (409, rows)
    page = Page(response.text)
    theirs = re.findall(r"<dt>(.*?)</dt>", response.text)
    assert {"Kind of process", "Closes", "What participation you hope for"} <= set(theirs)
    assert not {"Method", "Rankings", "Groups that take positions"} & set(theirs)
    assert "Kind of process Ranked choice Opens nothing Closes 12 Mar 2026, 09:00" in page.text
    assert HOPE in page.text
    again = typed(page, address)
    assert (again["minimum"], again["template"]) == (["4"], ["consultation"])
    assert curator.post(address, data=again).status_code == 303
    with db.reading() as reader:
        draft = find_draft(reader, question_id=question_id)
        assert draft is not None
        assert (draft.version, draft.document["minimum"]) == (2, 4)


@pytest.mark.one_database
def test_only_what_was_looked_at_is_opened(
    db: Database,
    curator: PageChecker,
    member: Actor,
    clock: FakeClock,
    address: str,
    opening: str,
    question_id: int,
) -> None:
    """Ensure a design that changed, was never saved or cannot be read is not opened."""
    save(db, member, ranked(clock()), question_id=question_id)
    seen = curator.page(address).form(opening).fields
    save(db, member, ranked(clock(), minimum=9), 1, question_id=question_id)
    never = make_question(db, member)
    rows = count_rows(db)

    assert curator.post(opening, data=seen).status_code == 409
    assert curator.post(f"/questions/{never.id}/opening", data=seen).status_code == 409
    assert curator.post(opening, data=seen | {"version": "one"}).status_code == 422
    assert count_rows(db) == rows


@pytest.mark.one_database
def test_another_round_says_why(
    db: Database, curator: PageChecker, member: Actor, clock: FakeClock, address: str, opening: str
) -> None:
    """Ensure the reason is asked for, kept when it is refused, and public when it is given."""
    design = typed(curator.page(f"{address}?template=consultation"), address) | {"opens_at": ""}
    curator.post(address, data=design)
    first = open_now(curator, address, opening)
    clock.advance(days=30)
    renew(curator, db, member)
    later = typed(curator.page(f"{address}?template=consultation"), address)
    assert curator.post(address, data=later).status_code == 303

    for reason in ("", "Soon", "a" * 1001, "turned \u202e around for you"):
        response = curator.submit(address, opening, {"reason": reason})
        page = Page(response.text)
        assert (response.status_code, "field-reason-error" in page.ids) == (422, True)
        assert page.form(opening).fields["reason"] == [reason]
    seen = curator.page(address).form(opening).fields | {"reason": ANEW}
    clock.advance(days=2)
    renew(curator, db, member)
    late = curator.post(opening, data=seen)
    assert (late.status_code, ANEW in late.text, told.PASSED in late.text) == (422, True, True)

    curator.post(address, data=typed(Page(late.text), address) | {"opens_at": ""})
    second = open_now(curator, address, opening, reason=ANEW)

    assert second != first
    assert "There is a later round" in curator.page(f"/deliberations/{first}").text
    assert ANEW in curator.page("/curation-log").text


@pytest.mark.one_database
@pytest.mark.parametrize("role", OTHERS)
def test_only_the_mag_designs(
    app: Flask,
    db: Database,
    member: Actor,
    clock: FakeClock,
    address: str,
    opening: str,
    question_id: int,
    role: Role | None,
) -> None:
    """Ensure everybody else is told why, whether the form is right or not."""
    save(db, member, ranked(clock()), question_id=question_id)
    client = browser_of(app, db, make_person(db, role=role) if role else None)
    forms = client.page("/about" if role else "/sign-in").forms
    token = next(form.fields["csrf_token"][0] for form in forms if "csrf_token" in form.fields)
    rows = count_rows(db)

    for page in (address, f"{address}/preview"):
        assert "Advisory Group" in client.page(page, 403).text
    for data in ({"template": "consultation", "version": "1"}, {"version": "x"}):
        for place in (address, opening):
            response = client.post(place, data={"csrf_token": token, **data})
            assert (response.status_code, place) == (403, place)
    assert count_rows(db) == rows


@pytest.mark.one_database
def test_what_is_not_accepted_is_not_designed(
    db: Database, curator: PageChecker, member: Actor
) -> None:
    """Ensure unknown things are told from those that wait to be accepted."""
    session = make_session(db, member)
    with db.writing() as tx:
        waiting, accepted = (each.id for each in list_questions(tx, session.id))
        accept_question(tx, member, accepted, "A good question to begin with.")

    assert "Accept the question first." in curator.page(f"/questions/{waiting}/process", 409).text
    for place in ("/questions/999/process", "/outputs/999/process/preview"):
        assert curator.get(place).status_code == 404
    assert curator.get(f"/questions/{accepted}/process/preview").location.endswith("/process")


@pytest.mark.one_database
def test_the_preview_says_to_each_role_what_it_can_do(
    db: Database, curator: PageChecker, member: Actor, clock: FakeClock,
    address: str, question_id: int,
) -> None:  # fmt: skip
    """Ensure it follows the policy, with reasons, and keeps to the query budget."""
    groups = (StakeholderGroup.TECHNICAL,)
    save(db, member, ranked(clock(), groups=groups), question_id=question_id)
    said: dict[str, Any] = {}

    for role in ("visitor", "participant", "other", "facilitator", "no-such-role"):
        with recorded(db) as sent:
            said[role] = curator.page(f"{address}/preview?as={role}").text
        assert len(sent) <= MOST_QUERIES
    with recorded(db) as sent:
        curator.page(address)

    assert len(sent) <= MOST_QUERIES
    assert "Sign in to take part." in said["visitor"]
    assert "Only the stakeholder groups that were named at opening" in said["other"]
    assert "Only the stakeholder groups" not in said["participant"]
    assert "do not take positions on what they run" in said["facilitator"]
    assert said["no-such-role"] == said["participant"]


@pytest.mark.one_database
def test_the_design_can_be_sent_for_alone(curator: PageChecker, address: str) -> None:
    """Ensure htmx gets the design where it asks for a part, right or wrong."""
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    form = typed(curator.page(f"{address}?template=consultation"), address)

    for response in (
        curator.get(address, headers=headers),
        curator.post(address, data=form | {"minimum": "many"}, headers=headers),
    ):
        assert response.text.lstrip().startswith('<div id="process"')


@pytest.mark.one_database
def test_a_short_opening_fixes_as_well(
    db: Database, curator: PageChecker, member: Actor, clock: FakeClock
) -> None:
    """Ensure what was opened the short way is not designed while it runs, and then it is."""
    opened = make_deliberation(db, make_session(db, member), days=7)
    address = f"/questions/{opened.question_id}/process"

    running = curator.page(f"{address}?template=consultation")
    clock.advance(days=7)
    renew(curator, db, member)
    over = curator.page(f"{address}?template=consultation")

    assert "does not change any more" in running.text
    assert address not in {form.action for form in running.forms}
    assert typed(over, address)["closes_at"] == [f"{clock() + timedelta(days=22):%Y-%m-%d}T18:00"]
