"""Summaries of the demonstration: drafts, and editions with their figures frozen."""

from collections.abc import Iterator
from functools import partial

from deliberate.actions.summaries import publish_summary, save_summary
from deliberate.demo.calendar import Calendar
from deliberate.demo.scenario import Scenario, SummaryText
from deliberate.demo.stage import Event, Stage
from deliberate.inputs.summaries import SummaryDraft
from deliberate.storage.summaries import find_summary_of

SAVING_HOUR, PUBLISHING_HOUR = 11, 15


def summaries(scenario: Scenario, calendar: Calendar) -> Iterator[Event]:
    """Every summary is saved, and most are published a day later."""
    for text in scenario.summaries:
        saved_at = calendar.at(text.saved, SAVING_HOUR)
        yield Event(saved_at, partial(_save, text))
        if text.published is not None:
            published_at = calendar.at(text.published, PUBLISHING_HOUR)
            yield Event(published_at, partial(_publish, text))


def _save(text: SummaryText, stage: Stage) -> None:
    form = SummaryDraft(
        body=stage.resolve("\n\n".join(text.body)),
        minority_views=stage.resolve("\n\n".join(text.minority_views)),
        level=text.level,
        level_reason=text.level_reason,
        version=0,
    )
    facilitator = stage.actors[text.facilitator_id]
    save_summary(stage.tx, facilitator, stage.deliberations[text.subject], form)


def _publish(text: SummaryText, stage: Stage) -> None:
    summary = find_summary_of(stage.tx, stage.deliberations[text.subject])
    assert summary is not None, "what is published was saved before"  # noqa: S101
    publish_summary(stage.tx, stage.actors[text.facilitator_id], summary.id, summary.version)
