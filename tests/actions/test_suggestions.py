"""Suggestions: sent once, answered once and in public, withdrawn while nobody has answered."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from deliberate.actions.conflicts import declare_for_session
from deliberate.actions.suggestions import (
    acknowledge_suggestion,
    answer_suggestion,
    suggest_question,
    withdraw_suggestion,
)
from deliberate.domain.errors import Conflict, NotFound, Refused
from deliberate.domain.forum import CurationKind, QuestionState
from deliberate.domain.people import VISITOR, Actor, Role
from deliberate.domain.review import SuggestionState
from deliberate.inputs.review import NewSuggestion, SuggestionAnswer, Verdict
from deliberate.storage.curation import list_decisions
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession
from deliberate.storage.suggestions import (
    Suggestion,
    list_of_session,
    list_questions_with_authors,
)
from tests.factories import make_person, make_session
from tests.support.rows import count_rows
from tests.support.world_review import SUGGESTED, add_suggestion

ANSWER = "It fits the session and is open to several answers."


@pytest.fixture
def member(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


@pytest.fixture
def author(db: Database) -> Actor:
    """Whoever suggests."""
    return make_person(db)


@pytest.fixture
def session(db: Database, member: Actor) -> ForumSession:
    """A session to suggest questions for."""
    return make_session(db, member)


@pytest.fixture
def suggestion(db: Database, author: Actor, session: ForumSession) -> Suggestion:
    """A suggestion nobody has answered."""
    return add_suggestion(db, author, session.id)


def give(verdict: Verdict) -> SuggestionAnswer:
    """An answer."""
    return SuggestionAnswer(verdict=verdict, answer=ANSWER)


def test_taking_up_makes_a_question_that_names_its_author(
    db: Database, member: Actor, author: Actor, suggestion: Suggestion
) -> None:
    """Ensure the question stands last, waits for curation, and keeps where it came from."""
    with db.writing() as tx:
        taken = answer_suggestion(tx, member, suggestion.id, give(Verdict.TAKE_UP))

    with db.reading() as reader:
        question, named = list_questions_with_authors(reader, suggestion.session_id)[-1]
        entry = list_decisions(reader, limit=1)[0][0]
    assert (question.id, question.text, question.state, question.is_added) == (
        taken.question_id, SUGGESTED, QuestionState.IMPORTED, True,
    )  # fmt: skip
    assert named is not None
    assert named.name == author.name
    assert (entry.kind, entry.reason, entry.after) == (CurationKind.ADD, ANSWER, [SUGGESTED])


def test_an_answer_is_given_once(db: Database, member: Actor, suggestion: Suggestion) -> None:
    """Ensure a double click makes one question, and a second member is told."""
    with db.writing() as tx:
        first = answer_suggestion(tx, member, suggestion.id, give(Verdict.TAKE_UP)).question_id
    other = make_person(db, role=Role.MAG_MEMBER)
    rows = count_rows(db)
    with db.writing() as tx:
        again = answer_suggestion(tx, member, suggestion.id, give(Verdict.TAKE_UP))
        assert again.question_id == first

    with pytest.raises(Conflict, match="answered or withdrawn"), db.writing() as tx:
        answer_suggestion(tx, other, suggestion.id, give(Verdict.LEAVE))

    assert count_rows(db) == rows


def test_one_rendering_of_the_form_makes_one_suggestion(
    db: Database, author: Actor, session: ForumSession
) -> None:
    """Ensure sending twice is sending once."""
    form = NewSuggestion(text=SUGGESTED, reason=ANSWER, submission_key=str(uuid.uuid4()))
    with db.writing() as tx:
        ids = {suggest_question(tx, author, session.id, form).id for _ in range(2)}

    assert len(ids) == 1


def test_the_author_withdraws_while_nobody_has_answered(
    db: Database, member: Actor, author: Actor, session: ForumSession, suggestion: Suggestion
) -> None:
    """Ensure an acknowledged one can be withdrawn, an answered one stays in public."""
    other = add_suggestion(db, author, session.id)
    with db.writing() as tx:
        acknowledge_suggestion(tx, member, suggestion.id)
        withdraw_suggestion(tx, author, suggestion.id)
        answer_suggestion(tx, member, other.id, give(Verdict.LEAVE))

    with pytest.raises(Refused, match="answered or withdrawn"), db.writing() as tx:
        withdraw_suggestion(tx, author, other.id)
    with pytest.raises(Refused, match="Only the author"), db.writing() as tx:
        withdraw_suggestion(tx, member, suggestion.id)
    with db.reading() as reader:
        shown = list_of_session(reader, session.id, 9)
    assert [row[0].state for row in shown] == [SuggestionState.NOT_TAKEN_UP]


def test_who_may_not_answer(
    db: Database, member: Actor, author: Actor, suggestion: Suggestion
) -> None:
    """Ensure answers come from members without a conflict, suggestions from people signed in."""
    with db.writing() as tx:
        declare_for_session(tx, member, suggestion.session_id, "")
    acts: list[Callable[[Session, Actor], object]] = [
        lambda tx, actor: answer_suggestion(tx, actor, suggestion.id, give(Verdict.LEAVE)),
        lambda tx, actor: acknowledge_suggestion(tx, actor, suggestion.id),
    ]

    for act in acts:
        for actor in (VISITOR, author, member):
            with pytest.raises(Refused), db.writing() as tx:
                act(tx, actor)
    form = NewSuggestion(text=SUGGESTED, reason=ANSWER, submission_key=str(uuid.uuid4()))
    with pytest.raises(Refused), db.writing() as tx:
        suggest_question(tx, VISITOR, suggestion.session_id, form)
    with pytest.raises(NotFound), db.writing() as tx:
        suggest_question(tx, author, 999, form)
