"""Texts meant to do harm in what people do about texts: amend, combine, report, hide, tend."""

from collections.abc import Iterator, Sequence

import pytest
from flask import Flask
from pydantic import ValidationError

from deliberate.actions.amendments import reject_amendment
from deliberate.actions.appeals import appeal_hiding
from deliberate.actions.flags import flag_item
from deliberate.actions.gardening import tend
from deliberate.actions.moderation import hide_item
from deliberate.actions.premoderation import set_premoderation
from deliberate.actions.recastings import decline_recasting, propose_recasting
from deliberate.domain.gardening import GardenAct
from deliberate.domain.moderation import ItemKind, Rule
from deliberate.domain.people import Actor, Role
from deliberate.inputs.contributions import Answer, ProposalText
from deliberate.inputs.gardening import Tending
from deliberate.inputs.moderation import Hiding, NewAppeal, NewFlag, Premoderation
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from tests.cases.hostile_texts import HOSTILE, LINES, REFUSED, dangers
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.amending import suggest
from tests.support.client import PageChecker
from tests.support.recasting import new_recasting, new_texts, propose
from tests.support.signed_in import browser_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def question(db: Database) -> Deliberation:
    """An open policy question."""
    return make_deliberation(db)


@pytest.fixture
def facilitator(db: Database) -> Actor:
    """Somebody who moderates and tends threads."""
    return make_person(db, role=Role.FACILITATOR)


def reasons() -> Iterator[tuple[str, str, str]]:
    """The texts that a reason takes, three at a time, so that each stands in one field of an act.

    All others are refused for what nobody can see, or for being short.
    """
    taken = []
    for name, text in (HOSTILE | LINES).items():
        try:
            taken.append(Answer(reason=text).reason)
        except ValidationError:
            assert name in REFUSED or not text.isprintable() or len(text) < 10, name
    assert len(taken) > 50
    return zip(taken[::3], taken[1::3], taken[2::3], strict=False)


def assert_harmless(browser: PageChecker, paths: Sequence[str], text: str = "") -> None:
    """Check that pages are sound and that nothing on them acts."""
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert dangers(answer.text) == [], (path, text)


def test_amendments_are_text_and_nothing_else(
    app: Flask, db: Database, client: PageChecker, question: Deliberation
) -> None:
    """Ensure a suggested text, its note and the answer to it are harmless wherever they stand."""
    author, amender = make_person(db), make_person(db)
    proposal_id = propose(db, author, question.id, "Number every lamp")
    answering = browser_of(app, db, author)
    for text, why, note in reasons():
        amendment = suggest(db, amender, proposal_id, body=text, rationale=why, note=note)
        path = f"/amendments/{amendment.id}"
        assert_harmless(answering, [path, f"{path}/acceptance"], text)
        with db.writing() as tx:
            reject_amendment(tx, author, amendment.id, Answer(reason=why))
        assert_harmless(client, [path], text)

    assert_harmless(client, [f"/proposals/{proposal_id}", f"/proposals/{proposal_id}/amendments"])


def test_recastings_are_text_and_nothing_else(
    app: Flask, db: Database, client: PageChecker, question: Deliberation
) -> None:
    """Ensure suggested texts, the reason for them and a refusal are harmless."""
    author, other = make_person(db), make_person(db)
    ids = [
        propose(db, person, question.id, title)
        for person, title in ((author, "Number every lamp"), (other, "Number every lantern"))
    ]
    asked = browser_of(app, db, other)
    for text, why, refusal in reasons():
        (plain,) = new_texts("Number all lights")
        wording = ProposalText.model_validate({**plain.model_dump(), "body": text})
        form = new_recasting(ids[1]).model_copy(update={"reason": why})
        with db.writing() as tx:
            made = propose_recasting(tx, author, ids[0], form, [wording]).id
        assert_harmless(asked, [f"/recastings/{made}"], text)
        with db.writing() as tx:
            decline_recasting(tx, other, made, Answer(reason=refusal))
        assert_harmless(client, [f"/recastings/{made}"], text)


def test_what_moderators_read_and_write_is_text_and_nothing_else(
    app: Flask, db: Database, question: Deliberation, facilitator: Actor
) -> None:
    """Ensure notes, words to the author and appeals are harmless to both of them."""
    author, reader = make_person(db), make_person(db)
    moderator, own = browser_of(app, db, facilitator), browser_of(app, db, author)
    for note, words, text in reasons():
        comment = make_comment(db, question.id, author)
        kind, seen = ItemKind.COMMENT, {"seen": 0}
        with db.writing() as tx:
            flag_item(tx, reader, kind, comment.id, NewFlag(rule=Rule.ATTACK, note=note))
        assert_harmless(moderator, [f"/moderation/comments/{comment.id}"], text)
        with db.writing() as tx:
            hiding = Hiding(rule=Rule.ATTACK, words=words, **seen)
            act = hide_item(tx, facilitator, kind, comment.id, hiding)
            appeal_hiding(tx, author, kind, comment.id, NewAppeal(act_id=act.id, text=text))
        assert_harmless(moderator, [f"/moderation/comments/{comment.id}"], text)
        assert_harmless(own, [f"/comments/{comment.id}/moderation"], text)

    assert_harmless(moderator, ["/moderation", "/moderation/log"])
    assert_harmless(browser_of(app, db, reader), ["/account/moderation"])


def test_public_reasons_are_text_and_nothing_else(
    app: Flask, db: Database, client: PageChecker, question: Deliberation, facilitator: Actor
) -> None:
    """Ensure why comments are read first, and why a thread was closed, harm nobody."""
    path = f"/deliberations/{question.id}"
    own = browser_of(app, db, facilitator)
    comment = make_comment(db, question.id)
    for number, (text, why, end) in enumerate(reasons()):
        act = GardenAct.UNLOCK if number % 2 else GardenAct.LOCK
        with db.writing() as tx:
            set_premoderation(tx, facilitator, question.id, Premoderation(on=True, words=text))
            tend(tx, facilitator, comment.id, Tending(act=act, reason=why))
        assert_harmless(client, [path], text)
        assert_harmless(own, [f"{path}/premoderation"], text)
        with db.writing() as tx:
            set_premoderation(tx, facilitator, question.id, Premoderation(on=False, words=end))

    assert_harmless(client, [f"{path}/gardening", "/moderation/log"])
