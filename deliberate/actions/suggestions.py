"""Questions that participants suggest: sent, withdrawn, acknowledged and answered in public."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.comments import identity
from deliberate.actions.matters import matter_of
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.forum import CurationKind, QuestionState
from deliberate.domain.people import Actor
from deliberate.domain.review import Standing, SuggestionState
from deliberate.inputs.review import NewSuggestion, SuggestionAnswer, Verdict
from deliberate.policy import Can, require
from deliberate.storage import audit, suggestions
from deliberate.storage.curation import log_decision
from deliberate.storage.database import now
from deliberate.storage.forum import ForumSession, PolicyQuestion
from deliberate.storage.labels import take_over_labels
from deliberate.storage.people import lock_person
from deliberate.storage.suggestions import Suggestion


def suggest_question(tx: Session, actor: Actor, session_id: int, form: NewSuggestion) -> Suggestion:
    """Suggest a question for a session. The same rendering of the form leads to one only."""
    require(actor, Can.SUGGEST_QUESTION)
    person_id, affiliation = identity(actor)
    lock_person(tx, person_id)
    earlier = suggestions.find_by_submission(tx, person_id, form.submission_key)
    if earlier is not None:
        return earlier
    if tx.get(ForumSession, session_id) is None:
        raise NotFound("There is no such session.")
    suggestion = Suggestion(
        session_id=session_id,
        author_id=person_id,
        group=affiliation.group,
        text=form.text,
        reason=form.reason,
        submission_key=form.submission_key,
        state=SuggestionState.RECEIVED,
        answer="",
        suggested_at=now(tx),
    )
    tx.add(suggestion)
    tx.flush()
    audit.record(tx, actor, "suggested", "suggestion", suggestion.id)
    return suggestion


def withdraw_suggestion(tx: Session, actor: Actor, suggestion_id: int) -> Suggestion:
    """Take one's own suggestion back, as long as nobody has answered it."""
    suggestion = _lock(tx, actor, Can.SUGGEST_QUESTION, suggestion_id)
    if suggestion.state is SuggestionState.WITHDRAWN and suggestion.author_id == actor.id:
        return suggestion
    standing = Standing(suggestion.author_id, suggestion.state.is_open)
    require(actor, Can.WITHDRAW_SUGGESTION, standing)
    suggestion.state = SuggestionState.WITHDRAWN
    audit.record(tx, actor, "withdrew", "suggestion", suggestion_id)
    return suggestion


def acknowledge_suggestion(tx: Session, actor: Actor, suggestion_id: int) -> Suggestion:
    """Let the author know that the MAG has seen it and will answer."""
    suggestion = _lock_for_answer(tx, actor, suggestion_id)
    if suggestion.state is SuggestionState.RECEIVED:
        suggestion.state = SuggestionState.ACKNOWLEDGED
        suggestion.acknowledged_at = now(tx)
        audit.record(tx, actor, "acknowledged", "suggestion", suggestion_id)
    return suggestion


def answer_suggestion(
    tx: Session, actor: Actor, suggestion_id: int, form: SuggestionAnswer
) -> Suggestion:
    """Answer in public: take the suggestion up as a question of its session, or say why not.

    The same answer sent twice is given once. Raises `Conflict` when it was answered otherwise
    or withdrawn meanwhile.
    """
    suggestion = _lock_for_answer(tx, actor, suggestion_id)
    if not suggestion.state.is_open:
        if (suggestion.answered_by, suggestion.answer) == (actor.id, form.answer):
            return suggestion
        raise Conflict("This suggestion was answered or withdrawn already.")
    if form.verdict is Verdict.TAKE_UP:
        suggestion.question_id = _take_up(tx, actor, suggestion, form.answer).id
        suggestion.state = SuggestionState.TAKEN_UP
    else:
        suggestion.state = SuggestionState.NOT_TAKEN_UP
    suggestion.answer = form.answer
    suggestion.answered_by, suggestion.answered_at = actor.id, now(tx)
    audit.record(tx, actor, "answered", "suggestion", suggestion_id, state=suggestion.state.value)
    return suggestion


def _take_up(tx: Session, actor: Actor, suggestion: Suggestion, reason: str) -> PolicyQuestion:
    """The suggestion as a new question, after those of the session; it waits for curation."""
    last = sa.select(sa.func.max(PolicyQuestion.position)).where(
        PolicyQuestion.session_id == suggestion.session_id
    )
    question = PolicyQuestion(
        session_id=suggestion.session_id,
        position=(tx.scalar(last) or 0) + 1,
        original=suggestion.text,
        text=suggestion.text,
        state=QuestionState.IMPORTED,
        is_added=True,
    )
    tx.add(question)
    tx.flush()
    take_over_labels(tx, tx.get_one(ForumSession, suggestion.session_id), [question])
    log_decision(
        tx,
        actor,
        CurationKind.ADD,
        reason,
        session_id=suggestion.session_id,
        question_id=question.id,
        after=[question.text],
    )
    return question


def _lock_for_answer(tx: Session, actor: Actor, suggestion_id: int) -> Suggestion:
    suggestion = _lock(tx, actor, Can.ANSWER_SUGGESTION, suggestion_id)
    require(actor, Can.ANSWER_SUGGESTION, matter_of(tx, suggestion.session_id))
    return suggestion


def _lock(tx: Session, actor: Actor, can: Can, suggestion_id: int) -> Suggestion:
    require(actor, can)
    suggestion = suggestions.lock_suggestion(tx, suggestion_id)
    if suggestion is None:
        raise NotFound("There is no such suggestion.")
    return suggestion
