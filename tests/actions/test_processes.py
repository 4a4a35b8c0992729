"""Processes: designed, fixed, followed; dates that move, archives, and further rounds."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from deliberate.actions.archive import archive, unarchive
from deliberate.actions.deliberations import get_page, open_output, open_question
from deliberate.actions.designs import find_design, find_subject, save_design
from deliberate.actions.polls import open_poll, prepare_planned_poll
from deliberate.actions.proposals import make_proposal
from deliberate.actions.responses import get_point_page
from deliberate.actions.results import get_results
from deliberate.actions.timetable import reschedule
from deliberate.domain.canonical import fingerprint
from deliberate.domain.errors import Conflict, Invalid, Refused
from deliberate.domain.forum import CurationKind
from deliberate.domain.people import VISITOR, Actor, Role, StakeholderGroup
from deliberate.domain.phases import PollPhase, poll_phase
from deliberate.domain.positions import Position
from deliberate.domain.process import ProcessDesign, Template, Visibility, design_of, suggest
from deliberate.domain.weighting import Scheme
from deliberate.inputs.contributions import NewProposal
from deliberate.inputs.curation import Opening
from deliberate.inputs.polls import NewPoll
from deliberate.inputs.process import Freezing, NewClosing, PlannedPoll
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.curation import list_decisions
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import list_points
from deliberate.storage.polls import find_tally, list_options, list_polls
from deliberate.storage.reschedulings import list_notices
from tests.factories import (
    make_comment,
    make_deliberation,
    make_person,
    make_poll,
    make_proposals,
    respond,
    vote,
)
from tests.support.clock import FakeClock
from tests.support.designing import as_form, make_output, make_question, open_designed, ranked
from tests.support.rows import count_rows

REASON = "Two groups asked for more time."
TECHNICAL = (StakeholderGroup.TECHNICAL, StakeholderGroup.GOVERNMENT)


@pytest.fixture
def curator(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


def save(db: Database, actor: Actor, design: ProcessDesign, version: int = 0, **ids: int) -> int:
    """Save a design; its version."""
    with db.writing() as tx:
        return save_design(tx, actor, find_subject(tx, **ids), as_form(design, version)).version


def move(db: Database, actor: Actor, deliberation: Deliberation, **form: Any) -> None:
    """Move the closing of a deliberation; what the form shows is read anew."""
    with db.writing() as tx:
        shown = get_page(tx, deliberation.id).closes_at
        reschedule(
            tx,
            actor,
            deliberation.id,
            NewClosing(**{"closes_at": shown, "reason": REASON, "shown": shown, **form}),
        )


def test_a_draft_is_kept_with_its_contradictions_and_not_opened(
    db: Database, clock: FakeClock, curator: Actor
) -> None:
    """Ensure work is not lost because it is unfinished, and nothing unfinished is opened."""
    question = make_question(db, curator)
    wrong = ranked(clock(), closes_at=None, groups=(), poll_title="?")
    version = save(db, curator, wrong, question_id=question.id)
    before = count_rows(db)

    with pytest.raises(Invalid) as caught, db.writing() as tx:
        open_question(tx, curator, question.id, Freezing(version=version))

    assert set(caught.value.fields) == {"closes_at", "groups", "poll_title"}
    assert count_rows(db) == before
    with db.reading() as reader:
        assert find_design(reader, find_subject(reader, question_id=question.id)) == (wrong, 1)


def test_what_contradicts_nothing_is_fixed_with_its_fingerprint(
    db: Database, clock: FakeClock
) -> None:
    """Ensure the whole design is part of what anybody can recompute, and of the log."""
    opened = open_designed(db, ranked(clock(), groups=TECHNICAL, quorum="Twenty of each."))

    assert design_of(opened.frozen) == ranked(
        clock(), opens_at=clock(), groups=tuple(sorted(TECHNICAL)), quorum="Twenty of each."
    )
    assert opened.fingerprint == fingerprint(opened.frozen)
    with db.reading() as reader:
        kinds = [entry.kind for entry, *_rest in list_decisions(reader, limit=2)]
        assert kinds == [CurationKind.OPEN, CurationKind.DESIGN]


def test_the_short_way_is_the_simplest_design(
    db: Database, clock: FakeClock, curator: Actor
) -> None:
    """Ensure there is one way of opening: the short form fills in a consultation or a round."""
    question, call = make_question(db, curator), make_output(db, curator)
    form = Opening(closes_at=clock() + timedelta(days=7))

    with db.writing() as tx:
        opened = open_question(tx, curator, question.id, form), open_output(tx, curator, call, form)

    designs = [design_of(each.frozen) for each in opened]
    assert [each.template if each else None for each in designs] == [
        Template.CONSULTATION,
        Template.ENDORSEMENT_ROUND,
    ]


def test_two_people_notice_each_other(db: Database, clock: FakeClock, curator: Actor) -> None:
    """Ensure nobody's design is replaced unseen, and what was looked at is what opens."""
    question = make_question(db, curator)
    mine, theirs = ranked(clock()), ranked(clock(), minimum=7)
    save(db, curator, mine, question_id=question.id)

    with pytest.raises(Conflict):
        save(db, make_person(db, role=Role.MAG_MEMBER), theirs, question_id=question.id)
    assert save(db, curator, mine, question_id=question.id) == 1
    assert save(db, curator, theirs, 1, question_id=question.id) == 2
    with pytest.raises(Conflict), db.writing() as tx:
        open_question(tx, curator, question.id, Freezing(version=1))


