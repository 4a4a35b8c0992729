"""Suggesting amendments, and what may come of them."""

import uuid

import pytest

from deliberate.actions.amendments import (
    accept_amendment,
    make_alternative,
    reject_amendment,
    suggest_amendment,
    withdraw_amendment,
)
from deliberate.actions.proposals import rate_proposal, revise_proposal, withdraw_proposal
from deliberate.domain.amendments import AmendmentState
from deliberate.domain.errors import Conflict, Invalid, Refused
from deliberate.domain.people import VISITOR, Actor
from deliberate.domain.positions import Rating
from deliberate.inputs.contributions import Answer, NewRating
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.amendments import Amendment, find_amendment, list_amendments
from deliberate.storage.database import Database
from deliberate.storage.notices import list_notices
from deliberate.storage.people import find_actor
from deliberate.storage.proposal_versions import list_versions
from deliberate.storage.proposals import ProposalLine, list_proposals
from tests.factories import make_deliberation, make_person, make_poll, make_proposals
from tests.support.amending import amendment_form, read, suggest, version_form
from tests.support.clock import FakeClock
from tests.support.rows import count_rows

NO = Answer(reason="Nobody would build it then.")


@pytest.fixture
def line(db: Database) -> ProposalLine:
    """A proposal that can be changed."""
    return read(db, make_proposals(db, make_deliberation(db).id, 1)[0].id)


@pytest.fixture
def author(db: Database, line: ProposalLine) -> Actor:
    """Who wrote it."""
    with db.reading() as reader:
        actor = find_actor(reader, line.author_id)
    assert actor is not None
    return actor


@pytest.fixture
def amender(db: Database) -> Actor:
    """Who would have other words."""
    return make_person(db, name="Amal Amender", organisation="Lamp Guild")


def state_of(db: Database, amendment: Amendment) -> AmendmentState:
    """What became of an amendment."""
    with db.reading() as reader:
        found = find_amendment(reader, amendment.id)
    assert found is not None
    return found.state


def told(db: Database, person: Actor) -> list[str]:
    """The kinds of events that a person was told of, newest first."""
    with db.reading() as reader:
        return [each.event.kind.value for each in list_notices(reader, person.id or 0)[0]]


def test_an_accepted_amendment_is_a_version_that_names_it(
    db: Database, line: ProposalLine, author: Actor, amender: Actor
) -> None:
    """Ensure the text changes once, its rating stays behind, and everybody concerned is told."""
    rater = make_person(db)
    with db.writing() as tx:
        form = NewRating(rating=Rating.AGREEMENT, version_id=line.version_id)
        rate_proposal(tx, rater, line.id, form)
    amendment = suggest(db, amender, line.id)
    accepted = version_form(line)

    for _ in range(2):
        with db.writing() as tx:
            accept_amendment(tx, author, amendment.id, accepted)
    run_due_jobs(db)

    with db.reading() as reader:
        first, second = list_versions(reader, line.id, rater.id)
    assert (second.amendment_id, second.amended_by) == (amendment.id, "Amal Amender")
    assert (first.own, second.own) == (Rating.AGREEMENT, None)
    assert read(db, line.id).body.endswith("The city pays.")
    assert state_of(db, amendment) is AmendmentState.ACCEPTED
    assert told(db, author) == ["amendment"]
    assert told(db, amender) == ["amendment_answered"]
    assert told(db, rater) == ["proposal_version"]


def test_an_answer_to_an_earlier_text_changes_nothing(
    db: Database, line: ProposalLine, author: Actor, amender: Actor
) -> None:
    """Ensure neither suggesting nor accepting overwrites what was published in the meantime."""
    amendment, late = suggest(db, amender, line.id), amendment_form(line)
    with db.writing() as tx:
        revise_proposal(tx, author, line.id, version_form(line, body="Lamps for all of us."))
    before = count_rows(db)

    with pytest.raises(Conflict, match="changed in the meantime"), db.writing() as tx:
        suggest_amendment(tx, amender, line.id, late)
    with pytest.raises(Conflict, match="changed in the meantime"), db.writing() as tx:
        accept_amendment(tx, author, amendment.id, version_form(line))

    assert count_rows(db) == before
    assert read(db, line.id).body == "Lamps for all of us."
    assert state_of(db, amendment) is AmendmentState.OPEN
    with db.writing() as tx:
        accept_amendment(tx, author, amendment.id, version_form(read(db, line.id)))
    assert read(db, line.id).version_number == 3


def test_a_rejected_amendment_can_stand_as_its_authors_proposal(
    db: Database, line: ProposalLine, author: Actor, amender: Actor
) -> None:
    """Ensure the reason stays, the proposal names its origin, and asking twice makes one."""
    amendment = suggest(db, amender, line.id)
    with db.writing() as tx:
        reject_amendment(tx, author, amendment.id, NO)
    with pytest.raises(Conflict), db.writing() as tx:
        make_alternative(tx, author, amendment.id)

    made = []
    for _ in range(2):
        with db.writing() as tx:
            made.append(make_alternative(tx, amender, amendment.id).id)

    own = read(db, made[0])
    assert made[0] == made[1]
    assert (own.author_name, own.organisation, own.body) == (
        amender.name,
        "Lamp Guild",
        f"{line.body} The city pays.",
    )
    with db.reading() as reader:
        (kept,) = list_amendments(reader, line.id)
        assert len(list_proposals(reader, line.deliberation_id)) == 2
    assert (kept.answer, kept.answered_by) == (NO.reason, author.name)
    assert (kept.state, kept.made_proposal_id) == (AmendmentState.ALTERNATIVE, own.id)
    assert read(db, line.id).version_number == 1


