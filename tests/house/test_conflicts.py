"""Claims about conflicts of interest: whoever stands aside can do nothing there, at no address."""

import html

import pytest
from flask import Flask

from deliberate import policy
from deliberate.actions.conflicts import declare_for_session
from deliberate.domain.forum import OutputKind
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession, find_session
from tests.house.access import CURATORS, TABLE, VOTERS
from tests.support.visits import open_browser
from tests.support.world import World

SENTENCE = (policy.has_no_conflict.__doc__ or "").strip()
FILLED: dict[str, str | list[str]] = {
    "reason": "It reads better this way.", "text": "Who lights the lanterns in this city?",
    "parts": "Who pays in cities?\n\nWho pays in villages?", "version": "1", "score": "3",
    "closes_at": "2026-04-20T12:00", "minimum": "5", "verdict": "leave", "answer": "Not this year.",
    "stance": "yes", "draft": "0" * 64, "shown": "2026-04-01T12:00",
    "kind": OutputKind.KEY_TAKEAWAY.value, "tags": "lamps", "template": "consultation",
    "question_ids": ["{question}", "{accepted}"],
}  # fmt: skip
"""What the forms' fields are filled with; names in braces are ids of the world."""
FORMS = {
    "POST /questions/<question_id>/acceptance": ("reason",),
    "POST /questions/<question_id>/declination": ("reason",),
    "POST /questions/<question_id>/rewording": ("text", "reason", "version"),
    "POST /questions/<question_id>/split": ("parts", "reason", "version"),
    "POST /questions/<question_id>/opening": ("closes_at", "minimum"),
    "POST /questions/<question_id>/classification": ("tags", "version"),
    "POST /outputs/<output_id>/classification": ("tags", "version"),
    "POST /sessions/<slug>/classification": ("tags",),
    "POST /sessions/<slug>/questions": ("text", "reason"),
    "POST /sessions/<slug>/outputs": ("kind", "text", "reason"),
    "POST /questions/<question_id>/merger": ("question_ids", "text", "reason"),
    "POST /sessions/<slug>/mergers": ("question_ids", "text", "reason"),
    "POST /decisions/<decision_id>/undoing": ("reason",),
    "POST /questions/<question_id>/process": ("template",),
    "POST /outputs/<output_id>/process": ("template",),
    "POST /deliberations/<deliberation_id>/rescheduling": ("closes_at", "reason", "shown"),
    "POST /deliberations/<deliberation_id>/archive": ("reason",),
    "POST /deliberations/<deliberation_id>/archive/withdrawal": ("reason",),
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
ELSEWHERE = {
    "POST /comments/<comment_id>/reaction": "for everybody but the author of the comment",
    "POST /proposals/<item_id>/flag": "for everybody but the author of the proposal",
    "POST /proposals/<proposal_id>/amendments": "for everybody but the author of the proposal",
    "POST /imports": "a draft of one's own, which belongs to no session yet",
    "POST /imports/storing": "stores new sessions only, in which nobody can stand aside yet",
    "POST /imports/<draft_id>/confirmation": "needs a changed page; claimed in tests/actions",
    "POST /imports/<draft_id>/corrections": "a draft of one's own",
    "POST /imports/<draft_id>/doubts": "a draft of one's own",
    "POST /imports/<draft_id>/removal": "a draft of one's own",
    "POST /imports/<draft_id>/text": "a draft of one's own",
    "POST /conflicts": "declares that one stands aside",
    "POST /conflicts/<conflict_id>/withdrawal": "takes that back",
    "POST /sessions/<slug>/conflict": "declares that one stands aside",
    "POST /deliberations/<deliberation_id>/invitations": "notes who was invited, judges nothing",
    "POST /curate/welcome": "puts away one's own introduction",
}
"""The other acts of MAG members, each with the reason why standing aside leaves it to them."""


@pytest.fixture
def refusals(app: Flask, db: Database, world: World) -> dict[str, tuple[int, bool]]:
    """What a member who stands aside in every session is answered, and whether it says why."""
    member = world.people["mag_member"]
    with db.writing() as tx:
        for name in ("slug", "open_slug"):
            session = find_session(tx, str(world.ids[name]))
            assert isinstance(session, ForumSession)
            declare_for_session(tx, member, session.id, "")
    browser = open_browser(app, db, member)
    answers = {}
    for key, names in FORMS.items():
        fields = {name: _filled(FILLED[name], world) for name in names}
        response = browser.post(world.address(TABLE[key].path), fields)
        answers[key] = response.status_code, SENTENCE in html.unescape(response.text)
    return answers


def test_who_stands_aside_is_refused_every_act(refusals: dict[str, tuple[int, bool]]) -> None:
    """Ensure a filled-in form is refused with the sentence that says why."""
    assert refusals == dict.fromkeys(FORMS, (403, True))


def test_no_act_of_the_mag_is_forgotten() -> None:
    """Ensure every form that is for MAG members is refused above, or says why it need not be."""
    acts = {
        key for key, access in TABLE.items()
        if key.startswith("POST ") and access.who >= CURATORS and "visitor" not in access.who
        and not access.who >= VOTERS
    }  # fmt: skip

    assert acts == FORMS.keys() | ELSEWHERE.keys()
    assert not FORMS.keys() & ELSEWHERE.keys()


def _filled(value: str | list[str], world: World) -> str | list[str]:
    """A field with the world's ids in it."""
    return world.address(value) if isinstance(value, str) else list(map(world.address, value))
