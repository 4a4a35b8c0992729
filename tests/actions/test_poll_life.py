"""The whole life of a poll as a state machine, beside a model in plain Python."""

from datetime import timedelta
from itertools import count as numbers
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from deliberate.actions.ballots import withdraw_ballot
from deliberate.actions.counting import count_poll, recount
from deliberate.actions.extensions import extend_poll
from deliberate.actions.forgetting import forget_oneself
from deliberate.actions.invalidations import confirm_invalidation, propose_invalidation
from deliberate.actions.polls import get_poll
from deliberate.domain.canonical import fingerprint
from deliberate.domain.errors import Conflict, Invalid, Refused
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.inputs.polls import PollExtension
from deliberate.inputs.process import PublicReason
from deliberate.storage.ballots import count_turnout
from deliberate.storage.database import Database
from deliberate.storage.people import Person, find_actor
from deliberate.storage.polls import find_tally, list_options
from deliberate.storage.voters import count_eligible
from tests import factories
from tests.support.clock import FakeClock
from tests.support.voting import rankings_in

REASON = "For the sake of this test."
GROUPS = StakeholderGroup.registrable()[:3]
VOTERS = st.integers(0, 5)
_sessions = numbers(1000)


class PollLife(RuleBasedStateMachine):
    """Any order of acts of six voters, two facilitators and the clock.

    The model keeps the last acknowledged ranking of each voter and the group each began with.
    Every example has a discussion of its own, all in one database.
    """

    db: Database

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.db.clock = self.clock
        page = factories.PAGE.replace("#77", f"#{next(_sessions)}")
        session = factories.make_session(self.db, page=page)
        self.voters = [
            factories.make_person(self.db, group, is_late=True) for group in (*GROUPS, *GROUPS)
        ]
        self.facilitators = [
            factories.make_person(self.db, role=Role.FACILITATOR) for _ in range(2)
        ]
        discussion = factories.make_deliberation(self.db, session)
        self.poll = factories.make_poll(self.db, discussion.id, hours=48)
        self.eligible = self.read_eligible()
        self.closes_at = self.poll.closes_at
        self.model: dict[int, tuple[int, ...]] = {}
        self.gone: set[int] = set()
        self.is_extended = False
        self.is_invalid = False
        self.tally: tuple[str, dict[str, Any]] | None = None

    @property
    def is_over(self) -> bool:
        """Whether the time for ballots has passed, or was ended."""
        return self.is_invalid or self.clock() >= self.closes_at

    def read_eligible(self) -> dict[StakeholderGroup, int]:
        """How many voters of each group are on the list."""
        with self.db.reading() as reader:
            return count_eligible(reader, self.poll.id)

    def actor(self, voter: int) -> Actor | None:
        """The voter as they are now; None once the account is deleted."""
        with self.db.reading() as reader:
            return find_actor(reader, self.voters[voter].id or 0)

    @rule(voter=VOTERS, order=st.permutations(range(3)), length=st.integers(1, 3))
    def cast(self, voter: int, order: list[int], length: int) -> None:
        """A voter casts or changes a ballot; after closing that is refused."""
        actor, places = self.actor(voter), tuple(order[:length])
        if actor is None:
            return
        try:
            factories.vote(self.db, self.poll.id, actor, *places)
        except Conflict:
            assert self.is_over
        else:
            assert not self.is_over
            self.model[voter] = places

    @rule(voter=VOTERS)
    def withdraw(self, voter: int) -> None:
        """A voter takes the ballot back; after closing that is refused."""
        actor = self.actor(voter)
        if actor is None:
            return
        try:
            with self.db.writing() as tx:
                withdraw_ballot(tx, actor, self.poll.id)
        except Conflict:
            assert self.is_over
        else:
            assert not self.is_over
            self.model.pop(voter, None)

    @rule(voter=VOTERS, group=st.sampled_from(GROUPS))
    def change_group(self, voter: int, group: StakeholderGroup) -> None:
        """A voter says they belong elsewhere; no poll that was announced changes."""
        with self.db.writing() as tx:
            tx.get_one(Person, self.voters[voter].id).stakeholder_group = group

    @rule(voter=VOTERS)
    def forget(self, voter: int) -> None:
        """A voter deletes the account; the ballot stays."""
        actor = self.actor(voter)
        if actor is not None:
            with self.db.writing() as tx:
                forget_oneself(tx, actor)

    @rule(hours=st.integers(1, 20))
    def wait(self, hours: int) -> None:
        """Time passes."""
        self.clock.advance(hours=hours)

    @rule()
    def extend(self) -> None:
        """A facilitator extends the poll: once, and not on its last day."""
        later = self.closes_at + timedelta(days=1)
        form = PollExtension(closes_at=later, reason=REASON, shown=self.closes_at)
        left = self.closes_at - self.clock()
        allowed = not self.is_over and not self.is_extended and left >= timedelta(days=1)
        try:
            with self.db.writing() as tx:
                extend_poll(tx, self.facilitators[0], self.poll.id, form)
        except (Conflict, Invalid, Refused):
            assert not allowed
        else:
            assert allowed
            self.closes_at, self.is_extended = later, True

    @precondition(lambda self: not self.is_invalid and len(self.model) > 3)
    @rule()
    def invalidate(self) -> None:
        """Two facilitators declare it invalid."""
        proposer, second = self.facilitators
        with self.db.writing() as tx:
            propose_invalidation(tx, proposer, self.poll.id, PublicReason(reason=REASON))
        with self.db.writing() as tx:
            confirm_invalidation(tx, second, self.poll.id)
        self.is_invalid = True

    @rule()
    def count(self) -> None:
        """Somebody asks for the count: nothing before closing, the same for ever after."""
        may_count = self.tally is not None or (self.is_over and not self.is_invalid)
        with self.db.writing() as tx:
            tally = count_poll(tx, self.poll.id)
            found = (tally.digest, tally.result) if tally else None
        assert (found is not None) == may_count
        assert self.tally in (None, found)
        self.tally = found

    @precondition(lambda self: self.tally is not None)
    @rule()
    def check_the_count(self) -> None:
        """The count is that of the model's ballots in the groups of then, and repeatable."""
        assert self.tally is not None
        digest, result = self.tally
        turnout = dict.fromkeys((group.value for group in StakeholderGroup.registrable()), 0)
        for voter in self.model:
            turnout[GROUPS[voter % 3].value] += 1
        assert result["turnout"] == turnout
        counted = result["schemes"][0]["ballots"]
        assert counted == (len(self.model) if len(self.model) >= self.poll.minimum else 0)
        with self.db.reading() as reader:
            assert recount(reader, self.poll.id).is_same
            tally = find_tally(reader, self.poll.id)
        assert tally is not None
        assert tally.digest == digest == fingerprint(result)

    @invariant()
    def ballots_are_those_of_the_model(self) -> None:
        """One current ballot for each voter, with the last ranking, and one participation."""
        rankings = sorted(rankings_in(self.db, self.poll.id))
        with self.db.reading() as reader:
            ids = [option.id for option in list_options(reader, self.poll.id)]
            assert sum(count_turnout(reader, self.poll.id).values()) == len(self.model)
        assert rankings == sorted([ids[place] for place in own] for own in self.model.values())

    @invariant()
    def what_was_fixed_stays_fixed(self) -> None:
        """The registration, its fingerprint and the list of voters never change."""
        with self.db.reading() as reader:
            stored = get_poll(reader, self.poll.id)
            assert stored.fingerprint == self.poll.fingerprint == fingerprint(stored.frozen)
            assert (stored.secret is None) == (self.tally is not None or self.is_invalid)
        assert self.read_eligible() == self.eligible


def test_the_life_of_a_poll_follows_its_rules(db: Database, request: pytest.FixtureRequest) -> None:
    """Ensure no order of acts breaks one voter one ballot, the deadline or the count."""

    class Life(PollLife):
        pass

    Life.db = db
    on_sqlite = "sqlite" in request.node.name
    run_machine(
        Life,
        settings=settings(
            max_examples=10 if on_sqlite else 5,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
