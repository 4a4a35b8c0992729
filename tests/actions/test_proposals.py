"""Putting proposals forward, withdrawing and rating them."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from deliberate.actions.proposals import (
    make_proposal,
    rate_proposal,
    revise_proposal,
    withdraw_proposal,
)
from deliberate.actions.results import get_results
from deliberate.domain.errors import Conflict, Invalid, NotFound, Refused
from deliberate.domain.forum import OutputKind
from deliberate.domain.people import VISITOR, Actor, Role, StakeholderGroup
from deliberate.domain.positions import Rating
from deliberate.inputs.contributions import NewProposal, NewRating, NewVersion
from deliberate.storage.database import Database
from deliberate.storage.deliberation_pages import find_page
from deliberate.storage.forum import list_points
from deliberate.storage.people import find_actor
from deliberate.storage.proposal_versions import count_ratings, list_versions
from deliberate.storage.proposals import ProposalLine, find_rating, list_proposals
from tests.factories import make_deliberation, make_person, make_poll, make_proposals
from tests.support.clock import FakeClock
from tests.support.rows import count_rows


def new(title: str = "Number every lantern", **fields: object) -> NewProposal:
    """A valid form with a key of its own."""
    values = {"title": title, "body": "So it can be found.", "submission_key": str(uuid.uuid4())}
    return NewProposal.model_validate(values | fields)


def lines(db: Database, deliberation_id: int) -> list[ProposalLine]:
    """The proposals of a deliberation as lists show them."""
    with db.reading() as reader:
        return list(list_proposals(reader, deliberation_id))


def reworded(**fields: object) -> NewVersion:
    """Another wording, with a key of its own."""
    values = {
        "title": "Number every lantern and lamp",
        "body": "So it can be found.",
        "note": "Lamps were forgotten.",
        "version": 1,
        "submission_key": str(uuid.uuid4()),
    }
    return NewVersion.model_validate(values | fields)


def rate(db: Database, person: Actor, line: ProposalLine, rating: Rating) -> None:
    """Rate the version that the line shows, in a transaction of its own."""
    with db.writing() as tx:
        rate_proposal(tx, person, line.id, NewRating(rating=rating, version_id=line.version_id))


def test_a_proposal_begins_with_its_first_version(db: Database, clock: FakeClock) -> None:
    """Ensure title, text, author and group are stored with the number 1."""
    deliberation = make_deliberation(db)
    author = make_person(db, StakeholderGroup.PRIVATE_SECTOR, organisation="Oil & Sons")

    with db.writing() as tx:
        make_proposal(tx, author, deliberation.id, new())

    (line,) = lines(db, deliberation.id)
    assert (line.title, line.version_number) == ("Number every lantern", 1)
    assert line.body_html == "<p>So it can be found.</p>\n"
    assert (line.author_name, line.organisation) == (author.name, "Oil & Sons")
    assert (line.group, line.proposed_at) == (StakeholderGroup.PRIVATE_SECTOR, clock.now)


def test_one_rendering_of_a_form_makes_one_proposal(db: Database) -> None:
    """Ensure copies sent at the same time end as one proposal."""
    deliberation, author, form = make_deliberation(db), make_person(db), new()
    barrier = threading.Barrier(3)

    def send() -> int:
        barrier.wait()
        with db.writing() as tx:
            return make_proposal(tx, author, deliberation.id, form).id

    with ThreadPoolExecutor(3) as pool:
        made = {future.result() for future in [pool.submit(send) for _ in range(3)]}

    assert len(made) == 1
    assert len(lines(db, deliberation.id)) == 1


@pytest.mark.parametrize("days", [-1, 30])
def test_proposing_and_rating_are_refused_outside_the_dates(
    db: Database, clock: FakeClock, days: int
) -> None:
    """Ensure the dates hold for proposals, ratings and withdrawals alike."""
    deliberation, person = make_deliberation(db), make_person(db)
    make_proposals(db, deliberation.id, 1)
    (line,) = lines(db, deliberation.id)
    clock.advance(days=days)
    before = count_rows(db)

    with pytest.raises(Refused, match="not open"), db.writing() as tx:
        make_proposal(tx, person, deliberation.id, new())
    with pytest.raises(Refused, match="not open"):
        rate(db, person, line, Rating.NEUTRAL)
    with db.reading() as reader:
        author = find_actor(reader, line.author_id)
    assert author is not None
    with pytest.raises(Refused, match="not open"), db.writing() as tx:
        withdraw_proposal(tx, author, line.id)

    assert count_rows(db) == before


def test_a_visitor_proposes_and_rates_nothing(db: Database) -> None:
    """Ensure both need an account."""
    deliberation = make_deliberation(db)
    make_proposals(db, deliberation.id, 1)
    (line,) = lines(db, deliberation.id)

    with pytest.raises(Refused, match="Sign in"), db.writing() as tx:
        make_proposal(tx, VISITOR, deliberation.id, new())
    with pytest.raises(Refused, match="Sign in"):
        rate(db, VISITOR, line, Rating.AGREEMENT)


@pytest.mark.parametrize("role", [Role.MAG_MEMBER, Role.FACILITATOR, Role.SECRETARIAT])
def test_those_who_run_things_propose_but_do_not_rate(db: Database, role: Role) -> None:
    """Ensure staff may put ideas forward and take no position on any."""
    deliberation, person = make_deliberation(db), make_person(db, role=role)

    with db.writing() as tx:
        make_proposal(tx, person, deliberation.id, new())
    (line,) = lines(db, deliberation.id)

    with pytest.raises(Refused, match="do not take positions"):
        rate(db, person, line, Rating.AGREEMENT)


def test_the_last_rating_of_a_person_counts(db: Database) -> None:
    """Ensure changing one's mind replaces the rating and adds nobody to the turnout."""
    deliberation = make_deliberation(db)
    make_proposals(db, deliberation.id, 1)
    (line,) = lines(db, deliberation.id)
    person, other = make_person(db), make_person(db, StakeholderGroup.TECHNICAL)

    rate(db, person, line, Rating.CONFUSION)
    rate(db, other, line, Rating.NEUTRAL)
    rate(db, person, line, Rating.STRONG_AGREEMENT)

    with db.reading() as reader:
        own = find_rating(reader, line.version_id, person.id or 0)
        rows = count_ratings(reader, deliberation.id)
        (version,) = list_versions(reader, line.id, person.id)
    assert own is not None
    assert own.rating is Rating.STRONG_AGREEMENT
    assert {tuple(row) for row in rows} == {
        (line.id, 1, StakeholderGroup.CIVIL_SOCIETY, Rating.STRONG_AGREEMENT, 1),
        (line.id, 1, StakeholderGroup.TECHNICAL, Rating.NEUTRAL, 1),
    }
    assert version.own is Rating.STRONG_AGREEMENT
    assert version.raters == {StakeholderGroup.CIVIL_SOCIETY: 1, StakeholderGroup.TECHNICAL: 1}


