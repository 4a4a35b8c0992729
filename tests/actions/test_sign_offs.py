"""Sign-off: stances belong to a text, a Discuss stops publishing, and editions keep it all."""

from typing import Any

import pytest

from deliberate.actions.conflicts import declare_for_session
from deliberate.actions.sign_offs import answer_discuss, ask_for_sign_off, sign_off
from deliberate.actions.summaries import publish_summary, save_summary
from deliberate.domain.errors import Conflict, Invalid, Refused
from deliberate.domain.forum import OutputKind
from deliberate.domain.levels import ConsensusLevel
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.domain.review import Stance
from deliberate.inputs.review import NewSignOff
from deliberate.inputs.summaries import SummaryDraft
from deliberate.storage.database import Database
from deliberate.storage.deliberations import find_deliberation
from deliberate.storage.sign_offs import find_sign_off, list_awaiting
from deliberate.storage.summaries import Summary, find_summary
from tests.factories import make_deliberation, make_person
from tests.support.clock import FakeClock
from tests.support.world_review import add_sign_off

BODY = "Every group that took part wants the places of lanterns to be published."
QUESTION = "Who lights them is not said."


@pytest.fixture
def facilitator(db: Database) -> Actor:
    """A facilitator."""
    return make_person(db, role=Role.FACILITATOR)


@pytest.fixture
def member(db: Database) -> Actor:
    """A MAG member from the technical community."""
    return make_person(db, StakeholderGroup.TECHNICAL, Role.MAG_MEMBER)


@pytest.fixture
def summary(db: Database, clock: FakeClock, facilitator: Actor) -> Summary:
    """A complete draft of a discussion that is over."""
    deliberation = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    clock.advance(days=31)
    return save(db, facilitator, deliberation.id, BODY, 0)


def save(
    db: Database, facilitator: Actor, deliberation_id: int, body: str, version: int
) -> Summary:
    """Save a text."""
    form = SummaryDraft(
        body=body,
        level=ConsensusLevel.CONSENSUS,
        level_reason="Nobody objected to it.",
        version=version,
    )
    with db.writing() as tx:
        return save_summary(tx, facilitator, deliberation_id, form)


def publish(db: Database, facilitator: Actor, summary: Summary, why: str = "") -> dict[str, Any]:
    """Publish the stored text; the edition's document."""
    with db.writing() as tx:
        stored = find_summary(tx, summary.id)
        assert stored is not None
        return publish_summary(tx, facilitator, summary.id, stored.version, why).document


def test_without_a_request_an_edition_says_nothing_of_sign_off(
    db: Database, facilitator: Actor, summary: Summary
) -> None:
    """Ensure publishing works as it did before."""
    assert "sign_off" not in publish(db, facilitator, summary)


def test_a_discuss_stops_publishing_until_its_member_settles_it(
    db: Database, facilitator: Actor, member: Actor, summary: Summary
) -> None:
    """Ensure the facilitator's answer alone does not do it."""
    given = add_sign_off(db, facilitator, member, summary.id, text=QUESTION)
    with db.writing() as tx:
        answer_discuss(tx, facilitator, given.id, "The cities do; it is in the second line.")
    with pytest.raises(Invalid) as caught:
        publish(db, facilitator, summary)
    assert "override" in caught.value.fields

    add_sign_off(db, facilitator, member, summary.id, Stance.YES, "")

    signed = publish(db, facilitator, summary)["sign_off"]
    assert signed["counts"] == {
        "yes": 1, "no_objection": 0, "discuss": 0, "abstain": 0, "recuse": 0,
    }  # fmt: skip
    assert signed["override"] is None
    assert [(each["name"], each["group"]) for each in signed["members"]] == [
        (member.name, "Technical Community")
    ]


