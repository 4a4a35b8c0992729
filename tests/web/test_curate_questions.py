"""Curating questions as a browser without scripts does it."""

from collections.abc import Sequence

import pytest
from flask import Flask

from deliberate.actions.curation import reword_question
from deliberate.domain.forum import QuestionState
from deliberate.domain.people import Actor, Role
from deliberate.inputs.curation import Rewording
from deliberate.storage.curation import list_decisions
from deliberate.storage.database import Database
from deliberate.storage.deliberation_pages import DeliberationPage, list_pages
from deliberate.storage.forum import ForumSession, PolicyQuestion, list_questions
from tests.factories import PAGE, make_deliberation, make_person, make_session
from tests.support.client import PageChecker
from tests.support.pages import Page
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of

REASON = "It reads better this way."
WORDING = "How can lanterns and community networks share their poles?"
MOST_QUERIES = 12
"""More than on other pages: questions, outputs, labels, lineage, twins and the log meet here."""
OTHERS = [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT]
ACTS = {
    "acceptance": {"reason": REASON},
    "declination": {"reason": REASON},
    "rewording": {"text": WORDING, "reason": REASON, "version": "1"},
    "split": {"parts": "Who pays in cities?\n\nWho pays in villages?", "reason": REASON},
    "opening": {"opens_at": "", "closes_at": "2026-03-20T12:00", "minimum": "5"},
}


def load(db: Database, session: ForumSession) -> Sequence[PolicyQuestion]:
    """The session's questions as stored, in page order."""
    with db.reading() as reader:
        return list_questions(reader, session.id)


def opened(db: Database, session: ForumSession) -> Sequence[DeliberationPage]:
    """The session's discussions."""
    with db.reading() as reader:
        return list_pages(reader, session.id)


def test_the_page_shows_questions_with_their_source(
    db: Database, curator: PageChecker, session: ForumSession, desk: str
) -> None:
    """Ensure each question stands there with a link to its line on the session's page."""
    page = curator.page(desk)

    for question in load(db, session):
        assert question.text in page.text
        assert f"/sessions/{session.slug}/source#line-{question.source_line}" in page.links
    assert "It does not take its own answer for granted." in page.text


@pytest.mark.parametrize(
    ("act", "state"),
    [("acceptance", QuestionState.ACCEPTED), ("declination", QuestionState.DECLINED)],
)
def test_a_judgement_is_stored_with_its_reason(
    db: Database,
    curator: PageChecker,
    session: ForumSession,
    desk: str,
    act: str,
    state: QuestionState,
) -> None:
    """Ensure accepting and declining lead back to the question, with a message."""
    question = load(db, session)[0]

    response = curator.submit(desk, f"/questions/{question.id}/{act}", {"reason": REASON})

    assert (response.status_code, response.location) == (303, f"{desk}#question-{question.id}")
    assert load(db, session)[0].state is state
    with db.reading() as reader:
        assert list_decisions(reader, session.id)[0][0].reason == REASON
    assert "The question is" in curator.page(desk).text


def test_a_declined_question_can_still_be_accepted(
    db: Database, curator: PageChecker, session: ForumSession, desk: str
) -> None:
    """Ensure the page offers the way back until the question is opened."""
    question = load(db, session)[0]
    for act in ("declination", "acceptance", "declination"):
        curator.submit(desk, f"/questions/{question.id}/{act}", {"reason": REASON})

    assert load(db, session)[0].state is QuestionState.DECLINED


def test_a_rewording_shows_the_original_beside_it(
    db: Database, curator: PageChecker, session: ForumSession, desk: str
) -> None:
    """Ensure readers see what the session itself asked."""
    question = load(db, session)[0]

    form = {"text": WORDING, "reason": REASON}
    response = curator.submit(desk, f"/questions/{question.id}/rewording", form)

    assert response.status_code == 303
    text = curator.page(desk).text
    assert WORDING in text
    assert f"Originally: {question.original}" in text


def test_a_stale_rewording_shows_both_texts(
    db: Database, curator: PageChecker, mag_member: Actor, session: ForumSession, desk: str
) -> None:
    """Ensure neither text is lost, and a second click puts one's own in place knowingly."""
    question = load(db, session)[0]
    action = f"/questions/{question.id}/rewording"
    mine = curator.page(desk).form(action).fields | {"text": "My own words?", "reason": REASON}
    with db.writing() as tx:
        form = Rewording(text=WORDING, reason=REASON, version=question.version)
        reword_question(tx, mag_member, question.id, form)
    before = count_rows(db)

    response = curator.post(action, data=mine)

    assert response.status_code == 409
    assert count_rows(db) == before
    page = Page(response.text)
    assert f"Saved by somebody else meanwhile: {WORDING}" in page.text
    assert page.form(action).fields["text"] == ["My own words?"]
    assert curator.post(action, data=page.form(action).fields).status_code == 303
    assert load(db, session)[0].text == "My own words?"


