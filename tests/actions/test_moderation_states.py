"""Claims about moderation whatever people do, in whatever order: nothing leads astray."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deliberate.actions.appeals import answer_appeal, appeal_hiding
from deliberate.actions.flags import flag_item
from deliberate.actions.moderation import (
    ask_for_edit,
    hide_item,
    keep_item,
    release_item,
    unhide_item,
)
from deliberate.domain.errors import DomainError
from deliberate.domain.moderation import Act, FlagState, ItemKind, Rule
from deliberate.domain.people import Actor, Role
from deliberate.inputs import moderation as forms
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.moderation import Flag, in_force, list_acts
from tests.factories import make_comment, make_deliberation, make_person

KIND = ItemKind.COMMENT
WORDS = "These words say enough."
Step = Callable[[Any, Actor, int, int], object]
STEPS: dict[str, Step] = {
    "report": lambda tx, who, item, _: flag_item(
        tx, who, KIND, item, forms.NewFlag(rule=Rule.SPAM)
    ),
    "keep": lambda tx, who, item, seen: keep_item(tx, who, KIND, item, forms.Keeping(seen=seen)),
    "hide": lambda tx, who, item, seen: hide_item(
        tx, who, KIND, item, forms.Hiding(seen=seen, rule=Rule.ATTACK)
    ),
    "ask": lambda tx, who, item, seen: ask_for_edit(
        tx, who, KIND, item, forms.Asking(seen=seen, words=WORDS)
    ),
    "release": lambda tx, who, item, seen: release_item(
        tx, who, KIND, item, forms.Releasing(seen=seen, version=1)
    ),
    "unhide": lambda tx, who, item, seen: unhide_item(
        tx, who, KIND, item, forms.Unhiding(seen=seen, words=WORDS)
    ),
    "appeal": lambda tx, who, item, seen: appeal_hiding(
        tx, who, KIND, item, forms.NewAppeal(act_id=max(seen, 1), text=WORDS)
    ),
    "grant": lambda tx, who, item, _: answer_appeal(
        tx, who, KIND, item, forms.AppealAnswer(granted=True, words=WORDS)
    ),
    "confirm": lambda tx, who, item, _: answer_appeal(
        tx, who, KIND, item, forms.AppealAnswer(granted=False, words=WORDS)
    ),
}


@pytest.fixture
def home(db: Database) -> Deliberation:
    """A discussion."""
    return make_deliberation(db)


@pytest.fixture
def people(db: Database) -> list[Actor]:
    """The author, who is a facilitator, a stakeholder, and two more facilitators."""
    facilitators = [make_person(db, role=Role.FACILITATOR) for _ in range(3)]
    return [facilitators[0], make_person(db), *facilitators[1:]]


@pytest.mark.one_database
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 3)), max_size=20))
@example(history=[("hide", 2), ("appeal", 0), ("confirm", 3), ("unhide", 2), ("unhide", 3)])
@example(history=[("report", 1), ("hide", 2), ("appeal", 0), ("grant", 3), ("hide", 3)])
def test_no_order_of_acts_leads_astray(
    db: Database, home: Deliberation, people: list[Actor], history: list[tuple[str, int]]
) -> None:
    """Ensure state and log agree, nobody judges their own case, and an answered appeal is final."""
    author = people[0]
    comment = make_comment(db, home.id, author)
    settled: Rule | bool | None = False

    for name, who in history:
        with db.reading() as reader:
            acts = list_acts(reader, KIND, [comment.id])
        try:
            with db.writing() as tx:
                STEPS[name](tx, people[who], comment.id, acts[0][0].id if acts else 0)
        except DomainError:
            continue
        hidden_for = check(db, comment.id, author)
        assert settled in (False, hidden_for)
        if name in ("grant", "confirm"):
            settled = hidden_for


def check(db: Database, comment_id: int, author: Actor) -> Rule | None:
    """See that what is stored goes together; by which rule the comment is hidden, if it is."""
    with db.reading() as reader:
        row = reader.get_one(Comment, comment_id)
        acts = list_acts(reader, KIND, [comment_id])
        flags = reader.scalars(sa.select(Flag).where(Flag.comment_id == comment_id)).all()
    hiding = in_force(acts)
    assert row.hidden_for == (hiding.rule if hiding else None)
    assert (row.hidden_at is None) == (row.hidden_for is None)
    assert author.id not in {act.moderator_id for act, _appeal in acts}
    assert hiding is None or not [flag for flag in flags if flag.state is FlagState.OPEN]
    for (answer, _none), (earlier, appeal) in pairwise(acts):
        if answer.act in (Act.GRANT, Act.CONFIRM):
            assert earlier.act is Act.HIDE
            assert appeal is not None
            assert answer.moderator_id != earlier.moderator_id
    return row.hidden_for
