"""Putting one's own comment in other words, and reading what stood there before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.comments import Written, revise_comment
from deliberate.actions.deliberations import get_page
from deliberate.domain.differences import Stretch, compare_texts
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.threads import CommentKind
from deliberate.inputs.contributions import CommentRevision
from deliberate.policy import Can, require
from deliberate.storage.comment_versions import list_versions
from deliberate.storage.comments import Comment, find_comment, list_by_ids
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.throttle import limit


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a comment, with what it changed of the one before."""

    number: int
    kind: CommentKind
    written_at: datetime
    stretches: Sequence[Stretch]


@blueprint.get("/comments/<int(max=2147483647):comment_id>/revision")
def edit_form(comment_id: int) -> ResponseReturnValue:
    """The form with the comment as it stands."""
    comment = _get_own(comment_id)
    return _show(comment, _filled(comment))


@blueprint.post("/comments/<int(max=2147483647):comment_id>/revision")
def edit(comment_id: int) -> ResponseReturnValue:
    """Store other words; when somebody was quicker, both texts are shown and nothing is lost."""
    comment = _get_own(comment_id)
    form = read_form(CommentRevision, request.form)
    if form.data is None:
        return _show(comment, form)
    try:
        with writing() as tx:
            limit(tx, "edit", burst=30, minutes=10)
            comment = revise_comment(tx, current_actor(), comment_id, form.data)
    except Conflict as conflict:
        now_stored = _get_own(comment_id)
        if now_stored.version == form.data.version:
            raise
        return _show(now_stored, form, conflict)
    if comment.waits:
        flash(_("A moderator reads your change before it appears."), "info")
        return see_other(f"/comments/{comment_id}/moderation")
    flash(_("Your comment is changed. The earlier wording stays readable."), "ok")
    return see_other(f"/comments/{comment_id}")


@blueprint.get("/comments/<int(max=2147483647):comment_id>/history")
def show_history(comment_id: int) -> ResponseReturnValue:
    """Every wording of a comment, the newest first, with the words that changed."""
    comment = _get(comment_id)
    line = list_by_ids(reader(), [comment_id])[0]
    page = get_page(reader(), comment.deliberation_id)
    wordings = list(_wordings(comment)) if line.is_shown else []
    return respond("take_part/history.html", page=page, line=line, wordings=wordings)


def _wordings(comment: Comment) -> Iterator[Wording]:
    """The current wording and those before it; the first one changed nothing."""
    earlier = list_versions(reader(), comment.id)
    written_at = comment.edited_at or comment.written_at
    stored = [(comment.version, comment.kind, written_at, comment.body)]
    stored += [(each.number, each.kind, each.written_at, each.body) for each in earlier]
    for number, kind, moment, body in stored:
        before = next((each[3] for each in stored if each[0] == number - 1), body)
        yield Wording(number, kind, moment, compare_texts(before, body))


def _show(
    comment: Comment, form: Form[CommentRevision], conflict: Conflict | None = None
) -> ResponseReturnValue:
    page = get_page(reader(), comment.deliberation_id)
    status = 409 if conflict else 422 if form.errors else 200
    return respond(
        "take_part/edit.html", status=status, page=page, comment=comment, form=form,
        conflict=conflict,
    )  # fmt: skip


def _filled(comment: Comment) -> Form[CommentRevision]:
    return Form(
        {
            "body": comment.body,
            "kind": comment.kind.value,
            "language": comment.language or "",
            "version": str(comment.version),
        }
    )


def _get_own(comment_id: int) -> Comment:
    """The comment, if this person may edit it. Raises `Conflict` when it is no longer shown."""
    comment = _get(comment_id)
    page = get_page(reader(), comment.deliberation_id)
    written = Written(page.phase, page.opens_at, comment.author_id)
    require(current_actor(), Can.EDIT_COMMENT, written)
    if comment.retracted_at is not None or comment.hidden_at is not None:
        raise Conflict(_("This comment is no longer shown."))
    return comment


def _get(comment_id: int) -> Comment:
    comment = find_comment(reader(), comment_id)
    if comment is None:
        raise NotFound(_("There is no such comment."))
    return comment