def test_a_stale_rewording_of_a_replaced_question_is_refused(
    db: Database, curator: PageChecker, session: ForumSession, desk: str
) -> None:
    """Ensure the refusal shows the text to copy when there is no form to put it in any more."""
    question = load(db, session)[0]
    action = f"/questions/{question.id}/rewording"
    mine = curator.page(desk).form(action).fields | {"text": "My own words?", "reason": REASON}
    curator.submit(desk, f"/questions/{question.id}/split", ACTS["split"])

    response = curator.post(action, data=mine)

    assert response.status_code == 409
    assert "My own words?" in response.text


def test_a_split_shows_its_lineage(
    db: Database, curator: PageChecker, session: ForumSession, desk: str
) -> None:
    """Ensure the parts stand beside the question they came from, linked both ways."""
    question = load(db, session)[1]

    response = curator.submit(desk, f"/questions/{question.id}/split", ACTS["split"])

    children = load(db, session)[-2:]
    assert response.location == f"{desk}#question-{children[0].id}"
    page = curator.page(desk)
    assert f"Split from: {question.text}" in page.text
    assert "Became: Who pays in cities?" in page.text
    assert {f"#question-{each.id}" for each in [question, *children]} <= set(page.links)


def test_a_merger_shows_its_lineage(
    db: Database, curator: PageChecker, session: ForumSession, desk: str
) -> None:
    """Ensure the merged question names every question it came from."""
    parents = load(db, session)
    ids = [str(parent.id) for parent in parents]

    form = {"question_ids": ids, "text": WORDING, "reason": REASON}
    response = curator.submit(desk, f"/sessions/{session.slug}/mergers", form)

    assert response.status_code == 303
    page = curator.page(desk)
    for parent in parents:
        assert f"Merged from: {parent.text}" in page.text
    assert f"Became: {WORDING}" in page.text


def test_questions_of_another_session_are_not_merged_here(
    db: Database, curator: PageChecker, mag_member: Actor, session: ForumSession, desk: str
) -> None:
    """Ensure a forged form cannot touch a session that the address does not name."""
    other = make_session(db, mag_member, PAGE.replace("WS #77", "WS #78"))
    foreign = load(db, other)
    fields = curator.page(desk).form(f"/sessions/{session.slug}/mergers").fields
    ids = [str(question.id) for question in foreign]
    before = count_rows(db)

    response = curator.post(
        f"/sessions/{session.slug}/mergers",
        data=fields | {"question_ids": ids, "text": WORDING, "reason": REASON},
    )

    assert response.status_code == 422
    assert count_rows(db) == before
    assert {question.state for question in load(db, other)} == {QuestionState.IMPORTED}


def test_an_accepted_question_is_opened_with_suggested_dates(
    db: Database, curator: PageChecker, session: ForumSession, desk: str
) -> None:
    """Ensure the suggestion is now until a fortnight later, five responses a group."""
    question = load(db, session)[0]
    curator.submit(desk, f"/questions/{question.id}/acceptance", {"reason": REASON})

    response = curator.submit(desk, f"/questions/{question.id}/opening")

    assert response.status_code == 303
    [page] = opened(db, session)
    assert f"{page.opens_at:%Y-%m-%dT%H:%M}" == "2026-03-02T09:00"
    assert f"{page.closes_at:%Y-%m-%dT%H:%M}" == "2026-03-16T09:00"
    assert page.deliberation.minimum == 5
    shown = curator.page(desk)
    assert f"/deliberations/{page.id}" in shown.links
    assert page.deliberation.fingerprint[:4] in shown.text


def test_an_opened_question_offers_no_acts(
    db: Database, curator: PageChecker, session: ForumSession, desk: str
) -> None:
    """Ensure no form is left for it, and forms shown before are refused."""
    question = load(db, session)[0]
    before_opening = curator.page(desk)
    make_deliberation(db, session)

    assert not any(
        (form.action or "").startswith(f"/questions/{question.id}/")
        for form in curator.page(desk).forms
    )
    rows = count_rows(db)
    for act in ("acceptance", "declination", "rewording", "split"):
        action = f"/questions/{question.id}/{act}"
        fields = before_opening.form(action).fields | ACTS[act]
        assert curator.post(action, data=fields).status_code == 409
    assert count_rows(db) == rows


