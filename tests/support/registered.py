"""Browsers of new people, who sign in through the form as everybody does."""

from itertools import count
from typing import Any

from flask import Flask

from deliberate.storage.database import Database
from tests.factories import PASSWORD, make_person
from tests.support.client import PageChecker

_numbers = count(1)


def browser(app: Flask) -> PageChecker:
    """A browser of its own, with nobody signed in."""
    client = app.test_client()
    assert isinstance(client, PageChecker)
    return client


def signed_in(app: Flask, db: Database, **person: Any) -> PageChecker:
    """The browser of a new person, made with these fields of `make_person`, who signed in."""
    email = person.setdefault("email", f"signed-in-{next(_numbers)}@example.org")
    make_person(db, **person)
    client = browser(app)
    response = client.submit("/sign-in", data={"email": email, "password": PASSWORD})
    assert response.status_code == 303, response.text
    return client
