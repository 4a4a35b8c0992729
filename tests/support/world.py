"""One forum in which everything exists at once: rows in every table, a thing for every address."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from deliberate.actions.counting import count_poll
from deliberate.actions.curation import accept_question, split_question
from deliberate.actions.people import start_sign_in
from deliberate.actions.proposals import make_proposal, rate_proposal
from deliberate.actions.summaries import publish_summary, save_summary
from deliberate.domain.forum import OutputKind
from deliberate.domain.levels import ConsensusLevel
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.domain.positions import Position, Rating
from deliberate.inputs.contributions import NewProposal, NewRating
from deliberate.inputs.curation import QuestionSplit
from deliberate.inputs.summaries import SummaryDraft
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, list_outputs, list_points, list_questions
from deliberate.storage.polls import Poll
from deliberate.storage.proposals import find_proposal
from deliberate.storage.throttles import seconds_to_wait
from tests import factories
from tests.support.clock import FakeClock
from tests.support.world_amendments import add_amendments
from tests.support.world_arguments import add_arguments
from tests.support.world_ballots import add_reason
from tests.support.world_curation import newest_act
from tests.support.world_gardening import add_tended
from tests.support.world_imports import leave_drafts
from tests.support.world_mail import add_following, add_mail
from tests.support.world_moderation import add_moderation
from tests.support.world_onboarding import add_onboarding
from tests.support.world_polls import count_in_room, doubt_polls
from tests.support.world_portfolio import label_things
from tests.support.world_process import add_process
from tests.support.world_proposals import add_proposal_drafts
from tests.support.world_reading import leave_traces
from tests.support.world_recastings import add_recastings
from tests.support.world_review import add_reviews
from tests.support.world_sponsors import add_sponsors
from tests.support.world_writing import add_writing

VISITOR = "visitor"
SIGNED_IN = ("stakeholder", "mag_member", "facilitator", "secretariat")
ROLES = (VISITOR, *SIGNED_IN)
REASON = "Because the two halves are answered by different people."


@dataclass(frozen=True)
class World:
    """The people by role, and the ids that stand in addresses, by name."""

    people: Mapping[str, Actor]
    ids: Mapping[str, int | str]

    def address(self, template: str) -> str:
        """An address with the ids filled in."""
        return template.format_map(self.ids)


def make_world(db: Database, clock: FakeClock) -> World:
    """A session whose discussion has ended in a summary, and one that is being discussed.

    The clock moves eight days. The stakeholder wrote a comment and a proposal that can be taken
    back, and has voted in the open poll.
    """
    people = {
        role: factories.make_person(db, role=None if role == "stakeholder" else Role(role))
        for role in SIGNED_IN
    }
    curator, voter = people["mag_member"], people["stakeholder"]
    earlier = _session(db, curator, "Lamps in the harbour", 76)
    done = factories.make_deliberation(db, earlier, days=7)
    counted = factories.make_poll(db, done.id, hours=24)
    _vote(db, counted, voter)
    waiting = _split(db, curator, earlier)
    answered = factories.make_deliberation(db, earlier, 7, OutputKind.CALL_TO_ACTION)
    _respond(db, answered, voter)
    clock.advance(days=8)
    with db.writing() as tx:
        count_poll(tx, counted.id)
    ids: dict[str, int | str] = {
        "question": waiting,
        "closed_poll": counted.id,
        "closed": answered.id,
        "closed_point": _point(db, answered),
    }
    ids |= _summarise(db, people["facilitator"], done)
    ids |= _open_things(db, people)
    ids |= add_reviews(db, people, ids)
    ids |= leave_drafts(db, curator)
    ids |= add_onboarding(db)
    ids |= add_writing(db, people, ids)
    ids |= add_mail(db)
    add_following(db, ids)
    ids |= add_arguments(db, people, int(ids["open"]))
    ids |= add_tended(db, people, int(ids["open"]), int(ids["output_deliberation"]))
    ids |= add_moderation(db, people, int(ids["open"]))
    ids |= add_proposal_drafts(db, voter, int(ids["open"]))
    ids |= add_amendments(db, voter, int(ids["proposal"]), int(ids["open"]))
    ids |= add_sponsors(db, voter, int(ids["proposal"]), int(ids["open"]))
    ids |= add_recastings(db, people, int(ids["open"]))
    add_reason(db, int(ids["open_poll"]))
    count_in_room(db, int(ids["open_poll"]))
    doubt_polls(db, int(ids["closed_poll"]), int(ids["open_poll"]))
    _leave_traces(db, voter)
    label_things(db, people, ids)
    add_process(db, curator, int(ids["accepted"]), int(ids["open"]))
    leave_traces(db, people["facilitator"], int(ids["open"]), int(ids["comment"]))
    return World(people, {**ids, "person": voter.id or 0, "slug": earlier.slug})


def _session(db: Database, curator: Actor, title: str, number: int) -> ForumSession:
    page = factories.PAGE.replace("Lanterns on the network", title).replace("#77", f"#{number}")
    return factories.make_session(db, curator, page)


def _vote(db: Database, poll: Poll, voter: Actor) -> None:
    """Ballots of three groups, two of them large enough to be shown."""
    factories.vote(db, poll.id, voter, 0, 1, 2)
    for group in (StakeholderGroup.CIVIL_SOCIETY, *[StakeholderGroup.TECHNICAL] * 2):
        factories.vote(db, poll.id, factories.make_person(db, group), 2, 0)
    factories.vote(db, poll.id, factories.make_person(db, StakeholderGroup.GOVERNMENT), 1)


def _split(db: Database, curator: Actor, session: ForumSession) -> int:
    """Two questions in the place of one; they wait to be accepted."""
    with db.writing() as tx:
        question = list_questions(tx, session.id)[1]
        parts = ["Who should pay for the oil?", "Who should pay for the wicks?"]
        form = QuestionSplit(parts=parts, reason=REASON)
        return split_question(tx, curator, question.id, form)[0].id


def _respond(db: Database, deliberation: Deliberation, person: Actor) -> None:
    factories.respond(db, deliberation, person, Position.ENDORSE)
    other = factories.make_person(db, StakeholderGroup.TECHNICAL)
    factories.respond(db, deliberation, other, Position.CONTEST)


def _point(db: Database, deliberation: Deliberation) -> int:
    with db.reading() as reader:
        return list_points(reader, [deliberation.output_id or 0])[0].id


def _summarise(db: Database, facilitator: Actor, deliberation: Deliberation) -> dict[str, int]:
    form = SummaryDraft(
        body="The groups that answered want lanterns that those who light them also own.",
        level=ConsensusLevel.DIVERGENCE,
        level_reason="The groups are of different minds.",
        version=0,
    )
    with db.writing() as tx:
        summary = save_summary(tx, facilitator, deliberation.id, form)
        publish_summary(tx, facilitator, summary.id, summary.version)
        return {"summarised": deliberation.id, "summary": summary.id}


def _open_things(db: Database, people: Mapping[str, Actor]) -> dict[str, int | str]:
    """A session under discussion: a poll that takes ballots, texts to answer, texts to curate."""
    author = people["stakeholder"]
    session = _session(db, people["mag_member"], "Lanterns on the network", 77)
    deliberation = factories.make_deliberation(db, session, days=60)
    output = factories.make_deliberation(db, session, 60, OutputKind.KEY_TAKEAWAY)
    poll = factories.make_poll(db, deliberation.id, hours=24 * 10)
    factories.vote(db, poll.id, author, 1, 0)
    comment = factories.make_comment(db, deliberation.id, author)
    factories.make_comment(db, deliberation.id, parent_id=comment.id)
    _respond(db, output, author)
    with db.writing() as tx:
        accepted = list_questions(tx, session.id)[1]
        accept_question(tx, people["mag_member"], accepted.id, REASON)
        decision = newest_act(tx, people["mag_member"])
        split_later = list_outputs(tx, session.id)[1]
    return {
        "open": deliberation.id,
        "output_deliberation": output.id,
        "open_poll": poll.id,
        "comment": comment.id,
        "proposal": _proposal(db, deliberation.id, author),
        "point": _point(db, output),
        "accepted": accepted.id,
        "decision": decision,
        "output": split_later.id,
        "open_slug": session.slug,
    }


def _proposal(db: Database, deliberation_id: int, author: Actor) -> int:
    """A proposal on no ballot, with a rating by somebody else."""
    form = NewProposal(
        title="Number every lantern", body="So it can be found.", submission_key=str(uuid.uuid4())
    )
    rater = factories.make_person(db, StakeholderGroup.PRIVATE_SECTOR)
    with db.writing() as tx:
        proposal = make_proposal(tx, author, deliberation_id, form)
        tx.flush()
        line = find_proposal(tx, proposal.id)
        assert line is not None
        rating = NewRating(rating=Rating.AGREEMENT, version_id=line.version_id)
        rate_proposal(tx, rater, proposal.id, rating)
        return proposal.id


def _leave_traces(db: Database, person: Actor) -> None:
    """What a sign-in and a rate limit leave behind."""
    with db.writing() as tx:
        start_sign_in(tx, person.id or 0)
        seconds_to_wait(tx, "sign-in:account:x", 10, timedelta(minutes=15))
