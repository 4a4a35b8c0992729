"""Writing a proposal or a new version: the form, the draft that is kept, the look before it."""

from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from deliberate.actions.deliberations import get_page
from deliberate.actions.proposal_drafts import (
    discard_draft,
    find_published,
    keep_draft,
    publish_draft,
)
from deliberate.actions.proposals import require_changeable
from deliberate.domain.errors import Conflict, DomainError, Invalid, NotFound, Refused
from deliberate.inputs.contributions import DraftedProposal, DraftPublication
from deliberate.inputs.texts import LARGEST_ID
from deliberate.policy import Can, require
from deliberate.storage.proposal_drafts import ProposalDraft, find_own_draft
from deliberate.storage.proposals import find_proposal
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, new_key, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.proposal_writing import (
    Place,
    StoredText,
    check_draft,
    draft_form,
    find_same,
    get_place,
    make_preview,
    place_of_draft,
    read_text,
    stored_draft,
    text_form,
    write,
)
from deliberate.web.throttle import limit, limit_writing

FORM, PREVIEW = "take_part/proposal_form.html", "take_part/proposal_preview.html"


@blueprint.get("/deliberations/<int(max=2147483647):deliberation_id>/proposals/new")
def new_proposal(deliberation_id: int) -> ResponseReturnValue:
    """The form for a proposal; `from` fills it with the text of another of the discussion."""
    page = get_page(reader(), deliberation_id)
    require(current_actor(), Can.PROPOSE, page)
    return _show_form(Place(page, None), _begin(page.id))


@blueprint.get("/proposals/<int(max=2147483647):proposal_id>/versions/new")
def new_version(proposal_id: int) -> ResponseReturnValue:
    """The form for a new version, with the text as it stands."""
    place = get_place(proposal_id)
    require(current_actor(), Can.REVISE_PROPOSAL, place.authored)
    assert place.proposal is not None, "a version is one of a proposal"  # noqa: S101
    require_changeable(reader(), place.proposal)
    return _show_form(place, text_form(place.proposal))


@blueprint.post("/deliberations/<int(max=2147483647):deliberation_id>/proposals")
def create_proposal(deliberation_id: int) -> ResponseReturnValue:
    """Keep what was typed, and show it before it is published."""
    return _keep(Place(get_page(reader(), deliberation_id), None))


@blueprint.post("/proposals/<int(max=2147483647):proposal_id>/versions")
def create_version(proposal_id: int) -> ResponseReturnValue:
    """Keep a new version, and show it before it is published."""
    return _keep(get_place(proposal_id))


@blueprint.get("/proposal-drafts/<int(max=2147483647):draft_id>")
def edit_draft(draft_id: int) -> ResponseReturnValue:
    """One's own draft, to write on."""
    draft = _get_draft(draft_id)
    return _show_form(place_of_draft(draft), draft_form(draft), draft=draft)


@blueprint.get("/proposal-drafts/<int(max=2147483647):draft_id>/preview")
def preview_draft(draft_id: int) -> ResponseReturnValue:
    """How a draft will read, beside what is like it, before it is published."""
    draft = _get_draft(draft_id)
    checked = check_draft(draft)
    if checked.data is None:
        return _show_form(place_of_draft(draft), checked, draft=draft, status=422)
    place = place_of_draft(draft)
    if place.is_outdated(draft):
        return _show_form(place, checked, draft=draft, status=409)
    return _show_preview(place, draft)


@blueprint.post("/proposal-drafts/<int(max=2147483647):draft_id>/publication")
def publish(draft_id: int) -> ResponseReturnValue:
    """Publish one's own draft; a second copy of the form leads to what the first one made."""
    form = read_form(DraftPublication, request.form)
    draft = find_own_draft(reader(), draft_id, current_actor().id)
    if draft is None:
        key = form.data.submission_key if form.data else ""
        return see_other(f"/proposals/{find_published(reader(), current_actor(), key)}")
    checked = check_draft(draft)
    if form.data is None:
        return _show_preview(place_of_draft(draft), draft, status=422)
    if checked.data is None:
        return _show_form(place_of_draft(draft), checked, draft=draft, status=422)
    try:
        with writing() as tx:
            limit_writing(tx, "proposal", burst=5, minutes=60)
            proposal_id = publish_draft(tx, current_actor(), draft_id, form.data, checked.data)
    except (Conflict, Invalid, Refused) as error:
        return _show_refusal(draft_id, error)
    flash(_("Published."), "ok")
    return see_other(f"/proposals/{proposal_id}")


@blueprint.post("/proposal-drafts/<int(max=2147483647):draft_id>/removal")
def discard(draft_id: int) -> ResponseReturnValue:
    """Delete one's own draft for good."""
    with writing() as tx:
        deliberation_id = discard_draft(tx, current_actor(), draft_id)
    flash(_("The draft is deleted."), "ok")
    return see_other(f"/deliberations/{deliberation_id}#proposals")