@pytest.mark.parametrize("role", [None, Role.FACILITATOR, Role.SECRETARIAT])
def test_only_the_mag_designs_moves_and_archives(
    db: Database, clock: FakeClock, role: Role | None
) -> None:
    """Ensure everybody else is refused and nothing is written."""
    question, opened = make_question(db), make_deliberation(db)
    person = make_person(db, role=role)
    before = count_rows(db)

    with pytest.raises(Refused):
        save(db, person, ranked(clock()), question_id=question.id)
    with pytest.raises(Refused):
        move(db, person, opened, closes_at=opened.closes_at + timedelta(days=1))
    clock.advance(days=31)
    with pytest.raises(Refused), db.writing() as tx:
        archive(tx, person, opened.id, REASON)
    assert count_rows(db) == before


def test_proposals_end_when_the_design_says(db: Database, clock: FakeClock) -> None:
    """Ensure the date holds for everybody, and an endorsement round never takes one."""
    opened = open_designed(db, ranked(clock()))
    make_proposals(db, opened.id, 2)
    clock.advance(days=5)

    with pytest.raises(Refused, match="The time for proposals is over"):
        make_proposals(db, opened.id, 1)
    make_comment(db, opened.id)

    curator = make_person(db, role=Role.MAG_MEMBER)
    output = make_output(db, curator)
    design = suggest(Template.ENDORSEMENT_ROUND, clock())
    endorsed = open_designed(db, replace(design, opens_at=None), output_id=output)
    author = make_person(db)
    form = NewProposal(title="A proposal", body="Text.", submission_key=str(uuid.uuid4()))
    with pytest.raises(Refused, match="responses to points"), db.writing() as tx:
        make_proposal(tx, author, endorsed.id, form)


