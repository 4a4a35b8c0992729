"""Two facilitators at the same bench: the same comments, the same arguments, double clicks."""

from typing import Any

import pytest

from deliberate.domain.people import Actor, Role
from deliberate.domain.synthesis import progress
from deliberate.storage.arguments import find_argument, list_arguments
from deliberate.storage.database import Database
from deliberate.storage.synthesis import count_spread, count_voices
from tests.factories import make_comment, make_deliberation, make_person
from tests.races.arguers import act
from tests.support.arguing import citations_of, make_argument, new_argument
from tests.support.clock import FakeClock
from tests.support.processes import run_together
from tests.support.rows import count_rows


@pytest.fixture
def facilitators(db: Database) -> list[Actor]:
    """Two facilitators."""
    return [make_person(db, role=Role.FACILITATOR) for _ in range(2)]


def test_the_same_comments_are_assigned_once(
    db: Database, database_url: str, clock: FakeClock, facilitators: list[Actor]
) -> None:
    """Ensure every comment stands once in each argument, and none is cited and waived at once."""
    home = make_deliberation(db).id
    ids = [make_comment(db, home).id for _ in range(4)]
    argument = make_argument(db, facilitators[0], home, [make_comment(db, home).id])
    forms = [new_argument(ids) for _ in facilitators]
    acts: list[tuple[Any, ...]] = []
    for actor, form in zip(facilitators, forms, strict=True):
        acts += [(database_url, clock, actor, "cite", home, (argument.id, ids))] * 2
        acts += [(database_url, clock, actor, "begin", home, form)] * 2
    acts += [(database_url, clock, facilitators[1], "waive", home, ids)]

    told = run_together(act, acts)

    assert told == [""] * len(acts)
    with db.reading() as reader:
        found = progress(count_voices(reader, home))
        standing = list_arguments(reader, home)
        spread = count_spread(reader, home)
    assert len(standing) == 3
    assert [spread[line.id].comments for line in standing] == [5, 4, 4]
    assert (found.comments, found.cited, found.left) == (5, 5, 0)
    assert count_rows(db)["waivers"] == 0


def test_arguments_that_are_merged_into_each_other_do_not_vanish(
    db: Database, database_url: str, clock: FakeClock, facilitators: list[Actor]
) -> None:
    """Ensure one merger wins, the other is told, and every comment is still cited."""
    home = make_deliberation(db).id
    made = [
        make_argument(db, facilitators[0], home, [make_comment(db, home).id]).id for _ in range(2)
    ]
    acts = [
        (database_url, clock, facilitators[0], "merge", home, (made[0], made[1])),
        (database_url, clock, facilitators[1], "merge", home, (made[1], made[0])),
    ] * 2

    told = run_together(act, acts)

    with db.reading() as reader:
        lines = [find_argument(reader, number) for number in made]
        (standing,) = list_arguments(reader, home)
    assert sorted(map(bool, told)) == [False, True, True, True]
    assert [line.merged_into_id for line in lines if line].count(None) == 1
    assert len(citations_of(db, standing.id)) == 2