def test_the_author_may_let_an_amendment_stand_beside_the_proposal(
    db: Database, line: ProposalLine, author: Actor, amender: Actor
) -> None:
    """Ensure it stands in the name of who suggested it, who is told."""
    amendment = suggest(db, amender, line.id)

    with db.writing() as tx:
        made = make_alternative(tx, author, amendment.id)
    run_due_jobs(db)

    assert read(db, made.id).author_id == amender.id
    assert told(db, amender) == ["amendment_answered"]


def test_what_is_withdrawn_or_answered_is_answered_no_more(
    db: Database, line: ProposalLine, author: Actor, amender: Actor
) -> None:
    """Ensure no answer replaces another one, and withdrawing twice changes nothing."""
    answered, withdrawn = suggest(db, amender, line.id), suggest(db, amender, line.id)
    with db.writing() as tx:
        reject_amendment(tx, author, answered.id, NO)
        withdraw_amendment(tx, amender, withdrawn.id)
        withdraw_amendment(tx, amender, withdrawn.id)
    before = count_rows(db)

    for amendment in (answered, withdrawn):
        with pytest.raises(Conflict, match="already"), db.writing() as tx:
            accept_amendment(tx, author, amendment.id, version_form(line))
        with pytest.raises(Conflict, match="already"), db.writing() as tx:
            reject_amendment(tx, author, amendment.id, NO)
    with pytest.raises(Conflict, match="already"), db.writing() as tx:
        withdraw_amendment(tx, amender, answered.id)

    assert count_rows(db) == before
    assert read(db, line.id).version_number == 1


def test_a_text_that_is_fixed_takes_no_amendments(
    db: Database, line: ProposalLine, author: Actor, amender: Actor
) -> None:
    """Ensure proposals on a ballot and withdrawn ones are neither amended nor changed."""
    amendment = suggest(db, amender, line.id)
    with db.writing() as tx:
        withdraw_proposal(tx, author, line.id)
    make_poll(db, line.deliberation_id)
    with db.reading() as reader:
        on_ballot = list_proposals(reader, line.deliberation_id)[0]
    before = count_rows(db)

    for fixed, words in ((line, "withdrawn"), (on_ballot, "stands on a ballot")):
        with pytest.raises(Conflict, match=words), db.writing() as tx:
            suggest_amendment(tx, amender, fixed.id, amendment_form(fixed))
    with pytest.raises(Conflict, match="withdrawn"), db.writing() as tx:
        accept_amendment(tx, author, amendment.id, version_form(line))

    assert count_rows(db) == before
    assert state_of(db, amendment) is AmendmentState.OPEN


def test_amendments_are_for_others_and_answers_for_the_author(
    db: Database, clock: FakeClock, line: ProposalLine, author: Actor, amender: Actor
) -> None:
    """Ensure each act is refused to everybody else, and to everybody after closing."""
    amendment, other = suggest(db, amender, line.id), make_person(db)
    form, before = amendment_form(line), count_rows(db)

    with pytest.raises(Invalid, match="Nothing changed"), db.writing() as tx:
        suggest_amendment(tx, amender, line.id, amendment_form(line, body=line.body))
    for person in (author, VISITOR):
        with pytest.raises(Refused), db.writing() as tx:
            suggest_amendment(tx, person, line.id, form)
    for person in (amender, other, VISITOR):
        with pytest.raises(Refused), db.writing() as tx:
            accept_amendment(tx, person, amendment.id, version_form(line))
        with pytest.raises(Refused), db.writing() as tx:
            reject_amendment(tx, person, amendment.id, NO)
    for person in (author, other):
        with pytest.raises(Refused), db.writing() as tx:
            withdraw_amendment(tx, person, amendment.id)
    clock.advance(days=31)
    with pytest.raises(Refused, match="not open"), db.writing() as tx:
        accept_amendment(tx, author, amendment.id, version_form(line))
    with pytest.raises(Refused, match="not open"), db.writing() as tx:
        suggest_amendment(tx, amender, line.id, form)

    assert count_rows(db) == before


def test_one_rendering_of_the_form_makes_one_amendment(
    db: Database, line: ProposalLine, amender: Actor
) -> None:
    """Ensure a double click or a retry is no second suggestion."""
    form = amendment_form(line, submission_key=str(uuid.uuid4()))

    for _ in range(2):
        with db.writing() as tx:
            suggest_amendment(tx, amender, line.id, form)

    with db.reading() as reader:
        assert len(list_amendments(reader, line.id)) == 1
