"""Drafts, the look before publishing, and new versions, as a browser without scripts does it."""

import uuid

import pytest
from flask import Flask

from deliberate.actions.proposal_drafts import keep_draft
from deliberate.actions.proposals import rate_proposal
from deliberate.domain.people import Actor
from deliberate.domain.positions import Rating
from deliberate.inputs.contributions import DraftedProposal, NewRating
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.people import find_actor
from deliberate.storage.proposal_drafts import list_own_drafts
from deliberate.storage.proposals import ProposalLine, list_proposals
from tests.cases.hostile_texts import HOSTILE, LINES, REFUSED, dangers
from tests.factories import (
    PAGE,
    make_comment,
    make_deliberation,
    make_person,
    make_poll,
    make_proposals,
    make_session,
)
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded
from tests.support.signed_in import browser_of, renew

TITLE = "Number every lantern and publish the list"
BODY = "Each lantern gets a **number** on a plate.\n\n- cheap\n- quick"
pytestmark = pytest.mark.one_database


@pytest.fixture
def question(db: Database) -> Deliberation:
    """An open policy question."""
    return make_deliberation(db)


@pytest.fixture
def ada(db: Database) -> Actor:
    """Somebody who takes part."""
    return make_person(db, name="Ada Example")


@pytest.fixture
def browser(app: Flask, db: Database, ada: Actor) -> PageChecker:
    """Ada's browser."""
    return browser_of(app, db, ada)


def begin(browser: PageChecker, question: Deliberation, act: str = "preview", **text: str) -> str:
    """Send the form for a proposal, and give the address it leads to."""
    path = f"/deliberations/{question.id}/proposals"
    answer = browser.submit(f"{path}/new", path, {"title": TITLE, "body": BODY, **text, "act": act})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def publish(browser: PageChecker, preview: str) -> str:
    """Publish what a preview shows, and give the address of the proposal."""
    answer = browser.submit(preview, preview.replace("preview", "publication"))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def revise(browser: PageChecker, path: str, **text: str) -> str:
    """Write a new version of a proposal, and give the address of its preview."""
    note = {"note": "It now says who keeps the list."}
    answer = browser.submit(f"{path}/versions/new", f"{path}/versions", note | text)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def lines(db: Database, question: Deliberation) -> list[ProposalLine]:
    """The proposals of a discussion."""
    with db.reading() as reader:
        return list(list_proposals(reader, question.id))


