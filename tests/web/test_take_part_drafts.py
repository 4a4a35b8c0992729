"""Drafts of comments, mentions and numbers of proposals, as people meet them on pages."""

import pytest
from flask import Flask

from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from tests.factories import make_comment, make_deliberation, make_person, make_proposals
from tests.support.client import PageChecker
from tests.support.signed_in import browser_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def question(db: Database) -> Deliberation:
    """An open policy question."""
    return make_deliberation(db)


def test_a_draft_is_offered_again_everywhere_and_ends_when_published(
    app: Flask, db: Database, question: Deliberation
) -> None:
    """Ensure what was saved on one device stands in the form on another, and on one's page."""
    path, author = f"/deliberations/{question.id}", make_person(db)
    phone, desk = (browser_of(app, db, author) for _ in range(2))
    fields = {"body": "Begun <b>on</b> the phone", "kind": "question"}
    form = phone.page(path).form(f"{path}/comments").fields

    saved = phone.post(f"{path}/comments/draft", data={**form, **fields})

    assert (saved.status_code, saved.headers["Location"]) == (303, f"{path}/comments/new")
    for place in (path, f"{path}/comments/new"):
        kept = desk.page(place).form(f"{path}/comments").fields
        assert (kept["body"], kept["kind"]) == ([fields["body"]], ["question"])
    assert "Begun" in desk.page("/account").text
    assert "Begun" not in browser_of(app, db, make_person(db)).get(path).text
    desk.submit(path, f"{path}/comments")
    assert desk.page(path).form(f"{path}/comments").fields["body"] == [""]
    assert "Your drafts of comments" not in desk.page("/account").text


def test_drafts_of_replies_and_on_proposals_stand_in_their_own_forms(
    app: Flask, db: Database, question: Deliberation
) -> None:
    """Ensure each place keeps its own draft, and one can be thrown away."""
    path, writer = f"/deliberations/{question.id}", browser_of(app, db, make_person(db))
    answered = make_comment(db, question.id)
    (proposal,) = make_proposals(db, question.id, 1)
    for place in (f"{path}?reply={answered.id}", f"/proposals/{proposal.id}"):
        form = writer.page(place).form(f"{path}/comments").fields
        writer.post(f"{path}/comments/draft", data={**form, "body": f"Draft for {place}"})

    for place in (f"{path}?reply={answered.id}", f"/proposals/{proposal.id}"):
        kept = writer.page(place).form(f"{path}/comments").fields
        assert kept["body"] == [f"Draft for {place}"]
    assert writer.page(path).form(f"{path}/comments").fields["body"] == [""]

    discarding = [form.action for form in writer.page("/account").forms]
    for action in [each for each in discarding if each and "comment-drafts" in each]:
        assert writer.submit("/account", action).status_code == 303
    assert "Draft for" not in writer.page("/account").text


def test_what_is_wrong_with_a_draft_is_said_and_kept(
    app: Flask, db: Database, question: Deliberation
) -> None:
    """Ensure an empty or too long draft comes back with its text, also as a part of the page."""
    path, writer = f"/deliberations/{question.id}", browser_of(app, db, make_person(db))
    form = writer.page(path).form(f"{path}/comments").fields
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}

    for body in ("", "x" * 5_001):
        assert writer.post(f"{path}/comments/draft", data={**form, "body": body}).status_code == 422
    stored = writer.post(f"{path}/comments/draft", data={**form, "body": "Kept"}, headers=part)

    assert stored.status_code == 200
    assert "Only you see it." in stored.text


def test_a_proposal_says_where_it_is_mentioned(
    app: Flask, db: Database, client: PageChecker, question: Deliberation
) -> None:
    """Ensure a number typed in a comment leads to the proposal, and back."""
    path, writer = f"/deliberations/{question.id}", browser_of(app, db, make_person(db))
    (proposal,) = make_proposals(db, question.id, 1)
    body = f"As in #{proposal.id}"
    form = writer.page(path).form(f"{path}/comments").fields

    preview = writer.post(f"{path}/comments/preview", data={**form, "body": body})
    writer.submit(path, f"{path}/comments", {"body": body})

    link = f'<a href="/proposals/{proposal.id}">#{proposal.id}</a>'
    assert link in preview.text
    assert link in client.get(path).text
    shown = client.page(f"/proposals/{proposal.id}")
    assert "Mentioned in 1 comment" in shown.text
    assert f"Proposal #{proposal.id}" in shown.text
    listed = client.page(f"/proposals/{proposal.id}/mentions")
    assert body in listed.text
    assert f"/proposals/{proposal.id}/mentions" in shown.links
