"""Reviews: who may score, what is hidden, and what ends a review."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from deliberate.actions.conflicts import declare_for_session, withdraw_conflict
from deliberate.actions.curation import accept_question, decline_question, reword_question
from deliberate.actions.reviews import (
    score_question,
    send_all_to_review,
    send_to_review,
    take_back_from_review,
    withdraw_score,
)
from deliberate.domain.errors import Conflict, NotFound, Refused
from deliberate.domain.forum import CurationKind, QuestionState
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.domain.review import ReviewRules, ReviewsMissingError
from deliberate.inputs.curation import Rewording
from deliberate.inputs.review import NewReview
from deliberate.storage.curation import list_decisions
from deliberate.storage.database import Database
from deliberate.storage.forum import PolicyQuestion, list_questions
from deliberate.storage.reviews import (
    find_review,
    list_queue_ids,
    list_queue_lines,
    list_scores,
    list_visible,
)
from tests.factories import make_person, make_session
from tests.support.clock import FakeClock

REASON = "Reviewed by all who wanted to."
GROUPS = (StakeholderGroup.CIVIL_SOCIETY, StakeholderGroup.GOVERNMENT, StakeholderGroup.TECHNICAL)
Judge = Callable[..., PolicyQuestion]


@pytest.fixture
def members(db: Database) -> list[Actor]:
    """MAG members of three groups."""
    return [make_person(db, group, Role.MAG_MEMBER) for group in GROUPS]


@pytest.fixture
def question(db: Database, members: list[Actor]) -> PolicyQuestion:
    """The first question of a session, in review."""
    session = make_session(db, members[0])
    with db.writing() as tx:
        return send_to_review(tx, members[0], list_questions(tx, session.id)[0].id)


def score(db: Database, member: Actor, question: PolicyQuestion, value: int, note: str = "") -> int:
    """Give a score in a transaction of its own; the review's id."""
    with db.writing() as tx:
        return score_question(tx, member, question.id, NewReview(score=value, note=note)).id


def seen(db: Database, member: Actor, question: PolicyQuestion) -> list[tuple[int, str]]:
    """The scores and names that the database gives to a member."""
    with db.reading() as reader:
        rows = list_visible(reader, question.id, member.id or 0)
        return sorted((review.score, person.name) for review, person in rows)


def test_others_scores_are_not_even_read_before_ones_own(
    db: Database, members: list[Actor], question: PolicyQuestion
) -> None:
    """Ensure the query itself keeps them back, and gives all of them afterwards."""
    score(db, members[0], question, 2)
    score(db, members[1], question, 5)

    assert seen(db, members[2], question) == []
    score(db, members[2], question, 3)
    assert [value for value, _name in seen(db, members[2], question)] == [2, 3, 5]


def test_a_withdrawn_score_hides_the_others_again(
    db: Database, members: list[Actor], question: PolicyQuestion
) -> None:
    """Ensure scoring and withdrawing is no way to look first; giving it again is marked."""
    score(db, members[0], question, 2)
    score(db, members[1], question, 5)
    with db.writing() as tx:
        withdraw_score(tx, members[1], question.id)
    assert seen(db, members[1], question) == []
    assert [value for value, _name in seen(db, members[0], question)] == [2]

    score(db, members[1], question, 2)

    with db.reading() as reader:
        review = find_review(reader, question.id, members[1].id or 0)
    assert review is not None
    assert (review.after_seeing, review.first_score, review.score) == (True, 5, 2)


def test_a_change_is_marked_only_when_there_was_something_to_see(
    db: Database, members: list[Actor], question: PolicyQuestion
) -> None:
    """Ensure the first reviewer may think again, and later changes are told apart."""
    score(db, members[0], question, 2)
    score(db, members[0], question, 3)
    with db.reading() as reader:
        alone = find_review(reader, question.id, members[0].id or 0)
    assert alone is not None
    assert not alone.after_seeing

    score(db, members[1], question, 5)
    score(db, members[0], question, 5, "Convinced by the others.")

    with db.reading() as reader:
        review = find_review(reader, question.id, members[0].id or 0)
    assert review is not None
    assert (review.after_seeing, review.first_score) == (True, 2)


def test_a_form_sent_twice_changes_nothing(
    db: Database, clock: FakeClock, members: list[Actor], question: PolicyQuestion
) -> None:
    """Ensure a double click is not taken for a change."""
    first = score(db, members[0], question, 4, "Clear.")
    score(db, members[1], question, 4)
    clock.advance(seconds=1)

    assert score(db, members[0], question, 4, "Clear.") == first

    with db.reading() as reader:
        review = find_review(reader, question.id, members[0].id or 0)
    assert review is not None
    assert (review.changed_at, review.after_seeing) == (None, False)


@pytest.mark.parametrize("judge", [accept_question, decline_question])
def test_a_review_ends_when_enough_people_of_enough_groups_scored(
    db: Database, members: list[Actor], question: PolicyQuestion, judge: Judge
) -> None:
    """Ensure the refusal says what is missing, and the log then what the review came to."""
    score(db, members[0], question, 2)
    same_group = make_person(db, GROUPS[0], Role.MAG_MEMBER)
    score(db, same_group, question, 4)
    with pytest.raises(ReviewsMissingError) as caught, db.writing() as tx:
        judge(tx, members[0], question.id, REASON)
    assert (caught.value.missing.reviews, caught.value.missing.groups) == (2, 2)

    score(db, members[1], question, 5)
    score(db, members[2], question, 5)
    with db.writing() as tx:
        judge(tx, members[0], question.id, REASON)

    with db.reading() as reader:
        entry = list_decisions(reader)[0][0]
    assert entry.review == {
        "reviewers": {"Civil Society": 2, "Government": 1, "Technical Community": 1},
        "average": "4.0",
        "spread": 3,
    }


