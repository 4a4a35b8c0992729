"""Combining and splitting proposals: nothing without consent, and nothing is lost by it."""

import pytest

from deliberate.actions.proposals import rate_proposal, revise_proposal
from deliberate.actions.recastings import (
    consent,
    decline_recasting,
    propose_recasting,
    withdraw_recasting,
)
from deliberate.domain.errors import Conflict, Invalid, NotFound, Refused
from deliberate.domain.people import VISITOR, Actor, Role, StakeholderGroup
from deliberate.domain.positions import Rating
from deliberate.domain.recasting import RecastingState
from deliberate.inputs.contributions import Answer, NewRating
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.database import Database
from deliberate.storage.notices import list_notices
from deliberate.storage.proposal_story import Surroundings, read_surroundings
from deliberate.storage.proposal_versions import list_versions
from deliberate.storage.proposals import list_proposals
from deliberate.storage.recastings import Recasting, find_recasting, list_made
from tests.factories import (
    PAGE,
    make_comment,
    make_deliberation,
    make_person,
    make_poll,
    make_session,
)
from tests.support.amending import read, version_form
from tests.support.clock import FakeClock
from tests.support.recasting import new_recasting, new_texts, propose, suggest_recasting
from tests.support.rows import count_rows
from tests.support.world_sponsors import invite, sponsor

BOTH = "Oil and wicks for every lamp"


@pytest.fixture
def place(db: Database) -> int:
    """An open deliberation."""
    return make_deliberation(db).id


@pytest.fixture
def oil(db: Database) -> Actor:
    """Who proposes oil."""
    return make_person(db, StakeholderGroup.TECHNICAL, name="Olu Oil")


@pytest.fixture
def wick(db: Database) -> Actor:
    """Who proposes wicks."""
    return make_person(db, StakeholderGroup.GOVERNMENT, name="Wen Wick")


@pytest.fixture
def facilitator(db: Database) -> Actor:
    """Who shepherds proposals."""
    return make_person(db, role=Role.FACILITATOR)


@pytest.fixture
def pair(db: Database, place: int, oil: Actor, wick: Actor) -> list[int]:
    """Two proposals by two people."""
    return [
        propose(db, oil, place, "Oil for every lamp"),
        propose(db, wick, place, "Wicks for every lamp"),
    ]


def around(db: Database, proposal_id: int) -> Surroundings:
    """What stands around a proposal."""
    with db.reading() as reader:
        return read_surroundings(reader, proposal_id)


def agree(db: Database, person: Actor, recasting: Recasting) -> RecastingState:
    """Consent; how the recasting stands then."""
    with db.writing() as tx:
        return consent(tx, person, recasting.id).state


def made_by(db: Database, recasting: Recasting) -> list[int]:
    """What a recasting made."""
    with db.reading() as reader:
        return list(list_made(reader, recasting.id))


def test_a_combination_is_published_when_the_last_author_consents(
    db: Database, place: int, pair: list[int], oil: Actor, wick: Actor, facilitator: Actor
) -> None:
    """Ensure every original, supporter and rating is found from the new text, and back."""
    rater, backer = make_person(db), make_person(db, name="Bo Backer")
    make_comment(db, place, backer)
    invite(db, wick, pair[1], backer)
    sponsor(db, backer, pair[1])
    form = NewRating(rating=Rating.AGREEMENT, version_id=read(db, pair[0]).version_id)
    with db.writing() as tx:
        rate_proposal(tx, rater, pair[0], form)
    recasting = suggest_recasting(db, facilitator, pair, BOTH)

    assert agree(db, oil, recasting) is RecastingState.OPEN
    assert made_by(db, recasting) == []
    assert agree(db, wick, recasting) is RecastingState.PUBLISHED
    assert agree(db, wick, recasting) is RecastingState.PUBLISHED

    (made,) = made_by(db, recasting)
    line = read(db, made)
    assert (line.title, line.author_id, line.group) == (BOTH, oil.id, StakeholderGroup.TECHNICAL)
    kin = around(db, made)
    assert [(each.id, each.rating_count) for each in kin.kin.originals] == [
        (pair[0], 1),
        (pair[1], 0),
    ]
    assert [(each.person_id, each.group) for each in kin.sponsors] == [
        (wick.id, StakeholderGroup.GOVERNMENT)
    ]
    assert [each.person_id for each in kin.invited] == [backer.id]
    for original in pair:
        assert [each.id for each in around(db, original).kin.made] == [made]
        assert not read(db, original).stands
    assert [each.person_id for each in around(db, pair[1]).sponsors] == [backer.id]
    with db.reading() as reader:
        assert list_versions(reader, pair[0], rater.id)[0].own is Rating.AGREEMENT
        assert [each.id for each in list_proposals(reader, place)] == [made, *pair]
    run_due_jobs(db)
    with db.reading() as reader:
        kinds = [each.event.kind.value for each in list_notices(reader, rater.id or 0)[0]]
    assert kinds == ["proposal_recast"]


