"""Opening questions and outputs: when, by whom, and what is fixed from then on."""

from datetime import datetime, timedelta

import pytest

from deliberate.actions.curation import accept_question, decline_question
from deliberate.actions.deliberations import get_page, lock_page, open_output, open_question
from deliberate.domain.canonical import fingerprint
from deliberate.domain.errors import Conflict, Invalid, NotFound, Refused
from deliberate.domain.forum import CurationKind
from deliberate.domain.people import VISITOR, Actor, Role
from deliberate.domain.phases import Phase
from deliberate.inputs.curation import Opening
from deliberate.storage.curation import list_decisions
from deliberate.storage.database import Database
from deliberate.storage.forum import (
    Output,
    PolicyQuestion,
    list_outputs,
    list_questions,
)
from tests.factories import make_person, make_session
from tests.support.clock import FakeClock
from tests.support.rows import count_rows

FORTNIGHT = timedelta(days=14)
OTHERS = [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT]


@pytest.fixture
def curator(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


@pytest.fixture
def question(db: Database, curator: Actor) -> PolicyQuestion:
    """An accepted question."""
    session = make_session(db, curator)
    with db.writing() as tx:
        first = list_questions(tx, session.id)[0]
        return accept_question(tx, curator, first.id, "A good question to begin with.")


@pytest.fixture
def output(db: Database, curator: Actor) -> Output:
    """A key takeaway."""
    session = make_session(db, curator)
    with db.reading() as reader:
        return list_outputs(reader, session.id)[0]


def until(clock: FakeClock, opens_at: datetime | None = None) -> Opening:
    """An opening that closes a fortnight from now."""
    return Opening(opens_at=opens_at, closes_at=clock() + FORTNIGHT)


def test_a_question_opens_at_once_without_a_date(
    db: Database, clock: FakeClock, curator: Actor, question: PolicyQuestion
) -> None:
    """Ensure people can take part from the moment of opening until the stated end."""
    with db.writing() as tx:
        opened = open_question(tx, curator, question.id, until(clock))

    assert (opened.opens_at, opened.closes_at) == (clock(), clock() + FORTNIGHT)
    with db.reading() as reader:
        assert get_page(reader, opened.id).phase is Phase.OPEN


def test_a_question_can_be_announced(
    db: Database, clock: FakeClock, curator: Actor, question: PolicyQuestion
) -> None:
    """Ensure nothing can be contributed before the announced moment."""
    with db.writing() as tx:
        tomorrow = clock() + timedelta(days=1)
        opened = open_question(tx, curator, question.id, until(clock, tomorrow))

    with db.reading() as reader:
        assert get_page(reader, opened.id).phase is Phase.DRAFT
    clock.advance(days=1)
    with db.reading() as reader:
        assert get_page(reader, opened.id).phase is Phase.OPEN


def test_what_is_fixed_has_a_fingerprint(
    db: Database, clock: FakeClock, curator: Actor, question: PolicyQuestion
) -> None:
    """Ensure text, times and minimum are frozen and anybody can recompute the digest."""
    with db.writing() as tx:
        opened = open_question(tx, curator, question.id, until(clock))

    assert opened.frozen["text"] == question.text
    assert opened.frozen["closes_at"] == opened.closes_at.isoformat()
    assert opened.frozen["minimum"] == 5
    assert opened.fingerprint == fingerprint(opened.frozen)


def test_an_output_opens_with_its_points(
    db: Database, clock: FakeClock, curator: Actor, output: Output
) -> None:
    """Ensure the points people respond to are part of what is fixed."""
    with db.writing() as tx:
        opened = open_output(tx, curator, output.id, until(clock))

    assert opened.output_id == output.id
    assert opened.frozen["points"] == [output.text]
    assert opened.frozen["visibility"] == "named"


def test_an_opening_is_in_the_curation_log(
    db: Database, clock: FakeClock, curator: Actor, question: PolicyQuestion
) -> None:
    """Ensure everybody can see who opened what, and until when."""
    with db.writing() as tx:
        open_question(tx, curator, question.id, until(clock))

    with db.reading() as reader:
        entry, person, _session = list_decisions(reader, limit=1)[0]
    assert (entry.kind, person.id) == (CurationKind.OPEN, curator.id)
    assert f"{clock() + FORTNIGHT:%Y-%m-%d %H:%M} UTC" in entry.reason


def test_a_question_opens_only_once(
    db: Database, clock: FakeClock, curator: Actor, question: PolicyQuestion
) -> None:
    """Ensure a double click does not make two discussions of one question."""
    with db.writing() as tx:
        open_question(tx, curator, question.id, until(clock))
    before = count_rows(db)

    with pytest.raises(Conflict), db.writing() as tx:
        open_question(tx, curator, question.id, until(clock))

    assert count_rows(db) == before


def test_an_output_opens_only_once(
    db: Database, clock: FakeClock, curator: Actor, output: Output
) -> None:
    """Ensure a double click does not make two discussions of one output."""
    with db.writing() as tx:
        open_output(tx, curator, output.id, until(clock))
    before = count_rows(db)

    with pytest.raises(Conflict), db.writing() as tx:
        open_output(tx, curator, output.id, until(clock))

    assert count_rows(db) == before


def test_only_accepted_questions_open(
    db: Database, clock: FakeClock, curator: Actor, question: PolicyQuestion
) -> None:
    """Ensure a declined question cannot be opened past the curators' own judgement."""
    with db.writing() as tx:
        decline_question(tx, curator, question.id, "On second thoughts it is too narrow.")
    before = count_rows(db)

    with pytest.raises(Conflict), db.writing() as tx:
        open_question(tx, curator, question.id, until(clock))

    assert count_rows(db) == before


@pytest.mark.parametrize(
    ("opens", "closes", "field"), [(-1, 14, "opens_at"), (None, -1, "closes_at")]
)
def test_nothing_opens_or_closes_in_the_past(
    db: Database,
    clock: FakeClock,
    curator: Actor,
    question: PolicyQuestion,
    opens: int | None,
    closes: int,
    field: str,
) -> None:
    """Ensure the message stands at the date that has passed, and nothing is opened."""
    form = Opening(
        opens_at=None if opens is None else clock() + timedelta(days=opens),
        closes_at=clock() + timedelta(days=closes),
    )
    before = count_rows(db)

    with pytest.raises(Invalid) as caught, db.writing() as tx:
        open_question(tx, curator, question.id, form)

    assert list(caught.value.fields) == [field]
    assert count_rows(db) == before


@pytest.mark.parametrize("role", OTHERS)
def test_only_mag_members_open(
    db: Database,
    clock: FakeClock,
    question: PolicyQuestion,
    output: Output,
    role: Role | None,
) -> None:
    """Ensure everybody else is refused, for questions and for outputs."""
    actor = make_person(db, role=role) if role else VISITOR
    before = count_rows(db)

    with pytest.raises(Refused), db.writing() as tx:
        open_question(tx, actor, question.id, until(clock))
    with pytest.raises(Refused), db.writing() as tx:
        open_output(tx, actor, output.id, until(clock))

    assert count_rows(db) == before


def test_unknown_things_are_not_found(db: Database, clock: FakeClock, curator: Actor) -> None:
    """Ensure a wrong number is told from a refusal."""
    with db.writing() as tx:
        with pytest.raises(NotFound):
            open_question(tx, curator, 999, until(clock))
        with pytest.raises(NotFound):
            open_output(tx, curator, 999, until(clock))
        with pytest.raises(NotFound):
            lock_page(tx, 999)
        with pytest.raises(NotFound):
            get_page(tx, 999)
