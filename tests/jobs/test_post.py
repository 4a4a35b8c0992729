"""Claims about mail on its way: sent once, later when it must be, and never to a dead address."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import structlog

from deliberate.actions.people import register_person
from deliberate.domain.mail import MailState, Stream
from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.inputs.people import Registration
from deliberate.jobs.post import send_due_mail
from deliberate.mailing.office import Office
from deliberate.storage import outbox
from deliberate.storage.database import Database
from deliberate.storage.mailboxes import get_mailbox
from deliberate.storage.outbox import KEPT_FOR, LEASE, PATIENCE, Mail
from tests.factories import PASSWORD, make_person
from tests.support.clock import FakeClock
from tests.support.post import Mailroom, html_of, mail_server, office_at, text_of
from tests.support.processes import run_together

NO_SUCH_PERSON = "550 5.1.1 No such person here"
MAILS = 60


@pytest.fixture
def room_and_office() -> Iterator[tuple[Mailroom, Office]]:
    """A mail server that takes everything; what is logged is not printed."""
    with mail_server() as (room, office), structlog.testing.capture_logs():
        yield room, office


@pytest.fixture
def room(room_and_office: tuple[Mailroom, Office]) -> Mailroom:
    """What the mail server takes and answers."""
    return room_and_office[0]


@pytest.fixture
def office(room_and_office: tuple[Mailroom, Office]) -> Office:
    """From where mail is sent."""
    return room_and_office[1]


def write(db: Database, person_id: int, event: str = "audit:1") -> None:
    """A letter that waits."""
    with db.writing() as tx:
        at = "2026-03-02T09:00:00+00:00"
        outbox.post(tx, person_id, Stream.ACCOUNT, "password_changed", event, at=at)


def rows(db: Database) -> list[Mail]:
    """Every mail, in the order it was written."""
    with db.reading() as reader:
        return list(reader.scalars(sa.select(Mail).order_by(Mail.id)))


def send_and_count(url: str, clock: FakeClock, port: int) -> int:
    """A worker in a process of its own; how many mails it tried."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    db = Database(url, clock)
    tried = send_due_mail(db, office_at(port))
    db.dispose()
    return tried


def test_a_mail_is_sent_once_with_headers_and_both_bodies(
    db: Database, room: Mailroom, office: Office
) -> None:
    """Ensure what arrives is whole, and the next round sends nothing again."""
    person = make_person(db, name="Ada Example", email="ada@example.org")
    write(db, person.id or 0)

    assert (send_due_mail(db, office), send_due_mail(db, office)) == (1, 0)

    (message,) = room.messages
    (row,) = rows(db)
    assert room.recipients == ["ada@example.org"]
    assert message["To"] == "Ada Example <ada@example.org>"
    assert message["Subject"] == "Your password was changed"
    assert message["Message-ID"] == f"<{row.message_key}@forum.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] is None
    assert "Monday 2 March 2026, 09:00 UTC" in text_of(message)
    assert '<html lang="en" dir="ltr">' in html_of(message)
    assert (row.state, row.details) == (MailState.SENT, {})


def test_an_event_mails_a_person_once(db: Database) -> None:
    """Ensure telling of the same event twice puts one mail into the outbox."""
    person = make_person(db)
    write(db, person.id or 0)
    write(db, person.id or 0)

    assert len(rows(db)) == 1


def test_a_change_that_is_undone_mails_nobody(db: Database) -> None:
    """Ensure a mail and what it tells of are stored together or not at all."""
    person = make_person(db)
    with db.writing() as tx:
        outbox.post(tx, person.id or 0, Stream.ACCOUNT, "password_changed", "audit:1")
        tx.flush()
        tx.rollback()

    assert rows(db) == []


def test_several_workers_send_each_mail_once(db: Database, clock: FakeClock) -> None:
    """Ensure processes that begin at the same moment never send one mail twice."""
    person = make_person(db)
    for number in range(MAILS):
        write(db, person.id or 0, f"audit:{number}")
    with mail_server() as (room, office):
        assert office.server is not None
        url = db.engine.url.render_as_string(hide_password=False)
        tried = run_together(send_and_count, [(url, clock, office.server.port)] * 3)

    sent = [message["Message-ID"] for message in room.messages]
    assert sum(tried) == len(sent) == len(set(sent)) == MAILS
    assert {row.state for row in rows(db)} == {MailState.SENT}


def test_a_worker_that_died_is_taken_over_under_the_same_message_id(
    db: Database, clock: FakeClock, room: Mailroom, office: Office
) -> None:
    """Ensure a mail is never lost, and that a second copy can be recognised."""
    write(db, make_person(db).id or 0)
    with db.writing() as tx:
        dead = outbox.claim(tx)
    assert dead is not None
    assert send_due_mail(db, office) == 0

    clock.advance(seconds=LEASE.total_seconds())
    assert send_due_mail(db, office) == 1

    assert room.messages[0]["Message-ID"] == f"<{dead.message_key}@forum.example.org>"
    with db.writing() as tx:
        assert not outbox.settle(tx, dead, MailState.FAILED)
    assert rows(db)[0].state is MailState.SENT


