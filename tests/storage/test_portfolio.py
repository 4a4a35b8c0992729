"""The portfolio's stages: what the database works out is what the pure rules say."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from deliberate.domain.ballots import Kind
from deliberate.domain.forum import OutputKind, QuestionState
from deliberate.domain.people import Role
from deliberate.domain.phases import deliberation_phase
from deliberate.domain.portfolio import (
    FINISHED,
    STUCK_AFTER,
    SUMMARY_DUE,
    Delay,
    Stage,
    Standing,
    delay_of,
    stage_of,
)
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, Output, PolicyQuestion
from deliberate.storage.polls import Poll
from deliberate.storage.portfolio import Filters, count_stages, list_portfolio
from deliberate.storage.summaries import Edition, Summary
from tests.factories import make_deliberation, make_person, make_session
from tests.support.clock import FakeClock
from tests.support.queries import recorded

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
WINDOWS = [
    (SECOND, 9 * DAY),
    (timedelta(0), 9 * DAY),
    (-30 * DAY, SECOND),
    (-30 * DAY, timedelta(0)),
    (-30 * DAY, -SUMMARY_DUE),
    (-30 * DAY, -SUMMARY_DUE - SECOND),
]
"""From now to opening and to closing, on either side of every edge."""
POLLS = [
    None,
    (SECOND, DAY, False),
    (timedelta(0), DAY, False),
    (-DAY, SECOND, False),
    (-DAY, timedelta(0), False),
    (-3 * DAY, -DAY, False),
    (-3 * DAY, -DAY - SECOND, False),
    (-3 * DAY, -DAY - SECOND, True),
]
"""From now to a poll's opening and end, and whether it was counted."""


class Builder:
    """Writes discussions in every position, past the actions that would refuse most of them."""

    def __init__(self, tx: Any, session: ForumSession, moment: datetime) -> None:
        self.tx, self.session, self.moment = tx, session, moment
        self.person: int = session.imported_by

    def question(self, state: QuestionState) -> PolicyQuestion:
        """A question in a state."""
        question = PolicyQuestion(
            session_id=self.session.id, position=1, original="Why?", text="Why?", state=state
        )
        self.tx.add(question)
        self.tx.flush()
        return question

    def open(self, window: tuple[timedelta, timedelta], **subject: int) -> Deliberation:
        """A discussion of something."""
        opened = Deliberation(
            session_id=self.session.id, title="Why?", minimum=2, frozen={}, fingerprint="f",
            opens_at=self.moment + window[0], closes_at=self.moment + window[1],
            opened_by=self.person, opened_at=self.moment - 31 * DAY, revision=1, **subject,
        )  # fmt: skip
        self.tx.add(opened)
        self.tx.flush()
        return opened

    def poll(self, opened: Deliberation, poll: tuple[timedelta, timedelta, bool]) -> None:
        """A poll in it."""
        begins, ends, is_counted = poll
        self.tx.add(
            Poll(
                deliberation_id=opened.id, title="Which?", kind=Kind.RANKED, settings={},
                opens_at=self.moment + begins,
                closes_at=self.moment + ends, primary_scheme="participant", minimum=2, frozen={},
                fingerprint="f", opened_by=self.person, opened_at=self.moment,
                closed_at=self.moment if is_counted else None,
            )
        )  # fmt: skip

    def publish(self, opened: Deliberation) -> None:
        """A published summary of it."""
        summary = Summary(
            deliberation_id=opened.id, body="", minority_views="", level_reason="",
            edited_by=self.person, edited_at=self.moment,
        )  # fmt: skip
        self.tx.add(summary)
        self.tx.flush()
        self.tx.add(
            Edition(
                summary_id=summary.id, number=1, digest="d",
                document={"title": "Why?", "body_html": "", "minority_html": ""},
                published_by=self.person, published_at=self.moment - DAY,
            )
        )  # fmt: skip


@pytest.fixture
def session(db: Database) -> ForumSession:
    """A session with a takeaway and a call."""
    return make_session(db, make_person(db, role=Role.MAG_MEMBER))


def expected(window: Any, poll: Any, moment: datetime, *, is_published: bool) -> tuple[Any, Any]:
    """Stage and delay by the pure rules alone."""
    is_voting = poll is not None and not poll[2] and poll[0] <= timedelta(0) < poll[1]
    frame = type("Frame", (), {"opens_at": moment + window[0], "closes_at": moment + window[1]})()
    phase = deliberation_phase(frame, moment, poll_is_open=is_voting, has_edition=is_published)
    stage = stage_of(QuestionState.ACCEPTED, phase, is_withdrawn=False)
    is_over = poll is not None and not poll[2] and poll[1] <= timedelta(0)
    since = {
        Stage.SCHEDULED: moment - 31 * DAY,
        Stage.CLOSED: moment + window[1],
        Stage.SUMMARISED: moment - DAY,
    }.get(stage, moment + window[0])
    standing = Standing(stage, since, moment + poll[1] if is_over else None)
    return standing, delay_of(standing, moment)