@pytest.mark.parametrize(
    ("act", "field", "text"),
    [
        ("acceptance", "reason", ""),
        ("acceptance", "reason", "short"),
        ("declination", "reason", "a" * 1001),
        ("declination", "reason", "turned \u202e around for you"),
        ("rewording", "text", "<b>No?"),
        ("rewording", "text", "a" * 1001),
        ("split", "parts", "Only one part, without a blank line"),
        ("split", "parts", "Short\n\nShort"),
    ],
)
def test_a_faulty_form_comes_back_open_with_its_text(
    db: Database,
    curator: PageChecker,
    session: ForumSession,
    desk: str,
    act: str,
    field: str,
    text: str,
) -> None:
    """Ensure the error stands at its field, the text is kept and nothing is written."""
    question = load(db, session)[0]
    action = f"/questions/{question.id}/{act}"
    before = count_rows(db)

    response = curator.submit(desk, action, ACTS[act] | {field: text})

    assert response.status_code == 422
    page, key = Page(response.text), f"question-{question.id}-{act}"
    assert page.form(action).fields[field] == [text]
    assert f"{key}-{field}-error" in page.ids
    assert f"#{key}-{field}" in page.links
    assert response.text.count(" open>") == 1
    assert count_rows(db) == before


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("closes_at", ""),
        ("closes_at", "soon"),
        ("closes_at", "2026-03-01T09:00"),
        ("opens_at", "2026-03-01T09:00"),
        ("minimum", "0"),
        ("minimum", "many"),
    ],
)
def test_a_faulty_opening_comes_back_with_its_dates(
    db: Database, curator: PageChecker, session: ForumSession, desk: str, field: str, text: str
) -> None:
    """Ensure a wrong date or minimum is explained at its field, and nothing opens."""
    question = load(db, session)[0]
    curator.submit(desk, f"/questions/{question.id}/acceptance", {"reason": REASON})
    action = f"/questions/{question.id}/opening"

    response = curator.submit(desk, action, ACTS["opening"] | {field: text})

    assert response.status_code == 422
    page = Page(response.text)
    assert page.form(action).fields[field] == [text]
    assert f"question-{question.id}-opening-{field}-error" in page.ids
    assert opened(db, session) == []


@pytest.mark.parametrize("chosen", [0, 1])
def test_a_merger_needs_two_questions(
    db: Database, curator: PageChecker, session: ForumSession, desk: str, chosen: int
) -> None:
    """Ensure too few questions are explained, and the chosen one stays ticked."""
    action = f"/sessions/{session.slug}/mergers"
    ids = [str(question.id) for question in load(db, session)][:chosen]
    before = count_rows(db)

    form = {"question_ids": ids, "text": WORDING, "reason": REASON}
    response = curator.submit(desk, action, form)

    assert response.status_code == 422
    page = Page(response.text)
    assert "merger-question_ids-error" in page.ids
    assert page.form(action).fields.get("question_ids", []) == ids
    assert page.form(action).fields["text"] == [WORDING]
    assert count_rows(db) == before


@pytest.mark.parametrize("role", OTHERS)
def test_only_mag_members_curate(
    app: Flask, db: Database, session: ForumSession, desk: str, role: Role | None
) -> None:
    """Ensure everybody else is told why, for the page and each act, valid or not."""
    client = browser_of(app, db, make_person(db, role=role) if role else None)
    forms = client.page("/about" if role else "/sign-in").forms
    token = next(form.fields["csrf_token"][0] for form in forms if "csrf_token" in form.fields)
    question = load(db, session)[0]
    before = count_rows(db)

    assert "Advisory Group" in client.page(desk, 403).text
    addresses = {f"/questions/{question.id}/{act}": form for act, form in ACTS.items()}
    merger = {"question_ids": ["1", "2"], "text": WORDING, "reason": REASON}
    addresses[f"/sessions/{session.slug}/mergers"] = merger  # type: ignore[assignment]
    for address, form in addresses.items():
        for data in (form, {}):
            response = client.post(address, data={"csrf_token": token, **data})
            assert response.status_code == 403, address

    assert count_rows(db) == before


def test_unknown_things_are_not_found(curator: PageChecker, desk: str) -> None:
    """Ensure wrong numbers and names are told from refusals."""
    token = curator.page(desk).forms[0].fields["csrf_token"][0]

    assert curator.get("/sessions/no-such-session/curation").status_code == 404
    assert curator.get("/questions/999").status_code == 404
    for act, form in ACTS.items():
        response = curator.post(f"/questions/999/{act}", data={"csrf_token": token, **form})
        assert response.status_code == 404


def test_the_address_of_a_question_leads_to_where_it_is(
    db: Database, client: PageChecker, session: ForumSession
) -> None:
    """Ensure a lasting address leads to the discussion once there is one."""
    question = load(db, session)[0]

    assert client.get(f"/questions/{question.id}").location == (
        f"/sessions/{session.slug}#question-{question.id}"
    )
    deliberation = make_deliberation(db, session)
    assert client.get(f"/questions/{question.id}").location == f"/deliberations/{deliberation.id}"


def test_the_page_keeps_to_the_query_budget(
    db: Database, curator: PageChecker, session: ForumSession, desk: str
) -> None:
    """Ensure the number of queries does not grow with what is on the page."""
    curator.submit(desk, f"/questions/{load(db, session)[1].id}/split", ACTS["split"])
    make_deliberation(db, session)
    curator.page(desk)

    with recorded(db) as queries:
        curator.page(desk)

    assert 0 < len(queries) <= MOST_QUERIES


def test_the_working_part_can_be_sent_for_alone(curator: PageChecker, desk: str) -> None:
    """Ensure htmx gets the questions and outputs where it asks for a part."""
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}

    response = curator.get(desk, headers=headers)

    assert response.text.lstrip().startswith('<div id="curation"')
