"""Claims about who is told of what: followers, those addressed, those who may vote; once each."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from deliberate.actions import notices as telling
from deliberate.actions.comments import retract_comment
from deliberate.actions.counting import count_poll
from deliberate.actions.follows import choose_mail, follow, mute, unfollow
from deliberate.domain.mail import MailState, Rhythm
from deliberate.domain.notices import EventKind, Reason, Subject
from deliberate.domain.people import Actor, StakeholderGroup
from deliberate.inputs.people import MailChoices
from deliberate.jobs.digests import write_due_digests
from deliberate.jobs.letters import compose
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.database import Database
from deliberate.storage.jobs import Job
from deliberate.storage.mailboxes import get_mailbox
from deliberate.storage.notices import Event, Notice, list_notices
from deliberate.storage.outbox import Mail
from tests.factories import (
    make_comment,
    make_deliberation,
    make_person,
    make_poll,
    make_proposals,
    vote,
)
from tests.support.clock import FakeClock
from tests.support.post import office_at

OFFICE = office_at(25)


def subject(text: str) -> Subject:
    """The subject that is written so."""
    parsed = Subject.parse(text)
    assert parsed is not None
    return parsed


def let_follow(db: Database, person: Actor, text: str) -> None:
    """Let somebody follow a thing."""
    with db.writing() as tx:
        follow(tx, person, subject(text))


def choose(db: Database, person: Actor, rhythm: Rhythm, zone: str = "", **more: bool) -> None:
    """Let somebody choose how often mail comes."""
    choices = {"official": True, "follows_own": True} | more
    form = MailChoices(rhythm=rhythm, language="en", time_zone=zone, **choices)
    with db.writing() as tx:
        choose_mail(tx, person, form)


def told(db: Database, person: Actor) -> list[tuple[EventKind, Reason]]:
    """What somebody was told of and why, oldest first."""
    run_due_jobs(db)
    with db.reading() as reader:
        lines, _ = list_notices(reader, person.id or 0)
    return [(line.event.kind, line.reason) for line in reversed(lines)]


def mails(db: Database, person: Actor) -> Sequence[Mail]:
    """The mails in the outbox for somebody, oldest first."""
    run_due_jobs(db)
    with db.reading() as reader:
        query = sa.select(Mail).where(Mail.person_id == person.id).order_by(Mail.id)
        return reader.scalars(query).all()


def text(db: Database, mail: Mail) -> str | None:
    """What a mail would say now; None when it would be dropped."""
    with db.reading() as reader:
        composed = compose(reader, OFFICE, mail)
    return composed[1].text if composed else None


def test_followers_are_told_once_and_the_author_never(db: Database) -> None:
    """Ensure whoever follows discussion, thread and group at once hears of a comment once."""
    deliberation = make_deliberation(db)
    root = make_comment(db, deliberation.id)
    reader, author = make_person(db), make_person(db, StakeholderGroup.TECHNICAL)
    run_due_jobs(db)
    for followed in (
        f"discussion:{deliberation.id}", f"thread:{root.id}", "group:Technical Community",
    ):  # fmt: skip
        let_follow(db, reader, followed)
        let_follow(db, author, followed)

    make_comment(db, deliberation.id, author, parent_id=root.id)

    assert told(db, reader) == [(EventKind.COMMENT, Reason.FOLLOWED)]
    assert told(db, author) == []


def test_an_answer_reaches_its_addressee_without_following(db: Database) -> None:
    """Ensure one hears of answers to oneself, and that a question's answer is called one."""
    deliberation = make_deliberation(db)
    asker, other = make_person(db), make_person(db)
    question = make_comment(db, deliberation.id, asker, kind="question")
    remark = make_comment(db, deliberation.id, other)

    make_comment(db, deliberation.id, parent_id=question.id)
    make_comment(db, deliberation.id, parent_id=remark.id)

    assert told(db, asker) == [(EventKind.COMMENT, Reason.ANSWER)]
    assert told(db, other) == [(EventKind.COMMENT, Reason.REPLY)]


def test_what_one_wrote_in_is_followed_unless_one_asks_not_to(db: Database) -> None:
    """Ensure a second reply in one's thread is told, and the switch is honoured."""
    deliberation = make_deliberation(db)
    writer, quiet = make_person(db), make_person(db)
    choose(db, quiet, Rhythm.NONE, follows_own=False)
    for author in (writer, quiet):
        root = make_comment(db, deliberation.id, author)
        run_due_jobs(db)
        answer = make_comment(db, deliberation.id, parent_id=root.id)
        make_comment(db, deliberation.id, parent_id=answer.id)

    assert [reason for _, reason in told(db, writer)] == [Reason.REPLY, Reason.FOLLOWED]
    assert [reason for _, reason in told(db, quiet)] == [Reason.REPLY]


