"""The MAG's review in the demonstration: scores, a conflict, suggestions, a sign-off."""

from collections.abc import Iterator
from functools import partial

import sqlalchemy as sa

from deliberate.actions.conflicts import declare_for_session
from deliberate.actions.reviews import score_question, send_to_review
from deliberate.actions.sign_offs import ask_for_sign_off, draft_fingerprint, sign_off
from deliberate.actions.suggestions import answer_suggestion, suggest_question
from deliberate.demo.calendar import Calendar, submission_key
from deliberate.demo.scenario import ReviewStep, Scenario
from deliberate.demo.stage import Event, Stage
from deliberate.domain.people import Actor
from deliberate.inputs.review import NewReview, NewSignOff, NewSuggestion, SuggestionAnswer
from deliberate.storage.forum import PolicyQuestion
from deliberate.storage.suggestions import Suggestion
from deliberate.storage.summaries import Summary, find_summary_of

FIRST_HOUR = 16
"""After the curators' afternoon, so that what is reviewed was imported and what is signed saved."""


def review(scenario: Scenario, calendar: Calendar) -> Iterator[Event]:
    """What members and participants did around the review, in the order of the scenario."""
    for number, step in enumerate(scenario.review):
        window = calendar.at(step.day, FIRST_HOUR), calendar.at(step.day, FIRST_HOUR + 3)
        first = number / len(scenario.review)
        moment = calendar.within(window, f"{step.act} {step.subject}", first, first)
        yield Event(moment, partial(_do, step))


def _do(step: ReviewStep, stage: Stage) -> None:
    actor = stage.actors[step.person_id]
    match step.act:
        case "stand_aside":
            declare_for_session(stage.tx, actor, _session_of(step, stage), step.text)
        case "refer":
            send_to_review(stage.tx, actor, stage.questions[step.subject])
        case "score":
            form = NewReview(score=step.score, note=step.text)
            score_question(stage.tx, actor, stage.questions[step.subject], form)
        case "suggest" | "answer":
            _suggest_or_answer(step, actor, stage)
        case _:
            _sign_off(step, actor, stage)


def _suggest_or_answer(step: ReviewStep, actor: Actor, stage: Stage) -> None:
    session_id = _session_of(step, stage)
    if step.act == "suggest":
        key = submission_key(f"{step.person_id} suggests for {step.subject}")
        form = NewSuggestion(text=step.text, reason=step.reason, submission_key=key)
        suggest_question(stage.tx, actor, session_id, form)
        return
    found = sa.select(Suggestion.id).where(Suggestion.session_id == session_id)
    suggestion_id = stage.tx.scalars(found.order_by(Suggestion.id)).all()[0]
    answer = SuggestionAnswer.model_validate({"verdict": step.verdict, "answer": step.text})
    answer_suggestion(stage.tx, actor, suggestion_id, answer)


def _sign_off(step: ReviewStep, actor: Actor, stage: Stage) -> None:
    summary = _summary_of(step, stage)
    if step.act == "ask":
        ask_for_sign_off(stage.tx, actor, summary.id)
    else:
        assert step.stance is not None, "the scenario names one"  # noqa: S101
        form = NewSignOff(stance=step.stance, text=step.text, draft=draft_fingerprint(summary))
        sign_off(stage.tx, actor, summary.id, form)


def _session_of(step: ReviewStep, stage: Stage) -> int:
    """The session of a scenario's prefix, found through its first question."""
    return stage.tx.get_one(PolicyQuestion, stage.questions[f"{step.subject}-q1"]).session_id


def _summary_of(step: ReviewStep, stage: Stage) -> Summary:
    summary = find_summary_of(stage.tx, stage.deliberations[step.subject])
    assert summary is not None, "what is signed off was saved before"  # noqa: S101
    return summary
