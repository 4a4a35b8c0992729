"""A discussion on a page, under a deliberation or under one of its proposals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from markupsafe import Markup

from deliberate.actions.comments import Answered
from deliberate.domain.threads import Order, Selection
from deliberate.inputs.contributions import place_of
from deliberate.inputs.texts import LARGEST_ID
from deliberate.policy import TAKING_PART, Can, may, runs_nothing
from deliberate.storage.comment_drafts import CommentDraft, find_draft
from deliberate.storage.comments import Comment, CommentLine, find_comment
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.gardening import Stub, is_locked
from deliberate.storage.threads import ThreadPage
from deliberate.storage.visits import Traces, find_traces
from deliberate.web.database import reader
from deliberate.web.forms import Form, blank
from deliberate.web.login import current_actor
from deliberate.web.take_part.drafts import begin_form, draft_form
from deliberate.web.take_part.sorting import Choice, list_choices
from deliberate.web.take_part.stretches import Stretch, query_of
from deliberate.web.take_part.threads import Frame, Personal, draw

FEWEST_TO_SORT = 3
"""From this number of comments on, sorting and filtering are offered."""


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
    """A stretch of comments as HTML, and the form to add to them, if this reader may.

    `traces` is what this reader left here before and what is new to them.
    """

    page: DeliberationPage
    thread: ThreadPage
    stretch: Stretch
    comments: Markup
    is_open: bool
    form: Form[Any] | None
    entry: Entry
    traces: Traces
    proposal_id: int | None

    @property
    def address(self) -> str:
        """The page that this discussion stands on."""
        return _address(self.page, self.proposal_id)

    @property
    def selection(self) -> Selection:
        """In which order what is shown."""
        return self.stretch.selection

    @property
    def next_address(self) -> str | None:
        """Where the next stretch is, if there is one; a branch says that for itself."""
        if self.thread.next_after is None or self.thread.head is not None:
            return None
        return self.address + query_of(self.selection, after=self.thread.next_after)

    @property
    def start_address(self) -> str:
        """Where the same selection, or the same branch, begins."""
        if self.thread.head is not None:
            return f"{self.address}?thread={self.thread.head.id}"
        return self.address + query_of(self.selection)

    @property
    def can_sort(self) -> bool:
        """Whether the control for sorting and filtering is worth its place."""
        if self.thread.head is not None:
            return False
        return self.page.comment_count >= FEWEST_TO_SORT or not self.stretch.is_usual

    @property
    def choices(self) -> list[Choice]:
        """What the control for sorting and filtering offers."""
        return list_choices(self.selection)

    def shows(self, comment_id: int | None) -> bool:
        """Whether a comment is on this page."""
        return any(line.id == comment_id for line in self.thread.comments)

    @property
    def notes_visit(self) -> bool:
        """Whether showing this page is worth noting for the next visit."""
        usual = self.proposal_id is None and self.stretch.is_usual
        return usual and self.traces.newest > 0 and not self.traces.is_noted


def make_discussion(
    page: DeliberationPage,
    thread: ThreadPage,
    entry: Entry,
    *,
    stretch: Stretch | None = None,
    proposal_id: int | None = None,
    titles: Mapping[int, str] | None = None,
    is_part: bool = False,
    stubs: Sequence[Stub] = (),
) -> Discussion:
    """The discussion as this reader sees it; as a part, of one branch only what comes next."""
    is_open = page.phase in TAKING_PART
    answered = next((line for line in thread.comments if line.id == entry.reply_to), None)
    if thread.head is not None and thread.head.id == entry.reply_to:
        answered = thread.head
    replying = is_open and answered is not None and answered.is_shown
    actor = current_actor()
    traces = _traces(page, thread, proposal_id)
    personal = Personal(
        reader_id=actor.id,
        author_id=actor.id if is_open else None,
        fresh=entry.fresh,
        reply_to=entry.reply_to if replying else None,
        reply=draw_reply(page, answered, entry.form, proposal_id) if replying and answered else "",
        read_id=traces.read_id,
        may_react=is_open and actor.is_authenticated,
        may_take_stance=runs_nothing(actor, page),
        may_tend=may(actor, Can.TEND, page),
        reactions=traces.reactions,
    )
    asked = stretch or Stretch()
    frame = Frame(
        address=_address(page, proposal_id),
        is_open=is_open,
        titles=titles or {},
        slug=page.session.slug,
        is_part=is_part,
        stubs=stubs if asked.selection.order is Order.OLDEST else (),
    )
    return Discussion(
        page=page,
        thread=thread,
        stretch=asked,
        comments=draw(thread, personal, frame),
        is_open=is_open,
        form=_root_form(page, entry, traces.draft, replying=replying),
        entry=entry,
        traces=traces,
        proposal_id=proposal_id,
    )


def draw_reply(
    page: DeliberationPage,
    answered: Comment | CommentLine,
    entered: Form[Any] | None,
    proposal_id: int | None,
) -> Markup:
    """The form to reply to a comment, or how to get one."""
    subject = Answered(page.phase, page.opens_at, is_locked(reader(), answered.path))
    may_write = may(current_actor(), Can.REPLY, subject)
    html = render_template(
        "take_part/_reply.html",
        page=page,
        parent_id=answered.id,
        proposal_id=proposal_id,
        answered=subject,
        form=(entered or begin_form(page.id, parent_id=answered.id)) if may_write else None,
    )
    return Markup(html)  # noqa: S704 - a template that escapes.


def asked_reply(deliberation_id: int) -> Comment | None:
    """The comment in the address to reply to, if it stands in this discussion."""
    comment_id = request.args.get("reply", 0, type=int)
    comment = find_comment(reader(), comment_id) if 0 < comment_id <= LARGEST_ID else None
    return comment if comment and comment.deliberation_id == deliberation_id else None


def _address(page: DeliberationPage, proposal_id: int | None) -> str:
    return f"/proposals/{proposal_id}" if proposal_id is not None else f"/deliberations/{page.id}"


def _traces(page: DeliberationPage, thread: ThreadPage, proposal_id: int | None) -> Traces:
    """What this reader left in the discussion; visitors leave nothing."""
    person_id = current_actor().id
    if person_id is None:
        return Traces()
    place = place_of({"proposal_id": proposal_id})
    if proposal_id is not None and not thread.comments:
        # Where nothing stands under a proposal, nothing of the reader's can but a draft.
        return Traces(draft=find_draft(reader(), person_id, page.id, place))
    shown = [line.id for line in thread.comments]
    if thread.head is not None:
        shown.append(thread.head.id)
    return find_traces(reader(), person_id, page.id, shown, place)


def _root_form(
    page: DeliberationPage, entry: Entry, draft: CommentDraft | None, *, replying: bool
) -> Form[Any] | None:
    """The form for a new thread, as it was left. While replying there is none: one at a time."""
    if replying or not may(current_actor(), Can.COMMENT, page):
        return None
    if entry.form is not None:
        return entry.form
    return blank() if draft is None or entry.fresh else draft_form(draft)
