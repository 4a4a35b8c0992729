"""Arguments of the demonstration: what facilitators collected from comments, and set aside."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from deliberate.actions.arguments import begin_argument, choose_excerpt, waive_comments
from deliberate.actions.regrouping import mark_answered
from deliberate.demo.calendar import Calendar, submission_key
from deliberate.demo.openings import CLOSING_HOUR
from deliberate.demo.scenario import ArgumentWords, Scenario, WaivedComment
from deliberate.demo.stage import Event, Stage
from deliberate.inputs.synthesis import NewAnswer, NewArgument
from deliberate.storage.arguments import list_own_citations

HOURS_AGO = 4
"""How long ago facilitators sat down to what is still open; the last comment was before that."""


def arguments(scenario: Scenario, calendar: Calendar) -> Iterator[Event]:
    """Facilitators sort comments in one sitting: today, or right after closing."""
    for number, words in enumerate(scenario.arguments):
        moment = _sitting(scenario, calendar, words.subject) + timedelta(minutes=7 * number)
        yield Event(moment, partial(_begin, words))
    for waived in scenario.waivers:
        moment = _sitting(scenario, calendar, waived.subject) + timedelta(hours=3)
        yield Event(moment, partial(_waive, waived))


def _sitting(scenario: Scenario, calendar: Calendar, subject: str) -> datetime:
    """When the sorting of a discussion's comments begins."""
    closes = next(plan.closes for plan in scenario.openings if plan.name == subject)
    closes_at = calendar.at(closes, CLOSING_HOUR)
    if closes_at < calendar.now:
        return closes_at + timedelta(hours=1)
    return calendar.now - timedelta(hours=HOURS_AGO)


def _begin(words: ArgumentWords, stage: Stage) -> None:
    facilitator = stage.actors[words.facilitator_id]
    form = NewArgument(
        comment_ids=[stage.comments[name] for name in words.cites],
        kind=words.kind,
        text=words.text,
        submission_key=submission_key(words.id),
    )
    home = stage.deliberations[words.subject]
    argument, _ = begin_argument(stage.tx, facilitator, home, form)
    stage.arguments[words.id] = argument.id
    excerpts = {stage.comments[name]: excerpt for name, excerpt in words.cites.items()}
    for citation in list_own_citations(stage.tx, argument.id):
        choose_excerpt(stage.tx, facilitator, citation.id, excerpts[citation.comment_id])
    if words.answered_by:
        answer = NewAnswer(comment_id=stage.comments[words.answered_by])
        mark_answered(stage.tx, facilitator, argument.id, answer)


def _waive(waived: WaivedComment, stage: Stage) -> None:
    facilitator, home = stage.actors[waived.facilitator_id], stage.deliberations[waived.subject]
    waive_comments(stage.tx, facilitator, home, [stage.comments[waived.comment_id]], waived.reason)