def test_every_position_is_told_as_the_pure_rules_tell_it(
    db: Database, clock: FakeClock, session: ForumSession
) -> None:
    """Ensure stage, beginning and lateness agree with the rules on both sides of every edge."""
    moment = clock()
    wanted = {}
    with db.writing() as tx:
        build = Builder(tx, session, moment)
        for window, poll, is_published in itertools.product(WINDOWS, POLLS, (False, True)):
            question = build.question(QuestionState.ACCEPTED)
            opened = build.open(window, question_id=question.id)
            if poll is not None:
                build.poll(opened, poll)
            if is_published:
                build.publish(opened)
            wanted[question.id] = expected(window, poll, moment, is_published=is_published)
        for state in QuestionState:
            stage = stage_of(state, None, is_withdrawn=False)
            wanted[build.question(state).id] = (Standing(stage, session.imported_at), None)

    with db.reading() as reader:
        found = {row.id: row for row in list_portfolio(reader, Filters())}
        overdue = {row.id for row in list_portfolio(reader, Filters(overdue="yes"))}
        stuck = {row.id for row in list_portfolio(reader, Filters(stuck="yes"))}
        counts = count_stages(reader, Filters())

    assert {key: (found[key].standing, found[key].delay) for key in wanted} == wanted
    late = {key for key, (_standing, delay) in wanted.items() if delay is not None}
    assert (overdue, stuck) == (late, set())
    for stage in Stage:
        own = [row for row in found.values() if row.standing.stage is stage]
        assert counts[stage].total == len(own)
        assert counts[stage].overdue == sum(row.id in overdue for row in own)


def test_what_nobody_moves_is_stuck_one_moment_after_its_time(
    db: Database, clock: FakeClock, session: ForumSession
) -> None:
    """Ensure each limit is exclusive, and the filter agrees with the pure rule."""
    states = {
        Stage.WAITING: QuestionState.IMPORTED,
        Stage.IN_REVIEW: QuestionState.IN_REVIEW,
        Stage.ACCEPTED: QuestionState.ACCEPTED,
    }
    with db.writing() as tx:
        build = Builder(tx, session, clock())
        ids = {stage: build.question(state).id for stage, state in states.items()}
    begun = clock()

    for limit in sorted(set(STUCK_AFTER.values())):
        for extra, is_late in ((timedelta(0), False), (SECOND, True)):
            clock.now = begun + limit + extra
            with db.reading() as reader:
                stuck = {row.id for row in list_portfolio(reader, Filters(stuck="yes"))}
            for stage, question_id in ids.items():
                gone = STUCK_AFTER[stage] < limit or (STUCK_AFTER[stage] == limit and is_late)
                assert (question_id in stuck) is gone
                standing = Standing(stage, begun)
                assert (delay_of(standing, clock()) is not None) is gone


def test_outputs_wait_until_they_are_opened(
    db: Database, clock: FakeClock, session: ForumSession
) -> None:
    """Ensure calls are followed on their own, apart from takeaways."""
    opened = make_deliberation(db, session, output=OutputKind.CALL_TO_ACTION)
    clock.advance(days=31)

    with db.reading() as reader:
        takeaways = list_portfolio(reader, Filters(kind="takeaway"))
        calls = list_portfolio(reader, Filters(kind="call"))
        texts = {each.text for each in reader.scalars(sa.select(Output))}

    assert [(row.standing.stage, row.delay) for row in takeaways] == [(Stage.WAITING, Delay.NO_ACT)]
    assert [(row.standing.stage, row.deliberation_id) for row in calls] == [
        (Stage.CLOSED, opened.id)
    ]
    assert {row.text for row in (*takeaways, *calls)} == texts


def test_five_thousand_questions_cost_one_statement(db: Database, session: ForumSession) -> None:
    """Ensure a page of a large forum is read at once, in every order."""
    with db.writing() as tx:
        row = {
            "session_id": session.id, "position": 1, "original": "Why?", "text": "Why?",
            "state": QuestionState.IMPORTED, "version": 1,
        }  # fmt: skip
        tx.execute(sa.insert(PolicyQuestion), [row] * 5_000)

    with recorded(db) as sent, db.reading() as reader:
        for sort in ("activity", "waiting", "title"):
            assert len(list_portfolio(reader, Filters(q="why"), sort, 50, 4_900)) == 50
        count_stages(reader, Filters(q="why"))

    assert len(sent) == 4


def test_finished_things_come_last_among_those_that_wait(
    db: Database, clock: FakeClock, session: ForumSession
) -> None:
    """Ensure the order by waiting begins with what somebody has to do."""
    with db.writing() as tx:
        build = Builder(tx, session, clock())
        for state in (QuestionState.DECLINED, QuestionState.ACCEPTED):
            build.question(state)

    with db.reading() as reader:
        stages = [row.standing.stage for row in list_portfolio(reader, Filters(), "waiting")]

    is_finished = [stage in FINISHED for stage in stages]
    assert is_finished == sorted(is_finished)
    assert any(is_finished)
