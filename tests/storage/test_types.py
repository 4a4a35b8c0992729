"""Claims about the columns that mean the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from deliberate.domain.people import Role, StakeholderGroup
from deliberate.storage.database import Database
from deliberate.storage.people import Person, RoleGrant
from deliberate.storage.throttles import Throttle
from tests.factories import make_person

NAIROBI = timezone(timedelta(hours=3))


def store(db: Database, moment: datetime) -> datetime:
    """The moment as it comes back."""
    with db.writing() as tx:
        tx.add(Throttle(key="row", next_at=moment))
    with db.reading() as reader:
        return reader.get_one(Throttle, "row").next_at


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 29, 3, 0, tzinfo=NAIROBI),
        datetime(2028, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(db: Database, moment: datetime) -> None:
    """Ensure no zone, leap day or fraction is lost on the way through the database."""
    stored = store(db, moment)

    assert stored == moment
    assert stored.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(db: Database) -> None:
    """Ensure nothing is stored whose meaning would depend on the machine."""
    with pytest.raises(sa.exc.StatementError, match="needs a time zone"):
        store(db, datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001


def test_moments_are_compared_as_moments(db: Database) -> None:
    """Ensure a query finds what came before, however its zone was written."""
    store(db, datetime(2026, 3, 2, 9, 0, tzinfo=UTC))

    with db.reading() as reader:
        before_eleven_in_nairobi = datetime(2026, 3, 2, 11, 0, tzinfo=NAIROBI)
        after_noon = datetime(2026, 3, 2, 13, 0, tzinfo=NAIROBI)
        earlier = sa.select(Throttle.key).where(Throttle.next_at < before_eleven_in_nairobi)
        later = sa.select(Throttle.key).where(Throttle.next_at < after_noon)

        assert reader.scalar(earlier) is None
        assert reader.scalar(later) == "row"


def test_a_word_is_stored_as_its_value_and_read_as_its_member(db: Database) -> None:
    """Ensure SQL stays readable and code gets the enumeration."""
    person = make_person(db, StakeholderGroup.TECHNICAL)

    with db.reading() as reader:
        raw = reader.scalar(sa.text("SELECT stakeholder_group FROM people"))
        assert raw == "Technical Community"
        assert reader.get_one(Person, person.id).stakeholder_group is StakeholderGroup.TECHNICAL


def test_a_foreign_word_is_not_stored(db: Database) -> None:
    """Ensure no column of an enumeration can hold anything else."""
    person = make_person(db)
    foreign = RoleGrant(person_id=person.id, role="king", granted_at=db.clock())

    refusal = pytest.raises(sa.exc.StatementError, match="'king' is not a valid Role")
    with refusal, db.writing() as tx:
        tx.add(foreign)

    with db.reading() as reader:
        assert reader.scalars(sa.select(RoleGrant)).all() == []


def test_a_foreign_word_is_not_asked_for(db: Database) -> None:
    """Ensure a misspelt word in a query fails instead of finding nothing."""
    refusal = pytest.raises(sa.exc.StatementError, match="'king' is not a valid Role")
    with refusal, db.reading() as reader:
        reader.scalars(sa.select(RoleGrant).where(RoleGrant.role == "king")).all()


def test_a_foreign_word_that_got_into_a_table_is_not_believed(db: Database) -> None:
    """Ensure a row changed by hand is noticed where it is read."""
    person = make_person(db, role=Role.FACILITATOR)
    with db.writing() as tx:
        tx.execute(sa.text("UPDATE role_grants SET role = 'king'"))

    with pytest.raises(ValueError, match="'king' is not a valid Role"), db.reading() as reader:
        reader.scalars(sa.select(RoleGrant.role).where(RoleGrant.person_id == person.id)).all()