def test_ratings_at_the_same_time_leave_one(db: Database) -> None:
    """Ensure a double click cannot count somebody twice."""
    deliberation, person = make_deliberation(db), make_person(db)
    make_proposals(db, deliberation.id, 1)
    (line,) = lines(db, deliberation.id)

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(rate, db, person, line, step) for step in list(Rating)[:3]]:
            done.result()

    with db.reading() as reader:
        assert sum(row[4] for row in count_ratings(reader, deliberation.id)) == 1


def test_a_rating_is_for_the_version_that_was_shown(db: Database) -> None:
    """Ensure a form of another version, a withdrawn or an unknown proposal is told apart."""
    deliberation, person = make_deliberation(db), make_person(db)
    with db.writing() as tx:
        make_proposal(tx, person, deliberation.id, new())
    (line,) = lines(db, deliberation.id)
    other = NewRating(rating=Rating.NEUTRAL, version_id=line.version_id + 1)

    with pytest.raises(Conflict, match="changed"), db.writing() as tx:
        rate_proposal(tx, person, line.id, other)
    with pytest.raises(NotFound), db.writing() as tx:
        rate_proposal(tx, person, 999_999, other)
    with db.writing() as tx:
        withdraw_proposal(tx, person, line.id)
    with pytest.raises(Conflict, match="changed"):
        rate(db, person, line, Rating.NEUTRAL)


def test_a_withdrawn_proposal_stays_at_the_end_of_the_list(db: Database) -> None:
    """Ensure withdrawing marks and never deletes, and doing it twice is harmless."""
    deliberation, author = make_deliberation(db), make_person(db)
    for title in ("Number every lantern", "Paint every lantern"):
        with db.writing() as tx:
            make_proposal(tx, author, deliberation.id, new(title))
    first = lines(db, deliberation.id)[0]

    for _ in range(2):
        with db.writing() as tx:
            withdraw_proposal(tx, author, first.id)

    found = [(line.title, line.is_withdrawn) for line in lines(db, deliberation.id)]
    assert found == [("Paint every lantern", False), ("Number every lantern", True)]


