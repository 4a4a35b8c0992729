"""Importing the two sessions and curating what they leave behind."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from deliberate.actions.archive import archive
from deliberate.actions.curation import (
    accept_question,
    decline_question,
    merge_questions,
    reword_question,
    split_output,
    split_question,
)
from deliberate.actions.forum import Upload, import_session
from deliberate.actions.undoing import list_undoable, subject_of, undo_decision
from deliberate.demo.calendar import Calendar
from deliberate.demo.scenario import CurationStep, Page, Scenario
from deliberate.demo.stage import Event, Stage
from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Actor
from deliberate.importing import read_page
from deliberate.inputs.curation import (
    OutputSplit,
    QuestionMerger,
    QuestionSplit,
    Rewording,
)
from deliberate.storage.forum import PolicyQuestion, list_outputs, list_questions

IMPORT_DAY = -39
_SHORT = {OutputKind.KEY_TAKEAWAY: "kt", OutputKind.CALL_TO_ACTION: "cta"}


def imports(scenario: Scenario, calendar: Calendar) -> Iterator[Event]:
    """Both session pages are read and stored."""
    for hour, page in enumerate(scenario.pages):
        moment = calendar.at(IMPORT_DAY, hour)
        yield Event(moment, partial(_import, page))


def curation(scenario: Scenario, calendar: Calendar) -> Iterator[Event]:
    """Curators work in the afternoon, some minutes on each question."""
    for step in scenario.curation:
        window = calendar.at(step.day, 14), calendar.at(step.day, 16)
        moment = calendar.within(window, f"{step.act} {step.subject}")
        yield Event(moment, partial(_curate, step))


def _import(page: Page, stage: Stage) -> None:
    upload = Upload(page.name, page.text, is_demo=True)
    curator = stage.actors[page.curator_id]
    session, _ = import_session(stage.tx, curator, read_page(page.text, page.name), upload)
    for question in list_questions(stage.tx, session.id):
        stage.questions[f"{page.prefix}-q{question.position}"] = question.id
    for output in list_outputs(stage.tx, session.id):
        stage.outputs[f"{page.prefix}-{_SHORT[output.kind]}{output.position}"] = output.id


def _curate(step: CurationStep, stage: Stage) -> None:
    ACTS[step.act](step, stage, stage.actors[step.curator_id])


def _accept(step: CurationStep, stage: Stage, curator: Actor) -> None:
    accept_question(stage.tx, curator, stage.questions[step.subject], step.reason)


def _decline(step: CurationStep, stage: Stage, curator: Actor) -> None:
    decline_question(stage.tx, curator, stage.questions[step.subject], step.reason)


def _reword(step: CurationStep, stage: Stage, curator: Actor) -> None:
    question_id = stage.questions[step.subject]
    version = stage.tx.get_one(PolicyQuestion, question_id).version
    wording = Rewording(text=step.text, reason=step.reason, version=version)
    reword_question(stage.tx, curator, question_id, wording)


def _split(step: CurationStep, stage: Stage, curator: Actor) -> None:
    form = QuestionSplit(parts=list(step.parts), reason=step.reason)
    parts = split_question(stage.tx, curator, stage.questions[step.subject], form)
    for number, part in enumerate(parts, start=1):
        stage.questions[f"{step.subject}-{number}"] = part.id


def _merge(step: CurationStep, stage: Stage, curator: Actor) -> None:
    first, *others = (stage.questions[name] for name in (step.subject, *step.others))
    form = QuestionMerger(question_ids=[first, *others], text=step.text, reason=step.reason)
    merged = merge_questions(stage.tx, curator, form, begun_from=first)
    stage.questions[f"{step.subject}+"] = merged.id


def _undo(step: CurationStep, stage: Stage, curator: Actor) -> None:
    question = stage.tx.get_one(PolicyQuestion, stage.questions[step.subject])
    possible = list_undoable(stage.tx, question.session_id).values()
    last = [each.id for each in possible if subject_of(each) == ("question", question.id)]
    undo_decision(stage.tx, curator, last[-1], step.reason)


def _split_output(step: CurationStep, stage: Stage, curator: Actor) -> None:
    parts = OutputSplit(parts=list(step.parts), reason=step.reason)
    split_output(stage.tx, curator, stage.outputs[step.subject], parts)


def _archive(step: CurationStep, stage: Stage, curator: Actor) -> None:
    archive(stage.tx, curator, stage.deliberations[step.subject], step.reason)


ACTS: Mapping[str, Callable[[CurationStep, Stage, Actor], None]] = {
    "accept": _accept,
    "decline": _decline,
    "reword": _reword,
    "split": _split,
    "merge": _merge,
    "undo": _undo,
    "split_output": _split_output,
    "archive": _archive,
}
"""What each word of the scenario does."""
