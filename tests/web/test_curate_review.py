"""The MAG's desk, conflicts of interest and the review, as a browser without scripts does it."""

import re

import pytest
from flask import Flask

from deliberate.actions.conflicts import declare_for_session
from deliberate.actions.reviews import score_question, send_all_to_review
from deliberate.domain.forum import QuestionState
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.inputs.review import NewReview
from deliberate.storage.curation import list_decisions
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession, list_questions
from tests.factories import PAGE, make_person, make_session
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of

REASON = "The groups that scored it agree."
SECRET = "Too vague about who pays for oil."
GROUPS = (StakeholderGroup.CIVIL_SOCIETY, StakeholderGroup.GOVERNMENT, StakeholderGroup.TECHNICAL)
MOST_QUERIES = 8
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def members(db: Database) -> list[Actor]:
    """MAG members of three groups; the last is named on the session's page."""
    named = make_person(db, GROUPS[2], Role.MAG_MEMBER, name="Bo Example")
    return [*(make_person(db, group, Role.MAG_MEMBER) for group in GROUPS[:2]), named]


@pytest.fixture
def session(db: Database, members: list[Actor]) -> ForumSession:
    """A session whose two questions are in review."""
    made = make_session(db, members[0])
    with db.writing() as tx:
        send_all_to_review(tx, members[0], made.id)
    return made


@pytest.fixture
def question(db: Database, session: ForumSession) -> int:
    """The first question's id."""
    with db.reading() as reader:
        return list_questions(reader, session.id)[0].id


def score(db: Database, member: Actor, question_id: int, value: int, note: str = "") -> None:
    """Give a score without a browser."""
    with db.writing() as tx:
        score_question(tx, member, question_id, NewReview(score=value, note=note))


def test_a_score_shows_the_others_and_its_change_is_marked(
    app: Flask, db: Database, members: list[Actor], question: int
) -> None:
    """Ensure others' scores and notes come with one's own and not a moment earlier."""
    score(db, members[0], question, 2, SECRET)
    address = f"/questions/{question}/review"
    reviewer = browser_of(app, db, members[1])

    for headers in ({}, PART):
        before = reviewer.get(address, headers=headers).text
        assert SECRET not in before
        assert "All scores" not in before
        assert (members[0].name in before) is False
    refused = reviewer.submit(address, data={"score": "5", "note": "x" * 1001}, headers=PART)
    assert refused.status_code == 422
    assert SECRET not in refused.text
    assert reviewer.submit(address, data={"score": "5", "note": "Good."}).status_code == 303

    page = reviewer.page(address)
    assert SECRET in page.text
    assert "3.5 on average; 3 steps between the lowest and the highest." in page.text
    assert "Changed after seeing others" not in page.text
    reviewer.submit(address, data={"score": "3"})
    assert "Changed after seeing others, first 5" in reviewer.page(address).text

    reviewer.submit(address, f"{address}/withdrawal")
    assert SECRET not in reviewer.get(address).text


def test_the_review_says_what_is_missing_before_it_can_end(
    app: Flask, db: Database, members: list[Actor], session: ForumSession, question: int
) -> None:
    """Ensure a refusal names reviews and groups, keeps the reason, and writes nothing."""
    score(db, members[0], question, 5)
    curator = browser_of(app, db, members[0])
    desk, act = f"/sessions/{session.slug}/curation", f"/questions/{question}/acceptance"
    needs = "Needs 2 more reviews, 2 of them from groups not heard yet."
    assert needs in curator.page(f"/questions/{question}/review").text
    rows = count_rows(db)

    refused = curator.submit(desk, act, {"reason": REASON})

    assert refused.status_code == 409
    assert needs in refused.text
    assert REASON in refused.text
    assert count_rows(db) == rows
    for member, value in zip(members[1:], (4, 4), strict=True):
        score(db, member, question, value)
    assert curator.submit(desk, act, {"reason": REASON}).status_code == 303
    log = app.test_client().get("/curation-log").text
    assert "Average score 4.3 of 5; 1 step between" in log
    assert len(re.findall("Reviewed by:", log)) == 1


