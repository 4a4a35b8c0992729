"""Proposals published, reworded and put to the vote by processes at the same moment."""

import uuid
from collections import Counter
from datetime import timedelta

from deliberate.actions.proposal_drafts import keep_draft
from deliberate.domain.people import Actor, Role
from deliberate.domain.weighting import Scheme
from deliberate.inputs.contributions import (
    DraftedProposal,
    DraftPublication,
    NewProposal,
    NewVersion,
)
from deliberate.inputs.polls import NewPoll
from deliberate.storage.database import Database, now
from deliberate.storage.people import find_actor
from deliberate.storage.polls import list_options, list_polls
from deliberate.storage.proposal_drafts import find_own_draft
from deliberate.storage.proposal_versions import list_texts, list_versions
from deliberate.storage.proposals import ProposalLine, find_proposal, list_proposals
from tests.factories import make_deliberation, make_person, make_proposals
from tests.races.proposers import publish, put_to_vote, revise
from tests.races.voters import take_part
from tests.support.clock import FakeClock
from tests.support.processes import run_together

PROCESSES = 4


def rewording(number: int, version: int = 1) -> NewVersion:
    """Another wording of a proposal, from a tab of its own."""
    return NewVersion(
        title=f"A wording from tab number {number}",
        body="What we would do now.",
        note="It says more clearly who does it.",
        version=version,
        submission_key=str(uuid.uuid4()),
    )


def author_of(db: Database, line: ProposalLine) -> Actor:
    """Who wrote a proposal."""
    with db.reading() as reader:
        actor = find_actor(reader, line.author_id)
    assert actor is not None
    return actor


def test_tabs_that_reword_one_proposal_leave_one_new_version(
    db: Database, database_url: str, clock: FakeClock
) -> None:
    """Ensure the others are told of it and nothing is written over."""
    deliberation = make_deliberation(db)
    make_proposals(db, deliberation.id, 1)
    with db.reading() as reader:
        (line,) = list_proposals(reader, deliberation.id)
    author = author_of(db, line)

    told = run_together(
        revise,
        [(database_url, clock, author, line.id, rewording(n)) for n in range(PROCESSES)],
    )

    changed = "This proposal was changed in the meantime."
    assert Counter(told) == {"revised": 1, changed: PROCESSES - 1}
    with db.reading() as reader:
        assert [each.number for each in list_versions(reader, line.id)] == [1, 2]
        (second,) = list_texts(reader, line.id, [2])
    assert second.title == f"A wording from tab number {told.index('revised')}"


def test_a_ballot_holds_the_version_that_was_current(
    db: Database, database_url: str, clock: FakeClock
) -> None:
    """Ensure that whichever comes first, the ballot and the proposal say the same for good."""
    deliberation = make_deliberation(db)
    made = make_proposals(db, deliberation.id, 2)
    with db.reading() as reader:
        line = list_proposals(reader, deliberation.id)[0]
        form = NewPoll(
            title="Which proposal should come first?",
            closes_at=now(reader) + timedelta(days=1),
            proposal_ids=[proposal.id for proposal in made],
            primary_scheme=Scheme.PARTICIPANT,
            minimum=2,
        )
    author, facilitator = author_of(db, line), make_person(db, role=Role.FACILITATOR)

    told = run_together(
        take_part,
        [
            (put_to_vote, database_url, clock, facilitator, deliberation.id, form),
            *((revise, database_url, clock, author, line.id, rewording(n)) for n in range(3)),
        ],
    )

    with db.reading() as reader:
        current = find_proposal(reader, line.id)
        assert current is not None
        (poll,) = list_polls(reader, deliberation.id)
        option = next(each for each in list_options(reader, poll.id) if each.title == current.title)
        frozen = {each["proposal"]: each for each in poll.frozen["options"]}[line.id]
    assert told[0] == "opened"
    assert option.version_id == current.version_id
    assert (frozen["version"], frozen["title"], frozen["text"], frozen["rationale"]) == (
        current.version_number,
        current.title,
        current.body,
        current.rationale,
    )
    late = revise(
        database_url, clock, author, line.id, rewording(9, version=current.version_number)
    )
    assert late == "This proposal stands on a ballot."


def test_a_draft_published_by_several_at_once_is_one_proposal(
    db: Database, database_url: str, clock: FakeClock
) -> None:
    """Ensure a double click and a retry after a timeout lead to one and the same proposal."""
    deliberation, author = make_deliberation(db), make_person(db)
    text = {
        "title": "Number every lantern",
        "body": "So it can be found.",
        "submission_key": str(uuid.uuid4()),
    }
    with db.writing() as tx:
        drafted = DraftedProposal.model_validate(text)
        draft = keep_draft(tx, author, drafted, deliberation_id=deliberation.id)
    form = DraftPublication(saved=draft.version, submission_key=text["submission_key"])
    shared = (database_url, clock, author, draft.id, form, NewProposal.model_validate(text))

    published = run_together(publish, [shared] * PROCESSES)

    with db.reading() as reader:
        (line,) = list_proposals(reader, deliberation.id)
        assert find_own_draft(reader, draft.id, author.id) is None
    assert published == [line.id] * PROCESSES
