"""What participants write and answer: proposals, comments, ratings, responses."""

from collections.abc import Iterator, Sequence
from functools import partial

from deliberate.actions.comments import add_comment
from deliberate.actions.proposal_drafts import keep_draft
from deliberate.actions.proposals import make_proposal, rate_proposal, revise_proposal
from deliberate.actions.responses import respond_to_point
from deliberate.demo.calendar import Calendar, Window, share, submission_key
from deliberate.demo.openings import CLOSING_HOUR, OPENING_HOUR
from deliberate.demo.scenario import (
    CommentText,
    DraftText,
    GivenRating,
    Participant,
    PlannedOpening,
    PointAnswers,
    ProposalText,
    Scenario,
    VersionText,
)
from deliberate.demo.stage import Event, Stage
from deliberate.domain.people import Role, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.inputs.contributions import (
    DraftedProposal,
    NewComment,
    NewProposal,
    NewRating,
    NewResponse,
    NewVersion,
)
from deliberate.storage.proposals import find_proposal

# Fractions of the time for which a discussion has been open.
PROPOSING = (0.01, 0.12)
REVISING = (0.45, 0.5)
DRAFTING = (0.95, 0.99)
COMMENTING = (0.13, 0.995)
RATING = (0.2, 0.99)
RESPONDING = (0.02, 0.99)


def contributions(scenario: Scenario, calendar: Calendar) -> Iterator[Event]:
    """Everything written and answered in what has opened by now."""
    for plan in scenario.openings:
        opens_at = calendar.at(plan.opens, OPENING_HOUR)
        if opens_at < calendar.now:
            window = calendar.lived(opens_at, calendar.at(plan.closes, CLOSING_HOUR))
            yield from _proposals(scenario, calendar, plan, window)
            yield from _wordings(scenario, calendar, plan, window)
            yield from _comments(scenario, calendar, plan, window)
            yield from _ratings(scenario, calendar, plan, window)
            yield from _responses(scenario, calendar, plan, window)


def _proposals(
    scenario: Scenario, calendar: Calendar, plan: PlannedOpening, window: Window
) -> Iterator[Event]:
    texts = scenario.proposals_on(plan.subject)
    for number, text in enumerate(texts):
        moment = calendar.within(window, text.id, *_turn(PROPOSING, number, len(texts)))
        yield Event(moment, partial(_propose, text))


def _wordings(
    scenario: Scenario, calendar: Calendar, plan: PlannedOpening, window: Window
) -> Iterator[Event]:
    """Second versions, for which half of the people rate again, and what is still a draft."""
    own = {text.id: text.author_id for text in scenario.proposals_on(plan.subject)}
    for version in scenario.versions:
        if version.proposal_id in own:
            moment = calendar.within(window, f"{version.proposal_id} again", *REVISING)
            yield Event(moment, partial(_revise, own[version.proposal_id], version))
    for draft in scenario.drafts:
        if draft.question_id == plan.name:
            moment = calendar.within(window, draft.title, *DRAFTING)
            yield Event(moment, partial(_draft, draft))


def _comments(
    scenario: Scenario, calendar: Calendar, plan: PlannedOpening, window: Window
) -> Iterator[Event]:
    texts = scenario.comments_on(plan.subject)
    for number, text in enumerate(texts):
        moment = calendar.within(window, text.id, *_turn(COMMENTING, number, len(texts)))
        yield Event(moment, partial(_comment, plan.subject, text))


def _ratings(
    scenario: Scenario, calendar: Calendar, plan: PlannedOpening, window: Window
) -> Iterator[Event]:
    own = {text.id for text in scenario.proposals_on(plan.subject)}
    for given in scenario.ratings:
        if given.proposal_id in own:
            name = f"{given.participant_id} rates {given.proposal_id}"
            moment = calendar.within(window, name, *RATING)
            yield Event(moment, partial(_rate, given))


def _responses(
    scenario: Scenario, calendar: Calendar, plan: PlannedOpening, window: Window
) -> Iterator[Event]:
    for answers in scenario.answers:
        if answers.output_id == plan.subject:
            point = f"{answers.output_id}-{answers.point}"
            for person_id, form in assign_positions(scenario, answers):
                moment = calendar.within(window, f"{person_id} on {plan.subject}", *RESPONDING)
                yield Event(moment, partial(_respond, point, person_id, form))


