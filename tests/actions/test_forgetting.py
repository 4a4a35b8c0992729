"""Deleting an account: the person is forgotten, what they contributed stays readable."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from deliberate.actions.forgetting import forget_oneself, forget_person
from deliberate.actions.invitations import make_invitation
from deliberate.actions.mailboxes import mail_link
from deliberate.actions.people import grant_role, start_sign_in
from deliberate.domain.errors import Conflict, NotFound, Refused
from deliberate.domain.forum import OutputKind
from deliberate.domain.mail import Purpose
from deliberate.domain.people import FORMER_PARTICIPANT, VISITOR, Role, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.inputs.people import NewInvitation
from deliberate.storage.base import Base
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.people import (
    Person,
    count_by_group,
    count_registered,
    find_actor,
    find_person_by_email,
    list_people,
)
from deliberate.storage.people_pages import list_people_page
from deliberate.storage.threads import list_thread
from tests.factories import (
    make_comment,
    make_deliberation,
    make_person,
    make_poll,
    make_session,
    respond,
    vote,
)
from tests.support.clock import FakeClock
from tests.support.rows import count_rows
from tests.support.second_steps import set_up

NAME, EMAIL = "Quirina Zabalbeascoa", "quirina.z@heron.example"


def everything_stored(db: Database) -> str:
    """Every value of every row, as one text to look for a name in."""
    with db.reading() as reader:
        return "\n".join(
            str(row)
            for table in Base.metadata.sorted_tables
            for row in reader.execute(sa.select(table))
        )


def revisions(db: Database) -> dict[int, int]:
    """How often each deliberation has changed, by its id."""
    with db.reading() as reader:
        rows = reader.execute(sa.select(Deliberation.id, Deliberation.revision))
        return {deliberation_id: revision for deliberation_id, revision in rows}


def test_nothing_stored_names_a_person_who_was_forgotten(db: Database) -> None:
    """Ensure name and address are gone from every table, with all that opened the account."""
    person = make_person(db, name=NAME, email=EMAIL, role=Role.FACILITATOR)
    secretariat = make_person(db, role=Role.SECRETARIAT)
    deliberation = make_deliberation(db)
    make_comment(db, deliberation.id, person, body="What I have seen in the harbour.")
    set_up(db, person)
    with db.writing() as tx:
        token = start_sign_in(tx, person.id or 0)
        row = tx.get_one(Person, person.id)
        mail_link(tx, row, Purpose.NEW_PASSWORD, datetime.timedelta(hours=1))
        make_invitation(tx, secretariat, NewInvitation(email=EMAIL, role=Role.MAG_MEMBER))
    before = everything_stored(db)
    assert all(text in before for text in (NAME, EMAIL))

    with db.writing() as tx:
        forget_oneself(tx, person)

    after = everything_stored(db)
    assert [text for text in (NAME, EMAIL, "Quirina", token) if text in after] == []
    rows = count_rows(db)
    for table in ("sign_ins", "mail_links", "second_steps", "recovery_codes"):
        assert rows[table] == 0, table
    with db.reading() as reader:
        assert find_actor(reader, person.id or 0) is None
        assert find_person_by_email(reader, EMAIL) is None


def test_what_a_forgotten_person_contributed_stays_readable(db: Database) -> None:
    """Ensure texts, groups and ballots stay as cast, under a name that names nobody."""
    person = make_person(db, StakeholderGroup.TECHNICAL, name=NAME, organisation="Wicks Ltd")
    deliberation = make_deliberation(db)
    comment = make_comment(db, deliberation.id, person, body="A remark")
    make_comment(db, deliberation.id, parent_id=comment.id, body="An answer")
    poll = make_poll(db, deliberation.id)
    vote(db, poll.id, person, 0, 1)
    call = make_deliberation(db, make_session(db), output=OutputKind.CALL_TO_ACTION)
    respond(db, call, person, Position.CONTEST)
    before, kept = count_rows(db), revisions(db)

    with db.writing() as tx:
        forget_person(tx, VISITOR, person.id or 0)

    after = count_rows(db)
    for table in ("comments", "proposals", "ballots", "participations", "responses", "people"):
        assert after[table] == before[table], table
    with db.reading() as reader:
        first, second = list_thread(reader, deliberation.id).comments
    assert (first.author_name, first.group) == (FORMER_PARTICIPANT, StakeholderGroup.TECHNICAL)
    assert (first.organisation, first.body_html) == ("Wicks Ltd", "<p>A remark</p>\n")
    assert second.parent_id == first.id
    # Pages that were kept with the old name fall.
    assert revisions(db) == {each: revision + 1 for each, revision in kept.items()}


def test_closed_figures_do_not_change_with_an_account(db: Database, clock: FakeClock) -> None:
    """Ensure who was registered then still counts as registered then, and not from now on."""
    person = make_person(db, StakeholderGroup.GOVERNMENT)
    then = clock.now
    clock.advance(days=1)

    with db.writing() as tx:
        forget_oneself(tx, person)

    with db.reading() as reader:
        assert count_registered(reader, then) == {StakeholderGroup.GOVERNMENT: 1}
        assert count_registered(reader, clock.now) == {}
        assert count_by_group(reader) == {}
        assert list_people(reader) == []
        assert list_people_page(reader).people == []


def test_the_last_of_the_secretariat_stays(db: Database) -> None:
    """Ensure somebody can always grant roles; with a second one the first may go."""
    secretariat = make_person(db, role=Role.SECRETARIAT, name=NAME)
    other = make_person(db)

    with pytest.raises(Conflict, match="secretariat"), db.writing() as tx:
        forget_oneself(tx, secretariat)
    assert NAME in everything_stored(db)
    with db.writing() as tx:
        grant_role(tx, secretariat, other.id or 0, Role.SECRETARIAT)
    with db.writing() as tx:
        forget_oneself(tx, secretariat)

    assert NAME not in everything_stored(db)


def test_two_that_leave_together_leave_one(db: Database) -> None:
    """Ensure the last two of the secretariat cannot both go at the same moment."""
    pair = [make_person(db, role=Role.SECRETARIAT) for _ in range(2)]

    def leave(number: int) -> bool:
        try:
            with db.writing() as tx:
                forget_oneself(tx, pair[number])
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(leave, range(2)))

    assert sorted(outcomes) == [False, True]


@pytest.mark.one_database
def test_forgetting_is_for_oneself_and_happens_once(db: Database) -> None:
    """Ensure visitors forget nobody, unknown people are told as missing, twice changes nothing."""
    person = make_person(db)
    with pytest.raises(Refused), db.writing() as tx:
        forget_oneself(tx, VISITOR)
    with pytest.raises(NotFound), db.writing() as tx:
        forget_person(tx, VISITOR, 999_999)

    for _ in range(2):
        with db.writing() as tx:
            forget_person(tx, VISITOR, person.id or 0)

    with db.reading() as reader:
        acts = "SELECT count(*) FROM audit_events WHERE act = 'deleted_account'"
        assert reader.scalar(sa.text(acts)) == 1
