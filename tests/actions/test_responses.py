"""Taking positions on the points of an output."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from deliberate.actions.curation import split_output
from deliberate.actions.responses import get_point_page, respond_to_point
from deliberate.domain.errors import Conflict, NotFound, Refused
from deliberate.domain.forum import OutputKind
from deliberate.domain.people import VISITOR, Actor, Role, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.inputs.contributions import NewResponse
from deliberate.inputs.curation import OutputSplit
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation, find_deliberation
from deliberate.storage.forum import list_outputs, list_points
from deliberate.storage.responses import (
    count_respondents,
    count_responses,
    find_response,
    list_named,
    list_own,
)
from tests.factories import make_deliberation, make_person, make_session
from tests.support.clock import FakeClock
from tests.support.rows import count_rows

REASON = "The map would show thieves the way."


@pytest.fixture
def call(db: Database) -> Deliberation:
    """An open call to action, one point."""
    return make_deliberation(db, output=OutputKind.CALL_TO_ACTION)


def point_of(db: Database, deliberation: Deliberation) -> int:
    """The id of the only point."""
    with db.reading() as reader:
        return list_points(reader, [deliberation.output_id or 0])[0].id


def take(db: Database, person: Actor, point_id: int, position: Position, reason: str = "") -> None:
    """Respond in a transaction of its own."""
    with db.writing() as tx:
        respond_to_point(tx, person, point_id, NewResponse(position=position, reason=reason))


def test_a_response_keeps_the_group_of_its_moment(
    db: Database, clock: FakeClock, call: Deliberation
) -> None:
    """Ensure position, reason, group, region and organisation are stored as they were then."""
    point = point_of(db, call)
    person = make_person(db, StakeholderGroup.TECHNICAL, organisation="Wicks Ltd")

    take(db, person, point, Position.CONTEST, REASON)

    with db.reading() as reader:
        stored = find_response(reader, point, person.id or 0)
        page = find_deliberation(reader, call.id)
    assert stored is not None
    assert page is not None
    assert (stored.position, stored.reason) == (Position.CONTEST, REASON)
    assert (stored.group, stored.organisation) == (StakeholderGroup.TECHNICAL, "Wicks Ltd")
    assert person.affiliation is not None
    assert stored.region is person.affiliation.region
    assert stored.responded_at == clock.now
    assert page.revision == call.revision + 1


def test_the_last_response_of_a_person_counts(db: Database, call: Deliberation) -> None:
    """Ensure changing one's mind replaces the position and its reason."""
    point, person = point_of(db, call), make_person(db)

    take(db, person, point, Position.CONTEST, REASON)
    take(db, person, point, Position.ENDORSE)

    with db.reading() as reader:
        own = list_own(reader, [point], person.id or 0)
        counts = count_responses(reader, [point])
        turnout = count_respondents(reader, [point])
    assert (own[point].position, own[point].reason) == (Position.ENDORSE, "")
    assert [tuple(row) for row in counts] == [
        (point, StakeholderGroup.CIVIL_SOCIETY, Position.ENDORSE, 1)
    ]
    assert turnout == {StakeholderGroup.CIVIL_SOCIETY: 1}


def test_responses_at_the_same_time_leave_one(db: Database, call: Deliberation) -> None:
    """Ensure a double click cannot count somebody twice."""
    point, person = point_of(db, call), make_person(db)
    positions = [Position.ENDORSE, Position.UNCLEAR, Position.NO_POSITION]

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(take, db, person, point, each) for each in positions]:
            done.result()

    with db.reading() as reader:
        assert sum(row[3] for row in count_responses(reader, [point])) == 1


@pytest.mark.parametrize("days", [-1, 30])
def test_responding_is_refused_outside_the_dates(
    db: Database, clock: FakeClock, call: Deliberation, days: int
) -> None:
    """Ensure nothing is taken before opening nor from the very second of closing on."""
    point, person = point_of(db, call), make_person(db)
    clock.advance(days=days)
    before = count_rows(db)

    with pytest.raises(Refused, match="not open"):
        take(db, person, point, Position.ENDORSE)

    assert count_rows(db) == before


@pytest.mark.parametrize("role", [Role.MAG_MEMBER, Role.FACILITATOR, Role.SECRETARIAT])
def test_those_who_run_things_take_no_position(
    db: Database, call: Deliberation, role: Role
) -> None:
    """Ensure staff and visitors cannot respond."""
    point, person = point_of(db, call), make_person(db, role=role)

    with pytest.raises(Refused, match="do not take positions"):
        take(db, person, point, Position.ENDORSE)
    with pytest.raises(Refused, match="Sign in"):
        take(db, VISITOR, point, Position.ENDORSE)


def test_a_point_without_a_deliberation_takes_nothing(db: Database) -> None:
    """Ensure unknown points, points not opened and points replaced by a split are told apart."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    session = make_session(db, curator)
    with db.reading() as reader:
        output = next(
            each
            for each in list_outputs(reader, session.id)
            if each.kind is OutputKind.CALL_TO_ACTION
        )
        (whole,) = list_points(reader, [output.id])

        with pytest.raises(NotFound):
            get_point_page(reader, 999_999)
        with pytest.raises(Conflict, match="not open"):
            get_point_page(reader, whole.id)
    parts = ["Cities should publish where lanterns stand.", "Operators should share records."]
    with db.writing() as tx:
        split_output(tx, curator, output.id, OutputSplit(parts=parts, reason="Two calls in one."))
    make_deliberation(db, session, output=OutputKind.CALL_TO_ACTION)
    with db.reading() as reader:
        with pytest.raises(Conflict, match="not open"):
            get_point_page(reader, whole.id)
        assert [point.text for point in list_points(reader, [output.id])] == parts


def test_named_responses_come_group_by_group(db: Database, call: Deliberation) -> None:
    """Ensure the published list is ordered by group and then by name."""
    point = point_of(db, call)
    people = [
        make_person(db, StakeholderGroup.TECHNICAL, name="Bo"),
        make_person(db, StakeholderGroup.CIVIL_SOCIETY, name="Cy"),
        make_person(db, StakeholderGroup.TECHNICAL, name="Al"),
    ]
    for person in people:
        take(db, person, point, Position.NO_POSITION)

    with db.reading() as reader:
        names = [name for _, name in list_named(reader, point)]

    assert names == ["Cy", "Al", "Bo"]
