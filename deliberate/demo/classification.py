"""Classifying what the two sessions left behind, and inviting those who are missing."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from deliberate.actions.balance import note_invitation
from deliberate.actions.classification import classify_output, classify_question
from deliberate.demo.calendar import Calendar
from deliberate.demo.scenario import ClassificationStep, Scenario
from deliberate.demo.stage import Event, Stage
from deliberate.domain.classification import LabelKind
from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.inputs.balance import NewInvitation
from deliberate.inputs.classification import Classifying
from deliberate.storage.forum import Output, PolicyQuestion
from deliberate.storage.labels import find_classification

INVITATION_DAY = -12
GROUP, REGION = StakeholderGroup.GOVERNMENT, RegionalGroup.ASIA_PACIFIC


def classifications(scenario: Scenario, calendar: Calendar) -> Iterator[Event]:
    """Curators label questions and outputs in the evening of a day."""
    for step in scenario.classification:
        window = calendar.at(step.day, 17), calendar.at(step.day, 18)
        moment = calendar.within(window, f"classify {step.subject}")
        yield Event(moment, partial(_classify, step))


def invitations(calendar: Calendar) -> Iterator[Event]:
    """The facilitator of the Compact's question writes to those who are missing."""
    moment = calendar.at(INVITATION_DAY, 10)
    yield Event(moment, partial(_invite, moment))


def _classify(step: ClassificationStep, stage: Stage) -> None:
    curator = stage.actors[step.curator_id]
    is_question = step.subject in stage.questions
    subject: PolicyQuestion | Output
    if is_question:
        subject = stage.tx.get_one(PolicyQuestion, stage.questions[step.subject])
    else:
        subject = stage.tx.get_one(Output, stage.outputs[step.subject])
    stored = find_classification(stage.tx, subject)
    form = Classifying(
        themes=[*stored.values(LabelKind.THEME), *step.themes],
        goals=list(step.goals),
        tags=step.tags,
        language=step.language,
        actors=list(step.actors),
        priority=step.priority,
        facilitator_id=stage.actors[step.facilitator_id].id if step.facilitator_id else None,
        reason=step.reason,
        version=stored.version,
    )
    act = classify_question if is_question else classify_output
    act(stage.tx, curator, subject.id, form)


def _invite(moment: datetime, stage: Stage) -> None:
    form = NewInvitation(
        group=GROUP,
        region=REGION,
        channel="Letter to permanent missions",
        invited=24,
        sent_on=moment.date(),
        note="Asked to pass it on to the ministries that follow the Compact.",
        submission_key=str(uuid.UUID(int=21)),
    )
    note_invitation(stage.tx, stage.actors["fac02"], stage.deliberations["main21-q3"], form)
