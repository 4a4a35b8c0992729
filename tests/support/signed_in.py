"""Browsers in which somebody is signed in, without filling in the form each time."""

from flask import Flask

from deliberate.actions.people import start_sign_in
from deliberate.domain.people import Actor
from deliberate.storage.database import Database
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
