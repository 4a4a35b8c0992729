"""Answering amendments: accept, reject, let one stand as a proposal of its own, withdraw it."""

from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.amendments import (
    accept_amendment,
    make_alternative,
    reject_amendment,
    withdraw_amendment,
)
from deliberate.actions.proposals import require_changeable
from deliberate.domain.differences import merge_prose
from deliberate.domain.errors import Conflict, Invalid
from deliberate.inputs.contributions import Answer, NewVersion
from deliberate.policy import Can, require
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other
from deliberate.web.take_part.amendments import AmendmentVisit, show, visit_amendment
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.proposal_writing import StoredText, compare
from deliberate.web.throttle import limit

TEXTS = ("title", "body", "rationale")


@blueprint.get("/amendments/<int(max=2147483647):amendment_id>/acceptance")
def look_before_accepting(amendment_id: int) -> ResponseReturnValue:
    """The text that accepting an amendment would publish, which can still be edited."""
    visit = visit_amendment(amendment_id)
    _require_answerable(visit)
    if visit.refusals:
        require_changeable(reader(), visit.proposal)
    return _show_form(visit, _filled(visit))


@blueprint.post("/amendments/<int(max=2147483647):amendment_id>/acceptance")
def accept(amendment_id: int) -> ResponseReturnValue:
    """Publish the version; when the text has changed since it was shown, show both texts."""
    form = read_form(NewVersion, request.form)
    if form.data is None:
        visit = visit_amendment(amendment_id)
        _require_answerable(visit)
        return _show_form(visit, form, status=422)
    try:
        with writing() as tx:
            limit(tx, "proposal", burst=10, minutes=60)
            version = accept_amendment(tx, current_actor(), amendment_id, form.data)
    except Invalid as error:
        return _show_form(visit_amendment(amendment_id), form.reject(error), status=422)
    except Conflict as error:
        visit = visit_amendment(amendment_id)
        number = visit.proposal.version_number
        if not visit.is_open or number == form.data.version:
            raise
        told = {"": f"{_(error.title)} {_(error.advice)}"}
        mine: Form[Any] = Form({**form.posted, "version": str(number)}, told)
        return _show_form(visit, mine, status=409)
    flash(_("Version %(number)d is published.", number=version.number), "ok")
    return see_other(f"/proposals/{version.proposal_id}")


@blueprint.post("/amendments/<int(max=2147483647):amendment_id>/rejection")
def reject(amendment_id: int) -> ResponseReturnValue:
    """Reject an amendment with a public reason."""
    form = read_form(Answer, request.form)
    if form.data is None:
        visit = visit_amendment(amendment_id)
        _require_answerable(visit)
        return show(visit, form, status=422)
    with writing() as tx:
        reject_amendment(tx, current_actor(), amendment_id, form.data)
    flash(_("The amendment is rejected; your reason stands beside it."), "ok")
    return see_other(f"/amendments/{amendment_id}")


@blueprint.post("/amendments/<int(max=2147483647):amendment_id>/alternative")
def let_stand(amendment_id: int) -> ResponseReturnValue:
    """Publish the amended text as a proposal of whoever suggested it."""
    with writing() as tx:
        limit(tx, "proposal", burst=10, minutes=60)
        proposal = make_alternative(tx, current_actor(), amendment_id)
    flash(_("The amended text stands as a proposal of its own."), "ok")
    return see_other(f"/proposals/{proposal.id}")


@blueprint.post("/amendments/<int(max=2147483647):amendment_id>/withdrawal")
def withdraw_suggestion(amendment_id: int) -> ResponseReturnValue:
    """Withdraw one's own amendment; it stays readable."""
    with writing() as tx:
        withdraw_amendment(tx, current_actor(), amendment_id)
    flash(_("Your amendment is withdrawn. Its text stays readable."), "ok")
    return see_other(f"/amendments/{amendment_id}")


def _require_answerable(visit: AmendmentVisit) -> None:
    """Raise `Refused` or `Conflict` where the actor cannot answer the amendment."""
    if not visit.may_answer:
        require(current_actor(), Can.ANSWER_AMENDMENT, visit.place.backed)
        raise Conflict(_("This amendment was answered or withdrawn already."))


def _filled(visit: AmendmentVisit) -> Form[Any]:
    """The amended text; joined with what changed in the proposal since, where that is possible."""
    texts = {
        name: merge_prose(
            getattr(visit.base, name), getattr(visit.proposal, name), getattr(visit.amendment, name)
        )
        for name in TEXTS
    }
    is_clean = all(text is not None for text in texts.values())
    told = "" if is_clean else _("Both changed the same lines. Join the two texts below.")
    number = str(visit.proposal.version_number)
    filled = {
        name: text if text is not None else getattr(visit.amendment, name)
        for name, text in texts.items()
    }
    form = blank(**filled, note=visit.amendment.note, version=number)
    return Form(form.posted, {"": told} if told else {})


def _show_form(visit: AmendmentVisit, form: Form[Any], status: int = 200) -> Response:
    """The form; where the text has changed since the amendment, with what stands now."""
    number = visit.proposal.version_number
    theirs = StoredText(_("Version %(number)d, as it stands", number=number), visit.proposal)
    return respond(
        "take_part/amendment_acceptance.html",
        status=status,
        visit=visit,
        form=form,
        theirs=theirs if visit.is_outdated else None,
        since=compare(visit.base, visit.proposal) if visit.is_outdated else None,
    )
