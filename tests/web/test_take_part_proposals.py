"""Making, reading, rating and withdrawing proposals, as a browser without scripts does it."""

import pytest
from flask import Flask

from deliberate.actions.proposals import rate_proposal
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.domain.positions import Rating
from deliberate.inputs.contributions import NewRating
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.people import find_actor
from deliberate.storage.proposal_versions import count_ratings
from deliberate.storage.proposals import ProposalLine, list_proposals
from tests.factories import make_comment, make_deliberation, make_person, make_poll, make_proposals
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
TITLE = "Number every lantern and publish the list"
BODY = "Each lantern gets a **number** on a plate.\n\n- cheap\n- quick"
STEPS = [rating.value for rating in Rating]


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


def propose(browser: PageChecker, question: Deliberation, **fields: str) -> str:
    """Write a proposal, look at it, publish it, and give its address."""
    path = f"/deliberations/{question.id}/proposals"
    data = {"title": TITLE, "body": BODY, **fields}
    answer = browser.submit(f"{path}/new", path, data)
    assert answer.status_code == 303, answer.text
    preview = answer.headers["Location"]
    answer = browser.submit(preview, preview.replace("preview", "publication"))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def lines(db: Database, question: Deliberation) -> list[ProposalLine]:
    """The proposals of a discussion."""
    with db.reading() as reader:
        return list(list_proposals(reader, question.id))


def rate(db: Database, line: ProposalLine, group: StakeholderGroup, *ratings: Rating) -> None:
    """Ratings by new people of a group."""
    for rating in ratings:
        with_version = NewRating(rating=rating, version_id=line.version_id)
        person = make_person(db, group)
        with db.writing() as tx:
            rate_proposal(tx, person, line.id, with_version)


def test_a_proposal_has_a_page_of_its_own(
    browser: PageChecker, client: PageChecker, question: Deliberation
) -> None:
    """Ensure title, text, author and the way back stand on its page, and its card on the list."""
    path = propose(browser, question)

    page = client.page(path)

    assert TITLE in page.text
    assert "Each lantern gets a number on a plate." in page.text
    assert "Ada Example" in page.text
    assert f"/deliberations/{question.id}" in page.links
    assert path in client.page(f"/deliberations/{question.id}").links
    assert client.get("/proposals/999999").status_code == 404


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "This is needed."),
        ({"title": "short"}, "Write at least 8 characters."),
        ({"title": "x" * 161}, "Shorten this to 160 characters."),
        ({"title": f"{TITLE} \u202e"}, "invisible direction marks"),
        ({"body": ""}, "This is needed."),
        ({"body": "x" * 5_001}, "Shorten this to 5000 characters."),
    ],
)
def test_a_wrong_proposal_comes_back_with_its_text(
    browser: PageChecker,
    db: Database,
    question: Deliberation,
    fields: dict[str, str],
    message: str,
) -> None:
    """Ensure nothing is stored and both texts stand in the form again."""
    path = f"/deliberations/{question.id}/proposals"
    data = {"title": TITLE, "body": "What we would do.", **fields}

    answer = browser.submit(f"{path}/new", path, data)

    assert answer.status_code == 422
    assert message in answer.text
    assert all(text in answer.text for text in data.values())
    assert lines(db, question) == []