def _begin(deliberation_id: int) -> Form[Any]:
    """An empty form, or one with the text of the proposal in the address."""
    proposal_id = request.args.get("from", 0, type=int)
    line = find_proposal(reader(), proposal_id) if 0 < proposal_id <= LARGEST_ID else None
    if line is None or line.deliberation_id != deliberation_id or line.is_hidden:
        return blank(saved="0")
    return blank(
        saved="0",
        title=line.title,
        body=line.body,
        rationale=line.rationale,
        point_id=str(line.point_id or ""),
    )


def _get_draft(draft_id: int) -> ProposalDraft:
    draft = find_own_draft(reader(), draft_id, current_actor().id)
    if draft is None:
        raise NotFound(_("There is no such draft."), _("If it is yours, sign in first."))
    return draft


def _keep(place: Place) -> ResponseReturnValue:
    """Save the draft in every phase; only going on to publish it is refused."""
    posted = MultiDict((name, value) for name, value in request.form.items(True) if name != "act")
    form = read_form(DraftedProposal, posted)
    if form.data is None or form.data.is_empty:
        place.require_open()
        return _show_form(place, _named(form, place, posted), status=422)
    wants_draft = request.form.get("act") == "draft"
    checked = read_text(place, posted)
    if checked.data is None and not wants_draft and not place.refusals:
        return _show_form(place, checked, status=422)
    text = form.data
    published = find_same(current_actor().id, text)
    if published is not None and published[1]:
        return see_other(f"/proposals/{published[0]}")
    if published is not None:
        # Somebody went back to a form whose text is published, and wrote on: another draft.
        text = text.model_copy(update={"submission_key": new_key(), "saved": 0})
    try:
        draft_id = _store(place, text)
    except Conflict as error:
        return _show_both(place, form, error)
    if place.refusals:
        draft = _get_draft(draft_id)
        return _show_form(place_of_draft(draft), draft_form(draft), draft=draft, status=403)
    if wants_draft:
        flash(_("The draft is saved. Only you see it."), "ok")
        return see_other(f"/proposal-drafts/{draft_id}")
    return see_other(f"/proposal-drafts/{draft_id}/preview")


def _named(form: Form[Any], place: Place, posted: MultiDict[str, str]) -> Form[Any]:
    """What is wrong with a form; of an empty one that keeps nothing, what it needs."""
    if form.errors:
        return form
    if request.form.get("act") == "draft":
        return Form(form.posted, {"title": _("Type something first.")})
    return read_text(place, posted)


def _store(place: Place, text: DraftedProposal) -> int:
    """Save the draft and give its id."""
    with writing() as tx:
        limit(tx, "draft", burst=120, minutes=60)
        draft = keep_draft(
            tx,
            current_actor(),
            text,
            deliberation_id=place.page.id,
            proposal_id=place.proposal.id if place.proposal else None,
        )
        return draft.id


def _show_both(place: Place, form: Form[DraftedProposal], error: Conflict) -> Response:
    """The sender's text in the form, and the one that was saved elsewhere beside it."""
    stored = stored_draft(current_actor().id, str(form.value("submission_key")))
    if stored is None:
        raise error
    mine: Form[Any] = Form(
        {**form.posted, "saved": str(stored.version)}, {"": f"{_(error.title)} {_(error.advice)}"}
    )
    theirs = StoredText(_("The text that was saved in the other tab"), stored)
    return _show_form(place, mine, draft=stored, theirs=theirs, status=409)


def _show_refusal(draft_id: int, error: DomainError) -> Response:
    """The draft, kept, with what changed since it was shown."""
    draft = _get_draft(draft_id)
    if isinstance(error, Conflict) and check_draft(draft).data is not None:
        place = place_of_draft(draft)
        if not place.refusals and not place.is_outdated(draft):
            return _show_preview(place, draft, status=409, error=error)
    form = draft_form(draft)
    if isinstance(error, Invalid):
        form = form.reject(error)
    return _show_form(place_of_draft(draft), form, draft=draft, status=error.status)


def _show_preview(
    place: Place, draft: ProposalDraft, *, status: int = 200, error: DomainError | None = None
) -> Response:
    told = f"{_(error.title)} {_(error.advice)}" if error else ""
    return respond(PREVIEW, status=status, preview=make_preview(place, draft), told=told)


def _show_form(
    place: Place,
    form: Form[Any],
    *,
    draft: ProposalDraft | None = None,
    theirs: StoredText | None = None,
    status: int = 200,
) -> Response:
    if not form.value("submission_key"):
        form = Form({**form.posted, "submission_key": new_key()}, form.errors)
    desk = write(place, form, draft, theirs)
    return respond(FORM, "proposal", status, desk=desk, form=desk.form)
