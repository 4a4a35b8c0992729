"""Browsers in which somebody is signed in, without filling in the form each time."""

from flask import Flask

from deliberate.actions.people import start_sign_in
from deliberate.domain.people import Actor
from deliberate.storage.database import Database
from deliberate.storage.people import find_person_by_email
from deliberate.web.login import TOKEN
from tests.support.client import PageChecker


def browser_of(app: Flask, db: Database, person: Actor | None) -> PageChecker:
    """A browser with this person's sign-in; a visitor's when there is nobody."""
    client = app.test_client()
    assert isinstance(client, PageChecker)
    if person is not None:
        renew(client, db, person)
    return client


def renew(client: PageChecker, db: Database, person: Actor) -> None:
    """Sign the person in again, as after a day; forms shown before can still be sent."""
    with db.writing() as tx:
        token = start_sign_in(tx, person.id or 0)
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token


def cookie_of(app: Flask, db: Database, email: str) -> tuple[str, str]:
    """Name and value of the cookie of a browser in which this person has just signed in."""
    with db.writing() as tx:
        person = find_person_by_email(tx, email)
        assert person is not None, f"{email} has no account"
        token = start_sign_in(tx, person.id)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return app.config["SESSION_COOKIE_NAME"], serializer.dumps({TOKEN: token})