def test_without_a_review_the_log_has_none(db: Database, members: list[Actor]) -> None:
    """Ensure a question may go straight on, unless every question has to be reviewed."""
    session = make_session(db, members[0])
    with db.writing() as tx:
        first, second = list_questions(tx, session.id)[:2]
        accept_question(tx, members[0], first.id, REASON)
    strict = ReviewRules(is_required=True)

    with pytest.raises(Conflict, match="only after a review"), db.writing() as tx:
        accept_question(tx, members[0], second.id, REASON, strict)

    with db.writing() as tx:
        decline_question(tx, members[0], second.id, REASON, strict)
    with db.reading() as reader:
        assert [entry.review for entry, *_rest in list_decisions(reader, limit=2)] == [None, None]


def test_scores_belong_to_the_wording_they_were_given_to(
    db: Database, members: list[Actor], question: PolicyQuestion
) -> None:
    """Ensure a reworded question is reviewed anew."""
    for member in members:
        score(db, member, question, 4)
    form = Rewording(text="Who lights the lanterns, and with whose oil?", reason=REASON, version=2)
    with db.writing() as tx:
        reword_question(tx, members[0], question.id, form)

    with pytest.raises(ReviewsMissingError), db.writing() as tx:
        accept_question(tx, members[0], question.id, REASON)
    assert seen(db, members[0], question) == []
    score(db, members[0], question, 5)
    with db.reading() as reader:
        assert [each.value for each in list_scores(reader, question.id)] == [5]
        review = find_review(reader, question.id, members[0].id or 0)
    assert review is not None
    assert not review.after_seeing


def test_only_questions_in_review_are_scored(
    db: Database, members: list[Actor], question: PolicyQuestion
) -> None:
    """Ensure nothing is scored before or after, and the way back keeps what was given."""
    score(db, members[0], question, 4)
    with db.writing() as tx:
        take_back_from_review(tx, members[1], question.id)

    with pytest.raises(Refused, match="not in review"):
        score(db, members[1], question, 4)

    with db.writing() as tx:
        send_to_review(tx, members[1], question.id)
    score(db, members[1], question, 4)
    assert len(seen(db, members[1], question)) == 2
    with db.reading() as reader:
        kinds = [entry.kind for entry, *_rest in list_decisions(reader, limit=3)]
    assert kinds == [CurationKind.REVIEW, CurationKind.UNDO, CurationKind.REVIEW]


def test_what_was_judged_is_not_sent_to_review(db: Database, members: list[Actor]) -> None:
    """Ensure only new questions go there, one by one or all of a session at once."""
    session = make_session(db, members[0])
    with db.writing() as tx:
        first = list_questions(tx, session.id)[0]
        accept_question(tx, members[0], first.id, REASON)
        sent = send_all_to_review(tx, members[0], session.id)
        assert [each.state for each in sent] == [QuestionState.IN_REVIEW]
        assert send_all_to_review(tx, members[0], session.id) == []
    with pytest.raises(Conflict, match="Only new questions"), db.writing() as tx:
        send_to_review(tx, members[0], first.id)
    with pytest.raises(NotFound), db.writing() as tx:
        send_all_to_review(tx, members[0], 999)


def test_a_conflict_voids_scores_and_leaves_the_queue(
    db: Database, members: list[Actor], question: PolicyQuestion
) -> None:
    """Ensure a member who stands aside counts no more, sees nothing, and starts anew later."""
    score(db, members[0], question, 5)
    score(db, members[1], question, 1)
    with db.writing() as tx:
        conflict, voided = declare_for_session(tx, members[0], question.session_id, "I speak here.")
    assert voided == 1
    assert seen(db, members[0], question) == []
    assert [value for value, _name in seen(db, members[1], question)] == [1]
    with db.reading() as reader:
        assert list_queue_ids(reader, members[0].id or 0) == []
        assert list_queue_ids(reader, members[1].id or 0) == [(question.id, True)]
    with pytest.raises(Refused, match="conflict of interest"):
        score(db, members[0], question, 5)

    with db.writing() as tx:
        withdraw_conflict(tx, members[0], conflict.id)

    assert seen(db, members[0], question) == []
    score(db, members[0], question, 4)
    assert len(seen(db, members[0], question)) == 2


def test_the_queue_counts_reviews_and_keeps_the_order_it_is_given(
    db: Database, members: list[Actor], question: PolicyQuestion
) -> None:
    """Ensure a line says how many scored, never what."""
    with db.writing() as tx:
        second = send_all_to_review(tx, members[0], question.session_id)[0]
    score(db, members[0], question, 3)

    with db.reading() as reader:
        ids = [second.id, question.id]
        lines = list_queue_lines(reader, members[0].id or 0, ids)

    assert [line.question.id for line in lines] == ids
    assert [(line.review_count, line.is_scored) for line in lines] == [(0, False), (1, True)]


@pytest.mark.parametrize("role", [None, Role.FACILITATOR, Role.SECRETARIAT])
def test_nobody_else_takes_part_in_a_review(
    db: Database, question: PolicyQuestion, role: Role | None
) -> None:
    """Ensure scoring, sending and taking back are for MAG members."""
    person = make_person(db, role=role)
    acts: list[Callable[[Session], object]] = [
        lambda tx: score_question(tx, person, question.id, NewReview(score=3)),
        lambda tx: withdraw_score(tx, person, question.id),
        lambda tx: send_to_review(tx, person, question.id),
        lambda tx: send_all_to_review(tx, person, question.session_id),
        lambda tx: take_back_from_review(tx, person, question.id),
    ]
    for act in acts:
        with pytest.raises(Refused), db.writing() as tx:
            act(tx)
