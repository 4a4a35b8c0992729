"""Opening questions and outputs to everybody: the short way, or after designing the process."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from deliberate.actions.deliberations import open_output, open_question
from deliberate.actions.designs import find_subject, save_design
from deliberate.demo.calendar import Calendar
from deliberate.demo.scenario import PlannedDesign, PlannedOpening, Scenario
from deliberate.demo.stage import Event, Stage
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.weighting import Scheme
from deliberate.inputs.curation import Opening
from deliberate.inputs.process import Freezing, ProcessForm
from deliberate.storage.forum import list_points

OPENING_HOUR, CLOSING_HOUR = 9, 18
DESIGNING_HOUR = 8
"""A process is designed in the hour before it opens, or before it is announced."""


def openings(scenario: Scenario, calendar: Calendar) -> Iterator[Event]:
    """Questions and outputs open at nine, or are announced to open later."""
    for plan in scenario.openings:
        day = plan.opens if plan.announced is None else plan.announced
        if plan.design is None:
            form = Opening(
                opens_at=calendar.at(plan.opens, OPENING_HOUR),
                closes_at=calendar.at(plan.closes, CLOSING_HOUR),
            )
            yield Event(calendar.at(day, OPENING_HOUR), partial(_open, plan, form))
            continue
        design = _as_form(plan, plan.design, calendar)
        yield Event(calendar.at(day, DESIGNING_HOUR), partial(_design, plan, design))
        if not plan.is_draft:
            fixed = Freezing(version=1, reason=plan.reason)
            yield Event(calendar.at(day, OPENING_HOUR), partial(_open, plan, fixed))


def _as_form(plan: PlannedOpening, design: PlannedDesign, calendar: Calendar) -> ProcessForm:
    """The form that a curator would have sent."""

    def at(day: int | None, hour: int) -> datetime | None:
        return None if day is None else calendar.at(day, hour)

    return ProcessForm(
        template=design.template,
        opens_at=at(plan.opens, OPENING_HOUR),
        closes_at=at(plan.closes, CLOSING_HOUR),
        proposals_close_at=at(design.proposals_close, CLOSING_HOUR),
        poll_opens_at=at(design.poll_opens, OPENING_HOUR),
        poll_closes_at=at(design.poll_closes, CLOSING_HOUR),
        poll_title=design.poll_title,
        groups=list(StakeholderGroup.registrable()),
        schemes=list(Scheme),
        primary_scheme=design.scheme,
        quorum=design.quorum,
    )


def _design(plan: PlannedOpening, form: ProcessForm, stage: Stage) -> None:
    subject = find_subject(stage.tx, **_ids(plan, stage))
    save_design(stage.tx, stage.actors[plan.curator_id], subject, form)


def _open(plan: PlannedOpening, form: Opening | Freezing, stage: Stage) -> None:
    curator, ids = stage.actors[plan.curator_id], _ids(plan, stage)
    if "question_id" in ids:
        opened = open_question(stage.tx, curator, ids["question_id"], form)
    else:
        opened = open_output(stage.tx, curator, ids["output_id"], form)
        for point in list_points(stage.tx, [ids["output_id"]]):
            stage.points[f"{plan.subject}-{point.position}"] = point.id
    stage.deliberations[plan.name] = opened.id


def _ids(plan: PlannedOpening, stage: Stage) -> dict[str, int]:
    if plan.subject in stage.questions:
        return {"question_id": stage.questions[plan.subject]}
    return {"output_id": stage.outputs[plan.subject]}
