"""Claims about who reaches what: every address, as every role, against the table in `access`."""

import html
import re
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from deliberate import policy
from deliberate.domain.positions import Position, Rating
from deliberate.storage.ballots import list_ballots
from deliberate.storage.base import Base
from deliberate.storage.database import Database
from deliberate.storage.proposals import ProposalRating
from deliberate.storage.responses import Response
from tests.house.access import TABLE
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.visits import open_browser, route_keys
from tests.support.world import ROLES, World

SENTENCES = [
    (predicate.__doc__ or "").strip()
    for clauses in policy.RULES.values()
    for clause in clauses
    for predicate in clause
]
SHOWN_BEFORE_CLOSING = [
    "/polls/{open_poll}",
    "/polls/{open_poll}/results",
    "/deliberations/{open}",
    "/deliberations/{output_deliberation}",
    "/proposals/{proposal}",
    "/deliberations",
    "/",
]
ONE_TIME = re.compile(r'name="(?:csrf_token|submission_key)" value="[^"]*"')
BEFORE_CLOSING = [
    "/polls/{open_poll}/results.csv",
    "/polls/{open_poll}/results.json",
    "/polls/{open_poll}/chart.json",
    "/polls/{open_poll}/receipts",
    "/deliberations/{output_deliberation}/results.csv",
    "/deliberations/{output_deliberation}/results.json",
    "/points/{point}/responses",
]


def content(db: Database) -> dict[str, Sequence[Any]]:
    """Every row of every table."""
    with db.reading() as reader:
        return {
            name: reader.execute(sa.select(table).order_by(*table.primary_key)).all()
            for name, table in Base.metadata.tables.items()
        }


def says_why(page: str) -> bool:
    """Whether one of the policy's sentences is on the page."""
    text = html.unescape(page)
    return any(sentence in text for sentence in SENTENCES)


def choose_otherwise(db: Database, world: World) -> None:
    """Turn every ranking of the open poll, every rating and every response into its opposite."""
    with db.writing() as tx:
        for ballot in list_ballots(tx, int(world.ids["open_poll"])):
            ballot.answer = ballot.answer[::-1]
        tx.execute(sa.update(ProposalRating).values(rating=Rating.STRONG_DISAGREEMENT))
        changed = sa.update(Response).where(Response.point_id == world.ids["point"])
        tx.execute(changed.values(position=Position.UNCLEAR))


def test_every_route_is_in_the_table_and_nothing_else(app: Flask) -> None:
    """Ensure a new address cannot be added without saying who may reach it."""
    assert set(route_keys(app)) == set(TABLE)


@pytest.mark.one_database
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_it_may_and_reads_why_it_may_not(
    app: Flask, db: Database, world: World, role: str
) -> None:
    """Ensure every address answers this role as the table says, with forms left empty.

    The token is valid, so what refuses is the policy and not the protection of forms; the
    refusal shows one of its sentences.
    """
    browser = open_browser(app, db, world.people.get(role))

    answers, expected, silent = {}, {}, []
    for key, access in TABLE.items():
        send = browser.get if key.startswith("GET") else browser.post
        response = send(world.address(access.path))
        answers[key] = response.status_code
        expected[key] = access.answer if role in access.who else access.others
        if response.status_code == 403 and not says_why(response.text):
            silent.append(key)

    assert answers == expected
    assert silent == []


@pytest.mark.one_database
@pytest.mark.parametrize("role", ROLES)
def test_nobody_sees_results_before_closing(
    app: Flask, db: Database, world: World, role: str
) -> None:
    """Ensure staff are told no more than visitors until everybody is told."""
    browser = open_browser(app, db, world.people.get(role))

    statuses = {path: browser.get(world.address(path)).status_code for path in BEFORE_CLOSING}

    assert statuses == dict.fromkeys(BEFORE_CLOSING, 403)


@pytest.mark.one_database
@pytest.mark.parametrize("role", ["visitor", "facilitator", "secretariat"])
def test_what_people_chose_shows_nowhere_before_closing(
    app: Flask, db: Database, world: World, role: str
) -> None:
    """Ensure no page would look different if everybody had chosen otherwise."""
    browser = open_browser(app, db, world.people.get(role))

    def pages() -> list[str]:
        fetched = (browser.get(world.address(path)) for path in SHOWN_BEFORE_CLOSING)
        return [ONE_TIME.sub("", page.text) for page in fetched]

    before = pages()
    choose_otherwise(db, world)

    assert pages() == before


@pytest.mark.parametrize("role", ROLES)
def test_neither_reading_nor_a_refused_act_changes_anything(
    app: Flask, db: Database, world: World, role: str
) -> None:
    """Ensure every row is as it was after fetching everything and trying what is not allowed."""
    browser = open_browser(app, db, world.people.get(role))
    before = content(db)

    for key, access in TABLE.items():
        if key.startswith("GET"):
            browser.get(world.address(access.path))
        elif role not in access.who:
            browser.post(world.address(access.path))

    assert content(db) == before


def test_a_suspended_person_is_a_visitor(app: Flask, db: Database, world: World) -> None:
    """Ensure a sign-in of an account that was suspended since opens nothing."""
    browser = open_browser(app, db, world.people["secretariat"])
    assert browser.get("/people").status_code == 200
    with db.writing() as tx:
        tx.execute(sa.text("UPDATE people SET suspended_at = registered_at"))

    assert browser.get("/people").status_code == 403


def test_a_role_taken_back_is_gone_at_once(app: Flask, db: Database, world: World) -> None:
    """Ensure a role is read at every request and not kept in the cookie."""
    browser = open_browser(app, db, world.people["facilitator"])
    address = world.address("/deliberations/{closed}/summary")
    assert browser.get(address).status_code == 200
    with db.writing() as tx:
        tx.execute(sa.text("DELETE FROM role_grants"))

    assert browser.get(address).status_code == 403


def test_a_sign_in_runs_out(app: Flask, db: Database, world: World, clock: FakeClock) -> None:
    """Ensure the sign-in of somebody with a role lasts a working day."""
    browser = open_browser(app, db, world.people["secretariat"])

    clock.advance(hours=8, seconds=-1)
    assert browser.get("/people").status_code == 200
    clock.advance(seconds=1)
    assert browser.get("/people").status_code == 403


def test_a_forged_cookie_opens_nothing(app: Flask, client: PageChecker) -> None:
    """Ensure a cookie that this site did not sign is nobody's."""
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], "eyJzaWduX2luIjoieCJ9.aaaaaa.forged")

    assert client.get("/people").status_code == 403
