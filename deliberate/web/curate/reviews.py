"""The review: the queue, one question with its scores, sending to review and back."""

from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from deliberate.actions.forum import get_session
from deliberate.actions.reviews import (
    score_question,
    send_all_to_review,
    send_to_review,
    take_back_from_review,
    withdraw_score,
)
from deliberate.domain.review import reading_order
from deliberate.inputs.review import NewReview
from deliberate.policy import Can, require
from deliberate.storage.reviews import list_queue_ids, list_queue_lines
from deliberate.web.curate.acts import slug_of
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.review_pages import needs_in_words, own_form, review_page, rules
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, read_form
from deliberate.web.login import current_actor
from deliberate.web.paging import asked_page
from deliberate.web.render import respond, see_other

QUESTIONS_A_PAGE = 20


@blueprint.get("/review")
def show_queue() -> ResponseReturnValue:
    """Questions in review: those still to score first, in an order of this reviewer's own."""
    actor = current_actor()
    require(actor, Can.CURATE)
    found = list_queue_ids(reader(), actor.id or 0)
    waiting = [question_id for question_id, is_scored in found if not is_scored]
    scored = [question_id for question_id, is_scored in found if is_scored]
    order = reading_order(actor.id or 0, waiting) + reading_order(actor.id or 0, scored)
    number = asked_page()
    start = (number - 1) * QUESTIONS_A_PAGE
    shown = order[start : start + QUESTIONS_A_PAGE]
    return respond(
        "curate/queue.html",
        lines=list_queue_lines(reader(), actor.id or 0, shown),
        waiting=len(waiting),
        total=len(found),
        page=number,
        has_more=len(order) > start + QUESTIONS_A_PAGE,
    )


@blueprint.get("/questions/<int:question_id>/review")
def show_review(question_id: int) -> ResponseReturnValue:
    """One question with the criteria, one's own score, and the others' after it."""
    return _show(question_id)


@blueprint.post("/questions/<int:question_id>/review")
def score(question_id: int) -> ResponseReturnValue:
    """Give one's score, or change it."""
    form = read_form(NewReview, request.form)
    if form.data is None:
        return _show(question_id, form, 422)
    with writing() as tx:
        score_question(tx, current_actor(), question_id, form.data)
    flash(_("Your score is saved. You see the others' now."), "ok")
    return see_other(f"/questions/{question_id}/review#scores")


@blueprint.post("/questions/<int:question_id>/review/withdrawal")
def withdraw_own_score(question_id: int) -> ResponseReturnValue:
    """Take one's score back."""
    with writing() as tx:
        withdraw_score(tx, current_actor(), question_id)
    flash(_("Your score is withdrawn. The others' are hidden again."), "ok")
    return see_other(f"/questions/{question_id}/review")


@blueprint.post("/questions/<int:question_id>/referral")
def refer(question_id: int) -> ResponseReturnValue:
    """Send one question to review."""
    with writing() as tx:
        question = send_to_review(tx, current_actor(), question_id)
    flash(_("The question is in review. All members of the MAG find it in their queue."), "ok")
    return see_other(f"/sessions/{slug_of(question.session_id)}/curation#question-{question_id}")


@blueprint.post("/questions/<int:question_id>/referral/withdrawal")
def take_back(question_id: int) -> ResponseReturnValue:
    """End the review of a question without a result."""
    with writing() as tx:
        question = take_back_from_review(tx, current_actor(), question_id)
    flash(_("The question is back from review. Scores given so far are kept."), "ok")
    return see_other(f"/sessions/{slug_of(question.session_id)}/curation#question-{question_id}")


@blueprint.post("/sessions/<slug>/referrals")
def refer_all(slug: str) -> ResponseReturnValue:
    """Send every new question of a session to review."""
    require(current_actor(), Can.CURATE)
    session = get_session(reader(), slug)
    with writing() as tx:
        count = len(send_all_to_review(tx, current_actor(), session.id))
    flash(
        ngettext(
            "%(num)d question is in review now.", "%(num)d questions are in review now.", count
        ),
        "ok",
    )
    return see_other(f"/sessions/{slug}/curation#questions")


def _show(question_id: int, form: Form[Any] | None = None, status: int = 200) -> Response:
    view = review_page(question_id, rules())
    shown = form or own_form(view)
    missing = needs_in_words(view.missing) if view.missing else None
    return respond("curate/review.html", "review", status, view=view, form=shown, missing=missing)