def test_a_draft_asks_for_nothing_and_is_for_its_author_alone(
    app: Flask, browser: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure a word is enough, its author finds it, and it exists for nobody else."""
    path = f"/deliberations/{question.id}"

    draft = begin(browser, question, "draft", title="Lamps", body="")

    assert browser.page(draft).form(f"{path}/proposals").fields["title"] == ["Lamps"]
    assert draft in browser.page(path).links
    assert draft in browser.page("/account").links
    for other in (browser_of(app, db, make_person(db)), browser_of(app, db, None)):
        assert other.get(draft).status_code == 404
        assert other.get(f"{draft}/preview").status_code == 404
        assert draft not in other.page(path).links
        assert "Lamps" not in other.get(path).text
    assert lines(db, question) == []
    nothing = browser.submit(
        f"{path}/proposals/new", f"{path}/proposals", {"title": " ", "act": "draft"}
    )
    assert nothing.status_code == 422
    assert "Type something first." in nothing.text
    browser.submit(draft, f"{draft}/removal")
    assert browser.get(draft).status_code == 404


def test_a_draft_saved_in_two_tabs_shows_both_texts(
    browser: PageChecker, db: Database, ada: Actor, question: Deliberation
) -> None:
    """Ensure the later tab is shown what the earlier one saved, and may then replace it."""
    draft, action = begin(browser, question, "draft"), f"/deliberations/{question.id}/proposals"
    form = browser.page(draft).form(action).fields | {"act": "draft"}
    browser.post(action, data={**form, "body": "From the first tab."})

    conflict = browser.post(action, data={**form, "body": "From the second tab."})

    assert conflict.status_code == 409
    assert "From the first tab." in conflict.text
    assert "From the second tab." in conflict.text
    with db.reading() as reader:
        (kept,) = list_own_drafts(reader, ada.id or 0, question.id)
    assert draft.endswith(f"/{kept.id}")
    saved = {**form, "saved": "2", "body": "From the second tab."}
    assert browser.post(action, data=saved).status_code == 303
    assert "From the second tab." in browser.get(draft).text


def test_what_is_like_it_stands_beside_a_proposal_before_it_is_published(
    app: Flask, browser: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure the same discussion comes first, others second, and publishing stays possible."""
    page = PAGE.replace("Lanterns on the network", "Lamps elsewhere").replace("#77", "#76")
    elsewhere = make_deliberation(db, make_session(db, page=page))
    other = browser_of(app, db, make_person(db))
    far = publish(other, begin(other, elsewhere, title=f"{TITLE} elsewhere"))
    near = publish(other, begin(other, question, title=f"{TITLE} of places"))

    preview = begin(browser, question, rationale="So that it can be **found**.")

    page = browser.get(preview).text
    assert page.index(near) < page.index("In other discussions") < page.index(far)
    assert "<strong>number</strong>" in page
    assert "<strong>found</strong>" in page
    assert "Publish anyway" in page
    assert len(lines(db, question)) == 1
    assert "<strong>found</strong>" in browser.get(publish(browser, preview)).text


def test_closing_while_somebody_writes_keeps_the_text_and_says_why(
    browser: PageChecker, db: Database, ada: Actor, clock: FakeClock,
    question: Deliberation,
) -> None:  # fmt: skip
    """Ensure a text sent after closing becomes a draft on a page that says what changed."""
    path = f"/deliberations/{question.id}/proposals"
    form = browser.page(f"{path}/new").form(path).fields
    preview = begin(browser, question, title="Begun before the end of it")
    publication = browser.page(preview).form(preview.replace("preview", "publication"))
    clock.advance(days=31)
    renew(browser, db, ada)

    late = browser.post(path, data={**form, "title": TITLE, "body": BODY})
    published = browser.post(publication.action or "", data=publication.fields)

    for answer, title in ((late, TITLE), (published, "Begun before the end of it")):
        assert answer.status_code == 403
        assert "This discussion is not open for contributions now." in answer.text
        assert "Your text is kept in your draft." in answer.text
        assert title in answer.text
    with db.reading() as reader:
        assert len(list_own_drafts(reader, ada.id or 0, question.id)) == 2
    assert lines(db, question) == []


def test_a_text_sent_after_signing_out_waits_in_a_form(
    browser: PageChecker, db: Database, ada: Actor, question: Deliberation
) -> None:
    """Ensure a long text survives an expired sign-in and is sent again with one button."""
    path, text = f"/deliberations/{question.id}/proposals", "A long text. " * 300
    form = browser.page(f"{path}/new").form(path).fields
    with browser.session_transaction() as cookie:
        cookie.clear()
    here = {"Sec-Fetch-Site": "same-origin"}

    expired = browser.post(path, data={**form, "title": TITLE, "body": text}, headers=here)
    token = browser.page("/sign-in").form("/sign-in").fields["csrf_token"]
    signed_out = browser.post(
        path, data={**form, "csrf_token": token, "title": TITLE, "body": text}, headers=here
    )
    renew(browser, db, ada)
    token = browser.page(f"{path}/new").form(path).fields["csrf_token"]
    again = browser.post(
        path, data={**form, "csrf_token": token, "title": TITLE, "body": text, "act": "draft"}
    )

    assert (expired.status_code, signed_out.status_code) == (400, 403)
    for answer in (expired, signed_out):
        assert text.strip() in answer.text
        assert f'action="{path}"' in answer.text
        assert "Sign in, in a new tab" in answer.text
    assert text.strip() in browser.get(again.headers["Location"]).text


def test_a_new_version_is_compared_and_its_ratings_are_asked_for_again(
    app: Flask, browser: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure the change is shown word by word and a rating counts again after one click."""
    path = publish(browser, begin(browser, question))
    rater = browser_of(app, db, make_person(db))
    rater.submit(path, f"{path}/rating", {"rating": "agreement"})

    preview = revise(browser, path, title=TITLE.replace("list", "register"))
    assert "<ins>register</ins>" in browser.get(preview).text
    publish(browser, preview)

    page = rater.page(path)
    assert "1 rating was given to version 1." in page.text
    assert "You rated version 1. This is version 2." in page.text
    rater.submit(path, f"{path}/rating")
    confirmed = rater.page(path)
    assert "Your rating: Agreement" in confirmed.text
    assert "You rated version 1" not in confirmed.text
    history = rater.get(f"{path}/versions").text
    assert "It now says who keeps the list." in history
    assert "<del>list</del><ins>register</ins>" in history
    first = rater.page(f"{path}/versions/1")
    assert TITLE in first.text
    assert "This is an earlier version." in first.text
    assert rater.get(f"{path}/versions/3").status_code == 404


def test_a_version_begun_on_an_earlier_one_shows_both_texts(
    browser: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure the second of two tabs sees what the first one published, and then goes on."""
    path = publish(browser, begin(browser, question))
    earlier = revise(browser, path, body="The text of the slow tab.")
    publication = browser.page(earlier).form(earlier.replace("preview", "publication"))
    publish(browser, revise(browser, path, body="The text of the quick tab."))

    refused = browser.post(publication.action or "", data=publication.fields)

    assert refused.status_code == 409
    assert "The text of the slow tab." in refused.text
    assert "The text of the quick tab." in refused.text
    assert browser.get(earlier).status_code == 409
    again = browser.submit(earlier.removesuffix("/preview"), f"{path}/versions")
    publish(browser, again.headers["Location"])
    (line,) = lines(db, question)
    assert (line.version_number, line.body) == (3, "The text of the slow tab.")


def test_an_author_is_told_how_to_go_on_from_a_ballot(
    app: Flask, db: Database, question: Deliberation
) -> None:
    """Ensure a text that people vote on is not reworded, and becomes a new proposal in one step."""
    make_poll(db, question.id)
    line = lines(db, question)[0]
    with db.reading() as reader:
        author = browser_of(app, db, find_actor(reader, line.author_id))
    new = f"/deliberations/{question.id}/proposals/new?from={line.id}"

    page = author.page(f"/proposals/{line.id}")

    assert new in page.links
    assert f"/proposals/{line.id}/versions/new" not in page.links
    assert author.get(f"/proposals/{line.id}/versions/new").status_code == 409
    form = author.page(new).form(f"/deliberations/{question.id}/proposals")
    assert form.fields["title"] == [line.title]


def test_a_proposal_tells_its_story(
    browser: PageChecker, client: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure versions, arguments by group, and withdrawal stand on its page in order."""
    path = publish(browser, begin(browser, question))
    number = int(path.rsplit("/", 1)[1])
    make_comment(db, question.id, proposal_id=number, kind="oppose", body="It is too dear.")
    publish(browser, revise(browser, path, body="A plate, paid by the city."))
    browser.submit(path, f"{path}/withdrawal")

    page = client.get(path).text

    story = page[page.index('id="story"') :]
    steps = ["Proposed", "Version 2", "It now says who keeps the list.", "Withdrawn by its author"]
    assert sorted(steps, key=story.index) == steps
    assert "It is too dear." in page[page.index('id="arguments"') : page.index('id="story"')]


def test_hostile_texts_do_no_harm_on_any_page_of_a_proposal(
    browser: PageChecker, db: Database, ada: Actor, question: Deliberation
) -> None:
    """Ensure drafts, previews, versions and their differences show such texts as texts."""
    fine = {name: text for name, text in HOSTILE.items() if not set(text) & set("\x00\u202e\u202c")}
    lined = [text for text in LINES.values() if 8 <= len(text) <= 160]
    pages = []
    for number, text in enumerate(list(fine.values())[::2]):
        form = DraftedProposal(
            title=lined[number % len(lined)],
            body=text,
            rationale=text,
            submission_key=str(uuid.uuid4()),
        )
        with db.writing() as tx:
            draft = keep_draft(tx, ada, form, deliberation_id=question.id)
            pages += [f"/proposal-drafts/{draft.id}", f"/proposal-drafts/{draft.id}/preview"]
    path = publish(browser, begin(browser, question, title=lined[0], body=fine["a script"]))
    publish(browser, revise(browser, path, title=lined[1], body=fine["a form"], note=lined[2]))
    pages += ["/account", f"/deliberations/{question.id}"]

    for address in [*pages, path, f"{path}/versions", f"{path}/versions/1", f"{path}/versions/2"]:
        assert dangers(browser.get(address).text) == [], address
    for mark in REFUSED.values():
        refused = browser.submit(
            f"/deliberations/{question.id}/proposals/new",
            f"/deliberations/{question.id}/proposals",
            {"title": f"{TITLE} {mark}", "body": BODY},
        )
        assert refused.status_code == 422


def test_pages_of_a_proposal_ask_little_of_the_database(
    browser: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure forms, previews and versions keep to eight statements."""
    make_proposals(db, question.id, 5)
    path = publish(browser, begin(browser, question))
    preview = revise(browser, path, body="A plate, paid by the city.")
    (line,) = [each for each in lines(db, question) if path.endswith(f"/{each.id}")]
    rater, rating = make_person(db), NewRating(rating=Rating.NEUTRAL, version_id=line.version_id)
    with db.writing() as tx:
        rate_proposal(tx, rater, line.id, rating)

    for address in (preview, preview.removesuffix("/preview"), f"{path}/versions", path):
        with recorded(db) as sent:
            browser.get(address)
        assert len(sent) <= 8, address
