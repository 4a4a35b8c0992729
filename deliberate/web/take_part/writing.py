"""A page of its own for a comment: about a point, a line or nothing yet, seen before it is sent."""

from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from deliberate.actions.comment_drafts import discard_own_draft, save_draft
from deliberate.actions.comments import get_point, get_source_line
from deliberate.actions.deliberations import get_page
from deliberate.actions.mentions import mark_up
from deliberate.domain.errors import NotFound
from deliberate.domain.threads import CommentKind
from deliberate.inputs.contributions import PLACES, NewComment
from deliberate.inputs.texts import LARGEST_ID
from deliberate.policy import Can, require
from deliberate.storage.comment_drafts import find_own_draft
from deliberate.storage.comments import find_comment
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.proposals import find_proposal
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other, wants_part
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.drafts import begin_form, draft_address
from deliberate.web.throttle import limit


@blueprint.get("/deliberations/<int(max=2147483647):deliberation_id>/comments/new")
def new_comment(deliberation_id: int) -> ResponseReturnValue:
    """The form, with what the address says the comment is about."""
    page = get_page(reader(), deliberation_id)
    require(current_actor(), Can.COMMENT, page)
    asked = {name: str(number) for name in PLACES if (number := _number(request.args.get(name)))}
    kind = request.args.get("kind", "")
    asked["kind"] = kind if kind in {each.value for each in CommentKind} else ""
    return show_writing(page, begin_form(page.id, **asked))


@blueprint.post("/deliberations/<int(max=2147483647):deliberation_id>/comments/preview")
def preview_comment(deliberation_id: int) -> ResponseReturnValue:
    """The comment as it will look, above the form it was typed into; nothing is stored."""
    form = read_form(NewComment, request.form)
    page = get_page(reader(), deliberation_id)
    require(current_actor(), Can.COMMENT, page)
    shown = _preview(page, form.data) if form.data else None
    if wants_part() and form.data is not None:
        return respond("take_part/_preview.html", body=shown, language=form.data.language)
    return show_writing(page, form, preview=shown)


@blueprint.post("/deliberations/<int(max=2147483647):deliberation_id>/comments/draft")
def keep_draft(deliberation_id: int) -> ResponseReturnValue:
    """Save what was typed, so that it can be gone on with anywhere; only its author sees it."""
    form = read_form(NewComment, request.form)
    if form.data is None:
        page = get_page(reader(), deliberation_id)
        require(current_actor(), Can.COMMENT, page)
        return show_writing(page, form)
    with writing() as tx:
        limit(tx, "draft", burst=60, minutes=10)
        draft = save_draft(tx, current_actor(), deliberation_id, form.data)
    if wants_part():
        return respond("take_part/_draft_saved.html", saved_at=draft.saved_at)
    flash(_("Your draft is saved. Only you see it."), "ok")
    return see_other(draft_address(deliberation_id, draft.place))


@blueprint.post("/comment-drafts/<int(max=2147483647):draft_id>/removal")
def discard_draft(draft_id: int) -> ResponseReturnValue:
    """Delete a draft of one's own."""
    if find_own_draft(reader(), draft_id, current_actor().id) is None:
        raise NotFound(_("There is no such draft."), _("If it is yours, sign in first."))
    with writing() as tx:
        discard_own_draft(tx, current_actor(), draft_id)
    flash(_("Your draft is deleted."), "ok")
    return see_other("/account")


def show_writing(
    page: DeliberationPage, form: Form[Any], *, preview: Markup | None = None
) -> Response:
    """The page for one comment; 422 when something in the form has to be looked at again."""
    return respond(
        "take_part/comment.html",
        "writing",
        422 if form.errors else 200,
        page=page,
        form=form,
        about=_about(page, form),
        preview=preview,
        language=str(get_locale()),
    )


def is_anchored(form: Form[Any]) -> bool:
    """Whether this form stands on a page of its own."""
    return any(_number(form.value(name)) for name in ("point_id", "source_line"))


def _about(page: DeliberationPage, form: Form[Any]) -> tuple[str, str, str] | None:
    """What the comment is about: its name, its words and where they stand.

    Raises `NotFound` for what is not in this discussion.
    """
    numbers = {name: _number(form.value(name)) for name in PLACES}
    if (point_id := numbers["point_id"]) is not None:
        point = get_point(reader(), page, point_id)
        title = _("Point %(number)d", number=point.position)
        return title, point.text, f"/deliberations/{page.id}#point-{point.id}"
    if (line := numbers["source_line"]) is not None:
        title = _("Line %(number)s of the session's page", number=line)
        address = f"/sessions/{page.session.slug}/source?discussion={page.id}#line-{line}"
        return title, get_source_line(reader(), page, line), address
    if (proposal_id := numbers["proposal_id"]) is not None:
        proposal = find_proposal(reader(), proposal_id)
        if proposal is not None and proposal.deliberation_id == page.id:
            title = proposal.title or _("Hidden proposal")
            return _("Proposal"), title, f"/proposals/{proposal.id}"
    return _answered(page, numbers["parent_id"])


def _answered(page: DeliberationPage, parent_id: int | None) -> tuple[str, str, str] | None:
    parent = find_comment(reader(), parent_id) if parent_id is not None else None
    if parent is None or parent.deliberation_id != page.id or parent.retracted_at is not None:
        return None
    if parent.hidden_at is not None or parent.held_at is not None:
        return None
    return _("In reply to"), parent.body, f"/comments/{parent.id}"


def _preview(page: DeliberationPage, comment: NewComment) -> Markup:
    """The text as it will look, with the links it will have."""
    parent = find_comment(reader(), comment.parent_id) if comment.parent_id else None
    marked = mark_up(reader(), page.id, comment.body, parent.author_id if parent else None)
    return Markup(marked.html)  # noqa: S704 - cleaned.


def _number(value: str | None) -> int | None:
    text = value or ""
    is_number = text.isascii() and text.isdecimal() and len(text) <= 10
    return int(text) if is_number and 0 < int(text) <= LARGEST_ID else None