def test_the_poll_opens_by_itself_with_all_that_stands(db: Database, clock: FakeClock) -> None:
    """Ensure what was fixed happens, once, on its terms, without anybody choosing."""
    design = ranked(clock(), groups=TECHNICAL, primary_scheme=Scheme.GROUP, minimum=3)
    opened = open_designed(db, design)
    proposals = make_proposals(db, opened.id, 3)
    clock.advance(days=6)

    run_due_jobs(db)
    run_due_jobs(db)

    with db.reading() as reader:
        (poll,) = list_polls(reader, opened.id)
        assert len(list_options(reader, poll.id)) == len(proposals)
    assert (poll.opens_at, poll.closes_at) == (design.poll_opens_at, design.poll_closes_at)
    assert (poll.primary_scheme, poll.minimum, poll.title) == ("group", 3, design.poll_title)
    assert set(poll.frozen["groups"]) == {group.value for group in TECHNICAL}
    vote(db, poll.id, make_person(db, StakeholderGroup.TECHNICAL), 0, 1)
    with pytest.raises(Refused, match="named at opening"):
        vote(db, poll.id, make_person(db, StakeholderGroup.PRIVATE_SECTOR), 0, 1)


def test_a_poll_with_nothing_to_rank_stays_away(db: Database, clock: FakeClock) -> None:
    """Ensure a single proposal is not put to a vote, and the job is done with it."""
    opened = open_designed(db, ranked(clock()))
    make_proposals(db, opened.id, 1)
    clock.advance(days=6)

    run_due_jobs(db)

    with db.reading() as reader:
        assert list_polls(reader, opened.id) == []
    assert run_due_jobs(db) == 0


def test_a_facilitator_only_puts_the_ballot_together(db: Database, clock: FakeClock) -> None:
    """Ensure everything else comes from the plan, and what differs from it is refused by field."""
    opened = open_designed(db, ranked(clock()))
    ids = [proposal.id for proposal in make_proposals(db, opened.id, 3)][:2]
    facilitator = make_person(db, role=Role.FACILITATOR)
    with pytest.raises(Conflict, match="Proposals are still taken"), db.writing() as tx:
        prepare_planned_poll(tx, facilitator, opened.id, PlannedPoll(proposal_ids=ids))
    clock.advance(days=5, hours=1)
    other = NewPoll(
        title="Another question?",
        closes_at=clock() + timedelta(days=2),
        proposal_ids=ids,
        primary_scheme=Scheme.GROUP,
        minimum=5,
    )

    with pytest.raises(Invalid) as caught, db.writing() as tx:
        open_poll(tx, facilitator, opened.id, other)
    with db.writing() as tx:
        poll = prepare_planned_poll(tx, facilitator, opened.id, PlannedPoll(proposal_ids=ids))

    assert set(caught.value.fields) == {"title", "closes_at", "primary_scheme", "minimum"}
    assert poll_phase(poll, clock()) is PollPhase.SCHEDULED
    with db.reading() as reader:
        assert len(list_options(reader, poll.id)) == 2
    clock.advance(days=1)
    run_due_jobs(db)
    with db.reading() as reader:
        assert len(list_polls(reader, opened.id)) == 1
    with pytest.raises(Conflict), db.writing() as tx:
        prepare_planned_poll(tx, facilitator, opened.id, PlannedPoll(proposal_ids=ids))


def test_a_single_registered_scheme_is_counted_alone(db: Database, clock: FakeClock) -> None:
    """Ensure the count shows what was registered and nothing else."""
    design = ranked(clock(), groups=(StakeholderGroup.TECHNICAL,), schemes=(Scheme.PARTICIPANT,))
    opened = open_designed(db, design)
    make_proposals(db, opened.id, 2)
    clock.advance(days=6)
    run_due_jobs(db)
    with db.reading() as reader:
        (poll,) = list_polls(reader, opened.id)
    for _ in range(2):
        vote(db, poll.id, make_person(db, StakeholderGroup.TECHNICAL), 1, 0)
    clock.advance(days=3)

    run_due_jobs(db)

    with db.reading() as reader:
        tally = find_tally(reader, poll.id)
    assert tally is not None
    assert [each["scheme"] for each in tally.result["schemes"]] == ["participant"]
    assert tally.result["turnout"] == {"Technical Community": 2}


