"""Results of closed deliberations."""

import pytest

from deliberate.actions.deliberations import get_page
from deliberate.actions.people import give_role
from deliberate.actions.results import get_results
from deliberate.domain.errors import Refused
from deliberate.domain.forum import OutputKind
from deliberate.domain.people import VISITOR, Role
from deliberate.domain.positions import Position
from deliberate.storage.database import Database
from tests.factories import make_deliberation, make_person, respond
from tests.support.clock import FakeClock


def eligible(db: Database, deliberation_id: int) -> dict[str, int]:
    """How many people of each group the first point's indicator counts as asked."""
    with db.reading() as reader:
        results = get_results(reader, VISITOR, get_page(reader, deliberation_id))
    return {each.group: each.eligible for each in results.points[0].indicator.groups}


def test_nobody_sees_results_before_closing(db: Database) -> None:
    """Ensure even a facilitator is refused while the deliberation is open."""
    deliberation = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    facilitator = make_person(db, role=Role.FACILITATOR)

    with db.reading() as reader, pytest.raises(Refused):
        get_results(reader, facilitator, get_page(reader, deliberation.id))


def test_what_happens_after_closing_changes_no_result(db: Database, clock: FakeClock) -> None:
    """Ensure later registrations and roles leave the number of people asked as it was."""
    deliberation = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    people = [make_person(db) for _ in range(6)]
    for person in people:
        respond(db, deliberation, person, Position.ENDORSE)
    clock.advance(days=31)
    before = eligible(db, deliberation.id)

    make_person(db)
    with db.writing() as tx:
        give_role(tx, VISITOR, people[0].id or 0, Role.FACILITATOR)

    assert eligible(db, deliberation.id) == before
    assert before["Civil Society"] == len(people)
