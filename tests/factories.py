"""People, sessions, deliberations and polls for tests, made through the product's own actions."""

import uuid
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.ballots import cast_ballot
from deliberate.actions.comments import add_comment
from deliberate.actions.curation import accept_question
from deliberate.actions.deliberations import open_output, open_question
from deliberate.actions.forum import Upload, import_session
from deliberate.actions.passwords import hash_password
from deliberate.actions.people import add_person
from deliberate.actions.polls import open_poll
from deliberate.actions.proposals import make_proposal
from deliberate.actions.responses import respond_to_point
from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Actor, RegionalGroup, Role, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.domain.weighting import Scheme
from deliberate.importing import read_page
from deliberate.inputs.ballots import CastBallot
from deliberate.inputs.contributions import NewComment, NewProposal, NewResponse
from deliberate.inputs.curation import Opening
from deliberate.inputs.people import Registration
from deliberate.inputs.polls import NewPoll
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database, now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, list_outputs, list_points, list_questions
from deliberate.storage.people import Person, find_actor
from deliberate.storage.polls import Poll, list_all_polls, list_options
from deliberate.storage.proposals import Proposal
from deliberate.storage.voters import Voter

PASSWORD = "a long pass phrase"
PASSWORD_HASH = hash_password(PASSWORD)
PAGE = """IGF 2024 WS #77 Lanterns on the network

Monday, 16th December, 2024 (09:00 UTC) - Monday, 16th December, 2024 (10:00 UTC)
Room 3

Organizer 1: Civil Society, African Group
Speaker 1: Ada Example, Government, African Group
Speaker 2: Bo Example, Technical Community, Asia-Pacific Group

Policy Question(s)
1. How should public lanterns be connected to community networks?
2. Who should pay for the oil that keeps the lanterns burning?

Key Takeaways
Lanterns are used more when the people who light them also own them.

Call to Action
Cities should publish where every lantern stands. Operators should share repair records.
"""
_numbers = count(1)
_REGIONS = dict.fromkeys(StakeholderGroup, RegionalGroup.AFRICA) | {
    StakeholderGroup.INTERGOVERNMENTAL: RegionalGroup.INTERGOVERNMENTAL
}


def make_person(
    db: Database,
    group: StakeholderGroup = StakeholderGroup.CIVIL_SOCIETY,
    role: Role | None = None,
    name: str | None = None,
    email: str | None = None,
    organisation: str | None = None,
    *,
    is_late: bool = False,
) -> Actor:
    """Somebody with an account whose password is `PASSWORD`, as an actor.

    Unless `is_late`, they are on the lists of voters as if they had been there before the polls.
    """
    number = next(_numbers)
    form = Registration(
        name=name or f"Person {number}",
        email=email or f"person{number}@example.org",
        password=PASSWORD,
        stakeholder_group=group,
        regional_group=_REGIONS[group],
        organisation=organisation,
    )
    with db.writing() as tx:
        person = add_person(tx, form, PASSWORD_HASH, role)
        actor = find_actor(tx, person.id)
        if role is None and not is_late:
            enrol(tx, person)
    assert actor is not None
    return actor


def enrol(tx: Session, person: Person) -> None:
    """Put a person on the list of voters of every poll that is not counted."""
    for poll in list_all_polls(tx):
        if poll.closed_at is None and person.stakeholder_group.value in poll.frozen["groups"]:
            tx.add(
                Voter(
                    poll_id=poll.id,
                    person_id=person.id,
                    group=person.stakeholder_group,
                    region=person.regional_group,
                    organisation=person.organisation,
                    is_confirmed=False,
                )
            )


def make_session(db: Database, mag_member: Actor | None = None, page: str = PAGE) -> ForumSession:
    """A forum session with two questions, a takeaway and a call, as imported."""
    curator = mag_member or make_person(db, role=Role.MAG_MEMBER)
    with db.writing() as tx:
        return import_session(tx, curator, read_page(page), Upload("page.txt", page))[0]


def make_deliberation(
    db: Database,
    session: ForumSession | None = None,
    days: int = 30,
    output: OutputKind | None = None,
    **opening: Any,
) -> Deliberation:
    """An open deliberation on a session's first question, or on its first output of a kind."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    session = session or make_session(db, curator)
    with db.writing() as tx:
        form = Opening(closes_at=now(tx) + timedelta(days=days), **opening)
        if output is not None:
            first = next(each for each in list_outputs(tx, session.id) if each.kind is output)
            return open_output(tx, curator, first.id, form)
        question = list_questions(tx, session.id)[0]
        accept_question(tx, curator, question.id, "A good question to begin with.")
        return open_question(tx, curator, question.id, form)


def make_comment(
    db: Database, deliberation_id: int, author: Actor | None = None, **fields: Any
) -> Comment:
    """A comment, with a text of its own unless one is given."""
    writer = author or make_person(db)
    values = {"body": f"Remark {next(_numbers)}", "submission_key": str(uuid.uuid4())} | fields
    with db.writing() as tx:
        return add_comment(tx, writer, deliberation_id, NewComment(**values))


def make_proposals(db: Database, deliberation_id: int, number: int = 3) -> list[Proposal]:
    """Several proposals of one author."""
    author = make_person(db)
    made = []
    for _ in range(number):
        form = NewProposal(
            title=f"Proposal number {next(_numbers)}",
            body="What we would do, and why.",
            submission_key=str(uuid.uuid4()),
        )
        with db.writing() as tx:
            made.append(make_proposal(tx, author, deliberation_id, form))
    return made


def make_poll(
    db: Database, deliberation_id: int | None = None, hours: float = 24, minimum: int = 2
) -> Poll:
    """An open poll that ranks three proposals."""
    subject = deliberation_id or make_deliberation(db).id
    chosen = make_proposals(db, subject)
    facilitator = make_person(db, role=Role.FACILITATOR)
    with db.writing() as tx:
        form = NewPoll(
            title="Which proposal should come first?",
            closes_at=now(tx) + timedelta(hours=hours),
            proposal_ids=[proposal.id for proposal in chosen],
            primary_scheme=Scheme.PARTICIPANT,
            minimum=minimum,
        )
        return open_poll(tx, facilitator, subject, form)


def vote(db: Database, poll_id: int, voter: Actor, *places: int) -> str:
    """Cast a ballot that ranks the options at these places (0 is the first); the receipt's code."""
    with db.writing() as tx:
        options = [option.id for option in list_options(tx, poll_id)]
        ranks = {options[place]: rank for rank, place in enumerate(places, start=1)}
        form = CastBallot(marks=ranks, submission_key=str(uuid.uuid4()))
        return cast_ballot(tx, voter, poll_id, form).code


def respond(
    db: Database, deliberation: Deliberation, person: Actor, position: Position, reason: str = ""
) -> None:
    """Give one person's position on the first point of an output's deliberation."""
    given = reason or ("Because of what I have seen." if position.asks_reason else "")
    with db.writing() as tx:
        assert deliberation.output_id is not None
        point = list_points(tx, [deliberation.output_id])[0]
        respond_to_point(tx, person, point.id, NewResponse(position=position, reason=given))