def test_confidential_responses_are_published_by_group_alone(
    db: Database, clock: FakeClock, curator: Actor
) -> None:
    """Ensure the mode that was fixed at opening reaches the results."""
    output = make_output(db, curator)
    design = replace(
        suggest(Template.ENDORSEMENT_ROUND, clock()),
        opens_at=None,
        responses=Visibility.CONFIDENTIAL,
        groups=TECHNICAL,
    )
    opened = open_designed(db, design, output_id=output)
    respond(db, opened, make_person(db, StakeholderGroup.TECHNICAL), Position.ENDORSE)
    with pytest.raises(Refused):
        respond(db, opened, make_person(db, StakeholderGroup.CIVIL_SOCIETY), Position.ENDORSE)
    clock.advance(days=16)

    with db.reading() as reader:
        page = get_page(reader, opened.id)
        (point,) = get_results(reader, VISITOR, page).points

    assert not point.is_named
    assert {each.group for each in point.indicator.groups} == {g.value for g in TECHNICAL}


def test_a_closing_moves_with_a_public_reason_and_a_notice(db: Database, curator: Actor) -> None:
    """Ensure the fingerprint stays, the log says both dates, and those who took part are told."""
    opened = make_deliberation(db)
    writer, stranger = make_person(db), make_person(db)
    make_comment(db, opened.id, writer)
    later = opened.closes_at + timedelta(days=7)

    move(db, curator, opened, closes_at=later)

    with db.reading() as reader:
        page = get_page(reader, opened.id)
        assert (page.closes_at, page.closes_as_frozen) == (later, opened.closes_at)
        assert page.deliberation.fingerprint == fingerprint(page.deliberation.frozen)
        (notice,) = list_notices(reader, writer.id or 0)
        assert notice.rescheduling.reason == REASON
        assert list_notices(reader, stranger.id or 0) == []
        (entry, *_rest) = list_decisions(reader, limit=1)[0]
    assert (entry.kind, entry.reason) == (CurationKind.RESCHEDULE, REASON)
    assert entry.before == [f"{opened.closes_at:%Y-%m-%d %H:%M} UTC"]


def test_a_poll_moves_once_with_its_count(db: Database, clock: FakeClock, curator: Actor) -> None:
    """Ensure ballots are taken until the new date, counted after it, and not moved again."""
    opened = make_deliberation(db)
    poll = make_poll(db, opened.id, hours=72)
    later = poll.closes_at + timedelta(days=2)

    move(db, curator, opened, poll_closes_at=later)

    with pytest.raises(Invalid) as caught:
        move(db, curator, opened, poll_closes_at=later + timedelta(days=1))
    assert set(caught.value.fields) == {"poll_closes_at"}
    clock.advance(hours=73)
    run_due_jobs(db)
    for _ in range(3):
        vote(db, poll.id, make_person(db), 0, 1)
    clock.advance(days=2)
    run_due_jobs(db)
    with db.reading() as reader:
        tally = find_tally(reader, poll.id)
    assert tally is not None
    assert sum(tally.result["turnout"].values()) == 3


def test_a_date_seen_by_two_moves_once(db: Database, curator: Actor) -> None:
    """Ensure the second of two people learns of the first, and a closed one does not move."""
    opened = make_deliberation(db)
    shown, later = opened.closes_at, opened.closes_at + timedelta(days=3)
    move(db, curator, opened, closes_at=later)

    with pytest.raises(Conflict, match="Somebody else moved"):
        move(db, curator, opened, closes_at=later + timedelta(days=1), shown=shown)


def test_after_closing_no_date_moves(db: Database, clock: FakeClock, curator: Actor) -> None:
    """Ensure a discussion that people have read the results of is not opened again like this."""
    opened = make_deliberation(db, days=2)
    clock.advance(days=2)

    with pytest.raises(Refused, match="Dates move only before closing"):
        move(db, curator, opened, closes_at=clock() + timedelta(days=7))


