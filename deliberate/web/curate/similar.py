"""Questions of all sessions that ask much the same, compared and merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.actions.curation import merge_questions
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.forum import QuestionState
from deliberate.inputs.curation import QuestionMerger
from deliberate.policy import Can, require
from deliberate.storage.forum import ForumSession, PolicyQuestion, find_question
from deliberate.storage.lineage import list_opened
from deliberate.storage.similar import SimilarQuestion, list_similar
from deliberate.web.curate.acts import carry_out, say, show_stale, slug_of
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.uploads import in_words
from deliberate.web.database import reader
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other

MOST = 20
"""So many likely twins are shown; of these up to nine can be merged with the question."""


@dataclass(frozen=True, slots=True)
class Twins:
    """A question with its likely twins; `opened` are the discussions on them by question."""

    question: PolicyQuestion
    session: ForumSession
    similar: Sequence[SimilarQuestion]
    opened: dict[int, int]

    @property
    def is_curable(self) -> bool:
        """Whether it can still be merged."""
        is_there = self.question.state is not QuestionState.REPLACED
        return is_there and self.question.id not in self.opened

    @property
    def mergeable(self) -> Sequence[SimilarQuestion]:
        """The twins that can still be merged."""
        return [each for each in self.similar if each.id not in self.opened]

    @property
    def shown(self) -> list[str]:
        """The versions of all questions on the page, as the form carries them."""
        own = f"{self.question.id}:{self.question.version}"
        return [own, *(f"{each.id}:{each.version}" for each in self.similar)]


@blueprint.get("/questions/<int:question_id>/similar")
def show_similar(question_id: int) -> ResponseReturnValue:
    """The question, what is much the same in all sessions, and a form to merge them."""
    twins = _twins(question_id)
    return _show(twins, blank(text=twins.question.text, question_ids=[str(question_id)]), 200)


@blueprint.post("/questions/<int:question_id>/merger")
def merge_across(question_id: int) -> ResponseReturnValue:
    """Replace the question and its twins by one, which belongs to the question's session."""
    question = _question(question_id)
    slug = slug_of(question.session_id)
    form = read_form(QuestionMerger, request.form)
    if form.data is None:
        return _again(question_id, slug, form)

    def act(tx: Session, data: QuestionMerger) -> str:
        return f"question-{merge_questions(tx, current_actor(), data, question_id).id}"

    try:
        anchor, decision = carry_out(act, form.data)
    except Invalid as error:
        return _again(question_id, slug, form.reject(error))
    except Conflict as error:
        return _again(question_id, slug, form, error)
    say(slug, _("The questions are merged. The new one waits for you."), decision)
    return see_other(f"/sessions/{slug}/curation#{anchor}")


def _question(question_id: int) -> PolicyQuestion:
    require(current_actor(), Can.CURATE)
    question = find_question(reader(), question_id)
    if question is None:
        raise NotFound("There is no such question.")
    return question


def _twins(question_id: int) -> Twins:
    question = _question(question_id)
    # The question itself is the first to be found.
    found = list_similar(reader(), question.text, limit=MOST + 1)
    similar = [each for each in found if each.id != question_id][:MOST]
    return Twins(
        question=question,
        session=reader().get_one(ForumSession, question.session_id),
        similar=similar,
        opened=list_opened(reader(), [question_id, *(each.id for each in similar)]),
    )


def _again(question_id: int, slug: str, form: Form[Any], error: Conflict | None = None) -> Response:
    """The form with what was typed; after a conflict with how the questions read now."""
    twins = _twins(question_id)
    if not twins.is_curable:
        return show_stale(slug, f"question-{question_id}-merger", form, error)
    if error is None:
        return _show(twins, form, 422)
    return _show(twins, Form({**form.posted, "shown": twins.shown}, {"text": in_words(error)}), 409)


def _show(twins: Twins, form: Form[Any], status: int) -> Response:
    return respond("curate/similar.html", "similar", status, twins=twins, form=form)
