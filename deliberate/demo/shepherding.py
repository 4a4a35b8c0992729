"""What others do with proposals: amendments, co-sponsors, and two that become one."""

from collections.abc import Iterator
from functools import partial

from deliberate.actions.amendments import accept_amendment, suggest_amendment
from deliberate.actions.proposals import make_proposal
from deliberate.actions.recastings import consent, propose_recasting
from deliberate.actions.sponsors import invite_sponsor, sponsor_proposal
from deliberate.demo.calendar import Calendar, Window, submission_key
from deliberate.demo.openings import CLOSING_HOUR, OPENING_HOUR
from deliberate.demo.records import AmendmentText, PlannedCombination
from deliberate.demo.scenario import PlannedOpening, Scenario
from deliberate.demo.stage import Event, Stage
from deliberate.inputs.contributions import (
    NewAmendment,
    NewProposal,
    NewRecasting,
    NewSponsorship,
    NewVersion,
    ProposalText,
    SponsorInviting,
)
from deliberate.storage.proposals import ProposalLine, find_proposal

# Fractions of the time for which a discussion has been open.
ORIGINALS = (0.14, 0.3)
COMBINING = (0.5, 0.6)
AMENDING = (0.35, 0.44)
SPONSORING = (0.55, 0.7)
STILL_OPEN = (0.9, 0.97)


def shepherding(scenario: Scenario, calendar: Calendar) -> Iterator[Event]:
    """Everything that others do with proposals in what has opened by now."""
    for plan in scenario.openings:
        opens_at = calendar.at(plan.opens, OPENING_HOUR)
        if plan.round == 1 and opens_at < calendar.now:
            window = calendar.lived(opens_at, calendar.at(plan.closes, CLOSING_HOUR))
            yield from _amendments(scenario, calendar, plan, window)
            yield from _sponsors(scenario, calendar, plan, window)
            yield from _combination(scenario, calendar, plan, window)


def _amendments(
    scenario: Scenario, calendar: Calendar, plan: PlannedOpening, window: Window
) -> Iterator[Event]:
    authors = {text.id: text.author_id for text in scenario.proposals_on(plan.subject)}
    for text in scenario.shepherding.amendments:
        if text.proposal_id in authors:
            turn = AMENDING if text.is_accepted else STILL_OPEN
            moment = calendar.within(window, text.note, *turn)
            yield Event(moment, partial(_amend, text, authors[text.proposal_id]))


def _sponsors(
    scenario: Scenario, calendar: Calendar, plan: PlannedOpening, window: Window
) -> Iterator[Event]:
    for text in scenario.proposals_on(plan.subject):
        for guest in scenario.shepherding.sponsors.get(text.id, ()):
            moment = calendar.within(window, f"{guest} behind {text.id}", *SPONSORING)
            yield Event(moment, partial(_sponsor, text.author_id, text.id, guest))


def _combination(
    scenario: Scenario, calendar: Calendar, plan: PlannedOpening, window: Window
) -> Iterator[Event]:
    planned = scenario.shepherding.combination
    if planned.subject == plan.subject:
        for number in range(len(planned.originals)):
            moment = calendar.within(window, planned.originals[number].title, *ORIGINALS)
            yield Event(moment, partial(_propose, planned, number))
        moment = calendar.within(window, planned.title, *COMBINING)
        yield Event(moment, partial(_combine, planned))


def _read(stage: Stage, proposal_id: str) -> ProposalLine:
    line = find_proposal(stage.tx, stage.proposals[proposal_id])
    assert line is not None, "a proposal has a version"  # noqa: S101
    return line


def _amend(text: AmendmentText, author_id: str, stage: Stage) -> None:
    line = _read(stage, text.proposal_id)
    fields = {
        "title": line.title,
        "body": f"{line.body}{text.text}",
        "rationale": line.rationale,
        "note": text.note,
        "version": line.version_number,
        "submission_key": submission_key(text.note),
    }
    amender, form = stage.actors[text.author_id], NewAmendment.model_validate(fields)
    amendment = suggest_amendment(stage.tx, amender, line.id, form)
    if text.is_accepted:
        accepted = NewVersion.model_validate(fields)
        made = accept_amendment(stage.tx, stage.actors[author_id], amendment.id, accepted)
        stage.versions[text.proposal_id] = made.id


def _sponsor(author_id: str, proposal_id: str, guest_id: str, stage: Stage) -> None:
    line, guest = _read(stage, proposal_id), stage.actors[guest_id]
    invitation = SponsorInviting(handle=f"@{guest.name}")
    invite_sponsor(stage.tx, stage.actors[author_id], line.id, invitation)
    form = NewSponsorship(version_id=line.version_id)
    sponsor_proposal(stage.tx, guest, line.id, form)


def _propose(planned: PlannedCombination, number: int, stage: Stage) -> None:
    text = planned.originals[number]
    key = submission_key(text.title)
    form = NewProposal(title=text.title, body=text.text, submission_key=key)
    home = stage.deliberations[planned.subject]
    made = make_proposal(stage.tx, stage.actors[text.author_id], home, form)
    stage.proposals[text.title] = made.id


def _combine(planned: PlannedCombination, stage: Stage) -> None:
    first, *others = (stage.proposals[text.title] for text in planned.originals)
    form = NewRecasting(
        others=others, reason=planned.reason, submission_key=submission_key(planned.title)
    )
    text = ProposalText(
        title=planned.title,
        body=planned.text,
        rationale=planned.rationale,
        submission_key=submission_key(planned.rationale),
    )
    facilitator = stage.actors[planned.facilitator_id]
    recasting = propose_recasting(stage.tx, facilitator, first, form, [text])
    for original in planned.originals:
        consent(stage.tx, stage.actors[original.author_id], recasting.id)