@pytest.mark.one_database
def test_muting_a_thread_silences_it_within_a_followed_discussion(db: Database) -> None:
    """Ensure one can follow a discussion without one of its threads."""
    deliberation = make_deliberation(db)
    loud, calm = make_comment(db, deliberation.id), make_comment(db, deliberation.id)
    reader = make_person(db)
    run_due_jobs(db)
    let_follow(db, reader, f"discussion:{deliberation.id}")
    with db.writing() as tx:
        mute(tx, reader, subject(f"thread:{loud.id}"))

    make_comment(db, deliberation.id, parent_id=loud.id)
    make_comment(db, deliberation.id, parent_id=calm.id)
    assert len(told(db, reader)) == 1
    with db.writing() as tx:
        unfollow(tx, reader, subject(f"discussion:{deliberation.id}"))
    make_comment(db, deliberation.id, parent_id=calm.id)

    assert len(told(db, reader)) == 1


@pytest.mark.one_database
def test_posting_costs_the_same_however_many_follow(db: Database) -> None:
    """Ensure an act writes one event and one job; the job tells everybody in stretches, once."""
    deliberation = make_deliberation(db)
    readers = [make_person(db) for _ in range(7)]
    for reader in readers:
        let_follow(db, reader, f"discussion:{deliberation.id}")

    make_comment(db, deliberation.id)

    with db.reading() as reader_session:
        count = sa.select(sa.func.count())
        assert reader_session.scalar(count.select_from(Event)) == 1
        assert reader_session.scalar(count.select_from(Notice)) == 0
        assert reader_session.scalar(count.where(Job.name == "tell_followers")) == 1


