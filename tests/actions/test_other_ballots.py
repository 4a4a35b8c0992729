"""Polls of every kind, from opening to the count, and ballots taken back."""

import pytest

from deliberate.actions.ballots import find_own_ballot, withdraw_ballot
from deliberate.actions.counting import count_poll, recount
from deliberate.domain.ballots import Kind
from deliberate.domain.errors import Conflict, Invalid
from deliberate.jobs.letters import compose
from deliberate.mailing.office import Office, parse_sender
from deliberate.storage.audit import AuditEvent
from deliberate.storage.ballots import Ballot, BallotReason, Participation, list_all_reasons
from deliberate.storage.database import Database
from deliberate.storage.mailboxes import get_mailbox
from deliberate.storage.outbox import Mail
from deliberate.storage.polls import find_tally, list_options
from tests.factories import make_person
from tests.support.clock import FakeClock
from tests.support.voting import fill_in, make_kind

OFFICE = Office(parse_sender("deliberate <mail@example.org>"), "https://example.org", "IGF")
ANSWERS = {
    Kind.RANKED: (2, None, 1),
    Kind.CHOICE: (None, 1, None),
    Kind.APPROVAL: (1, None, 1),
    Kind.SCORE: (5, 1, None),
    Kind.DOTS: (7, 3, 0),
    Kind.AGREEMENT: (1, 7, 6),
    Kind.CONSENT: (1, 2, 4),
}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_voted_in_and_counted(db: Database, clock: FakeClock, kind: Kind) -> None:
    """Ensure what was cast is what is shown, counted, and counted again to the same digest."""
    poll = make_kind(db, kind)
    reasons = ("", "", "It would exclude us.") if kind is Kind.CONSENT else ()
    voters = [make_person(db) for _ in range(3)]
    for voter in voters:
        fill_in(db, poll, voter, *ANSWERS[kind], reasons=reasons)
    with db.reading() as reader:
        own = find_own_ballot(reader, voters[0], poll)
    clock.now = poll.closes_at
    with db.writing() as tx:
        count_poll(tx, poll.id)

    assert own is not None
    assert own.answer.marks == tuple(mark or 0 for mark in ANSWERS[kind])
    assert poll.frozen["ballot"]["kind"] == kind
    with db.reading() as reader:
        tally = find_tally(reader, poll.id)
        assert tally is not None
        assert tally.result["schemes"][0]["result"]["ballots"] == 3
        assert recount(reader, poll.id).is_same
        assert [text for _option, text in list_all_reasons(reader, poll.id)] == [
            reason for reason in reasons for _voter in voters if reason
        ]


def test_options_are_proposals_and_texts_of_their_own(db: Database) -> None:
    """Ensure both stand on the ballot as they were frozen, the text with its explanation."""
    poll = make_kind(db, Kind.CHOICE)

    with db.reading() as reader:
        options = list_options(reader, poll.id)
    assert [bool(option.version_id) for option in options] == [True, True, False]
    assert (options[2].title, options[2].text) == ("Publish who took part", "A list by group.")
    assert poll.frozen["options"][2]["proposal"] is None


@pytest.mark.parametrize(
    ("kind", "settings", "field"),
    [
        (Kind.APPROVAL, {"least": 4}, "least"),
        (Kind.SCORE, {"steps": "Only one"}, "steps"),
        (Kind.CHOICE, {"proposal_ids": [], "own_options": "One"}, "proposal_ids"),
        (Kind.CHOICE, {"proposal_ids": [999]}, "proposal_ids"),
    ],
)
def test_a_poll_that_makes_no_sense_stays_closed(
    db: Database, kind: Kind, settings: dict[str, object], field: str
) -> None:
    """Ensure contradictory settings and too few options are named at their field."""
    with pytest.raises(Invalid) as refusal:
        make_kind(db, kind, **settings)

    assert list(refusal.value.fields) == [field]


def test_a_withdrawn_ballot_leaves_nothing_but_that_it_was_withdrawn(db: Database) -> None:
    """Ensure answer, reasons and participation go, and the audit log never says what it was."""
    poll, voter = make_kind(db, Kind.CONSENT), make_person(db)
    fill_in(db, poll, voter, 1, 2, 4, reasons=("", "", "It would exclude us."))

    for _ in range(2):
        with db.writing() as tx:
            withdraw_ballot(tx, voter, poll.id)

    with db.reading() as reader:
        assert not any(reader.query(table).all() for table in (Ballot, BallotReason, Participation))
        acts = [event for event in reader.query(AuditEvent) if event.act == "withdrew_ballot"]
    assert len(acts) == 1
    assert "exclude" not in str(vars(acts[0]))
    assert fill_in(db, poll, voter, 1, 1, 1).answer.marks == (1, 1, 1)


def test_no_ballot_is_withdrawn_after_closing(db: Database, clock: FakeClock) -> None:
    """Ensure what was in time stays."""
    poll, voter = make_kind(db, Kind.CHOICE), make_person(db)
    fill_in(db, poll, voter, 1)
    clock.now = poll.closes_at

    with pytest.raises(Conflict, match="closed"), db.writing() as tx:
        withdraw_ballot(tx, voter, poll.id)

    with db.reading() as reader:
        assert reader.query(Ballot).count() == 1


def test_a_receipt_is_mailed_without_the_answer(db: Database, clock: FakeClock) -> None:
    """Ensure one mail tells the newest code and nothing that was chosen, until the count."""
    poll, voter = make_kind(db, Kind.CHOICE), make_person(db)
    with db.writing() as tx:
        get_mailbox(tx, voter.id or 0).confirmed_at = clock.now
    first, last = (fill_in(db, poll, voter, *marks) for marks in ((1,), (None, 1)))

    with db.reading() as reader:
        (mail,) = [mail for mail in reader.query(Mail) if mail.kind == "receipt"]
        composed = compose(reader, OFFICE, mail)
        titles = [option.title for option in list_options(reader, poll.id)]
    assert composed is not None
    assert last.code in composed[1].text
    assert first.code not in composed[1].text
    assert not any(title in composed[1].text for title in titles)
    assert mail.details == {"poll_id": poll.id}

    clock.now = poll.closes_at
    with db.writing() as tx:
        count_poll(tx, poll.id)
    with db.reading() as reader:
        assert compose(reader, OFFICE, mail) is None


def test_who_wants_no_mail_about_polls_gets_no_receipt(db: Database, clock: FakeClock) -> None:
    """Ensure the choice of mail holds for receipts."""
    poll, voter = make_kind(db, Kind.CHOICE), make_person(db)
    with db.writing() as tx:
        mailbox = get_mailbox(tx, voter.id or 0)
        mailbox.confirmed_at, mailbox.official = clock.now, False

    fill_in(db, poll, voter, 1)

    with db.reading() as reader:
        assert not [mail for mail in reader.query(Mail) if mail.kind == "receipt"]