def test_a_busy_server_is_tried_again_later_each_time(
    db: Database, clock: FakeClock, room: Mailroom, office: Office
) -> None:
    """Ensure a mail waits one minute, then two, and is given up after two days."""
    person = make_person(db, email="ada@example.org")
    room.answers["ada@example.org"] = "451 4.3.2 Come back later"
    write(db, person.id or 0)

    assert send_due_mail(db, office) == 1
    clock.advance(seconds=59)
    assert send_due_mail(db, office) == 0
    clock.advance(seconds=1)
    assert send_due_mail(db, office) == 1
    assert (rows(db)[0].next_try_at - clock.now).total_seconds() == 120

    clock.advance(seconds=PATIENCE.total_seconds())
    assert send_due_mail(db, office) == 0
    assert rows(db)[0].state is MailState.FAILED
    with db.reading() as reader:
        assert get_mailbox(reader, person.id or 0).failures == 0


def test_three_refusals_in_a_row_stop_mail_to_an_address(
    db: Database, room: Mailroom, office: Office
) -> None:
    """Ensure a dead address is left alone, and that an arrival begins the count anew."""
    person = make_person(db, email="ada@example.org")
    for number, answer in enumerate(
        [NO_SUCH_PERSON, NO_SUCH_PERSON, None, NO_SUCH_PERSON, NO_SUCH_PERSON, NO_SUCH_PERSON, None]
    ):
        room.answers = {"ada@example.org": answer} if answer else {}
        write(db, person.id or 0, f"audit:{number}")
        send_due_mail(db, office)

    states = [row.state for row in rows(db)]
    assert states == [*["failed"] * 2, "sent", *["failed"] * 3, "dropped"]
    assert len(room.messages) == 1
    with db.reading() as reader:
        mailbox = get_mailbox(reader, person.id or 0)
    assert (mailbox.failures, mailbox.takes_mail) == (3, False)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "answer", ["554 5.7.1 Relay access denied", "530 5.7.0 Sign in first", "421 4.3.2 Going down"]
)
def test_a_refusal_of_this_site_is_not_the_addresss_fault(
    db: Database, room: Mailroom, office: Office, answer: str
) -> None:
    """Ensure a server that is set up wrongly stops nobody's mail for good."""
    person = make_person(db, email="ada@example.org")
    room.answers["ada@example.org"] = answer
    write(db, person.id or 0)

    send_due_mail(db, office)

    assert rows(db)[0].state is MailState.WAITING
    with db.reading() as reader:
        assert get_mailbox(reader, person.id or 0).failures == 0


@pytest.mark.one_database
def test_a_server_that_is_down_keeps_mail_waiting(db: Database) -> None:
    """Ensure nothing is lost while nobody answers, and the address is not in the log."""
    write(db, make_person(db, email="ada@example.org").id or 0)
    with mail_server() as (_, gone):
        pass

    with structlog.testing.capture_logs() as lines:
        send_due_mail(db, gone)

    assert rows(db)[0].state is MailState.WAITING
    assert "ada@example.org" not in str(lines)


@pytest.mark.one_database
def test_a_refused_message_is_not_sent_again(db: Database, room: Mailroom, office: Office) -> None:
    """Ensure what no server will ever take is not tried for two days."""
    room.answer_to_message = "554 5.6.0 This message is refused"
    write(db, make_person(db).id or 0)

    send_due_mail(db, office)

    assert rows(db)[0].state is MailState.FAILED


@pytest.mark.one_database
def test_nothing_but_the_confirmation_goes_to_an_address_that_is_not_confirmed(
    db: Database, room: Mailroom, office: Office
) -> None:
    """Ensure nobody is mailed because somebody else registered with their address."""
    form = Registration(
        name="Nia Okoro",
        email="nia@example.org",
        password=PASSWORD,
        stakeholder_group=StakeholderGroup.GOVERNMENT,
        regional_group=RegionalGroup.AFRICA,
    )
    with db.writing() as tx:
        person = register_person(tx, form, "hash", "ar")
    write(db, person.id)

    send_due_mail(db, office)

    assert [row.state for row in rows(db)] == [MailState.SENT, MailState.DROPPED]
    (message,) = room.messages
    assert "/confirmations/" in text_of(message)
    assert '<html lang="ar" dir="rtl">' in html_of(message)


@pytest.mark.one_database
def test_what_was_sent_long_ago_is_forgotten(
    db: Database, clock: FakeClock, room: Mailroom, office: Office
) -> None:
    """Ensure who was mailed what does not stay for ever."""
    person = make_person(db)
    write(db, person.id or 0)
    send_due_mail(db, office)
    clock.advance(seconds=KEPT_FOR.total_seconds() + 1)
    write(db, person.id or 0, "audit:2")

    send_due_mail(db, office)

    assert [row.event for row in rows(db)] == ["audit:2"]
    assert len(room.messages) == 2
