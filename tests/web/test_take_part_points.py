"""Taking positions on points, and who took which, as a browser without scripts does it."""

import pytest
from flask import Flask

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import list_points
from deliberate.storage.responses import count_responses
from tests.factories import make_deliberation, make_person, respond
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
REASON = "The map would show thieves the way."


@pytest.fixture
def call(db: Database) -> Deliberation:
    """An open call to action, one point."""
    return make_deliberation(db, output=OutputKind.CALL_TO_ACTION)


@pytest.fixture
def ada(db: Database) -> Actor:
    """Somebody of the technical community."""
    return make_person(db, StakeholderGroup.TECHNICAL, name="Ada Example", organisation="Wicks Ltd")


def point_of(db: Database, deliberation: Deliberation) -> int:
    """The id of the only point."""
    with db.reading() as reader:
        return list_points(reader, [deliberation.output_id or 0])[0].id


def stored(db: Database, point_id: int) -> dict[Position, int]:
    """How many took which position."""
    with db.reading() as reader:
        return {position: count for _, _, position, count in count_responses(reader, [point_id])}


@pytest.mark.parametrize("part", [False, True])
def test_a_position_is_stored_and_shown_to_its_owner(
    app: Flask, db: Database, ada: Actor, call: Deliberation, part: bool
) -> None:
    """Ensure the own response stands on the page, alone, and can be changed until closing."""
    browser, point = browser_of(app, db, ada), point_of(db, call)
    path, action = f"/deliberations/{call.id}", f"/points/{point}/response"
    headers = PART if part else {}
    browser.submit(path, action, {"position": "endorse"}, headers=headers)

    answer = browser.submit(
        path, action, {"position": "contest", "reason": REASON}, headers=headers
    )

    if part:
        assert answer.text.lstrip().startswith('<section id="points"')
        assert "data-announce" in answer.text
    else:
        assert answer.headers["Location"] == f"{path}#point-{point}"
    page = browser.page(path)
    assert stored(db, point) == {Position.CONTEST: 1}
    assert f"Your response: Contest {REASON}" in page.text
    assert page.form(action).fields["position"] == ["contest"]
    assert REASON not in browser_of(app, db, None).page(path).text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"position": "contest"}, "Say why, in at least 10 characters"),
        ({"position": "endorse_in_part", "reason": "short"}, "Say why, in at least 10 characters"),
        ({"position": "maybe"}, "Choose one of the options."),
        ({"position": "endorse", "reason": "x" * 1_001}, "Shorten this to 1000 characters."),
        ({"position": "contest", "reason": f"{REASON}\u2066"}, "invisible direction marks"),
    ],
)
@pytest.mark.parametrize("headers", [{}, PART])
def test_a_wrong_response_comes_back_with_its_text(
    app: Flask,
    db: Database,
    ada: Actor,
    call: Deliberation,
    fields: dict[str, str],
    message: str,
    headers: dict[str, str],
) -> None:
    """Ensure nothing is stored, and the reason typed stands in the form again."""
    browser, point = browser_of(app, db, ada), point_of(db, call)

    answer = browser.submit(
        f"/deliberations/{call.id}", f"/points/{point}/response", fields, headers=headers
    )

    assert answer.status_code == 422
    assert message in answer.text
    assert fields.get("reason", "").strip() in answer.text
    assert stored(db, point) == {}


def test_no_position_at_all_is_asked_for(
    app: Flask, db: Database, ada: Actor, call: Deliberation
) -> None:
    """Ensure nothing is chosen beforehand, and sending nothing is explained."""
    browser, point = browser_of(app, db, ada), point_of(db, call)
    path, action = f"/deliberations/{call.id}", f"/points/{point}/response"

    answer = browser.submit(path, action)

    assert "position" not in browser.page(path).form(action).fields
    assert answer.status_code == 422
    assert "This is needed." in answer.text


@pytest.mark.parametrize("role", [None, Role.MAG_MEMBER, Role.FACILITATOR, Role.SECRETARIAT])
@pytest.mark.parametrize("position", ["endorse", "maybe"])
def test_those_who_run_things_take_no_position(
    app: Flask, db: Database, call: Deliberation, role: Role | None, position: str
) -> None:
    """Ensure visitors and staff get no form, are told why, and cannot do without it."""
    browser = browser_of(app, db, make_person(db, role=role) if role else None)
    point = point_of(db, call)
    action = f"/points/{point}/response"
    page = browser.page(f"/deliberations/{call.id}")
    token = browser.page("/account" if role else "/sign-in").forms[0].fields["csrf_token"]
    before = count_rows(db)

    answer = browser.post(action, data={"csrf_token": token, "position": position})

    assert not [form for form in page.forms if form.action == action]
    assert ("do not take positions" if role else "Sign in to take part") in page.text
    assert answer.status_code == 403
    assert count_rows(db) == before


def test_after_closing_nothing_changes(
    app: Flask, db: Database, clock: FakeClock, ada: Actor, call: Deliberation
) -> None:
    """Ensure a response that comes too late is refused, with the reason kept."""
    browser, point = browser_of(app, db, ada), point_of(db, call)
    action = f"/points/{point}/response"
    form = browser.page(f"/deliberations/{call.id}").form(action).fields
    clock.advance(days=31)

    answer = browser.post(action, data={**form, "position": "contest", "reason": REASON})

    assert answer.status_code == 403
    assert REASON in answer.text
    assert stored(db, point) == {}


@pytest.mark.parametrize("role", [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT])
def test_who_said_what_is_published_after_closing(
    app: Flask, db: Database, clock: FakeClock, ada: Actor, call: Deliberation, role: Role | None
) -> None:
    """Ensure names, groups and reasons are shown to all after closing and to nobody before."""
    respond(db, call, ada, Position.CONTEST, REASON)
    respond(db, call, make_person(db, name="Bo Silent"), Position.NO_POSITION)
    browser = browser_of(app, db, make_person(db, role=role) if role else None)
    path = f"/points/{point_of(db, call)}/responses"
    before = browser.get(path)
    clock.advance(days=31)

    page = browser.page(path)

    assert before.status_code == 403
    assert "Ada Example" not in before.text
    assert f"Ada Example Wicks Ltd Contest {REASON}" in page.text
    assert "Bo Silent No position" in page.text
    assert page.text.index("Civil Society") < page.text.index("Technical Community")
    assert path in browser.page(f"/deliberations/{call.id}").links


def test_a_point_nobody_answered_says_so(
    client: PageChecker, db: Database, clock: FakeClock, call: Deliberation
) -> None:
    """Ensure an empty list explains itself, and unknown points are not found."""
    clock.advance(days=31)

    page = client.page(f"/points/{point_of(db, call)}/responses")

    assert "Nobody responded to this point." in page.text
    assert client.get("/points/999999/responses").status_code == 404
    assert "Not enough participation" in client.page(f"/deliberations/{call.id}").text


def test_responding_is_limited(app: Flask, db: Database, ada: Actor, call: Deliberation) -> None:
    """Ensure changing one's mind sixty times in ten minutes is enough."""
    browser, point = browser_of(app, db, ada), point_of(db, call)
    action = f"/points/{point}/response"
    form = browser.page(f"/deliberations/{call.id}").form(action).fields
    data = {**form, "position": "endorse"}

    statuses = [browser.post(action, data=data).status_code for _ in range(61)]

    assert statuses == [303] * 60 + [429]
