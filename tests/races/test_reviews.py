"""The review by processes at the same moment: double clicks, and acts that exclude each other."""

import pytest

from deliberate.actions.reviews import send_to_review
from deliberate.domain.forum import CurationKind
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.storage.conflicts import list_recused
from deliberate.storage.curation import list_decisions
from deliberate.storage.database import Database
from deliberate.storage.forum import PolicyQuestion, list_questions
from deliberate.storage.reviews import list_scores
from tests.factories import make_person, make_session
from tests.races.reviewers import act
from tests.support.clock import FakeClock
from tests.support.processes import run_together
from tests.support.rows import count_rows
from tests.support.world_review import add_suggestion

GROUPS = (StakeholderGroup.CIVIL_SOCIETY, StakeholderGroup.GOVERNMENT, StakeholderGroup.TECHNICAL)


@pytest.fixture
def members(db: Database) -> list[Actor]:
    """MAG members of three groups."""
    return [make_person(db, group, Role.MAG_MEMBER) for group in GROUPS]


@pytest.fixture
def question(db: Database, members: list[Actor]) -> PolicyQuestion:
    """A question in review."""
    session = make_session(db, members[0])
    with db.writing() as tx:
        return send_to_review(tx, members[0], list_questions(tx, session.id)[0].id)


def test_reviewers_who_click_twice_and_a_curator_take_turns(
    db: Database, database_url: str, clock: FakeClock, members: list[Actor],
    question: PolicyQuestion,
) -> None:  # fmt: skip
    """Ensure each has one score, and the log counts exactly what stood when it was written."""
    acts = [(database_url, clock, member, "score", question.id) for member in members * 2]
    acts += [(database_url, clock, members[0], "accept", question.id)] * 2

    run_together(act, acts)

    rows = count_rows(db)["reviews"]
    with db.reading() as reader:
        accepted = [
            entry for entry, *_rest in list_decisions(reader) if entry.kind is CurationKind.ACCEPT
        ]
        assert len(list_scores(reader, question.id)) == rows <= 3
    assert len(accepted) <= 1
    for entry in accepted:
        assert rows == 3
        assert entry.review is not None
        assert sum(entry.review["reviewers"].values()) == 3


def test_no_score_stands_beside_a_conflict(
    db: Database, database_url: str, clock: FakeClock, members: list[Actor],
    question: PolicyQuestion,
) -> None:  # fmt: skip
    """Ensure a score given while its author declares a conflict is refused or voided."""
    acts = [(database_url, clock, member, "score", question.id) for member in members]
    acts += [
        (database_url, clock, member, "stand aside", question.session_id) for member in members
    ]

    run_together(act, acts)

    with db.reading() as reader:
        assert list_recused(reader, question.session_id) == {member.id for member in members}
        assert list_scores(reader, question.id) == []


def test_a_suggestion_becomes_one_question(
    db: Database, database_url: str, clock: FakeClock, members: list[Actor],
    question: PolicyQuestion,
) -> None:  # fmt: skip
    """Ensure two members, each clicking twice, take it up once."""
    made = add_suggestion(db, make_person(db), question.session_id)
    before = count_rows(db)["policy_questions"]

    told = run_together(
        act, [(database_url, clock, member, "answer", made.id) for member in members[:2] * 2]
    )

    assert count_rows(db)["policy_questions"] == before + 1
    assert sorted(map(bool, told)) == [False, False, True, True]
