"""What readers leave without writing, and the parts of a discussion that are sent alone."""

import re

import pytest
from flask import Flask

from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.signed_in import browser_of
from tests.support.threads import write_many

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
ITEM = re.compile(r'<article class="comment[^"]*" id="c(\d+)"')


@pytest.fixture
def question(db: Database) -> Deliberation:
    """An open policy question."""
    return make_deliberation(db)


@pytest.fixture
def ada(db: Database) -> Actor:
    """Somebody of a government who reads."""
    return make_person(db, StakeholderGroup.GOVERNMENT, name="Ada Example")


@pytest.fixture
def reader(app: Flask, db: Database, ada: Actor) -> PageChecker:
    """Ada's browser."""
    return browser_of(app, db, ada)


def test_a_reaction_is_answered_with_the_new_counts(
    reader: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure the part that htmx puts in place shows what was just stored or taken back."""
    comment = make_comment(db, question.id)
    page, action = f"/deliberations/{question.id}", f"/comments/{comment.id}/reaction"

    answers = [
        reader.submit(page, action, {"reaction": each}, headers=PART).text
        for each in ("agree", "thanks", "none")
    ]

    counted = [re.findall(r'"reaction">(.*?)</span>', answer) for answer in answers]
    assert counted == [["Agree"], ["Thanks"], []]
    assert "Government" in answers[0]
    assert "Your reaction is taken back." in answers[2]
    assert "reaction-counts" not in reader.get(page).text


@pytest.mark.one_database
def test_who_may_not_react_is_refused_and_offered_nothing(
    app: Flask, db: Database, reader: PageChecker, ada: Actor, question: Deliberation
) -> None:
    """Ensure nobody reacts to their own words, without an account, or as staff takes a stance."""
    own, other = make_comment(db, question.id, ada), make_comment(db, question.id)
    page, facilitator = f"/deliberations/{question.id}", make_person(db, role=Role.FACILITATOR)
    staff = browser_of(app, db, facilitator)

    assert f'action="/comments/{own.id}/reaction"' not in reader.get(page).text
    assert "/reaction" not in app.test_client().get(page).text
    assert 'value="agree"' not in staff.get(page).text
    token = reader.page(page).form(f"/comments/{other.id}/reaction").fields
    forged = reader.post(f"/comments/{own.id}/reaction", data={**token, "reaction": "agree"})
    assert forged.status_code == 403
    strange = reader.post(f"/comments/{other.id}/reaction", data={**token, "reaction": "love"})
    assert strange.status_code == 422
    refused = staff.submit(page, f"/comments/{other.id}/reaction", {"reaction": "agree"})
    assert refused.status_code == 403
    assert "reaction-counts" not in reader.get(page).text


@pytest.mark.one_database
def test_what_others_wrote_since_is_new_until_it_was_read(
    reader: PageChecker, db: Database, ada: Actor, question: Deliberation, clock: FakeClock
) -> None:
    """Ensure one's own words are never new, and a pause ends the visit that others' are new in."""
    page, action = f"/deliberations/{question.id}", f"/deliberations/{question.id}/visit"
    make_comment(db, question.id)
    assert "since your last visit" not in reader.get(page).text
    assert reader.submit(page, action, headers=PART).status_code == 204

    clock.advance(hours=1)
    make_comment(db, question.id, ada)
    fresh = make_comment(db, question.id)

    text = reader.get(page).text
    assert "1 new" in text
    assert f'href="#c{fresh.id}"' in text
    assert text.count("new-tag") == 1
    reader.submit(page, action, headers=PART)
    assert "1 new" in reader.get(page).text
    reader.submit(page, action, {"read": "true"})
    assert "since your last visit" not in reader.get(page).text


@pytest.mark.one_database
def test_more_of_a_discussion_comes_alone_and_joins_on(
    client: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure a part holds what its page would begin with, nothing twice, and the way on."""
    people = [make_person(db, group) for group in StakeholderGroup.registrable()]
    write_many(db, question.id, 300, people)
    page = f"/deliberations/{question.id}"
    first = client.get(page).text
    more = re.search(r'id="more"[^>]*>\s*<a[^>]*hx-get="([^"]+)"', first)
    rest = re.search(r'class="rest"><a[^>]*hx-get="([^"]+)"', first)
    assert more is not None
    assert rest is not None

    for address in (more[1], rest[1].replace("&amp;", "&")):
        part, whole = client.get(address, headers=PART), client.get(address).text
        brought = ITEM.findall(part.text)
        assert brought
        assert not set(brought) & set(ITEM.findall(first))
        assert set(brought) <= set(ITEM.findall(whole))
        assert "<main" not in part.text
        assert "HX-Request-Type" in part.headers["Vary"]
    assert 'hx-swap-oob="true"' in client.get(more[1], headers=PART).text
