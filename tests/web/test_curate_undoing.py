"""Taking acts of curation back in a browser, and forms that come too late."""

from collections.abc import Sequence

import pytest

from deliberate.actions.curation import (
    accept_question,
    merge_questions,
    reword_question,
    split_output,
    split_question,
)
from deliberate.domain.forum import QuestionState
from deliberate.domain.people import Actor
from deliberate.inputs.curation import OutputSplit, QuestionMerger, QuestionSplit, Rewording
from deliberate.storage.curation import list_decisions
from deliberate.storage.database import Database
from deliberate.storage.forum import (
    ForumSession,
    PolicyQuestion,
    list_outputs,
    list_points,
    list_questions,
)
from tests.factories import make_deliberation
from tests.support.client import PageChecker
from tests.support.pages import Page
from tests.support.rows import count_rows

REASON = "It reads better this way."
BACK = "That was not what the meeting had agreed."
WORDING = "How can lanterns and community networks share their poles?"
MINE = "What is it that I would have asked instead?"
PARTS = ["Who pays for the oil in cities?", "Who pays for the oil in villages?"]


def load(db: Database, session: ForumSession) -> Sequence[PolicyQuestion]:
    """The session's questions as stored, in page order."""
    with db.reading() as reader:
        return list_questions(reader, session.id)


def newest(db: Database) -> int:
    """The id of the newest entry of the log."""
    with db.reading() as reader:
        return int(list_decisions(reader, limit=1)[0][0].id)


def test_the_message_after_an_act_offers_to_take_it_back(
    db: Database, curator: PageChecker, session: ForumSession, desk: str
) -> None:
    """Ensure somebody who slipped finds the way back at once, and it leads to an open form."""
    question = load(db, session)[0]
    curator.submit(desk, f"/questions/{question.id}/acceptance", {"reason": REASON})

    shown = curator.page(desk)

    address = f"{desk}?undo={newest(db)}#decision-{newest(db)}"
    assert address in shown.links
    action = f"/decisions/{newest(db)}/undoing"
    assert " open>" in curator.get(address.split("#", maxsplit=1)[0]).text
    response = curator.submit(desk, action, {"reason": BACK})
    assert (response.status_code, response.location) == (303, f"{desk}#question-{question.id}")
    assert load(db, session)[0].state is QuestionState.IMPORTED
    after = curator.page(desk)
    assert "Taken back." in after.text
    assert not any("/undoing" in (form.action or "") for form in after.forms)


def test_only_the_latest_act_on_each_thing_offers_undo(
    db: Database, curator: PageChecker, mag_member: Actor, session: ForumSession, desk: str
) -> None:
    """Ensure the page offers what the action accepts: nothing that was built on or opened."""
    first, second = load(db, session)
    with db.writing() as tx:
        accept_question(tx, mag_member, first.id, REASON)
        form = QuestionSplit(parts=PARTS, reason=REASON)
        children = split_question(tx, mag_member, second.id, form)
    split_id = newest(db)
    with db.writing() as tx:
        accept_question(tx, mag_member, children[0].id, REASON)

    offered = [form.action for form in curator.page(desk).forms if "undoing" in str(form.action)]

    assert f"/decisions/{split_id}/undoing" not in offered
    assert len(offered) == 2


def test_a_faulty_undo_comes_back_with_its_text(
    db: Database, curator: PageChecker, session: ForumSession, desk: str
) -> None:
    """Ensure the reason is asked for, as for any other act."""
    question = load(db, session)[0]
    curator.submit(desk, f"/questions/{question.id}/declination", {"reason": REASON})
    decision_id, before = newest(db), count_rows(db)

    response = curator.submit(desk, f"/decisions/{decision_id}/undoing", {"reason": "short"})

    assert response.status_code == 422
    page = Page(response.text)
    assert page.form(f"/decisions/{decision_id}/undoing").fields["reason"] == ["short"]
    assert f"decision-{decision_id}-undoing-reason-error" in page.ids
    assert count_rows(db) == before


def test_an_undo_that_comes_too_late_says_so(
    db: Database, curator: PageChecker, session: ForumSession, desk: str
) -> None:
    """Ensure two curators who take the same act back do it once, and the second is told."""
    question = load(db, session)[0]
    curator.submit(desk, f"/questions/{question.id}/acceptance", {"reason": REASON})
    action = f"/decisions/{newest(db)}/undoing"
    mine = curator.page(desk).form(action).fields | {"reason": BACK}
    curator.post(action, data=mine)
    before = count_rows(db)

    again, empty = (
        curator.post(action, data=data) for data in (mine, mine | {"reason": "short one"})
    )

    assert (again.status_code, empty.status_code) == (409, 409)
    assert "This was taken back already." in again.text
    assert BACK in again.text
    assert count_rows(db) == before


def test_unknown_acts_are_not_found(curator: PageChecker, desk: str) -> None:
    """Ensure a wrong number is told from a refusal."""
    token = curator.page(desk).forms[0].fields["csrf_token"][0]
    data = {"csrf_token": token, "reason": BACK}

    assert curator.post("/decisions/999/undoing", data=data).status_code == 404


