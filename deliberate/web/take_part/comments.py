"""Writing comments, finding them again, and taking them back."""

from typing import Any

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.comments import add_comment, retract_comment
from deliberate.actions.deliberations import get_page
from deliberate.domain.errors import Conflict, DomainError, NotFound, Refused
from deliberate.inputs.contributions import NewComment
from deliberate.inputs.texts import LARGEST_ID
from deliberate.policy import Can, may, require
from deliberate.storage.comments import Comment, find_comment
from deliberate.storage.gardening import is_locked
from deliberate.storage.proposals import find_proposal
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import see_other, wants_part
from deliberate.web.take_part import deliberations, proposals
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.discussions import Entry
from deliberate.web.take_part.stretches import Stretch, address_around
from deliberate.web.take_part.writing import is_anchored, show_writing
from deliberate.web.throttle import limit_writing


@blueprint.post("/deliberations/<int(max=2147483647):deliberation_id>/comments")
def create_comment(deliberation_id: int) -> ResponseReturnValue:
    """Add a comment or a reply and show it in its place."""
    form = read_form(NewComment, request.form)
    actor = current_actor()
    if form.data is None:
        page = get_page(reader(), deliberation_id)
        require(actor, Can.COMMENT, page)
        if is_anchored(form):
            return show_writing(page, form)
        return _show(deliberation_id, Entry(reply_to=_number(form, "parent_id"), form=form), 422)
    try:
        with writing() as tx:
            limit_writing(tx, "comment", burst=10, minutes=10)
            comment = add_comment(tx, actor, deliberation_id, form.data)
    except (Conflict, Refused) as error:
        answered = _find_closed(deliberation_id, form.data.parent_id)
        if answered is None:
            raise
        return _offer_as_new(form, error, answered)
    if comment.held_at is not None:
        flash(_("A moderator reads your comment before it appears."), "info")
        return _go_to(f"/comments/{comment.id}/moderation")
    if wants_part():
        return _show(deliberation_id, Entry(fresh=comment.id), place=comment)
    flash(_("Your comment is published."), "ok")
    if form.data.proposal_id is not None and comment.proposal_id is not None:
        return see_other(f"/proposals/{comment.proposal_id}?around={comment.id}#c{comment.id}")
    return see_other(_address(comment))


@blueprint.get("/comments/<int(max=2147483647):comment_id>")
def find(comment_id: int) -> ResponseReturnValue:
    """The permanent address of a comment leads to where it stands now."""
    comment = _get_comment(comment_id)
    if comment.held_at is None:
        return redirect(_address(comment))
    if comment.author_id != current_actor().id:
        raise NotFound(_("There is no such comment."))
    return redirect(f"/comments/{comment_id}/moderation")


@blueprint.post("/comments/<int(max=2147483647):comment_id>/retraction")
def retract(comment_id: int) -> ResponseReturnValue:
    """Take one's own comment back."""
    with writing() as tx:
        comment = retract_comment(tx, current_actor(), comment_id)
    flash(_("Your comment is taken back. The replies stay."), "ok")
    return see_other(_address(comment))


def _find_closed(deliberation_id: int, parent_id: int | None) -> Comment | None:
    """The comment that was answered, when it took no reply and a new comment may be written."""
    found = find_comment(reader(), parent_id) if parent_id is not None else None
    if found is None or found.deliberation_id != deliberation_id or found.held_at is not None:
        return None
    is_gone = found.retracted_at is not None or found.hidden_at is not None
    is_closed = is_gone or is_locked(reader(), found.path)
    may_comment = may(current_actor(), Can.COMMENT, get_page(reader(), deliberation_id))
    return found if is_closed and may_comment else None


def _offer_as_new(form: Form[Any], error: DomainError, answered: Comment) -> Response:
    """The text of a reply that came too late, in the form for a new comment."""
    errors = {"": _(error.title), "body": _("Your text is kept: send it as a new comment.")}
    return _show(
        answered.deliberation_id, Entry(form=Form(form.posted, errors)), 409, place=answered
    )


def _show(
    deliberation_id: int, entry: Entry, status: int = 200, place: Comment | None = None
) -> Response:
    """The discussion that the form was sent from."""
    page = get_page(reader(), deliberation_id)
    proposal_id = request.form.get("proposal_id", 0, type=int)
    proposal = find_proposal(reader(), proposal_id) if 0 < proposal_id <= LARGEST_ID else None
    if proposal is not None and proposal.deliberation_id == page.id:
        return proposals.show(page, proposal, entry=entry, block="thread", status=status)
    stretch = Stretch(around=place.id if place else entry.reply_to)
    return deliberations.show(page.id, stretch, entry=entry, block="thread", status=status)


def _go_to(address: str) -> ResponseReturnValue:
    """Another page, also for htmx, which would put a redirect's page into part of this one."""
    return Response(headers={"HX-Redirect": address}) if wants_part() else see_other(address)


def _number(form: Form[Any], name: str) -> int | None:
    value = str(form.value(name))
    return int(value) if value.isdecimal() and int(value) <= LARGEST_ID else None


def _get_comment(comment_id: int) -> Comment:
    comment = find_comment(reader(), comment_id)
    if comment is None:
        raise NotFound(_("There is no such comment."))
    return comment


def _address(comment: Comment) -> str:
    return address_around(comment.deliberation_id, comment.id)
