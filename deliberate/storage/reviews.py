"""Scores that MAG members gave to questions in review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from deliberate.domain.forum import QuestionState
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.review import Score
from deliberate.storage.base import Base
from deliberate.storage.conflicts import stands_aside
from deliberate.storage.forum import ForumSession, PolicyQuestion
from deliberate.storage.people import Person
from deliberate.storage.types import Word


class Review(Base):
    """One member's score of one question, in the wording it was given to.

    `voided_at` is set when the member declared a conflict afterwards. `after_seeing` marks a
    score that was changed when the others' could be seen; `first_score` is what it was before.
    """

    __tablename__ = "reviews"
    __table_args__ = (sa.UniqueConstraint("question_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_questions.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    group: Mapped[StakeholderGroup] = mapped_column(Word(StakeholderGroup))
    score: Mapped[int]
    first_score: Mapped[int]
    note: Mapped[str]
    wording: Mapped[str]
    after_seeing: Mapped[bool]
    given_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A question in review as the queue lists it."""

    question: PolicyQuestion
    session_title: str
    session_slug: str
    review_count: int
    is_scored: bool


def find_review(session: Session, question_id: int, person_id: int) -> Review | None:
    """What this person gave, whether it stands or not."""
    return session.scalar(
        sa.select(Review).where(Review.question_id == question_id, Review.person_id == person_id)
    )


def list_visible(
    session: Session, question_id: int, person_id: int
) -> Sequence[sa.Row[Review, Person]]:
    """All standing scores of a question with who gave them, to somebody who gave one.

    To everybody else nothing: this is where others' scores are kept back.
    """
    mine = aliased(Review)
    has_scored = (
        sa.select(mine.id)
        .where(mine.question_id == question_id, mine.person_id == person_id, _stands(mine))
        .correlate(PolicyQuestion)
        .exists()
    )
    query = (
        sa.select(Review, Person)
        .join(Person, Person.id == Review.person_id)
        .join(PolicyQuestion, PolicyQuestion.id == Review.question_id)
        .where(Review.question_id == question_id, _stands(Review), has_scored)
        .order_by(Review.group, Person.name, Review.id)
    )
    return session.execute(query).all()


def list_scores(tx: Session, question_id: int) -> list[Score]:
    """The standing scores of a question, for the act that ends its review."""
    query = (
        sa.select(Review.group, Review.score)
        .join(PolicyQuestion, PolicyQuestion.id == Review.question_id)
        .where(Review.question_id == question_id, _stands(Review))
        .order_by(Review.id)
    )
    return [Score(group, score) for group, score in tx.execute(query)]


def list_reviewer_groups(session: Session, question_id: int) -> list[StakeholderGroup]:
    """The group of each standing review: how many came, and not what they say."""
    query = (
        sa.select(Review.group)
        .join(PolicyQuestion, PolicyQuestion.id == Review.question_id)
        .where(Review.question_id == question_id, _stands(Review))
    )
    return list(session.scalars(query))


def others_reviewed(tx: Session, question_id: int, wording: str, person_id: int) -> bool:
    """Whether anybody else ever scored this wording, withdrawn scores included."""
    query = sa.select(Review.id).where(
        Review.question_id == question_id,
        Review.person_id != person_id,
        Review.wording == wording,
    )
    return tx.scalar(query.limit(1)) is not None


def void_reviews(
    tx: Session, person_id: int, moment: datetime, session_id: int | None, theme: str | None
) -> int:
    """Void a person's scores in a session, or in all sessions of a theme; how many those were.

    Only of questions still in review: what ended earlier stays as it was recorded.
    """
    questions = sa.select(PolicyQuestion.id).where(PolicyQuestion.state == QuestionState.IN_REVIEW)
    if session_id is not None:
        questions = questions.where(PolicyQuestion.session_id == session_id)
    else:
        questions = questions.join(
            ForumSession, ForumSession.id == PolicyQuestion.session_id
        ).where(ForumSession.theme == theme)
    reviews = tx.scalars(
        sa.select(Review).where(
            Review.person_id == person_id,
            Review.question_id.in_(questions),
            Review.withdrawn_at.is_(None),
            Review.voided_at.is_(None),
        )
    ).all()
    for review in reviews:
        review.voided_at = moment
    return len(reviews)


def list_queue_ids(session: Session, person_id: int) -> Sequence[tuple[int, bool]]:
    """The questions in review, without those this person stands aside from; whether scored."""
    query = (
        sa.select(PolicyQuestion.id, scored_by(person_id))
        .join(ForumSession, ForumSession.id == PolicyQuestion.session_id)
        .where(
            PolicyQuestion.state == QuestionState.IN_REVIEW,
            PolicyQuestion.taken_back_at.is_(None),
            ~stands_aside(person_id),
        )
    )
    return [(question_id, is_scored) for question_id, is_scored in session.execute(query)]


def list_queue_lines(
    session: Session, person_id: int, question_ids: Sequence[int]
) -> Sequence[QueueLine]:
    """These questions as the queue lists them, in the order given."""
    count = (
        sa.select(sa.func.count(Review.id))
        .where(Review.question_id == PolicyQuestion.id, _stands(Review))
        .correlate(PolicyQuestion)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            PolicyQuestion, ForumSession.title, ForumSession.slug, count, scored_by(person_id)
        )
        .join(ForumSession, ForumSession.id == PolicyQuestion.session_id)
        .where(PolicyQuestion.id.in_(question_ids))
    )
    lines = {row[0].id: QueueLine(*row) for row in rows}
    return [lines[question_id] for question_id in question_ids if question_id in lines]


def scored_by(person_id: int) -> sa.ColumnElement[bool]:
    """In a query over `PolicyQuestion`: whether this person's score of it stands."""
    return (
        sa.select(Review.id)
        .where(
            Review.question_id == PolicyQuestion.id,
            Review.person_id == person_id,
            _stands(Review),
        )
        .correlate(PolicyQuestion)
        .exists()
    )


def _stands(review: type[Review]) -> sa.ColumnElement[bool]:
    """Whether a score counts: not withdrawn, not voided, given to today's wording."""
    return sa.and_(
        review.withdrawn_at.is_(None),
        review.voided_at.is_(None),
        review.wording == PolicyQuestion.text,
    )