def test_only_the_author_withdraws_and_not_from_a_ballot(db: Database) -> None:
    """Ensure what people vote on does not vanish under them."""
    deliberation = make_deliberation(db)
    make_poll(db, deliberation.id)
    line = lines(db, deliberation.id)[0]
    with db.reading() as reader:
        author = find_actor(reader, line.author_id)
    assert author is not None
    stranger = make_person(db)

    with pytest.raises(Refused, match="author"), db.writing() as tx:
        withdraw_proposal(tx, stranger, line.id)
    with pytest.raises(Conflict, match="ballot"), db.writing() as tx:
        withdraw_proposal(tx, author, line.id)
    with pytest.raises(NotFound), db.writing() as tx:
        withdraw_proposal(tx, author, 999_999)

    assert not lines(db, deliberation.id)[0].is_withdrawn


def test_ratings_stay_on_the_version_they_were_given_to(db: Database, clock: FakeClock) -> None:
    """Ensure a new version starts without ratings, and results say how many stayed behind."""
    deliberation, author = make_deliberation(db), make_person(db)
    with db.writing() as tx:
        proposal = make_proposal(tx, author, deliberation.id, new())
    raters = [make_person(db) for _ in range(6)]
    for person in raters:
        rate(db, person, lines(db, deliberation.id)[0], Rating.AGREEMENT)

    with db.writing() as tx:
        revise_proposal(tx, author, proposal.id, reworded())
    for person in raters[:2]:
        rate(db, person, lines(db, deliberation.id)[0], Rating.STRONG_AGREEMENT)

    with db.reading() as reader:
        first, second = list_versions(reader, proposal.id, raters[0].id)
    assert (first.rating_count, first.own) == (6, Rating.AGREEMENT)
    assert (second.rating_count, second.own) == (2, Rating.STRONG_AGREEMENT)
    clock.advance(days=31)
    with db.reading() as reader:
        page = find_page(reader, deliberation.id)
        assert page is not None
        (result,) = get_results(reader, VISITOR, page).proposals
    assert result.numbers == {StakeholderGroup.CIVIL_SOCIETY: {Rating.STRONG_AGREEMENT: 2}}
    assert result.given == {1: 6, 2: 2}
    assert result.earlier == {1: 6}


def test_one_form_makes_one_version(db: Database) -> None:
    """Ensure a retry gives the version it made, and another form of the old one is refused."""
    deliberation, author = make_deliberation(db), make_person(db)
    with db.writing() as tx:
        proposal_id = make_proposal(tx, author, deliberation.id, new()).id
    form = reworded()

    numbers = []
    for _ in range(2):
        with db.writing() as tx:
            numbers.append(revise_proposal(tx, author, proposal_id, form).number)

    assert numbers == [2, 2]
    with pytest.raises(Conflict, match="in the meantime"), db.writing() as tx:
        revise_proposal(tx, author, proposal_id, reworded())
    same = reworded(version=2, title=form.title)
    with pytest.raises(Invalid, match="Nothing changed"), db.writing() as tx:
        revise_proposal(tx, author, proposal_id, same)


@pytest.mark.one_database
def test_what_is_fixed_or_not_ones_own_is_not_reworded(db: Database, clock: FakeClock) -> None:
    """Ensure strangers, ballots, withdrawal and closing each end rewording."""
    deliberation, author = make_deliberation(db), make_person(db)
    with db.writing() as tx:
        proposal_id = make_proposal(tx, author, deliberation.id, new()).id
    poll = make_poll(db, deliberation.id)
    on_ballot = next(line for line in lines(db, deliberation.id) if line.id != proposal_id)
    with db.reading() as reader:
        voted_on = find_actor(reader, on_ballot.author_id)
    assert poll is not None
    assert voted_on is not None
    stranger = make_person(db)

    with pytest.raises(Refused, match="author"), db.writing() as tx:
        revise_proposal(tx, stranger, proposal_id, reworded())
    with pytest.raises(Conflict, match="ballot"), db.writing() as tx:
        revise_proposal(tx, voted_on, on_ballot.id, reworded())
    with pytest.raises(NotFound), db.writing() as tx:
        revise_proposal(tx, author, 999_999, reworded())
    with db.writing() as tx:
        withdraw_proposal(tx, author, proposal_id)
    with pytest.raises(Conflict, match="withdrawn"), db.writing() as tx:
        revise_proposal(tx, author, proposal_id, reworded())
    clock.advance(days=31)
    with pytest.raises(Refused, match="not open"), db.writing() as tx:
        revise_proposal(tx, author, proposal_id, reworded())


@pytest.mark.one_database
def test_a_proposal_answers_a_point_of_its_own_discussion(db: Database) -> None:
    """Ensure a point of another output is refused, and one of this output is kept."""
    ours = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    other = make_deliberation(db)
    author = make_person(db)
    with db.reading() as reader:
        point = list_points(reader, [ours.output_id or 0])[0]

    with pytest.raises(Invalid), db.writing() as tx:
        make_proposal(tx, author, other.id, new(point_id=point.id))
    assert lines(db, other.id) == []