def assign_positions(
    scenario: Scenario, answers: PointAnswers
) -> Iterator[tuple[str, NewResponse]]:
    """Who of each group takes which position, so that the group's numbers come out right.

    On all points of an output the same people come first, so that who endorses one point is
    likely to endorse another. Of those left over, the first of civil society finds the text
    unclear and the first of government takes no position; everybody else stays silent. Every
    reason for a position is used before one is used again.
    """
    given: dict[Position, int] = {}
    reasons = next(
        each
        for each in scenario.reasons
        if (each.output_id, each.point) == (answers.output_id, answers.point)
    )
    for group, numbers in answers.groups.items():
        positions = [
            *[Position.ENDORSE] * numbers.endorse,
            *[Position.PARTLY] * numbers.partly,
            *[Position.CONTEST] * numbers.contest,
            *_LEFT_OVER.get(group, ()),
        ]
        for person, position in zip(_members(scenario, group, answers), positions, strict=False):
            reason = ""
            if position.asks_reason:
                words = reasons.of(position)
                reason = words[given.setdefault(position, 0) % len(words)]
                given[position] += 1
            yield person.id, NewResponse(position=position, reason=reason)


_LEFT_OVER: dict[StakeholderGroup, Sequence[Position]] = {
    StakeholderGroup.CIVIL_SOCIETY: [Position.UNCLEAR],
    StakeholderGroup.GOVERNMENT: [Position.NO_POSITION],
}


def _members(
    scenario: Scenario, group: StakeholderGroup, answers: PointAnswers
) -> list[Participant]:
    own = [
        person
        for person in scenario.participants
        if person.stakeholder_group is group and person.role is Role.STAKEHOLDER
    ]
    return sorted(own, key=lambda person: share(f"{person.id} {answers.output_id}"))


def _turn(part: tuple[float, float], number: int, of: int) -> tuple[float, float]:
    """The stretch of a part in which the thing with this number falls, each its own."""
    first, last = part
    width = (last - first) / of
    return first + number * width, first + (number + 0.9) * width


def _propose(text: ProposalText, stage: Stage) -> None:
    form = NewProposal(title=text.title, body=text.text, submission_key=submission_key(text.id))
    deliberation_id = stage.deliberations[text.question_id]
    made = make_proposal(stage.tx, stage.actors[text.author_id], deliberation_id, form)
    line = find_proposal(stage.tx, made.id)
    assert line is not None, "a proposal has a first version"  # noqa: S101
    stage.proposals[text.id], stage.versions[text.id] = made.id, line.version_id


def _revise(author_id: str, text: VersionText, stage: Stage) -> None:
    form = NewVersion(
        title=text.title,
        body=text.text,
        rationale=text.rationale,
        note=text.note,
        version=1,
        submission_key=submission_key(f"{text.proposal_id} again"),
    )
    proposal_id = stage.proposals[text.proposal_id]
    made = revise_proposal(stage.tx, stage.actors[author_id], proposal_id, form)
    stage.versions[text.proposal_id] = made.id


def _draft(text: DraftText, stage: Stage) -> None:
    key = submission_key(f"{text.author_id} {text.title}")
    form = DraftedProposal(title=text.title, body=text.text, submission_key=key)
    deliberation_id = stage.deliberations[text.question_id]
    keep_draft(stage.tx, stage.actors[text.author_id], form, deliberation_id=deliberation_id)


def _comment(subject: str, text: CommentText, stage: Stage) -> None:
    form = NewComment(
        body=text.text,
        kind=text.stance,
        parent_id=stage.comments[text.parent_id] if text.parent_id else None,
        proposal_id=stage.proposals[text.proposal_id] if text.proposal_id else None,
        submission_key=submission_key(text.id),
    )
    author = stage.actors[text.author_id]
    made = add_comment(stage.tx, author, stage.deliberations[subject], form)
    stage.comments[text.id] = made.id


def _rate(given: GivenRating, stage: Stage) -> None:
    form = NewRating(rating=given.rating, version_id=stage.versions[given.proposal_id])
    proposal_id = stage.proposals[given.proposal_id]
    rate_proposal(stage.tx, stage.actors[given.participant_id], proposal_id, form)


def _respond(point: str, person_id: str, form: NewResponse, stage: Stage) -> None:
    respond_to_point(stage.tx, stage.actors[person_id], stage.points[point], form)