def test_many_followers_are_told_in_stretches(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure nobody is left out between two stretches, and beginning again tells nobody twice."""
    monkeypatch.setattr(telling, "PEOPLE_AT_ONCE", 3)
    deliberation = make_deliberation(db)
    readers = [make_person(db) for _ in range(7)]
    for reader in readers:
        let_follow(db, reader, f"discussion:{deliberation.id}")
        choose(db, reader, Rhythm.INSTANT)

    make_comment(db, deliberation.id)
    run_due_jobs(db)
    with db.writing() as tx:
        telling.tell_followers(tx, tx.scalars(sa.select(Event.id)).one())

    assert [len(told(db, reader)) for reader in readers] == [1] * 7
    assert [len(mails(db, reader)) for reader in readers] == [1] * 7


def test_polls_are_announced_to_those_who_may_vote_and_reminded_of(
    db: Database, clock: FakeClock
) -> None:
    """Ensure who has voted is not reminded, and everybody taking part hears of the result."""
    deliberation = make_deliberation(db)
    voter, waverer = make_person(db), make_person(db)
    for person in (voter, waverer):
        make_comment(db, deliberation.id, person)
    run_due_jobs(db)
    poll = make_poll(db, deliberation.id, hours=24 * 7)
    vote(db, poll.id, voter, 0, 1)
    run_due_jobs(db)
    clock.advance(days=5)
    run_due_jobs(db)
    clock.advance(days=2)
    with db.writing() as tx:
        count_poll(tx, poll.id)

    opened, closing, counted = (
        (kind, Reason.TAKES_PART)
        for kind in (EventKind.POLL_OPENED, EventKind.POLL_CLOSING, EventKind.POLL_COUNTED)
    )
    official = [opened, closing, counted]
    assert [each for each in told(db, waverer) if each[0].is_official] == official
    assert [each for each in told(db, voter) if each[0].is_official] == [opened, counted]
    assert [mail.stream for mail in mails(db, waverer)] == ["official"] * 3


@pytest.mark.one_database
def test_notices_are_ended_apart_from_what_one_follows(db: Database) -> None:
    """Ensure who wants no official notices gets none by mail, and still finds them in the inbox."""
    deliberation = make_deliberation(db)
    person = make_person(db)
    choose(db, person, Rhythm.INSTANT, official=False)
    let_follow(db, person, f"discussion:{deliberation.id}")
    make_poll(db, deliberation.id)

    kinds = [kind for kind, _ in told(db, person)]
    assert kinds == [*[EventKind.PROPOSAL] * 3, EventKind.POLL_OPENED]
    assert [mail.stream for mail in mails(db, person)] == ["activity"] * 3


@pytest.mark.parametrize(
    ("rhythm", "zone", "first", "second"),
    [
        # The clock stands at Monday 2 March 2026, 09:00 UTC.
        (Rhythm.DAILY, "", "2026-03-03T08:00", "2026-03-04T08:00"),
        (Rhythm.DAILY, "Asia/Kathmandu", "2026-03-03T02:15", "2026-03-04T02:15"),
        (Rhythm.DAILY, "America/Los_Angeles", "2026-03-02T16:00", "2026-03-03T16:00"),
        (Rhythm.WEEKLY, "", "2026-03-09T08:00", "2026-03-16T08:00"),
        # On 8 March clocks in Los Angeles go forward by an hour.
        (Rhythm.WEEKLY, "America/Los_Angeles", "2026-03-02T16:00", "2026-03-09T15:00"),
        (Rhythm.WEEKLY, "Pacific/Kiritimati", "2026-03-08T18:00", "2026-03-15T18:00"),
    ],
)
@pytest.mark.one_database
def test_digests_come_at_eight_where_the_reader_is(
    db: Database, clock: FakeClock, rhythm: Rhythm, zone: str, first: str, second: str
) -> None:
    """Ensure the hour is the reader's own, through changes of the clock."""
    person = make_person(db)
    choose(db, person, rhythm, zone)

    due = []
    for _ in range(2):
        with db.reading() as reader:
            moment = get_mailbox(reader, person.id or 0).next_digest_at
        assert moment is not None
        due.append(f"{moment:%Y-%m-%dT%H:%M}")
        clock.now = moment
        write_due_digests(db)

    assert due == [first, second]


def test_a_digest_groups_by_discussion_and_tells_nothing_twice(
    db: Database, clock: FakeClock
) -> None:
    """Ensure what is new comes once, hidden things never, and nothing new means no mail."""
    person = make_person(db)
    choose(db, person, Rhythm.DAILY)
    first = make_deliberation(db)
    let_follow(db, person, f"discussion:{first.id}")
    kept = make_comment(db, first.id, body="Lanterns need oil.")
    author = make_person(db)
    retracted = make_comment(db, first.id, author, body="This I take back.")
    run_due_jobs(db)
    with db.writing() as tx:
        retract_comment(tx, author, retracted.id)

    clock.advance(days=1)
    assert write_due_digests(db) >= 1
    clock.advance(days=1)
    write_due_digests(db)

    (digest,) = mails(db, person)
    said = text(db, digest) or ""
    assert kept.body in said
    assert "take back" not in said
    assert said.count(first.title) == 1


@pytest.mark.one_database
def test_a_digest_of_which_nothing_is_left_is_dropped(db: Database, clock: FakeClock) -> None:
    """Ensure no empty mail goes out when all was taken back between writing and sending."""
    person, author = make_person(db), make_person(db)
    deliberation = make_deliberation(db)
    choose(db, person, Rhythm.DAILY)
    let_follow(db, person, f"discussion:{deliberation.id}")
    comment = make_comment(db, deliberation.id, author)
    run_due_jobs(db)
    clock.advance(days=1)
    write_due_digests(db)
    (digest,) = mails(db, person)
    assert text(db, digest)

    with db.writing() as tx:
        retract_comment(tx, author, comment.id)

    assert text(db, digest) is None
    assert digest.state is MailState.WAITING


@pytest.mark.one_database
def test_another_rhythm_begins_with_what_comes(db: Database, clock: FakeClock) -> None:
    """Ensure what was mailed at once is not told again in the first digest."""
    person = make_person(db)
    deliberation = make_deliberation(db)
    choose(db, person, Rhythm.INSTANT)
    let_follow(db, person, f"discussion:{deliberation.id}")
    make_comment(db, deliberation.id)
    assert len(mails(db, person)) == 1

    choose(db, person, Rhythm.DAILY)
    clock.advance(days=1)
    write_due_digests(db)

    assert len(mails(db, person)) == 1


@pytest.mark.one_database
def test_old_news_is_not_mailed(db: Database, clock: FakeClock) -> None:
    """Ensure a worker that stood still for a week does not flood people when it starts."""
    person = make_person(db)
    deliberation = make_deliberation(db)
    choose(db, person, Rhythm.INSTANT)
    let_follow(db, person, f"discussion:{deliberation.id}")
    make_proposals(db, deliberation.id, 1)
    clock.now += timedelta(days=7)

    assert mails(db, person) == []
    assert len(told(db, person)) == 1


@pytest.mark.one_database
def test_what_people_write_stays_text_in_a_mail(db: Database) -> None:
    """Ensure markup in a comment or a name is neither run nor doubled in mail."""
    deliberation = make_deliberation(db)
    person = make_person(db)
    choose(db, person, Rhythm.INSTANT)
    let_follow(db, person, f"discussion:{deliberation.id}")
    hostile = '<img src=x onerror=alert(1)> & "so on" [x](//evil.example)'
    make_comment(db, deliberation.id, make_person(db, name="<b>Eve</b> %(x)s"), body=hostile)

    (mail,) = mails(db, person)
    with db.reading() as reader:
        composed = compose(reader, OFFICE, mail)
    assert composed is not None
    letter = composed[1]
    assert hostile in letter.text
    assert "<b>Eve</b> %(x)s wrote a comment" in letter.subject
    assert "<img" not in letter.html
    assert "<b>" not in letter.html
