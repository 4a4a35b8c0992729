"""A discussion as HTML: each comment is drawn once and kept, the page only joins them.

Nothing in a kept comment depends on who reads it. What does, such as the mark of what is new,
one's own reaction or the button to take back one's own words, is put in while joining, in the
places that the template leaves for it.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from deliberate.domain.moderation import Rule
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.threads import Anchor, Capacity, CommentKind, CommentState, Reaction
from deliberate.storage.comments import CommentLine, ReactionCount
from deliberate.storage.gardening import Stub
from deliberate.storage.threads import ThreadPage
from deliberate.web.take_part.branches import Node, grow

COMMENTS_KEPT = 4_096
NEW, REACTING, FLAG, OWN = "<!--new-->", "<!--reacting-->", "<!--flag-->", "<!--own-->"
"""Where the template of a comment leaves room. Cleaned texts hold no HTML comments."""
REPORT = re.compile(r'<a class="quiet" href="/comments/[0-9]+/flag".*?</a>', re.DOTALL)
TOKEN = "csrf-token-of-this-page"  # noqa: S105 - what stands in its place in kept forms.


class ShownComment(NamedTuple):
    """A comment as the macro `comment` reads it; `is_match` says that it stands apart."""

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
    hidden_for: Rule | None
    in_reply_to: str | None
    is_pinned: bool
    is_settled: bool
    is_locked: bool
    answer_id: int | None
    by_facilitator: bool
    is_match: bool
    reactions: Sequence[tuple[str, Sequence[ReactionCount]]]


class About(NamedTuple):
    """What a root comment is about beside the question itself: words, and where it stands."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Personal:
    """What one reader sees in a thread beside what everybody sees.

    `author_id` is the reader's, given while they may take comments back; `fresh` is the comment
    that should receive the focus; `reply_to` and `reply` are a comment and the form under it.
    What others wrote after `read_id` is new. `may_react` and `may_take_stance` say which
    reactions are offered, `reactions` holds the reader's own, and `may_tend` is a facilitator's.
    """

    reader_id: int | None = None
    author_id: int | None = None
    fresh: int | None = None
    reply_to: int | None = None
    reply: str = ""
    read_id: int | None = None
    may_react: bool = False
    may_take_stance: bool = False
    may_tend: bool = False
    reactions: Mapping[int, Reaction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the comments of a thread: where more of it is, and whether it is open.

    `address` is that of the discussion. `titles` gives the proposals that comments are about by
    id; without it that is not said. `slug` is the session's, whose page comments may be about.
    `stubs` are what comments left that are in another discussion now.
    """

    address: str
    is_open: bool
    titles: Mapping[int, str] = field(default_factory=dict)
    slug: str = ""
    is_part: bool = False
    stubs: Sequence[Stub] = ()


def draw(thread: ThreadPage, personal: Personal, frame: Frame) -> Markup:
    """The list items of a stretch; as a part, of one branch what comes next alone."""
    nodes = grow(thread)
    if frame.is_part and thread.head is not None:
        return _branch(nodes[0], thread, personal, frame)
    # Pinned threads stand on top whatever their number.
    items = [
        (0 if node.line.is_pinned else node.line.id, _item(node, thread, personal, frame))
        for node in nodes
    ]
    return Markup("").join(_with_stubs(items, thread, frame))


def _with_stubs(
    items: Sequence[tuple[int, Markup]], thread: ThreadPage, frame: Frame
) -> Iterator[Markup]:
    """The threads of a stretch, and between them where others stood, by their numbers."""
    waiting = []
    if thread.matches is None and thread.head is None:
        waiting = [each for each in frame.stubs if each.parent_id is None]
    plain = [root_id for root_id, _drawn in items if root_id]
    first = min(plain, default=0) if thread.is_begun else 0
    last = max(plain, default=0) if thread.next_after else math.inf
    waiting = [each for each in waiting if first < each.comment_id < last]
    for root_id, item in items:
        while waiting and waiting[0].comment_id < root_id:
            yield Markup("<li>{}</li>").format(_moved(waiting.pop(0)))
        yield item
    for stub in waiting:
        yield Markup("<li>{}</li>").format(_moved(stub))


def _moved(stub: Stub) -> Markup:
    """The line that a comment left where it stood."""
    return Markup(_render("_moved.html", stub=stub))  # noqa: S704 - a template that escapes.


def draw_reactions(line: CommentLine, personal: Personal) -> Markup:
    """What was said to one comment, for the reader who has just said something."""
    html = _render(
        "_reactions.html", c=_shown(line, None, is_match=False), is_fresh=True,
        own=personal.reactions.get(line.id),
    )  # fmt: skip
    # What was pressed is gone; the focus stays where one would press again.
    buttons = _reacting(line, personal).replace("<summary>", "<summary data-focus>", 1)
    # The template escapes what it is given.
    return Markup(html.replace(REACTING, buttons))  # noqa: S704


def _item(node: Node, thread: ThreadPage, personal: Personal, frame: Frame) -> Markup:
    """One comment with what stands under it, as a list item."""
    line = node.line
    article = _personalise(_draw_article(node, thread, frame), line, personal)
    reply = personal.reply if line.id == personal.reply_to else ""
    gone = Markup("").join(_moved(stub) for stub in frame.stubs if stub.parent_id == line.id)
    under = ""
    if node.children or node.replies:
        branch = _branch(node, thread, personal, frame)
        under = _render("_branch.html", node=node, branch=branch)
    tag = f'<li class="depth-{node.outset}">' if node.outset else "<li>"
    # Each part comes from a template that escapes, or was cleaned when it was written.
    return Markup(f"{tag}{article}{gone}{reply}{under}</li>")  # noqa: S704


def _branch(node: Node, thread: ThreadPage, personal: Personal, frame: Frame) -> Markup:
    """The replies under a comment, and the way to those that are not here."""
    inner = Markup("").join(_item(child, thread, personal, frame) for child in node.children)
    listed = Markup('<ol class="thread">{}</ol>').format(inner) if inner else Markup("")
    if node.rest is None:
        return listed
    rest = _render("_rest.html", rest=node.rest, address=frame.address)
    return listed + Markup(rest)  # noqa: S704 - a template that escapes.


def _draw_article(node: Node, thread: ThreadPage, frame: Frame) -> str:
    line = node.line
    is_match = thread.matches is not None
    answered = line.answered if node.is_apart or (is_match and line.parent_id) else None
    stands_alone = line.depth == 0 or is_match
    about = about_of(line, frame.titles, frame.slug) if stands_alone else None
    can_reply = frame.is_open and line.is_shown and not node.is_locked
    return _article(str(get_locale()), line, answered, about, can_reply, is_match)


def about_of(line: CommentLine, titles: Mapping[int, str], slug: str) -> About | None:
    """What a root comment is about, in words, if it is more than the question itself."""
    if line.proposal_id is not None and titles:
        title = titles.get(line.proposal_id, "")
        words = (
            _("About the proposal “%(title)s”", title=title)
            if title
            else _("About a hidden proposal")
        )
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
    _language: str,
    line: CommentLine,
    answered: str | None,
    about: About | None,
    can_reply: bool,
    is_match: bool,
) -> str:
    """One comment for every reader of a language; the arguments are all that it depends on."""
    shown = _shown(line, answered, is_match=is_match)
    return _render("_comment.html", c=shown, about=about, can_reply=can_reply)


def _shown(line: CommentLine, answered: str | None, *, is_match: bool) -> ShownComment:
    counts: dict[str, list[ReactionCount]] = {}
    for each in line.reactions:
        counts.setdefault(each[0], []).append(each)
    return ShownComment(
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
        hidden_for=line.hidden_for,
        in_reply_to=answered,
        is_pinned=line.is_pinned,
        is_settled=line.is_settled,
        is_locked=line.is_locked,
        answer_id=line.answer_id,
        by_facilitator=line.by_facilitator,
        is_match=is_match,
        reactions=list(counts.items()) if line.is_shown else [],
    )


def _personalise(html: str, line: CommentLine, personal: Personal) -> str:
    """Put in what only this reader sees."""
    is_own = line.author_id == personal.reader_id
    if is_own:
        html = REPORT.sub("", html, count=1)
    if personal.read_id is not None and line.id > personal.read_id and not is_own and line.is_shown:
        html = html.replace('class="comment', 'class="comment new', 1)
        html = html.replace(NEW, _new_mark(str(get_locale())), 1)
    if personal.may_tend:
        html = html.replace(OWN, _render("_tend.html", comment_id=line.id) + OWN, 1)
    if line.is_shown and line.author_id == personal.author_id:
        html = html.replace(OWN, _render("_take_back.html", comment_id=line.id), 1)
    if line.state is CommentState.HIDDEN and is_own:
        html = html.replace(OWN, _render("_own_hidden.html", comment_id=line.id), 1)
    html = html.replace(REACTING, _reacting(line, personal), 1)
    if not is_own:
        html = html.replace(FLAG, _flag(str(get_locale()), line.id, line.author_name), 1)
    if line.id == personal.fresh:
        html = html.replace(' tabindex="-1"', ' tabindex="-1" data-focus', 1)
    return html.replace(NEW, "").replace(FLAG, "").replace(OWN, "")


def _reacting(line: CommentLine, personal: Personal) -> str:
    """The buttons to react with, for those who may."""
    if not personal.may_react or not line.is_shown or line.author_id == personal.reader_id:
        return ""
    own = personal.reactions.get(line.id)
    kept = _buttons(str(get_locale()), line.id, own, personal.may_take_stance)
    return kept.replace(TOKEN, generate_csrf())


@lru_cache(maxsize=COMMENTS_KEPT)
def _buttons(_language: str, comment_id: int, own: Reaction | None, may_take_stance: bool) -> str:
    """The buttons for one comment; the arguments are all that they depend on."""
    return _render(
        "_react.html",
        comment_id=comment_id,
        own=own,
        may_take_stance=may_take_stance,
        token=TOKEN,
    )


@lru_cache(maxsize=COMMENTS_KEPT)
def _flag(_language: str, comment_id: int, author_name: str) -> str:
    return _render("_flag.html", comment_id=comment_id, author_name=author_name)


@lru_cache(maxsize=64)
def _new_mark(_language: str) -> str:
    return _render("_new.html")


def _render(name: str, **values: Any) -> str:
    return current_app.jinja_env.get_template(f"take_part/{name}").render(**values)
