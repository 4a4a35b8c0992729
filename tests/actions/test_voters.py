"""The list of voters: drawn up once, and what ballots say of those on it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from deliberate.actions.counting import count_poll, recount, tie_order
from deliberate.actions.forgetting import forget_oneself
from deliberate.actions.voters import poll_for
from deliberate.cli import main
from deliberate.domain import ties
from deliberate.domain.errors import Conflict, Refused
from deliberate.domain.people import RegionalGroup, Role, StakeholderGroup
from deliberate.domain.small_cells import MERGED_GROUPS
from deliberate.domain.voters import Cell, CellCount
from deliberate.policy import Can, why_not
from deliberate.storage.ballots import Ballot, count_turnout, list_ballots, list_receipts
from deliberate.storage.database import Database
from deliberate.storage.mandates import Mandate
from deliberate.storage.people import Person, RoleGrant, find_actor
from deliberate.storage.polls import Poll, find_poll, find_tally
from deliberate.storage.voters import count_cells, count_eligible
from tests.factories import make_deliberation, make_person, make_poll, vote
from tests.support.clock import FakeClock

CIVIL, GOVERNMENT = StakeholderGroup.CIVIL_SOCIETY, StakeholderGroup.GOVERNMENT


def reread(db: Database, poll: Poll) -> Poll:
    """The poll as it is stored now."""
    with db.reading() as reader:
        found = find_poll(reader, poll.id)
    assert found is not None
    return found


def test_who_registers_after_the_list_was_drawn_up_is_told_so(db: Database) -> None:
    """Ensure a latecomer is refused in words that say why, and nothing is stored."""
    poll = make_poll(db)
    latecomer = make_person(db, is_late=True)

    with pytest.raises(Refused, match="not on the list of voters"):
        vote(db, poll.id, latecomer, 0)

    with db.reading() as reader:
        assert list_ballots(reader, poll.id) == []
        asked = poll_for(reader, latecomer, poll)
    assert why_not(latecomer, Can.CAST_BALLOT, asked) == (
        "You are not on the list of voters: it was fixed when this poll was announced.",
    )


def test_whoever_changes_group_afterwards_votes_in_the_group_of_then(db: Database) -> None:
    """Ensure that no change of a profile after opening changes what a poll comes to."""
    voters = [make_person(db, CIVIL), make_person(db, CIVIL)]
    poll = make_poll(db)
    with db.writing() as tx:
        for voter in voters:
            person = tx.get_one(Person, voter.id)
            person.stakeholder_group = GOVERNMENT
            person.organisation = "Bureau of Lamps"
    for voter in voters:
        with db.reading() as reader:
            changed = find_actor(reader, voter.id or 0)
        assert changed is not None
        vote(db, poll.id, changed, 0)

    with db.reading() as reader:
        assert count_turnout(reader, poll.id) == {CIVIL: 2}
        (cell,) = [each for each in count_cells(reader, poll.id) if each.voted]
    assert cell.cell.group is CIVIL
    assert cell.cell.organisation is None


def test_the_list_holds_what_weighting_needs_and_nobody_who_runs_things(db: Database) -> None:
    """Ensure everybody eligible is on it in their class, and the rest is not."""
    deliberation = make_deliberation(db)
    confirmed = make_person(db, GOVERNMENT, organisation="Lamp Office")
    secretary = make_person(db, role=Role.SECRETARIAT)
    suspended = make_person(db, GOVERNMENT)
    with db.writing() as tx:
        tx.add(
            Mandate(
                person_id=confirmed.id, organisation="Lamp Office",
                confirmed_by=secretary.id, confirmed_at=tx.info["now"],
            )
        )  # fmt: skip
        tx.get_one(Person, suspended.id).suspended_at = tx.info["now"]

    poll = make_poll(db, deliberation.id)

    cell = Cell(GOVERNMENT, RegionalGroup.AFRICA, "Lamp Office", is_confirmed=True)
    with db.reading() as reader:
        cells = count_cells(reader, poll.id)
        eligible = count_eligible(reader, poll.id)
        staff = reader.scalars(sa.select(RoleGrant.person_id)).all()
        on_roll = reader.scalars(sa.text("SELECT person_id FROM voters")).all()
    assert [each for each in cells if each.cell.group is GOVERNMENT] == [CellCount(cell, 1, 0)]
    assert not set(staff) & set(on_roll)
    frozen = poll.frozen["registered_at_opening"]
    assert {group.value: number for group, number in eligible.items()}.items() <= frozen.items()
    assert sum(frozen.values()) == sum(eligible.values())


def test_a_deleted_account_leaves_the_numbers_true(db: Database, clock: FakeClock) -> None:
    """Ensure turnout and eligible stay what they were, and the ballot is counted."""
    voters = [make_person(db, CIVIL) for _ in range(3)]
    poll = make_poll(db)
    with db.reading() as reader:
        before = count_eligible(reader, poll.id)
    for voter in voters:
        vote(db, poll.id, voter, 0, 1)

    with db.writing() as tx:
        forget_oneself(tx, voters[0])
    clock.now = poll.closes_at
    with db.writing() as tx:
        tally = count_poll(tx, poll.id)

    assert tally is not None
    assert tally.result["schemes"][0]["ballots"] == 3
    with db.reading() as reader:
        assert count_eligible(reader, poll.id) == before


def test_a_counted_ballot_carries_a_stratum_that_shows_nobody(
    db: Database, clock: FakeClock
) -> None:
    """Ensure no stratum on stored ballots holds fewer of them than the minimum."""
    poll = make_poll(db, minimum=3)
    for group, number in ((CIVIL, 4), (GOVERNMENT, 1), (StakeholderGroup.TECHNICAL, 2)):
        for place in range(number):
            vote(db, poll.id, make_person(db, group), place % 3)
    clock.now = poll.closes_at

    with db.writing() as tx:
        count_poll(tx, poll.id)

    with db.reading() as reader:
        query = sa.select(Ballot.stratum, sa.func.count()).group_by(Ballot.stratum)
        strata = {name: number for name, number in reader.execute(query)}
        groups = reader.scalars(sa.select(Ballot.group)).all()
    assert strata == {CIVIL.value: 4, MERGED_GROUPS: 3}
    assert set(groups) == {None}


def test_counting_again_gives_the_same_digest_unless_a_ballot_was_changed(
    db: Database, clock: FakeClock
) -> None:
    """Ensure a recount says whether the published count follows from the stored ballots."""
    poll = make_poll(db)
    for place in (0, 1, 0, 2):
        vote(db, poll.id, make_person(db), place)
    with pytest.raises(Conflict, match="not been counted"), db.reading() as reader:
        recount(reader, poll.id)
    clock.now = poll.closes_at
    with db.writing() as tx:
        count_poll(tx, poll.id)
    with db.reading() as reader:
        assert recount(reader, poll.id).is_same

    with db.writing() as tx:
        ballot = list_ballots(tx, poll.id)[0]
        ballot.answer = bytes(not rank for rank in ballot.answer)

    with db.reading() as reader:
        assert not recount(reader, poll.id).is_same


def test_the_command_line_recounts(db: Database, database_url: str, clock: FakeClock) -> None:
    """Ensure an operator sees both digests, and an error where there is nothing to compare."""
    poll = make_poll(db)
    vote(db, poll.id, make_person(db), 0)
    env = {"DELIBERATE_DATABASE_URL": database_url}
    early = CliRunner().invoke(main, ["polls", "recount", str(poll.id)], env=env)
    clock.now = poll.closes_at
    with db.writing() as tx:
        tally = count_poll(tx, poll.id)
    assert tally is not None

    done = CliRunner().invoke(main, ["polls", "recount", str(poll.id)], env=env)

    assert (early.exit_code, done.exit_code) == (1, 0)
    assert "not been counted" in early.output
    assert done.output.count(tally.digest) == 2


def test_anybody_can_work_out_the_order_that_breaks_ties(db: Database, clock: FakeClock) -> None:
    """Ensure what is published at counting fits what was committed to, and gives the order."""
    poll = make_poll(db)
    vote(db, poll.id, make_person(db), 0)
    with pytest.raises(Conflict), db.reading() as reader:
        tie_order(reader, poll)
    nonce = reread(db, poll).tie_nonce
    assert nonce
    assert nonce not in str(poll.frozen)
    clock.now = poll.closes_at + timedelta(hours=1)
    with db.writing() as tx:
        count_poll(tx, poll.id)

    with db.reading() as reader:
        tally = find_tally(reader, poll.id)
        assert tally is not None
        receipts = list_receipts(reader, poll.id)
        order = tie_order(reader, reread(db, poll))
    published = tally.result["tie_break"]
    assert ties.commitment(published["nonce"]) == poll.frozen["tie_break"]["commitment"]
    seed = ties.seed_of(poll.fingerprint, published["nonce"], ties.digest_of(receipts))
    assert published["seed"] == seed
    options = tally.result["schemes"][0]["options"]
    assert tuple(published["order"]) == ties.tie_order(options, seed) == order
