"""Who curates in a browser, and what: an imported session and its curation page."""

import pytest
from flask import Flask

from deliberate.domain.people import Actor, Role
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession
from tests.factories import make_person, make_session
from tests.support.client import PageChecker
from tests.support.signed_in import browser_of


@pytest.fixture
def mag_member(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


@pytest.fixture
def curator(app: Flask, db: Database, mag_member: Actor) -> PageChecker:
    """Their browser."""
    return browser_of(app, db, mag_member)


@pytest.fixture
def session(db: Database, mag_member: Actor) -> ForumSession:
    """An imported session with two questions, a takeaway and a call to action."""
    return make_session(db, mag_member)


@pytest.fixture
def desk(session: ForumSession) -> str:
    """The address of the session's curation page."""
    return f"/sessions/{session.slug}/curation"