def test_every_reviewer_has_an_order_of_their_own(
    app: Flask, db: Database, members: list[Actor], question: int
) -> None:
    """Ensure the queue begins with what is still to score and is the same at every visit."""
    score(db, members[0], question, 3)
    reviewer = browser_of(app, db, members[0])

    pages = [reviewer.page("/review").text for _ in range(2)]

    assert pages[0] == pages[1]
    assert pages[0].index("To score") < pages[0].index("You scored it")
    assert "1 waits for your score" in pages[0]
    assert "The queue ends before this page." in reviewer.page("/review?page=7").text


def test_a_conflict_is_declared_said_in_public_and_taken_back(
    app: Flask, db: Database, members: list[Actor], session: ForumSession, question: int
) -> None:
    """Ensure a member named on the page is asked, leaves the queue, and reads without acting."""
    score(db, members[2], question, 5)
    member = browser_of(app, db, members[2])
    address = f"/sessions/{session.slug}/conflict"
    assert address in member.page(f"/questions/{question}/review").links
    assert "Is this your session?" in member.page(f"/questions/{question}/review").text

    assert member.submit(address, data={"note": "I spoke there."}).status_code == 303

    desk = member.page("/curate").text
    assert "1 score you gave there is void now." in desk
    assert "I spoke there." in desk
    assert session.title not in member.page("/review").text
    review = member.page(f"/questions/{question}/review")
    assert "You declared a conflict of interest here." in review.text
    curation = member.page(f"/sessions/{session.slug}/curation")
    for page in (review, curation):
        assert [form.action for form in page.forms if form.action != "/sign-out"] == []
    log = app.test_client().get("/curation-log").text
    assert "Stands aside" in log
    assert "I spoke there." not in log

    actions = [form.action or "" for form in member.page("/curate").forms]
    withdrawal = next(action for action in actions if re.match(r"/conflicts/\d+/", action))
    assert member.submit("/curate", withdrawal).status_code == 303
    again = member.page(f"/questions/{question}/review").text
    assert "The score you gave is void" in again


def test_a_theme_is_chosen_from_those_there_are(
    app: Flask, db: Database, members: list[Actor]
) -> None:
    """Ensure standing aside in a theme covers its sessions, and an invented one is refused."""
    made = make_session(db, members[0], PAGE.replace("#77", "#78"))
    with db.writing() as tx:
        tx.merge(made).theme = "Oil"
    member = browser_of(app, db, members[0])
    refused = member.submit("/curate", "/conflicts", {"theme": "Gold"})
    assert refused.status_code == 422
    assert "No session has this theme." in refused.text

    assert member.submit("/curate", "/conflicts", {"theme": "Oil"}).status_code == 303

    assert "Every session of this theme" in app.test_client().get("/curation-log").text
    with db.reading() as reader:
        entry, _person, logged = list_decisions(reader, limit=1)[0]
    assert (entry.after, logged) == (["Oil"], None)


def test_questions_go_to_review_and_come_back(
    app: Flask, db: Database, members: list[Actor]
) -> None:
    """Ensure one question, or all new ones of a session, can be sent and one taken back."""
    made = make_session(db, members[0])
    with db.reading() as reader:
        first = list_questions(reader, made.id)[0].id
    curator = browser_of(app, db, members[0])
    desk = f"/sessions/{made.slug}/curation"

    def states() -> list[QuestionState]:
        with db.reading() as reader:
            return [each.state for each in list_questions(reader, made.id)]

    curator.submit(desk, f"/questions/{first}/referral")
    assert states() == [QuestionState.IN_REVIEW, QuestionState.IMPORTED]
    curator.submit(f"/questions/{first}/review", f"/questions/{first}/referral/withdrawal")
    assert states() == [QuestionState.IMPORTED] * 2
    curator.submit(desk, f"/sessions/{made.slug}/referrals")
    assert states() == [QuestionState.IN_REVIEW] * 2


def test_no_page_of_the_review_asks_much(
    app: Flask, db: Database, members: list[Actor], session: ForumSession, question: int
) -> None:
    """Ensure pages stay within their queries, however many scores there are."""
    for member in members:
        score(db, member, question, 4, "A note.")
    with db.writing() as tx:
        declare_for_session(tx, members[2], session.id, "")
    reviewer = browser_of(app, db, members[0])
    for path in (
        "/curate", "/review", f"/questions/{question}/review", "/suggestions",
        f"/sessions/{session.slug}/conflict", f"/sessions/{session.slug}/suggestions",
    ):  # fmt: skip
        with recorded(db) as sent:
            reviewer.page(path)
        assert len(sent) <= MOST_QUERIES, (path, sent)
