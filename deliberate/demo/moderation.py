"""Moderation of the demonstration: reports, acts of both facilitators, and what still waits."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from deliberate.actions.appeals import appeal_hiding
from deliberate.actions.comments import add_comment
from deliberate.actions.flags import flag_item
from deliberate.actions.moderation import hide_item, keep_item, release_item
from deliberate.actions.premoderation import set_premoderation
from deliberate.demo.calendar import Calendar, submission_key
from deliberate.demo.scenario import ModeratedText, Report, Scenario
from deliberate.demo.stage import Event, Stage
from deliberate.domain.moderation import ItemKind
from deliberate.inputs.contributions import NewComment
from deliberate.inputs.moderation import (
    Hiding,
    Keeping,
    NewAppeal,
    NewFlag,
    Premoderation,
    Releasing,
)
from deliberate.storage.moderation import list_acts

PREMODERATED = "main21-q3"
REASON = "Many comments that only linked elsewhere came in one night."
REPORTED_AFTER = timedelta(minutes=25)
ACTED_AFTER = timedelta(hours=2)
APPEALED_AFTER = timedelta(hours=5)


def moderation(scenario: Scenario, calendar: Calendar) -> Iterator[Event]:
    """One discussion is pre-moderated; texts are written, reported, dealt with and appealed."""
    yield Event(calendar.now - timedelta(hours=50), _premoderate)
    for text in scenario.moderated:
        begins = calendar.now - timedelta(hours=text.hours_ago)
        if text.proposal_id is None:
            yield Event(begins, partial(_write, text))
        for number, report in enumerate(text.reports, start=1):
            yield Event(begins + number * REPORTED_AFTER, partial(_report, text, report))
        if text.act:
            yield Event(begins + ACTED_AFTER, partial(_act, text))
        if text.appeal:
            yield Event(begins + APPEALED_AFTER, partial(_appeal, text))


def _premoderate(stage: Stage) -> None:
    form = Premoderation(on=True, words=REASON)
    home = stage.deliberations[PREMODERATED]
    set_premoderation(stage.tx, stage.actors["fac02"], home, form)


def _write(text: ModeratedText, stage: Stage) -> None:
    form = NewComment(body=text.text, submission_key=submission_key(text.id))
    author, home = stage.actors[text.author_id], stage.deliberations[text.subject]
    stage.comments[text.id] = add_comment(stage.tx, author, home, form).id


def _item(text: ModeratedText, stage: Stage) -> tuple[ItemKind, int]:
    if text.proposal_id is not None:
        return ItemKind.PROPOSAL, stage.proposals[text.proposal_id]
    return ItemKind.COMMENT, stage.comments[text.id]


def _report(text: ModeratedText, report: Report, stage: Stage) -> None:
    form = NewFlag(rule=report.rule, note=report.note)
    flag_item(stage.tx, stage.actors[report.person_id], *_item(text, stage), form)


def _act(text: ModeratedText, stage: Stage) -> None:
    moderator, (kind, item_id) = stage.actors[text.moderator_id], _item(text, stage)
    if text.rule is not None:
        hiding = Hiding(seen=0, rule=text.rule, words=text.words)
        hide_item(stage.tx, moderator, kind, item_id, hiding)
    elif text.act == "keep":
        keep_item(stage.tx, moderator, kind, item_id, Keeping(seen=0, words=text.words))
    else:
        release_item(stage.tx, moderator, kind, item_id, Releasing(seen=0, version=1))


def _appeal(text: ModeratedText, stage: Stage) -> None:
    kind, item_id = _item(text, stage)
    hiding, _none = list_acts(stage.tx, kind, [item_id])[0]
    form = NewAppeal(act_id=hiding.id, text=text.appeal)
    appeal_hiding(stage.tx, stage.actors[text.author_id], kind, item_id, form)