def test_archiving_changes_nothing_but_the_lists(
    db: Database, clock: FakeClock, curator: Actor
) -> None:
    """Ensure it needs a closed discussion, is logged, and can be undone once."""
    opened = make_deliberation(db, days=2)
    with pytest.raises(Refused), db.writing() as tx:
        archive(tx, curator, opened.id, REASON)
    clock.advance(days=2)

    with db.writing() as tx:
        archive(tx, curator, opened.id, REASON)
    with pytest.raises(Conflict), db.writing() as tx:
        archive(tx, curator, opened.id, REASON)
    with db.reading() as reader:
        page = get_page(reader, opened.id)
        assert page.is_archived
        assert page.deliberation.frozen == opened.frozen
    with db.writing() as tx:
        unarchive(tx, curator, opened.id, REASON)
    with pytest.raises(Conflict), db.writing() as tx:
        unarchive(tx, curator, opened.id, REASON)

    with db.reading() as reader:
        assert not get_page(reader, opened.id).is_archived
        kinds = [entry.kind for entry, *_rest in list_decisions(reader, limit=2)]
    assert kinds == [CurationKind.UNDO, CurationKind.ARCHIVE]


def stored(db: Database) -> dict[str, list[str]]:
    """Every row that a round's record consists of, as the database has it."""
    tables = (
        "output_points responses comments proposals proposal_versions proposal_ratings polls"
        " poll_options ballots participations tallies summaries editions"
    )
    with db.reading() as reader:
        return {
            name: [repr(tuple(row)) for row in reader.execute(sa.text(f"SELECT * FROM {name}"))]  # noqa: S608
            for name in tables.split()
        }


def test_another_round_leaves_the_first_as_it_is(
    db: Database, clock: FakeClock, curator: Actor
) -> None:
    """Ensure a later round has points and responses of its own, row by row."""
    output = make_output(db, curator)
    design = replace(suggest(Template.ENDORSEMENT_ROUND, clock()), opens_at=None)
    first = open_designed(db, design, output_id=output)
    person = make_person(db)
    respond(db, first, person, Position.CONTEST)
    make_comment(db, first.id)
    clock.advance(days=16)
    before = stored(db)
    later = replace(suggest(Template.ENDORSEMENT_ROUND, clock()), opens_at=None)

    save(db, curator, later, 1, output_id=output)
    with pytest.raises(Invalid) as caught, db.writing() as tx:
        open_output(tx, curator, output, Freezing(version=2))
    with db.writing() as tx:
        second = open_output(tx, curator, output, Freezing(version=2, reason=REASON))
    respond(db, second, person, Position.ENDORSE)

    assert set(caught.value.fields) == {"reason"}
    assert (first.round, second.round) == (1, 2)
    after = stored(db)
    for name, rows in before.items():
        assert [row for row in after[name] if row in rows] == rows, name
    with db.reading() as reader:
        old, new = (list_points(reader, [output], number) for number in (1, 2))
        assert [point.text for point in old] == [point.text for point in new]
        assert [get_point_page(reader, each[0].id).id for each in (old, new)] == [
            first.id,
            second.id,
        ]
        results = [get_results(reader, VISITOR, get_page(reader, first.id)).points[0]]
        kept = reader.get_one(Deliberation, first.id)
    assert [each.numbers for each in results] == [
        {StakeholderGroup.CIVIL_SOCIETY: {Position.CONTEST: 1}}
    ]
    assert (kept.frozen, kept.fingerprint) == (first.frozen, first.fingerprint)


def test_a_round_that_runs_is_not_opened_twice(
    db: Database, clock: FakeClock, curator: Actor
) -> None:
    """Ensure there is one running round at most, by either way of opening."""
    question = make_question(db, curator)
    version = save(db, curator, ranked(clock()), question_id=question.id)
    with db.writing() as tx:
        open_question(tx, curator, question.id, Freezing(version=version))

    short = Opening(closes_at=clock() + timedelta(days=7))
    for form in (Freezing(version=version, reason=REASON), short):
        with pytest.raises(Conflict, match="already open"), db.writing() as tx:
            open_question(tx, curator, question.id, form)
