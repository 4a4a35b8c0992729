"""Reacting and reading by processes at the same moment."""

import sqlalchemy as sa

from deliberate.domain.threads import Reaction
from deliberate.storage.comments import list_by_ids
from deliberate.storage.database import Database
from deliberate.storage.reactions import CommentReaction
from tests.factories import make_comment, make_deliberation, make_person
from tests.races.readers import arrive, click
from tests.support.clock import FakeClock
from tests.support.processes import run_together
from tests.support.rows import count_rows

CLICKS = 40


def test_forty_clicks_of_one_person_are_one_reaction(
    db: Database, database_url: str, clock: FakeClock
) -> None:
    """Ensure the last click stands alone, and the number beside the comment says the same."""
    comment = make_comment(db, make_deliberation(db).id)
    person, other = make_person(db), make_person(db)
    kinds = [Reaction.AGREE, Reaction.DISAGREE]
    clicks = [(database_url, clock, person, comment.id, kinds[n % 2]) for n in range(CLICKS - 1)]

    run_together(click, [*clicks, (database_url, clock, other, comment.id, Reaction.THANKS)])

    with db.reading() as reader:
        rows = reader.scalars(sa.select(CommentReaction)).all()
        (line,) = list_by_ids(reader, [comment.id])
    assert sorted(row.person_id for row in rows) == [person.id, other.id]
    assert {(kind, count) for kind, _group, count in line.reactions} == {
        (row.reaction.value, 1) for row in rows
    }


def test_two_tabs_are_one_visit(db: Database, database_url: str, clock: FakeClock) -> None:
    """Ensure pages shown at the same moment leave one row."""
    deliberation_id = make_deliberation(db).id
    make_comment(db, deliberation_id)
    person = make_person(db)

    run_together(arrive, [(database_url, clock, person, deliberation_id)] * 6)

    assert count_rows(db)["visits"] == 1
