"""Pages kept in memory and in browsers: fast when nothing changed, never stale or another's."""

import gzip
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from deliberate.storage.database import Database
from deliberate.web.take_part.kept import Kept
from tests.factories import make_comment, make_deliberation, make_person, make_poll, vote
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.signed_in import browser_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_an_unchanged_page_is_not_sent_again(client: PageChecker, db: Database) -> None:
    """Ensure a visitor who has the page is told so in an answer without a body."""
    path = f"/deliberations/{make_deliberation(db).id}"
    tag = client.get(path).headers["ETag"]

    answer = client.get(path, headers={"If-None-Match": tag})

    assert answer.status_code == 304
    assert answer.data == b""


def test_a_new_comment_changes_the_page_for_all(
    app: Flask, client: PageChecker, db: Database
) -> None:
    """Ensure what was kept, here or in a browser, falls with the first change."""
    deliberation = make_deliberation(db)
    path = f"/deliberations/{deliberation.id}"
    reader = browser_of(app, db, make_person(db))
    tags = [each.get(path).headers["ETag"] for each in (client, reader)]

    make_comment(db, deliberation.id, body="Something new.")

    for each, tag in zip((client, reader), tags, strict=True):
        answer = each.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert "Something new." in answer.text


def test_a_signed_in_reader_may_keep_the_page(app: Flask, db: Database) -> None:
    """Ensure the tokens in the forms, new each time, do not make the page a new one."""
    path = f"/deliberations/{make_deliberation(db).id}"
    reader = browser_of(app, db, make_person(db))
    tag = reader.get(path).headers["ETag"]

    assert reader.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_kept_page_is_nobody_elses(app: Flask, client: PageChecker, db: Database) -> None:
    """Ensure a visitor, a reader and another reader have three different pages."""
    path = f"/deliberations/{make_deliberation(db).id}"
    readers = [browser_of(app, db, make_person(db, name=name)) for name in ("Ada One", "Bo Two")]

    pages = [each.get(path) for each in (client, *readers)]

    assert len({page.headers["ETag"] for page in pages}) == 3
    assert "Ada One" not in pages[0].text
    assert "Ada One" in pages[1].text
    assert "Ada One" not in pages[2].text


def test_a_new_sign_in_has_fresh_forms(app: Flask, db: Database) -> None:
    """Ensure a page kept from an earlier sign-in, whose forms have expired, is sent again."""
    path = f"/deliberations/{make_deliberation(db).id}"
    person = make_person(db)
    tag = browser_of(app, db, person).get(path).headers["ETag"]

    answer = browser_of(app, db, person).get(path, headers={"If-None-Match": tag})

    assert answer.status_code == 200


def test_a_message_is_shown_once_and_not_kept(client: PageChecker, db: Database) -> None:
    """Ensure a page with a message from the act before carries no tag."""
    path = f"/deliberations/{make_deliberation(db).id}"
    client.get(path)
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("ok", "You are signed out.")]

    first, second = client.get(path), client.get(path)

    assert "You are signed out." in first.text
    assert "ETag" not in first.headers
    assert "You are signed out." not in second.text


def test_compressed_and_plain_pages_are_the_same(app: Flask, db: Database) -> None:
    """Ensure both forms of a kept page say the same and name what they depend on."""
    client = FlaskClient(app, app.response_class)
    path = f"/deliberations/{make_deliberation(db).id}"

    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    plain = client.get(path)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert {"Cookie", "Accept-Encoding", "HX-Request"} <= set(plain.vary)


def test_turnout_of_a_poll_lags_a_minute_at_most(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure ballots, which leave no trace on the deliberation, still show in time."""
    deliberation = make_deliberation(db)
    poll = make_poll(db, deliberation.id)
    client.get(f"/deliberations/{deliberation.id}")

    vote(db, poll.id, make_person(db), 0, 1)
    clock.advance(minutes=1)

    assert "1 ballot" in client.page(f"/deliberations/{deliberation.id}").text


def test_memory_is_bounded_and_ends_in_time() -> None:
    """Ensure the value longest unused falls first, and none outlives its moment."""
    kept: Kept[str] = Kept(2)
    for name in ("a", "b"):
        kept.put(name, name.upper(), NOON + timedelta(minutes=1))
    kept.get("a", NOON)

    kept.put("c", "C", NOON + timedelta(minutes=1))

    assert len(kept) == 2
    assert [kept.get(name, NOON) for name in ("a", "b", "c")] == ["A", None, "C"]
    assert kept.get("a", NOON + timedelta(minutes=1)) is None
