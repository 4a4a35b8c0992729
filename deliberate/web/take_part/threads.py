"""A discussion as HTML: each comment is drawn once and kept, the page only joins them.

Nothing in a kept comment depends on who reads it. What does, such as the button to take back
one's own words, is put in while joining.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.threads import MAX_INDENT, Anchor, Capacity, CommentKind, CommentState
from deliberate.storage.comments import CommentLine

COMMENTS_KEPT = 4_096


class ShownComment(NamedTuple):
    """A comment as the macro `comment` reads it."""

    id: int
    depth: int
    author_name: str
    group: StakeholderGroup
    organisation: str | None
    created_at: datetime
    body_html: Markup
    kind: CommentKind
    state: CommentState
    capacity: Capacity
    lang: str | None
    is_edited: bool
    edited_late: bool
    in_reply_to: str | None


class About(NamedTuple):
    """What a root comment is about beside the question itself: words, and where it stands."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Personal:
    """What one reader sees in a thread beside what everybody sees.

    `author_id` is the reader's, given while they may take comments back; `fresh` is the comment
    that should receive the focus; `reply_to` and `reply` are a comment and the form under it.
    """

    author_id: int | None = None
    fresh: int | None = None
    reply_to: int | None = None
    reply: str = ""


def draw(
    lines: Sequence[CommentLine],
    personal: Personal,
    *,
    is_open: bool,
    titles: Mapping[int, str] | None = None,
    slug: str = "",
) -> Markup:
    """The list items of a thread.

    `titles` gives the proposals that comments are about by id; without it that is not said.
    `slug` is the session's, whose page comments may be about.
    """
    names = {line.id: line.author_name for line in lines}
    language = str(get_locale())
    parts = []
    for line in lines:
        deep = line.depth > MAX_INDENT and line.parent_id is not None
        answered = names.get(line.parent_id or 0) if deep else None
        about = about_of(line, titles or {}, slug) if line.depth == 0 else None
        html = _article(language, line, answered, about, is_open)
        parts.append(_personalise(html, line, personal))
    # Each part comes from a template that escapes, or was cleaned when it was written.
    return Markup("".join(parts))  # noqa: S704


def about_of(line: CommentLine, titles: Mapping[int, str], slug: str) -> About | None:
    """What a root comment is about, in words, if it is more than the question itself."""
    if line.proposal_id is not None and titles:
        title = titles.get(line.proposal_id, "")
        words = _("About the proposal “%(title)s”", title=title)
        return About(words, f"/proposals/{line.proposal_id}")
    if line.anchor is Anchor.POINT:
        return About(_("About a point of the output"), f"#point-{line.point_id}")
    if line.anchor is Anchor.SOURCE:
        words = _("About the session's page: “%(words)s”", words=line.quote)
        address = f"/sessions/{slug}/source?discussion={line.deliberation_id}"
        return About(words, f"{address}#line-{line.source_line}")
    return None


@lru_cache(maxsize=COMMENTS_KEPT)
def _article(
    _language: str, line: CommentLine, answered: str | None, about: About | None, is_open: bool
) -> str:
    """One comment for every reader of a language; the arguments are all that it depends on."""
    shown = ShownComment(
        id=line.id,
        depth=line.depth,
        author_name=line.author_name,
        group=line.group,
        organisation=line.organisation,
        created_at=line.written_at,
        body_html=Markup(line.body_html),  # noqa: S704 - cleaned when it was written.
        kind=line.kind,
        state=line.state,
        capacity=line.capacity,
        lang=line.language,
        is_edited=line.edited_at is not None,
        edited_late=line.edited_late,
        in_reply_to=answered,
    )
    template = current_app.jinja_env.get_template("take_part/_comment.html")
    return template.render(c=shown, about=about, can_reply=is_open and line.is_shown)


def _personalise(html: str, line: CommentLine, personal: Personal) -> str:
    """Put in what only this reader sees. The last end tags are the template's own."""
    if line.author_id == personal.author_id and line.is_shown:
        before, tag, after = html.rpartition("</footer>")
        template = current_app.jinja_env.get_template("take_part/_take_back.html")
        html = f"{before}{template.render(comment_id=line.id)}{tag}{after}"
    if line.id == personal.reply_to:
        before, tag, after = html.rpartition("</li>")
        html = f"{before}{personal.reply}{tag}{after}"
    if line.id == personal.fresh:
        html = html.replace(' tabindex="-1"', ' tabindex="-1" data-focus', 1)
    return html