def test_publishing_over_a_discuss_keeps_both_sides(
    db: Database, facilitator: Actor, member: Actor, summary: Summary
) -> None:
    """Ensure the reason, the question and the answer are part of the edition."""
    given = add_sign_off(db, facilitator, member, summary.id, text=QUESTION)
    with db.writing() as tx:
        answer_discuss(tx, facilitator, given.id, "Nobody in the discussion said who.")

    why = "It was not discussed, so it is not said."
    signed = publish(db, facilitator, summary, why)["sign_off"]

    assert signed["override"] == {
        "by": facilitator.name, "reason": why,
    }  # fmt: skip
    assert signed["members"][0]["text"] == QUESTION
    assert signed["members"][0]["answer"] == "Nobody in the discussion said who."


def test_a_stance_belongs_to_the_text_it_was_given_to(
    db: Database, facilitator: Actor, member: Actor, summary: Summary
) -> None:
    """Ensure saving the same text keeps it, another one marks it, and an old form is refused."""
    given = add_sign_off(db, facilitator, member, summary.id, Stance.NO_OBJECTION, "")
    same = save(db, facilitator, summary.deliberation_id, BODY, summary.version)
    changed = save(db, facilitator, summary.deliberation_id, BODY + " All of them.", same.version)

    old = NewSignOff(stance=Stance.YES, draft=given.draft)
    with pytest.raises(Conflict, match="changed since you saw it"), db.writing() as tx:
        sign_off(tx, member, summary.id, old)

    members = publish(db, facilitator, changed)["sign_off"]["members"]
    assert [each["is_of_this_text"] for each in members] == [False]


def test_whoever_declares_a_conflict_is_recused(
    db: Database, facilitator: Actor, member: Actor, summary: Summary
) -> None:
    """Ensure a Discuss of somebody who stands aside stops nothing, and no new one can be given."""
    add_sign_off(db, facilitator, member, summary.id, text=QUESTION)
    with db.writing() as tx:
        deliberation = find_deliberation(tx, summary.deliberation_id)
        assert deliberation is not None
        declare_for_session(tx, member, deliberation.session_id, "")

    with pytest.raises(Refused, match="conflict of interest"):
        add_sign_off(db, facilitator, member, summary.id, Stance.YES, "")

    assert publish(db, facilitator, summary)["sign_off"]["counts"]["recuse"] == 1


def test_a_draft_waits_on_the_desk_until_signed_off_or_published(
    db: Database, facilitator: Actor, member: Actor, summary: Summary
) -> None:
    """Ensure members find what they have not answered, once it was asked for."""
    other = make_person(db, role=Role.MAG_MEMBER)

    def waiting(actor: Actor) -> list[int]:
        with db.reading() as reader:
            return [row[0] for row in list_awaiting(reader, actor.id or 0, 9)]

    assert waiting(member) == []
    add_sign_off(db, facilitator, member, summary.id, Stance.ABSTAIN, "")
    assert (waiting(member), waiting(other)) == ([], [summary.id])
    publish(db, facilitator, summary)
    assert waiting(other) == []


def test_only_members_sign_off_and_only_facilitators_ask(
    db: Database, facilitator: Actor, member: Actor, summary: Summary
) -> None:
    """Ensure nobody signs off before it was asked for, nor outside the MAG; twice is once."""
    form = NewSignOff(stance=Stance.YES, draft="0" * 64)
    with pytest.raises(Refused, match="Nobody has asked"), db.writing() as tx:
        sign_off(tx, member, summary.id, form)
    with pytest.raises(Refused), db.writing() as tx:
        ask_for_sign_off(tx, member, summary.id)
    given = add_sign_off(db, facilitator, member, summary.id)
    for actor in (facilitator, make_person(db), make_person(db, role=Role.SECRETARIAT)):
        with pytest.raises(Refused), db.writing() as tx:
            sign_off(tx, actor, summary.id, form)
    with pytest.raises(Refused), db.writing() as tx:
        answer_discuss(tx, member, given.id, "I answer myself.")

    assert add_sign_off(db, facilitator, member, summary.id).given_at == given.given_at

    with db.reading() as reader:
        found = find_sign_off(reader, summary.id, member.id or 0)
        assert found is not None
        assert found.id == given.id
