"""Sending questions to review, scoring them, and what a review needs before it can end."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.comments import identity
from deliberate.actions.matters import matter_of
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.forum import CurationKind, QuestionState
from deliberate.domain.people import Actor
from deliberate.domain.review import (
    Matter,
    ReviewRules,
    ReviewsMissingError,
    Score,
    count_groups,
    review_record,
    what_is_missing,
)
from deliberate.inputs.review import NewReview
from deliberate.policy import Can, require
from deliberate.storage import audit, reviews
from deliberate.storage.curation import log_decision
from deliberate.storage.database import now
from deliberate.storage.forum import ForumSession, PolicyQuestion
from deliberate.storage.people import lock_person
from deliberate.storage.reviews import Review

SENT = "Sent to the MAG for review."
BACK = "Taken back from review."


def send_to_review(tx: Session, actor: Actor, question_id: int) -> PolicyQuestion:
    """Ask all members to score a question. One that is in review already stays there.

    Raises `Conflict` for a question that was accepted, declined or replaced.
    """
    question = _lock(tx, actor, question_id)
    if question.state is QuestionState.IN_REVIEW:
        return question
    if question.state is not QuestionState.IMPORTED:
        raise Conflict("Only new questions can be sent to review.")
    _move(tx, actor, question, QuestionState.IN_REVIEW, CurationKind.REVIEW, SENT)
    return question


def send_all_to_review(tx: Session, actor: Actor, session_id: int) -> Sequence[PolicyQuestion]:
    """Send every new question of a session to review; none is left is no error."""
    require(actor, Can.CURATE)
    if tx.get(ForumSession, session_id) is None:
        raise NotFound("There is no such session.")
    require(actor, Can.CURATE, matter_of(tx, session_id))
    questions = tx.scalars(
        sa.select(PolicyQuestion)
        .where(
            PolicyQuestion.session_id == session_id,
            PolicyQuestion.state == QuestionState.IMPORTED,
            PolicyQuestion.taken_back_at.is_(None),
        )
        .order_by(PolicyQuestion.position, PolicyQuestion.id)
        .with_for_update()
    ).all()
    for question in questions:
        _move(tx, actor, question, QuestionState.IN_REVIEW, CurationKind.REVIEW, SENT)
    return questions


def take_back_from_review(tx: Session, actor: Actor, question_id: int) -> PolicyQuestion:
    """End a review without a result. Scores are kept and count if it is sent again."""
    question = _lock(tx, actor, question_id)
    if question.state is QuestionState.IN_REVIEW:
        _move(tx, actor, question, QuestionState.IMPORTED, CurationKind.UNDO, BACK)
    return question


def score_question(tx: Session, actor: Actor, question_id: int, form: NewReview) -> Review:
    """Give one's score, or change it.

    A change is marked when anybody else had scored by then, because it may follow theirs.
    The score belongs to the wording it was given to.
    """
    question = _lock_for_scoring(tx, actor, question_id)
    person_id, affiliation = identity(actor)
    review = reviews.find_review(tx, question_id, person_id)
    if review is None:
        review = Review(
            question_id=question_id,
            person_id=person_id,
            first_score=form.score,
            wording=question.text,
            after_seeing=False,
            given_at=now(tx),
        )
        tx.add(review)
    elif _says_the_same(review, question, form):
        return review
    else:
        _change(tx, review, question, form)
    review.group = affiliation.group
    review.score, review.note = form.score, form.note
    tx.flush()
    audit.record(tx, actor, "reviewed", "policy_question", question_id)
    return review


def withdraw_score(tx: Session, actor: Actor, question_id: int) -> Review:
    """Take one's score back; the others' are hidden again."""
    _lock_for_scoring(tx, actor, question_id)
    person_id, _affiliation = identity(actor)
    review = reviews.find_review(tx, question_id, person_id)
    if review is None:
        raise NotFound("You have not scored this question.")
    if review.withdrawn_at is None:
        review.withdrawn_at = now(tx)
        audit.record(tx, actor, "withdrew_review", "policy_question", question_id)
    return review


def reviewed(
    tx: Session, question: PolicyQuestion, state: QuestionState, rules: ReviewRules
) -> list[Score]:
    """The scores a curator's act on this question stands on; none when it skips the review.

    Raises `ReviewsMissingError` while a question in review has not been scored by enough people,
    `Conflict` when a question is to be accepted without a review and every one needs one.
    """
    scores = reviews.list_scores(tx, question.id)
    missing = what_is_missing(count_groups(score.group for score in scores), rules)
    if not missing:
        return scores
    if question.state is QuestionState.IN_REVIEW:
        raise ReviewsMissingError(missing)
    if rules.is_required and state is QuestionState.ACCEPTED:
        raise Conflict("Questions are accepted only after a review.", "Send it to review first.")
    return []


def record_of(scores: Sequence[Score]) -> dict[str, object] | None:
    """What the log keeps of a review; nothing when there was none."""
    return review_record(scores) if scores else None


def _says_the_same(review: Review, question: PolicyQuestion, form: NewReview) -> bool:
    """Whether a form sent twice would change nothing."""
    is_standing = review.withdrawn_at is None and review.voided_at is None
    said = review.score, review.note, review.wording
    return is_standing and said == (form.score, form.note, question.text)


def _change(tx: Session, review: Review, question: PolicyQuestion, form: NewReview) -> None:
    """Note that and when a score changed, and whether the others' could be seen by then."""
    if review.wording != question.text:
        review.wording, review.first_score, review.after_seeing = question.text, form.score, False
        review.given_at, review.changed_at = now(tx), None
    else:
        review.changed_at = now(tx)
        if reviews.others_reviewed(tx, question.id, question.text, review.person_id):
            review.after_seeing = True
    review.withdrawn_at = review.voided_at = None


def _lock_for_scoring(tx: Session, actor: Actor, question_id: int) -> PolicyQuestion:
    """The question, once nobody can end its review and the actor cannot stand aside meanwhile."""
    require(actor, Can.REVIEW, Matter(state=QuestionState.IN_REVIEW))
    person_id, _affiliation = identity(actor)
    lock_person(tx, person_id)
    question = _find_locked(tx, question_id)
    require(actor, Can.REVIEW, matter_of(tx, question.session_id, question.state))
    return question


def _lock(tx: Session, actor: Actor, question_id: int) -> PolicyQuestion:
    require(actor, Can.CURATE)
    question = _find_locked(tx, question_id)
    require(actor, Can.CURATE, matter_of(tx, question.session_id))
    return question


def _find_locked(tx: Session, question_id: int) -> PolicyQuestion:
    query = sa.select(PolicyQuestion).where(PolicyQuestion.id == question_id).with_for_update()
    question = tx.scalar(query.execution_options(populate_existing=True))
    if question is None or question.taken_back_at is not None:
        raise NotFound("There is no such question.")
    return question


def _move(
    tx: Session,
    actor: Actor,
    question: PolicyQuestion,
    state: QuestionState,
    kind: CurationKind,
    reason: str,
) -> None:
    question.state = state
    log_decision(
        tx,
        actor,
        kind,
        reason,
        session_id=question.session_id,
        question_id=question.id,
        before=[question.text],
        after=[question.text],
    )
