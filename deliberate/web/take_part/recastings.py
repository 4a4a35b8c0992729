"""Combining and splitting proposals: the forms, and the page on which authors consent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from deliberate.actions.comments import Written
from deliberate.actions.deliberations import get_page
from deliberate.actions.proposals import require_changeable
from deliberate.actions.recastings import (
    MOST_ORIGINALS,
    MOST_TEXTS,
    consent,
    decline_recasting,
    propose_recasting,
    recast,
    withdraw_recasting,
)
from deliberate.domain.errors import Invalid, NotFound
from deliberate.domain.recasting import RecastingState
from deliberate.inputs.contributions import Answer, NewRecasting, ProposalText
from deliberate.inputs.texts import LARGEST_ID
from deliberate.markdown import to_html
from deliberate.policy import Can, may, require
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.proposals import ProposalLine, list_proposals
from deliberate.storage.recastings import (
    OriginalLine,
    Recasting,
    find_recasting,
    is_any_hidden,
    list_made,
    list_originals,
)
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, new_key, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.proposal_writing import Place, get_place
from deliberate.web.throttle import limit

FIELDS = ("title", "body", "rationale")


@dataclass(frozen=True, slots=True)
class Workbench:
    """The form to recast proposals: the originals, one form for each text, and the rest."""

    place: Place
    originals: Sequence[ProposalLine]
    parts: Sequence[Form[Any]]
    form: Form[Any]

    @property
    def combines(self) -> bool:
        """Whether several become one."""
        return len(self.originals) > 1

    @property
    def asks_nobody(self) -> bool:
        """Whether the person who writes is the author of all originals."""
        return {line.author_id for line in self.originals} == {current_actor().id}

    @property
    def has_room(self) -> bool:
        """Whether there may be one more part."""
        return not self.combines and len(self.parts) < MOST_TEXTS


@dataclass(frozen=True, slots=True)
class RecastingVisit:
    """A suggested recasting for one reader; `texts` are title, body and rationale as HTML.

    There are no texts once a moderator hid one of the proposals.
    """

    page: DeliberationPage
    recasting: Recasting
    originals: Sequence[OriginalLine]
    texts: Sequence[tuple[str, Markup, Markup]]
    made: Sequence[int]
    may_answer: bool
    may_withdraw: bool

    @property
    def state(self) -> RecastingState:
        """What became of it."""
        return self.recasting.state

    @property
    def combines(self) -> bool:
        """Whether several become one."""
        return len(self.originals) > 1

    @property
    def answered_by(self) -> str:
        """The author who did not consent."""
        names = {each.author_id: each.author_name for each in self.originals}
        return names.get(self.recasting.answered_by or 0, "")


@blueprint.get("/proposals/<int(max=2147483647):proposal_id>/combination")
def combine_form(proposal_id: int) -> ResponseReturnValue:
    """Choose the proposals to combine; with these in the address, write the text they become."""
    place, proposal = _place(proposal_id)
    lines = [
        line
        for line in list_proposals(reader(), place.page.id)
        if line.stands and line.id != proposal.id
    ]
    asked = [each for each in request.args.getlist("with", type=int) if 0 < each <= LARGEST_ID]
    chosen = [proposal, *(line for line in lines if line.id in asked)][:MOST_ORIGINALS]
    _require_recast(place, chosen)
    if len(chosen) < 2:
        choices = [(str(line.id), line.title, line.author_name) for line in lines]
        asking: Form[Any] = Form({"with": []})
        return respond("take_part/combination.html", place=place, choices=choices, form=asking)
    body = "\n\n".join(line.body for line in chosen)
    rationale = "\n\n".join(line.rationale for line in chosen if line.rationale)
    part: Form[Any] = Form({"title": proposal.title, "body": body, "rationale": rationale})
    return _show_form(Workbench(place, chosen, [part], blank()))


@blueprint.get("/proposals/<int(max=2147483647):proposal_id>/split")
def split_form(proposal_id: int) -> ResponseReturnValue:
    """Write the texts that a proposal becomes."""
    place, proposal = _place(proposal_id)
    _require_recast(place, [proposal])
    number = min(max(request.args.get("parts", 2, type=int), 2), MOST_TEXTS)
    text = {name: getattr(proposal, name) for name in FIELDS}
    return _show_form(Workbench(place, [proposal], [Form(text)] * number, blank()))


@blueprint.post("/proposals/<int(max=2147483647):proposal_id>/recasting")
def create_recasting(proposal_id: int) -> ResponseReturnValue:
    """Ask the authors for their consent, or publish at once where nobody else is asked."""
    place, proposal = _place(proposal_id)
    form, parts = _read()
    lines = {line.id: line for line in list_proposals(reader(), place.page.id)}
    others = form.data.others if form.data else []
    originals = [proposal, *(lines[each] for each in others if each in lines)]
    bench = Workbench(place, originals, parts, form)
    if form.data is None or any(part.data is None for part in parts):
        _require_recast(place, originals)
        return _show_form(bench, 422)
    texts: list[ProposalText] = [part.data for part in parts if part.data is not None]
    try:
        with writing() as tx:
            limit(tx, "proposal", burst=10, minutes=60)
            made = propose_recasting(tx, current_actor(), proposal_id, form.data, texts)
            is_open = made.state is RecastingState.OPEN
    except Invalid as error:
        return _show_form(Workbench(place, originals, parts, form.reject(error)), 422)
    told = _("The authors are asked for their consent.") if is_open else _("Published.")
    flash(told, "ok")
    return see_other(f"/recastings/{made.id}")


@blueprint.get("/recastings/<int(max=2147483647):recasting_id>")
def show_recasting(recasting_id: int) -> ResponseReturnValue:
    """What is to become of which proposals, whose consent there is, and what came of it."""
    return _show(_visit(recasting_id))


@blueprint.post("/recastings/<int(max=2147483647):recasting_id>/consent")
def give_consent(recasting_id: int) -> ResponseReturnValue:
    """Consent as an author; the last consent publishes."""
    with writing() as tx:
        recasting = consent(tx, current_actor(), recasting_id)
        is_open = recasting.state is RecastingState.OPEN
    flash(_("You consent. Others have not answered yet.") if is_open else _("Published."), "ok")
    return see_other(f"/recastings/{recasting_id}")


@blueprint.post("/recastings/<int(max=2147483647):recasting_id>/refusal")
def decline(recasting_id: int) -> ResponseReturnValue:
    """Decline as an author, with a reason."""
    form = read_form(Answer, request.form)
    if form.data is None:
        visit = _visit(recasting_id)
        authors = [each.author_id for each in visit.originals]
        require(current_actor(), Can.ANSWER_RECASTING, recast(visit.page, authors))
        return _show(visit, form, 422)
    with writing() as tx:
        decline_recasting(tx, current_actor(), recasting_id, form.data)
    flash(_("Nothing changes; your reason stands beside the suggestion."), "ok")
    return see_other(f"/recastings/{recasting_id}")


@blueprint.post("/recastings/<int(max=2147483647):recasting_id>/withdrawal")
def take_back_recasting(recasting_id: int) -> ResponseReturnValue:
    """Take back what one suggested."""
    with writing() as tx:
        withdraw_recasting(tx, current_actor(), recasting_id)
    flash(_("Your suggestion is withdrawn."), "ok")
    return see_other(f"/recastings/{recasting_id}")


def _place(proposal_id: int) -> tuple[Place, ProposalLine]:
    place = get_place(proposal_id)
    assert place.proposal is not None, "the place of a proposal has one"  # noqa: S101
    return place, place.proposal


def _require_recast(place: Place, lines: Sequence[ProposalLine]) -> None:
    authors = [line.author_id for line in lines]
    require(current_actor(), Can.RECAST, recast(place.page, authors))
    require_changeable(reader(), lines[0])


def _read() -> tuple[Form[NewRecasting], list[Form[ProposalText]]]:
    """The posted form: why and of what, and each text by itself."""
    posted = MultiDict(
        (name, value) for name, value in request.form.items(True) if name not in FIELDS
    )
    form = read_form(NewRecasting, posted)
    sent = [request.form.getlist(name) for name in FIELDS]
    parts = [
        read_form(
            ProposalText,
            MultiDict([*zip(FIELDS, texts, strict=True), ("submission_key", new_key())]),
        )
        for texts in zip(*sent, strict=False)
    ]
    return form, parts[:MOST_TEXTS]


def _visit(recasting_id: int) -> RecastingVisit:
    recasting = find_recasting(reader(), recasting_id)
    if recasting is None:
        raise NotFound(_("There is no such suggestion."))
    page = get_page(reader(), recasting.deliberation_id)
    originals = list_originals(reader(), recasting_id)
    actor, is_open = current_actor(), recasting.state is RecastingState.OPEN
    shown = [] if is_any_hidden(reader(), recasting_id) else recasting.texts
    waiting = [each.author_id for each in originals if each.consented_at is None]
    written = Written(page.phase, page.opens_at, recasting.proposed_by)
    return RecastingVisit(
        page=page,
        recasting=recasting,
        originals=originals,
        texts=[(text["title"], _html(text["body"]), _html(text["rationale"])) for text in shown],
        made=list_made(reader(), recasting_id),
        may_answer=is_open and may(actor, Can.ANSWER_RECASTING, recast(page, waiting)),
        may_withdraw=is_open and may(actor, Can.WITHDRAW_RECASTING, written),
    )


def _html(text: str) -> Markup:
    return Markup(to_html(text)) if text else Markup()  # noqa: S704 - cleaned by `to_html`.


def _show(visit: RecastingVisit, form: Form[Any] | None = None, status: int = 200) -> Response:
    return respond(
        "take_part/recasting.html", status=status, visit=visit, form=form or Form({"reason": ""})
    )


def _show_form(bench: Workbench, status: int = 200) -> Response:
    if not bench.form.value("submission_key"):
        form: Form[Any] = Form(
            {**bench.form.posted, "submission_key": new_key()}, bench.form.errors
        )
        bench = Workbench(bench.place, bench.originals, bench.parts, form)
    return respond("take_part/recasting_form.html", status=status, bench=bench)
