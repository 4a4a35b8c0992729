"""Opening and counting polls."""

from datetime import timedelta
from typing import Any

import pytest

from deliberate.actions.counting import count_poll
from deliberate.actions.polls import get_poll, open_poll
from deliberate.domain.canonical import fingerprint
from deliberate.domain.errors import Conflict, Invalid, NotFound, Refused
from deliberate.domain.people import Role, StakeholderGroup
from deliberate.domain.weighting import Scheme
from deliberate.inputs.polls import NewPoll
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.database import Database, now
from deliberate.storage.polls import Poll, find_tally, list_options, list_polls
from deliberate.storage.proposals import Proposal
from tests.factories import make_deliberation, make_person, make_poll, make_proposals, vote
from tests.support.clock import FakeClock


def form_for(db: Database, proposals: list[Proposal], **fields: Any) -> NewPoll:
    """A poll about these proposals that closes in a day."""
    with db.reading() as reader:
        moment = now(reader)
    values: dict[str, Any] = {
        "title": "Which proposal should come first?",
        "closes_at": moment + timedelta(days=1),
        "proposal_ids": [proposal.id for proposal in proposals],
        "primary_scheme": Scheme.GROUP,
        "minimum": 2,
    }
    return NewPoll(**values | fields)


def count(db: Database, poll: Poll) -> dict[str, Any] | None:
    """Count the poll and return the stored result, None when it was not counted."""
    with db.writing() as tx:
        tally = count_poll(tx, poll.id)
        return tally.result if tally else None


def test_everything_that_could_bend_the_result_is_fixed(db: Database) -> None:
    """Ensure the fingerprint covers texts, method, schemes, minimum, eligibility and times."""
    poll = make_poll(db)

    assert poll.fingerprint == fingerprint(poll.frozen)
    assert {
        "title", "options", "ballot", "method", "compared_methods", "schemes", "primary_scheme",
        "minimum", "visibility", "eligible", "groups", "registered_at_opening", "tie_break",
        "opens_at", "closes_at",
    } == set(poll.frozen)  # fmt: skip
    assert {"proposal", "version", "title", "text", "rationale"} == set(poll.frozen["options"][0])


@pytest.mark.parametrize("role", [None, Role.MAG_MEMBER, Role.SECRETARIAT])
def test_only_a_facilitator_opens_a_poll(db: Database, role: Role | None) -> None:
    """Ensure everybody else is refused and nothing is stored."""
    deliberation = make_deliberation(db)
    form = form_for(db, make_proposals(db, deliberation.id))
    person = make_person(db, role=role)

    with pytest.raises(Refused, match="facilitators"), db.writing() as tx:
        open_poll(tx, person, deliberation.id, form)

    with db.reading() as reader:
        assert list_polls(reader, deliberation.id) == []


def test_one_poll_at_a_time(db: Database, clock: FakeClock) -> None:
    """Ensure a deliberation's next poll waits until the last one is counted."""
    poll = make_poll(db)
    facilitator = make_person(db, role=Role.FACILITATOR)
    form = form_for(db, make_proposals(db, poll.deliberation_id))
    with pytest.raises(Conflict, match="not counted yet"), db.writing() as tx:
        open_poll(tx, facilitator, poll.deliberation_id, form)
    clock.advance(hours=24)
    count(db, poll)

    later = form_for(db, make_proposals(db, poll.deliberation_id))
    with db.writing() as tx:
        assert open_poll(tx, facilitator, poll.deliberation_id, later).id != poll.id


def test_proposals_of_another_deliberation_are_not_put_on_the_ballot(db: Database) -> None:
    """Ensure a ballot holds only what was put forward in its own discussion."""
    deliberation = make_deliberation(db)
    made = make_proposals(db, deliberation.id, 1)
    form = form_for(db, made, proposal_ids=[made[0].id, 4_711])
    facilitator = make_person(db, role=Role.FACILITATOR)

    with pytest.raises(Invalid) as refusal, db.writing() as tx:
        open_poll(tx, facilitator, deliberation.id, form)

    assert "proposal_ids" in refusal.value.fields


def test_a_poll_is_counted_once_and_not_before_its_time(db: Database, clock: FakeClock) -> None:
    """Ensure an early count does nothing and a second one gives the first."""
    poll = make_poll(db)
    for _ in range(2):
        vote(db, poll.id, make_person(db), 0, 1, 2)
    assert count(db, poll) is None
    clock.advance(hours=24)

    first, second = count(db, poll), count(db, poll)

    assert first == second
    assert first is not None
    assert first["turnout"]["Civil Society"] == 2


def test_the_worker_counts_what_is_due(db: Database, clock: FakeClock) -> None:
    """Ensure opening a poll is all it takes for it to be counted after closing."""
    poll = make_poll(db)
    vote(db, poll.id, make_person(db), 0)
    clock.advance(hours=24)

    run_due_jobs(db)

    with db.reading() as reader:
        tally = find_tally(reader, poll.id)
    assert tally is not None
    assert tally.digest == fingerprint(tally.result)


def test_both_schemes_are_counted_with_the_primary_one_first(
    db: Database, clock: FakeClock
) -> None:
    """Ensure the same ballots stand under every registered weighting."""
    deliberation = make_deliberation(db)
    form = form_for(db, make_proposals(db, deliberation.id))
    facilitator = make_person(db, role=Role.FACILITATOR)
    with db.writing() as tx:
        poll = open_poll(tx, facilitator, deliberation.id, form)
    for group, place, number in (
        (StakeholderGroup.CIVIL_SOCIETY, 0, 5),
        (StakeholderGroup.GOVERNMENT, 1, 2),
        (StakeholderGroup.TECHNICAL, 1, 2),
    ):
        for _ in range(number):
            vote(db, poll.id, make_person(db, group), place)
    clock.advance(days=1)

    result = count(db, poll)

    assert result is not None
    with db.reading() as reader:
        first, second, _third = (option.id for option in list_options(reader, poll.id))
    assert [scheme["scheme"] for scheme in result["schemes"]] == ["group", "participant"]
    assert [scheme["result"]["tiers"][0] for scheme in result["schemes"]] == [[second], [first]]
    assert result["comparison"]["same_first"] is False


def test_a_poll_that_does_not_exist_is_not_found(db: Database) -> None:
    """Ensure a wrong number is answered as such, and counting it does nothing."""
    with db.reading() as reader, pytest.raises(NotFound):
        get_poll(reader, 99)
    with db.writing() as tx:
        assert count_poll(tx, 99) is None
