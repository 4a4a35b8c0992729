"""Amendments to proposals: suggesting one, reading it, and all there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from deliberate.actions.amendments import suggest_amendment
from deliberate.actions.comments import Written
from deliberate.actions.proposals import authored, require_changeable
from deliberate.domain.amendments import AmendmentState
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.inputs.contributions import NewAmendment
from deliberate.markdown import to_html
from deliberate.policy import Can, may, require
from deliberate.storage.amendments import (
    AMENDMENTS_A_PAGE,
    Amendment,
    AmendmentLine,
    find_amendment,
    find_amendment_line,
    list_amendments,
)
from deliberate.storage.proposal_versions import list_texts
from deliberate.storage.proposals import ProposalLine, ProposalVersion
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, read_form
from deliberate.web.login import current_actor
from deliberate.web.paging import asked_page
from deliberate.web.render import respond, see_other
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.proposal_writing import (
    Changes,
    Place,
    StoredText,
    compare,
    get_place,
    text_form,
)
from deliberate.web.throttle import limit


@dataclass(frozen=True, slots=True)
class AmendmentVisit:
    """An amendment for one reader: what it changes, what came of it, and what they may do.

    `refusals` say why whoever may answer cannot accept it now.
    """

    place: Place
    proposal: ProposalLine
    base: ProposalVersion
    amendment: Amendment
    line: AmendmentLine
    changes: Changes
    body: Markup
    may_answer: bool
    may_withdraw: bool
    may_stand: bool
    refusals: Sequence[str]

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.line.state is AmendmentState.OPEN

    @property
    def is_outdated(self) -> bool:
        """Whether the proposal has another text by now."""
        return self.proposal.version_number != self.line.base_number


@blueprint.get("/proposals/<int(max=2147483647):proposal_id>/amendments")
def show_amendments(proposal_id: int) -> ResponseReturnValue:
    """Every amendment to a proposal, those that wait for an answer first."""
    place, proposal = _place(proposal_id)
    if proposal.is_hidden:
        return redirect(place.back)
    page, size = asked_page(), AMENDMENTS_A_PAGE
    lines = list_amendments(reader(), proposal_id, offset=(page - 1) * size, limit=size + 1)
    return respond(
        "take_part/amendments.html",
        place=place,
        lines=lines[:size],
        newer=page - 1 or None,
        older=page + 1 if len(lines) > size else None,
    )


@blueprint.get("/proposals/<int(max=2147483647):proposal_id>/amendments/new")
def new_amendment(proposal_id: int) -> ResponseReturnValue:
    """The form to suggest a change, with the text as it stands."""
    place, proposal = _place(proposal_id)
    require(current_actor(), Can.AMEND, place.authored)
    require_changeable(reader(), proposal)
    return _show_form(place, text_form(proposal))


@blueprint.post("/proposals/<int(max=2147483647):proposal_id>/amendments")
def create_amendment(proposal_id: int) -> ResponseReturnValue:
    """Suggest a change; when the text has changed meanwhile, both texts are shown."""
    place, proposal = _place(proposal_id)
    form = read_form(NewAmendment, request.form)
    if form.data is None:
        require(current_actor(), Can.AMEND, place.authored)
        return _show_form(place, form, status=422)
    try:
        with writing() as tx:
            limit(tx, "amendment", burst=10, minutes=60)
            made = suggest_amendment(tx, current_actor(), proposal_id, form.data)
    except Invalid as error:
        return _show_form(place, form.reject(error), status=422)
    except Conflict as error:
        place, proposal = _place(proposal_id)
        if proposal.version_number == form.data.version:
            raise
        return _show_both(place, proposal, form, error)
    flash(_("Your amendment is published. Whoever wrote the proposal is told."), "ok")
    return see_other(f"/amendments/{made.id}")


@blueprint.get("/amendments/<int(max=2147483647):amendment_id>")
def show_amendment(amendment_id: int) -> ResponseReturnValue:
    """An amendment: what it changes, why, and what came of it."""
    return show(visit_amendment(amendment_id))


def show(
    visit: AmendmentVisit, form: Form[Any] | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page of an amendment; `form` is a rejection that is not finished.

    What a moderator hid is not shown here either: the proposal's page says why.
    """
    if visit.proposal.is_hidden:
        return redirect(visit.place.back)
    if visit.line.is_made_hidden:
        return redirect(f"/proposals/{visit.line.made_proposal_id}")
    return respond(
        "take_part/amendment.html", status=status, visit=visit, form=form or Form({"reason": ""})
    )


def visit_amendment(amendment_id: int) -> AmendmentVisit:
    """Everything on the page of an amendment for the current reader."""
    amendment = find_amendment(reader(), amendment_id)
    line = find_amendment_line(reader(), amendment_id)
    if amendment is None or line is None:
        raise NotFound(_("There is no such amendment."))
    place, proposal = _place(amendment.proposal_id)
    (base,) = list_texts(reader(), proposal.id, [line.base_number])
    actor, page, is_open = current_actor(), place.page, line.state is AmendmentState.OPEN
    own = Written(page.phase, page.opens_at, line.author_id)
    may_answer = is_open and may(actor, Can.ANSWER_AMENDMENT, place.backed)
    may_stand = line.state in (AmendmentState.OPEN, AmendmentState.REJECTED)
    return AmendmentVisit(
        place=place,
        proposal=proposal,
        base=base,
        amendment=amendment,
        line=line,
        changes=compare(base, amendment),
        body=Markup(to_html(amendment.body)),  # noqa: S704 - cleaned by `to_html`.
        may_answer=may_answer,
        may_withdraw=is_open and may(actor, Can.WITHDRAW_AMENDMENT, own),
        may_stand=may_stand and may(actor, Can.MAKE_ALTERNATIVE, authored(page, line.author_id)),
        refusals=_refusals(proposal) if may_answer else (),
    )


def _show_both(place: Place, proposal: ProposalLine, form: Form[Any], error: Conflict) -> Response:
    """What somebody sent in the form, and above it the text that was published meanwhile."""
    heading = _("Version %(number)d, published in the meantime", number=proposal.version_number)
    mine: Form[Any] = Form(
        {**form.posted, "version": str(proposal.version_number)},
        {"": f"{_(error.title)} {_(error.advice)}"},
    )
    return _show_form(place, mine, StoredText(heading, proposal), status=409)


def _place(proposal_id: int) -> tuple[Place, ProposalLine]:
    place = get_place(proposal_id)
    assert place.proposal is not None, "the place of a proposal has one"  # noqa: S101
    return place, place.proposal


def _refusals(proposal: ProposalLine) -> Sequence[str]:
    """Why the text cannot change now; empty when it can."""
    try:
        require_changeable(reader(), proposal)
    except Conflict as error:
        return error.title, error.advice
    return ()


def _show_form(
    place: Place,
    form: Form[Any],
    theirs: StoredText | None = None,
    *,
    status: int = 200,
) -> Response:
    return respond(
        "take_part/amendment_form.html", status=status, place=place, form=form, theirs=theirs
    )
