"""Moderators, reporters and authors who reach for one comment at the same moment."""

import pytest
import sqlalchemy as sa

from deliberate.actions.appeals import answer_appeal, appeal_hiding
from deliberate.actions.flags import flag_item
from deliberate.actions.moderation import hide_item, keep_item
from deliberate.domain.moderation import Act, FlagState, Rule
from deliberate.domain.people import Actor, Role
from deliberate.inputs.moderation import AppealAnswer, Hiding, Keeping, NewAppeal, NewFlag
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database
from deliberate.storage.moderation import Appeal, Flag, ModerationAct
from tests.factories import make_comment, make_deliberation, make_person
from tests.races.moderators import act_once
from tests.support.clock import FakeClock
from tests.support.moderating import APPEAL, appeal, hide, report
from tests.support.processes import run_together

WORDS = "It answers the question after all."


@pytest.fixture
def author(db: Database) -> Actor:
    """Who wrote the comment."""
    return make_person(db)


@pytest.fixture
def comment(db: Database, author: Actor) -> Comment:
    """What they all reach for."""
    return make_comment(db, make_deliberation(db).id, author)


@pytest.fixture
def moderators(db: Database) -> list[Actor]:
    """Three facilitators."""
    return [make_person(db, role=Role.FACILITATOR) for _ in range(3)]


def test_two_moderators_answer_one_report_once(
    db: Database, database_url: str, clock: FakeClock, comment: Comment, moderators: list[Actor]
) -> None:
    """Ensure one of keeping and hiding holds, and the report has the answer that goes with it."""
    report(db, make_person(db), comment)
    shared = (database_url, clock)
    keep, hiding = Keeping(seen=0, words=WORDS), Hiding(seen=0, rule=Rule.SPAM)

    done = run_together(
        act_once,
        [
            (*shared, keep_item, moderators[0], comment.id, keep),
            (*shared, hide_item, moderators[1], comment.id, hiding),
            (*shared, hide_item, moderators[1], comment.id, hiding),
        ],
    )

    with db.reading() as reader:
        (act,) = reader.scalars(sa.select(ModerationAct)).all()
        (flag,) = reader.scalars(sa.select(Flag)).all()
        hidden = reader.get_one(Comment, comment.id).hidden_at is not None
    assert hidden == (act.act is Act.HIDE)
    assert flag.state is (FlagState.UPHELD if hidden else FlagState.DECLINED)
    assert done == ([False, True, True] if hidden else [True, False, False])


def test_a_double_click_reports_once(
    db: Database, database_url: str, clock: FakeClock, comment: Comment
) -> None:
    """Ensure one person's report stays one, however often it is sent, and others' count too."""
    one, other = make_person(db), make_person(db)
    form = NewFlag(rule=Rule.SPAM)

    done = run_together(
        act_once,
        [(database_url, clock, flag_item, who, comment.id, form) for who in (one, one, one, other)],
    )

    assert all(done)
    with db.reading() as reader:
        reporters = reader.scalars(sa.select(Flag.person_id).order_by(Flag.person_id)).all()
    assert reporters == [one.id, other.id]


def test_an_author_appeals_once_and_one_moderator_answers(
    db: Database,
    database_url: str,
    clock: FakeClock,
    comment: Comment,
    author: Actor,
    moderators: list[Actor],
) -> None:
    """Ensure two tabs make one appeal, and of two opposite answers one holds."""
    hiding = hide(db, moderators[0], comment)
    shared = (database_url, clock)
    texts = [APPEAL, "Another text, typed in a second window."]

    sent = run_together(
        act_once,
        [
            (*shared, appeal_hiding, author, comment.id, NewAppeal(act_id=hiding.id, text=text))
            for text in texts
        ],
    )
    answered = run_together(
        act_once,
        [
            (*shared, answer_appeal, who, comment.id, AppealAnswer(granted=granted, words=WORDS))
            for who, granted in zip(moderators[1:], (True, False), strict=True)
        ],
    )

    assert sorted(sent) == sorted(answered) == [False, True]
    with db.reading() as reader:
        (stored,) = reader.scalars(sa.select(Appeal)).all()
        shown = reader.get_one(Comment, comment.id).hidden_at is None
    assert stored.text == texts[sent.index(True)]
    assert stored.granted == shown == answered[0]


def test_an_appeal_and_showing_again_do_not_miss_each_other(
    db: Database,
    database_url: str,
    clock: FakeClock,
    comment: Comment,
    author: Actor,
    moderators: list[Actor],
) -> None:
    """Ensure the one who hid cannot answer, even while another does."""
    hiding = hide(db, moderators[0], comment)
    appeal(db, author, comment, hiding)
    form = AppealAnswer(granted=True, words=WORDS)

    done = run_together(
        act_once,
        [(database_url, clock, answer_appeal, who, comment.id, form) for who in moderators[:2]],
    )

    assert done == [False, True]
    with db.reading() as reader:
        assert reader.get_one(Comment, comment.id).hidden_at is None
