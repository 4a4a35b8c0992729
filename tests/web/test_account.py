"""One's own page."""

from flask import Flask

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Actor, Role
from deliberate.domain.positions import Position
from deliberate.storage.database import Database
from deliberate.storage.people import find_actor, find_person_by_email
from deliberate.storage.polls import list_options
from tests.factories import (
    PAGE,
    PASSWORD,
    make_comment,
    make_deliberation,
    make_poll,
    make_session,
    respond,
    vote,
)
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded
from tests.support.registered import browser, signed_in

EMAIL = "ada@example.org"


def actor_with(db: Database, email: str = EMAIL) -> Actor:
    """The registered person as an actor."""
    with db.reading() as reader:
        person = find_person_by_email(reader, email)
        assert person is not None
        actor = find_actor(reader, person.id)
    assert actor is not None
    return actor


def contribute(db: Database, actor: Actor) -> None:
    """A comment, a response and a ballot of this person."""
    session = make_session(db)
    make_comment(db, make_deliberation(db, session).id, actor, body="Lanterns <b>need</b> oil.")
    call = make_deliberation(db, session, output=OutputKind.CALL_TO_ACTION)
    respond(db, call, actor, Position.CONTEST, "The cost is not shared out fairly.")
    other = make_session(db, page=PAGE.replace("WS #77", "WS #78"))
    vote(db, make_poll(db, make_deliberation(db, other).id).id, actor, 1, 0)


def test_a_visitor_is_asked_to_sign_in_first(client: PageChecker) -> None:
    """Ensure the account page leads to the form and from there back."""
    response = client.get("/account")

    assert response.status_code == 303
    assert response.headers["Location"] == "/sign-in?next=/account"


def test_a_newcomer_sees_what_is_stored_and_where_to_begin(app: Flask, db: Database) -> None:
    """Ensure an account without contributions shows its data and the way to discussions."""
    page = signed_in(app, db, email=EMAIL, name="Ada Example", organisation="Oil Works").page(
        "/account"
    )

    for words in ("Ada Example", EMAIL, "Civil Society", "African Group", "Oil Works"):
        assert words in page.text
    assert "Participant: you comment, propose, respond, rate and rank." in page.text
    assert "/deliberations?phase=open" in page.links


def test_contributions_are_listed_and_open_ones_can_be_changed(app: Flask, db: Database) -> None:
    """Ensure a person finds their comments and responses, and until when they may change."""
    client = signed_in(app, db, email=EMAIL)
    contribute(db, actor_with(db))

    response = client.get("/account")

    assert "Lanterns &lt;b&gt;need&lt;/b&gt; oil." in response.text
    page = client.page("/account")
    assert any(link.startswith("/comments/") for link in page.links)
    assert any("#point-" in link for link in page.links)
    assert "Contest You can change it until" in page.text


def test_a_response_is_said_to_be_public_after_closing(
    app: Flask, db: Database, clock: FakeClock
) -> None:
    """Ensure the page does not offer a change that would be refused."""
    signed_in(app, db, email=EMAIL)
    contribute(db, actor_with(db))
    clock.advance(days=31)
    client = browser(app)
    client.submit("/sign-in", data={"email": EMAIL, "password": PASSWORD})

    text = client.page("/account").text

    assert "You can change it until" not in text
    assert "Published with your name." in text


def test_a_ballot_is_named_and_never_shown(app: Flask, db: Database) -> None:
    """Ensure the page says that one took part and nothing about what was chosen."""
    client = signed_in(app, db, email=EMAIL)
    contribute(db, actor_with(db))
    page = client.page("/account")
    poll_link = next(link for link in page.links if link.startswith("/polls/"))

    with db.reading() as reader:
        options = list_options(reader, int(poll_link.removeprefix("/polls/")))

    assert "You have taken part." in page.text
    assert len(options) == 3
    assert not [option.title for option in options if option.title in page.text]


def test_nobody_sees_anothers_contributions(app: Flask, db: Database) -> None:
    """Ensure the page is about whoever is signed in."""
    signed_in(app, db, email=EMAIL, name="Ada Example")
    contribute(db, actor_with(db))

    text = signed_in(app, db).page("/account").text

    assert "Ada Example" not in text
    assert "You have not contributed yet." in text


def test_roles_are_shown_to_those_who_hold_them(app: Flask, db: Database) -> None:
    """Ensure staff see what they may do, and only the secretariat the way to all people."""
    facilitator = signed_in(app, db, role=Role.FACILITATOR).page("/account")
    secretariat = signed_in(app, db, role=Role.SECRETARIAT).page("/account")

    assert "Facilitator (opens polls, writes summaries)" in facilitator.text
    assert "/people" not in facilitator.links
    assert "/people" in secretariat.links


def test_the_account_page_needs_few_queries(app: Flask, db: Database) -> None:
    """Ensure contributions of every kind fit into the budget of a page."""
    client = signed_in(app, db, email=EMAIL)
    contribute(db, actor_with(db))

    with recorded(db) as queries:
        client.page("/account")

    assert 0 < len(queries) <= 8, queries