def test_an_author_splits_a_proposal_of_their_own_at_once(
    db: Database, place: int, oil: Actor
) -> None:
    """Ensure both parts lead back to the whole, which leads to both."""
    whole = propose(db, oil, place, "Oil and wicks for every lamp")

    form = new_recasting().model_copy(update={"submission_key": "-" * 36})
    texts = new_texts("Oil for every lamp", "Wicks for every lamp")

    for _ in range(2):
        with db.writing() as tx:
            recasting = propose_recasting(tx, oil, whole, form, texts)

    parts = made_by(db, recasting)
    assert [read(db, part).author_id for part in parts] == [oil.id, oil.id]
    assert [each.id for each in around(db, whole).kin.made] == parts
    for part in parts:
        assert [each.id for each in around(db, part).kin.originals] == [whole]
    rating = NewRating(rating=Rating.NEUTRAL, version_id=read(db, whole).version_id)
    rater, reworded = make_person(db), version_form(read(db, whole))
    with pytest.raises(Conflict, match="Another proposal was made of this one"), db.writing() as tx:
        revise_proposal(tx, oil, whole, reworded)
    with pytest.raises(Conflict), db.writing() as tx:
        rate_proposal(tx, rater, whole, rating)


def test_one_refusal_or_the_withdrawal_leaves_everything_as_it_was(
    db: Database, pair: list[int], oil: Actor, wick: Actor, facilitator: Actor
) -> None:
    """Ensure nothing is published then, the reason stays, and another try can begin."""
    declined = suggest_recasting(db, facilitator, pair, BOTH)
    agree(db, oil, declined)
    with db.writing() as tx:
        decline_recasting(tx, wick, declined.id, Answer(reason="Wicks are another matter."))
    with pytest.raises(Conflict, match="already"):
        agree(db, wick, declined)
    withdrawn = suggest_recasting(db, oil, pair, BOTH)
    with pytest.raises(Refused), db.writing() as tx:
        withdraw_recasting(tx, wick, withdrawn.id)
    for _ in range(2):
        with db.writing() as tx:
            withdraw_recasting(tx, oil, withdrawn.id)
    with pytest.raises(Conflict, match="already"):
        agree(db, wick, withdrawn)

    assert [read(db, each).stands for each in pair] == [True, True]
    with db.reading() as reader:
        kept = find_recasting(reader, declined.id)
    assert kept is not None
    assert (kept.answer, kept.answered_by) == ("Wicks are another matter.", wick.id)


def test_consent_holds_only_for_the_texts_that_were_read(
    db: Database, pair: list[int], oil: Actor, wick: Actor
) -> None:
    """Ensure a new version of an original stops what was agreed on the old one."""
    recasting = suggest_recasting(db, oil, pair, BOTH)
    with db.writing() as tx:
        revise_proposal(tx, oil, pair[0], version_form(read(db, pair[0])))

    with pytest.raises(Conflict, match="has changed since"):
        agree(db, wick, recasting)

    assert made_by(db, recasting) == []


def test_what_is_on_a_ballot_or_waits_already_is_not_recast(
    db: Database, place: int, pair: list[int], oil: Actor, wick: Actor, facilitator: Actor
) -> None:
    """Ensure texts people vote on stay, and authors are asked one thing at a time."""
    recasting = suggest_recasting(db, oil, pair, BOTH)
    with pytest.raises(Conflict, match="waits for another answer"):
        suggest_recasting(db, facilitator, pair, BOTH)
    make_poll(db, place)
    with db.reading() as reader:
        on_ballot = [line.id for line in list_proposals(reader, place) if line.id not in pair]
    before = count_rows(db)

    with pytest.raises(Conflict, match="stands on a ballot"):
        suggest_recasting(db, facilitator, on_ballot, BOTH)

    assert count_rows(db) == before
    assert agree(db, wick, recasting) is RecastingState.PUBLISHED


def test_recasting_is_for_authors_and_facilitators(
    db: Database, clock: FakeClock, pair: list[int], oil: Actor, facilitator: Actor
) -> None:
    """Ensure others are refused, also to consent, and shapes that are neither one nor the other."""
    page = PAGE.replace("Lanterns on the network", "Lamps elsewhere").replace("#77", "#76")
    other = make_session(db, page=page)
    elsewhere = propose(db, oil, make_deliberation(db, other).id, "Lamps in another city")
    recasting = suggest_recasting(db, facilitator, pair, BOTH)
    outsider, before = make_person(db), count_rows(db)

    for person in (outsider, VISITOR):
        with pytest.raises(Refused):
            suggest_recasting(db, person, pair, BOTH)
        with pytest.raises(Refused):
            agree(db, person, recasting)
    with pytest.raises(Refused):
        agree(db, facilitator, recasting)
    with pytest.raises(NotFound):
        suggest_recasting(db, oil, [pair[0], elsewhere], BOTH)
    for chosen, titles in ((pair[:1], [BOTH]), (pair, [BOTH, "And another text"])):
        form, texts = new_recasting(*chosen), new_texts(*titles)
        with pytest.raises(Invalid), db.writing() as tx:
            propose_recasting(tx, facilitator, chosen[0], form, texts)
    clock.advance(days=31)
    with pytest.raises(Refused, match="not open"):
        agree(db, oil, recasting)

    assert count_rows(db) == before