def test_two_copies_of_a_form_make_one_proposal(
    browser: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure the second copy of each form leads to what the first one made."""
    path = f"/deliberations/{question.id}/proposals"
    form = browser.page(f"{path}/new").form(path).fields
    data = {**form, "title": TITLE, "body": BODY}
    kept = [browser.post(path, data=data).headers["Location"] for _ in range(2)]
    action = kept[0].replace("preview", "publication")
    fields = browser.page(kept[0]).form(action).fields

    published = [browser.post(action, data=fields).headers["Location"] for _ in range(2)]
    late = browser.post(path, data=data).headers["Location"]

    assert kept[0] == kept[1]
    assert [*published, late] == [f"/proposals/{lines(db, question)[0].id}"] * 3
    assert len(lines(db, question)) == 1


def test_visitors_and_latecomers_make_no_proposals(
    app: Flask, client: PageChecker, db: Database, clock: FakeClock, question: Deliberation
) -> None:
    """Ensure the form and the act are refused without an account and after closing."""
    path = f"/deliberations/{question.id}/proposals"
    token = client.page("/sign-in").form("/sign-in").fields["csrf_token"]
    data = {"csrf_token": token, "title": TITLE, "body": BODY, "submission_key": "0" * 32}
    assert f"/sign-in?next={path}/new" in client.page(f"/deliberations/{question.id}").links
    assert client.get(f"{path}/new").status_code == 403
    assert client.post(path, data=data).status_code == 403
    late = browser_of(app, db, make_person(db))
    form = late.page(f"{path}/new").form(path).fields
    clock.advance(days=31)

    answer = late.post(path, data={**form, "title": TITLE, "body": BODY})

    assert answer.status_code == 403
    assert TITLE in answer.text
    assert late.get(f"{path}/new").status_code == 403
    assert lines(db, question) == []


@pytest.mark.parametrize("part", [False, True])
def test_a_rating_is_kept_and_can_be_changed(
    browser: PageChecker, db: Database, question: Deliberation, part: bool
) -> None:
    """Ensure the own rating stands on the page and the last one counts."""
    line = lines(db, question)[0] if make_proposals(db, question.id, 1) else None
    assert line is not None
    path, action = f"/proposals/{line.id}", f"/proposals/{line.id}/rating"
    headers = PART if part else {}
    browser.submit(path, action, {"rating": "neutral"}, headers=headers)

    answer = browser.submit(path, action, {"rating": "strong_agreement"}, headers=headers)

    if part:
        assert answer.text.lstrip().startswith('<section id="rating"')
    else:
        assert answer.headers["Location"] == f"{path}#rating"
    page = browser.page(path)
    assert "Your rating: Strong agreement" in page.text
    assert page.form(action).fields["rating"] == ["strong_agreement"]
    with db.reading() as reader:
        assert len(count_ratings(reader, question.id)) == 1


def test_a_rating_needs_a_step_and_the_version_shown(
    browser: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure nothing chosen is asked for, and a version that is not current is refused."""
    make_proposals(db, question.id, 1)
    line = lines(db, question)[0]
    path, action = f"/proposals/{line.id}", f"/proposals/{line.id}/rating"
    form = browser.page(path).form(action).fields

    nothing = browser.submit(path, action)
    earlier = browser.post(action, data={**form, "rating": "neutral", "version_id": "999999"})

    assert nothing.status_code == 422
    assert "This is needed." in nothing.text
    assert earlier.status_code == 409
    with db.reading() as reader:
        assert count_ratings(reader, question.id) == []


@pytest.mark.parametrize("role", [None, Role.MAG_MEMBER, Role.FACILITATOR, Role.SECRETARIAT])
@pytest.mark.parametrize("rating", ["neutral", "fine"])
def test_those_who_run_things_do_not_rate(
    app: Flask, db: Database, question: Deliberation, role: Role | None, rating: str
) -> None:
    """Ensure visitors and staff get no form and cannot do without it."""
    make_proposals(db, question.id, 1)
    line = lines(db, question)[0]
    client = browser_of(app, db, make_person(db, role=role) if role else None)
    action = f"/proposals/{line.id}/rating"
    token = client.page("/account" if role else "/sign-in").forms[0].fields["csrf_token"]
    data = {"csrf_token": token, "rating": rating, "version_id": str(line.version_id)}
    before = count_rows(db)

    answer = client.post(action, data=data)

    forms = client.page(f"/proposals/{line.id}").forms
    assert not [form for form in forms if form.action == action]
    assert answer.status_code == 403
    assert count_rows(db) == before


@pytest.mark.parametrize("role", [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT])
def test_ratings_are_shown_by_group_after_closing(
    app: Flask, db: Database, clock: FakeClock, question: Deliberation, role: Role | None
) -> None:
    """Ensure before closing there is turnout only, and after it small groups stay hidden."""
    make_proposals(db, question.id, 1)
    line = lines(db, question)[0]
    rate(db, line, StakeholderGroup.CIVIL_SOCIETY, *[Rating.AGREEMENT] * 5, Rating.NEUTRAL)
    rate(db, line, StakeholderGroup.GOVERNMENT, Rating.STRONG_DISAGREEMENT)
    client = browser_of(app, db, make_person(db, role=role) if role else None)
    path = f"/proposals/{line.id}"
    before = client.get(path).text
    clock.advance(days=31)

    after = client.get(path).text

    assert "stacked" not in before
    assert "Nearest level" not in before
    assert '<span class="count">6</span>' in before
    assert "Not enough participation" in after
    assert after.count("Too few responses to show") == 4
    assert "(1)" not in after
    assert f'action="{path}/rating"' not in after


def test_an_author_withdraws_a_proposal(browser: PageChecker, question: Deliberation) -> None:
    """Ensure a withdrawn proposal stays readable, is marked, and is not rated any more."""
    path = propose(browser, question)

    answer = browser.submit(path, f"{path}/withdrawal")

    assert answer.headers["Location"] == path
    page = browser.page(path)
    assert "Proposal, withdrawn" in page.text
    assert "Each lantern gets a number on a plate." in page.text
    assert not [form for form in page.forms if "rating" in (form.action or "")]
    assert "Withdrawn" in browser.page(f"/deliberations/{question.id}").text


def test_what_stands_on_a_ballot_is_not_withdrawn(
    app: Flask, db: Database, question: Deliberation
) -> None:
    """Ensure the page leads to the poll, offers no withdrawal, and the act is refused."""
    poll = make_poll(db, question.id)
    line = lines(db, question)[0]
    with db.reading() as reader:
        author = find_actor(reader, line.author_id)
    client = browser_of(app, db, author)
    page = client.page(f"/proposals/{line.id}")

    answer = client.post(
        f"/proposals/{line.id}/withdrawal", data={"csrf_token": page.forms[0].fields["csrf_token"]}
    )

    assert f"/polls/{poll.id}" in page.links
    assert not [form for form in page.forms if "withdrawal" in (form.action or "")]
    assert answer.status_code == 409
    assert not lines(db, question)[0].is_withdrawn


def test_nobody_withdraws_anothers_proposal(
    browser: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure only the author can withdraw."""
    make_proposals(db, question.id, 1)
    line = lines(db, question)[0]
    page = browser.page(f"/proposals/{line.id}")
    token = page.forms[0].fields["csrf_token"]

    answer = browser.post(f"/proposals/{line.id}/withdrawal", data={"csrf_token": token})

    assert not [form for form in page.forms if "withdrawal" in (form.action or "")]
    assert answer.status_code == 403
    assert not lines(db, question)[0].is_withdrawn


@pytest.mark.parametrize("part", [False, True])
def test_a_proposal_is_commented_on_its_own_page(
    browser: PageChecker, db: Database, question: Deliberation, part: bool
) -> None:
    """Ensure comments and replies stay with the proposal and name it in the whole discussion."""
    make_proposals(db, question.id, 1)
    line = lines(db, question)[0]
    path, action = f"/proposals/{line.id}", f"/deliberations/{question.id}/comments"
    headers = PART if part else {}
    first = browser.submit(path, action, {"body": "A first remark."}, headers=headers)
    comment = max(int(key[1:]) for key in browser.page(path).ids if key[1:].isdecimal())

    second = browser.submit(
        f"{path}?reply={comment}", action, {"body": "And a reply."}, headers=headers
    )

    if part:
        assert "Comments on this proposal" in second.text
    else:
        assert first.headers["Location"] == f"{path}?around={comment}#c{comment}"
        assert second.headers["Location"].startswith(f"{path}?around=")
    page = browser.page(path)
    assert "A first remark." in page.text
    assert "And a reply." in page.text
    whole = browser.page(f"/deliberations/{question.id}")
    assert f"About the proposal “{line.title}”" in whole.text


def test_a_wrong_comment_on_a_proposal_comes_back_there(
    browser: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure the form to be corrected stands on the page it was sent from."""
    make_proposals(db, question.id, 1)
    line = lines(db, question)[0]
    action = f"/deliberations/{question.id}/comments"

    answer = browser.submit(f"/proposals/{line.id}", action, {"body": " "})

    assert answer.status_code == 422
    assert "Comments on this proposal" in answer.text


def test_proposals_are_limited(
    browser: PageChecker, db: Database, clock: FakeClock, question: Deliberation
) -> None:
    """Ensure the sixth proposal within the hour waits as a draft."""
    clock.advance(hours=25)  # New accounts wait longer.
    path = f"/deliberations/{question.id}/proposals"
    for number in range(5):
        propose(browser, question, title=f"{TITLE} {number}")
    preview = browser.submit(f"{path}/new", path, {"title": TITLE, "body": BODY})
    draft = preview.headers["Location"].removesuffix("/preview")

    answer = browser.submit(f"{draft}/preview", f"{draft}/publication")

    assert answer.status_code == 429
    assert len(lines(db, question)) == 5
    assert browser.page(draft).form(path).fields["title"] == [TITLE]


@pytest.mark.parametrize("days", [0, 31])
def test_a_proposal_asks_little_of_the_database(
    browser: PageChecker, db: Database, clock: FakeClock, question: Deliberation, days: int
) -> None:
    """Ensure the page keeps to eight statements once results were counted for somebody."""
    make_proposals(db, question.id, 1)
    line = lines(db, question)[0]
    make_comment(db, question.id, proposal_id=line.id)
    rate(db, line, StakeholderGroup.TECHNICAL, *Rating)
    clock.advance(days=days)
    browser.get(f"/proposals/{line.id}")

    with recorded(db) as sent:
        browser.get(f"/proposals/{line.id}")

    assert len(sent) <= 8