def late_forms(
    curator: PageChecker, question: PolicyQuestion, desk: str
) -> dict[str, dict[str, list[str]]]:
    """Every form of a new question, filled in before the world changes; some of them faultily."""
    shown = curator.page(desk)
    entered = {
        "acceptance": {"reason": "I agree"},
        "declination": {"reason": "Not now, I would say."},
        "rewording": {"text": MINE, "reason": REASON},
        "split": {"parts": f"{MINE} It is one part only.", "reason": REASON},
    }
    return {
        act: shown.form(f"/questions/{question.id}/{act}").fields
        | {name: [text] for name, text in fields.items()}
        for act, fields in entered.items()
    }


@pytest.mark.parametrize("became", ["opened", "split", "merged", "taken back"])
def test_a_form_that_is_not_offered_any_more_keeps_its_text_and_shows_the_way(
    db: Database,
    curator: PageChecker,
    mag_member: Actor,
    session: ForumSession,
    desk: str,
    became: str,
) -> None:
    """Ensure nobody loses a text or is sent to a form that is not there, valid or not."""
    first, second = load(db, session)
    forms = late_forms(curator, first, desk)
    asked = f"/questions/{first.id}"
    if became == "opened":
        way = f"/deliberations/{make_deliberation(db, session).id}"
    elif became == "split":
        with db.writing() as tx:
            form = QuestionSplit(parts=PARTS, reason=REASON)
            way = f"#question-{split_question(tx, mag_member, first.id, form)[1].id}"
    else:
        with db.writing() as tx:
            merger = QuestionMerger(question_ids=[first.id, second.id], text=WORDING, reason=REASON)
            merged = merge_questions(tx, mag_member, merger)
        way = f"#question-{merged.id}"
    if became == "taken back":
        forms = late_forms(curator, merged, desk)
        asked, way = f"/questions/{merged.id}", f"#question-{first.id}"
        undo = f"/decisions/{newest(db)}/undoing"
        curator.submit(desk, undo, {"reason": BACK})
    before = count_rows(db)

    for act, fields in forms.items():
        response = curator.post(f"{asked}/{act}", data=fields)
        assert response.status_code == 409, act
        page = Page(response.text)
        assert any(link.endswith(way) for link in page.links), act
        typed = next(text for text in (fields.get("text") or fields.get("parts") or [""]))
        assert typed in response.text
        assert not [link for link in page.links if link.startswith(f"{asked}-{act}")]

    assert count_rows(db) == before


def test_a_split_of_another_wording_shows_both_texts(
    db: Database, curator: PageChecker, mag_member: Actor, session: ForumSession, desk: str
) -> None:
    """Ensure nobody splits a text they have not seen; a second click does it knowingly."""
    question = load(db, session)[0]
    action = f"/questions/{question.id}/split"
    mine = curator.page(desk).form(action).fields | {"parts": "\n\n".join(PARTS), "reason": REASON}
    with db.writing() as tx:
        form = Rewording(text=WORDING, reason=REASON, version=question.version)
        reword_question(tx, mag_member, question.id, form)

    response = curator.post(action, data=mine)

    assert response.status_code == 409
    page = Page(response.text)
    assert f"Saved by somebody else meanwhile: {WORDING}" in page.text
    assert page.form(action).fields["parts"] == ["\n\n".join(PARTS)]
    assert curator.post(action, data=page.form(action).fields).status_code == 303


def test_a_merger_of_another_wording_shows_both_texts(
    db: Database, curator: PageChecker, mag_member: Actor, session: ForumSession, desk: str
) -> None:
    """Ensure the changed question is shown beside the merged text, which is kept."""
    questions = load(db, session)
    action = f"/sessions/{session.slug}/mergers"
    ids = [str(question.id) for question in questions]
    entered = {"question_ids": ids, "text": MINE, "reason": REASON}
    mine = curator.page(desk).form(action).fields | entered
    with db.writing() as tx:
        form = Rewording(text=WORDING, reason=REASON, version=questions[1].version)
        reword_question(tx, mag_member, questions[1].id, form)

    response = curator.post(action, data=mine)

    assert response.status_code == 409
    page = Page(response.text)
    assert f"Saved by somebody else meanwhile: {WORDING}" in page.text
    assert page.form(action).fields["text"] == [MINE]
    assert page.form(action).fields["question_ids"] == ids
    assert curator.post(action, data=page.form(action).fields).status_code == 303


def test_a_split_of_other_points_shows_both(
    db: Database, curator: PageChecker, mag_member: Actor, session: ForumSession, desk: str
) -> None:
    """Ensure two curators do not split one call over each other."""
    with db.reading() as reader:
        call = list_outputs(reader, session.id)[1]
    action = f"/outputs/{call.id}/split"
    mine = curator.page(desk).form(action).fields | {"parts": "\n\n".join(PARTS), "reason": REASON}
    theirs = ["Cities should publish it.", "Operators should share it."]
    with db.writing() as tx:
        split_output(tx, mag_member, call.id, OutputSplit(parts=theirs, reason=REASON))

    response = curator.post(action, data=mine)

    assert response.status_code == 409
    page = Page(response.text)
    assert f"Saved by somebody else meanwhile: {' '.join(theirs)}" in page.text
    assert curator.post(action, data=page.form(action).fields).status_code == 303
    with db.reading() as reader:
        assert [point.text for point in list_points(reader, [call.id])] == PARTS
