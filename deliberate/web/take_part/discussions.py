"""A discussion on a page, under a deliberation or under one of its proposals."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from markupsafe import Markup

from deliberate.inputs.texts import LARGEST_ID
from deliberate.policy import TAKING_PART, Can, may
from deliberate.storage.comments import Comment, CommentLine, cursor_before, find_comment
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.web.database import reader
from deliberate.web.forms import Form, blank
from deliberate.web.login import current_actor
from deliberate.web.take_part.threads import Personal, draw

CURSOR = re.compile(r"[0-9]{10}~")


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a reader stands in a discussion: what they reply to, typed, or have just added.

    `form` is what was typed when it has to be looked at again; `fresh` is the new comment's id.
    """

    reply_to: int | None = None
    form: Form[Any] | None = None
    fresh: int | None = None


@dataclass(frozen=True, slots=True)
class Discussion:
    """A stretch of comments as HTML, and the form to add to them, if this reader may."""

    page: DeliberationPage
    comments: Markup
    is_open: bool
    form: Form[Any] | None
    entry: Entry
    after: str
    next_after: str | None
    proposal_id: int | None

    @property
    def address(self) -> str:
        """The page that this discussion stands on."""
        if self.proposal_id is not None:
            return f"/proposals/{self.proposal_id}"
        return f"/deliberations/{self.page.id}"


def make_discussion(
    page: DeliberationPage,
    lines: Sequence[CommentLine],
    entry: Entry,
    *,
    after: str = "",
    next_after: str | None = None,
    proposal_id: int | None = None,
    titles: Mapping[int, str] | None = None,
) -> Discussion:
    """The discussion as this reader sees it."""
    is_open = page.phase in TAKING_PART
    answered = next((line for line in lines if line.id == entry.reply_to), None)
    replying = is_open and answered is not None and answered.is_shown
    personal = Personal(
        author_id=current_actor().id if is_open else None,
        fresh=entry.fresh,
        reply_to=entry.reply_to if replying else None,
        reply=draw_reply(page, answered, entry.form, proposal_id) if replying and answered else "",
    )
    return Discussion(
        page=page,
        comments=draw(lines, personal, is_open=is_open, titles=titles, slug=page.session.slug),
        is_open=is_open,
        form=_root_form(page, entry, replying=replying),
        entry=entry,
        after=after,
        next_after=next_after,
        proposal_id=proposal_id,
    )


def draw_reply(
    page: DeliberationPage,
    answered: Comment | CommentLine,
    entered: Form[Any] | None,
    proposal_id: int | None,
) -> Markup:
    """The form to reply to a comment, or how to get one."""
    html = render_template(
        "take_part/_reply.html",
        page=page,
        parent_id=answered.id,
        proposal_id=proposal_id,
        form=(entered or blank()) if may(current_actor(), Can.COMMENT, page) else None,
    )
    return Markup(html)  # noqa: S704 - a template that escapes.


def asked_after() -> str:
    """The cursor in the address; anything that is no cursor means the beginning."""
    after = request.args.get("after", "")
    return after if CURSOR.fullmatch(after) else ""


def asked_reply(deliberation_id: int) -> Comment | None:
    """The comment in the address to reply to, if it stands in this discussion."""
    comment_id = request.args.get("reply", 0, type=int)
    comment = find_comment(reader(), comment_id) if 0 < comment_id <= LARGEST_ID else None
    return comment if comment and comment.deliberation_id == deliberation_id else None


def place_of(comment: Comment) -> str:
    """The cursor of the stretch that a comment stands in."""
    return cursor_before(reader(), comment)


def _root_form(page: DeliberationPage, entry: Entry, *, replying: bool) -> Form[Any] | None:
    """The form for a new thread. One form at a time: while replying there is none."""
    if replying or not may(current_actor(), Can.COMMENT, page):
        return None
    return entry.form or blank()
