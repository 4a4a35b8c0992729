"""Claims about conflicts of interest: whoever stands aside can do nothing there, at no address."""

import html

import pytest
from flask import Flask

from deliberate import policy
from deliberate.actions.conflicts import declare_for_session
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession, find_session
from tests.house.access import CURATORS, TABLE
from tests.support.clock import FakeClock
from tests.support.visits import open_browser
from tests.support.world import make_world

SENTENCE = (policy.has_no_conflict.__doc__ or "").strip()
FILLED = {
    "reason": "It reads better this way.", "text": "Who lights the lanterns in this city?",
    "parts": "Who pays in cities?\n\nWho pays in villages?", "version": "1", "score": "3",
    "closes_at": "2026-04-20T12:00", "minimum": "5", "verdict": "leave", "answer": "Not this year.",
    "stance": "yes", "draft": "0" * 64,
}  # fmt: skip
FORMS = {
    "POST /questions/<question_id>/acceptance": ("reason",),
    "POST /questions/<question_id>/declination": ("reason",),
    "POST /questions/<question_id>/rewording": ("text", "reason", "version"),
    "POST /questions/<question_id>/split": ("parts", "reason", "version"),
    "POST /questions/<question_id>/opening": ("closes_at", "minimum"),
    "POST /questions/<question_id>/review": ("score",),
    "POST /questions/<question_id>/review/withdrawal": (),
    "POST /questions/<question_id>/referral": (),
    "POST /questions/<question_id>/referral/withdrawal": (),
    "POST /sessions/<slug>/referrals": (),
    "POST /outputs/<output_id>/split": ("parts", "reason"),
    "POST /outputs/<output_id>/opening": ("closes_at", "minimum"),
    "POST /suggestions/<suggestion_id>/acknowledgement": (),
    "POST /suggestions/<suggestion_id>/answer": ("verdict", "answer"),
    "POST /summaries/<summary_id>/sign-off": ("stance", "draft"),
}
"""Every act of a MAG member on something of a session, with the fields its form needs."""


@pytest.fixture
def refusals(app: Flask, db: Database, clock: FakeClock) -> dict[str, tuple[int, bool]]:
    """What a member who stands aside in every session is answered, and whether it says why."""
    world = make_world(db, clock)
    member = world.people["mag_member"]
    with db.writing() as tx:
        for name in ("slug", "open_slug"):
            session = find_session(tx, str(world.ids[name]))
            assert isinstance(session, ForumSession)
            declare_for_session(tx, member, session.id, "")
    browser = open_browser(app, db, member)
    answers = {}
    for key, names in FORMS.items():
        fields = {name: FILLED[name] for name in names}
        response = browser.post(world.address(TABLE[key].path), fields)
        answers[key] = response.status_code, SENTENCE in html.unescape(response.text)
    return answers


def test_who_stands_aside_is_refused_every_act(refusals: dict[str, tuple[int, bool]]) -> None:
    """Ensure a filled-in form is refused with the sentence that says why."""
    assert refusals == dict.fromkeys(FORMS, (403, True))


def test_the_acts_are_those_of_the_mag() -> None:
    """Ensure the list above names acts that only members of the MAG may do."""
    assert all(TABLE[key].who == CURATORS for key in FORMS)
