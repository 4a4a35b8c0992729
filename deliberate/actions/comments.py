"""Writing in a discussion and taking back what one wrote."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.deliberations import get_page
from deliberate.actions.mentions import keep_mentions, mark_up
from deliberate.actions.premoderation import when_held
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.notices import EventKind, Reason
from deliberate.domain.people import Actor, Affiliation, Role
from deliberate.domain.phases import Phase
from deliberate.domain.threads import (
    Anchor,
    Capacity,
    CommentKind,
    comment_path,
    path_depth,
    root_id,
)
from deliberate.importing import read_lines
from deliberate.inputs.contributions import CommentRevision, NewComment
from deliberate.policy import Can, require
from deliberate.storage import audit, comments, notices, proposals
from deliberate.storage.comment_drafts import discard_draft
from deliberate.storage.comment_versions import keep_wording
from deliberate.storage.comments import Comment
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import touch
from deliberate.storage.forum import OutputPoint, get_source, list_points
from deliberate.storage.gardening import is_locked

ANCHORING = ("anchor", "proposal_id", "point_id", "source_line", "quote")


@dataclass(frozen=True, slots=True)
class Written:
    """Something written in a deliberation, as policy sees it."""

    phase: Phase
    opens_at: datetime
    author_id: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A comment that somebody replies to, as policy sees it."""

    phase: Phase
    opens_at: datetime
    is_locked: bool


def add_comment(tx: Session, actor: Actor, deliberation_id: int, form: NewComment) -> Comment:
    """Add a comment or a reply. The same rendering of the form leads to one comment only."""
    page = get_page(tx, deliberation_id)
    require(actor, Can.COMMENT, page)
    if form.capacity is Capacity.ORGANISATION:
        require(actor, Can.SPEAK_FOR_ORGANISATION)
    author_id, affiliation = identity(actor)
    # Counting the change first also makes writers of one discussion take turns, so that two
    # copies of one form cannot both find no earlier comment.
    touch(tx, deliberation_id)
    earlier = comments.find_by_submission(tx, author_id, form.submission_key)
    if earlier is not None:
        return earlier
    parent = _find_parent(tx, deliberation_id, form.parent_id)
    if parent is not None:
        require(actor, Can.REPLY, Answered(page.phase, page.opens_at, is_locked(tx, parent.path)))
    marked = mark_up(tx, deliberation_id, form.body, parent.author_id if parent else None)
    comment = Comment(
        deliberation_id=deliberation_id,
        parent_id=parent.id if parent else None,
        **_anchor(tx, page, form, parent),
        path="",
        depth=0,
        kind=form.kind,
        language=form.language,
        capacity=form.capacity,
        body=form.body,
        body_html=marked.html,
        held_at=when_held(tx, actor, page, marked.html),
        author_id=author_id,
        group=affiliation.group,
        organisation=affiliation.organisation,
        submission_key=form.submission_key,
        written_at=now(tx),
        by_facilitator=actor.has(Role.FACILITATOR),
    )
    tx.add(comment)
    tx.flush()
    comment.path = comment_path(parent.path if parent else None, comment.id)
    comment.depth = path_depth(comment.path)
    mentioned = keep_mentions(tx, comment, marked)
    discard_draft(tx, author_id, deliberation_id, form.place)
    audit.record(tx, actor, "commented", "comment", comment.id)
    if comment.held_at is None:
        tell_of_comment(tx, actor, comment, parent, mentioned)
    return comment


def revise_comment(tx: Session, actor: Actor, comment_id: int, form: CommentRevision) -> Comment:
    """Put one's own comment in other words; the earlier wording stays readable.

    Raises `Conflict` when it changed since the form was shown. An edit made after somebody
    answered or reacted is marked, because their words were given to the earlier ones. Where
    comments wait for a moderator, the change waits too.
    """
    found = _get_comment(tx, comment_id)
    touch(tx, found.deliberation_id)
    comment = tx.get_one(Comment, comment_id, with_for_update=True, populate_existing=True)
    page = get_page(tx, comment.deliberation_id)
    require(actor, Can.EDIT_COMMENT, Written(page.phase, page.opens_at, comment.author_id))
    if comment.retracted_at is not None or comment.hidden_at is not None:
        raise Conflict("This comment is no longer shown.", "It cannot be edited any more.")
    if comment.version != form.version:
        raise Conflict("This comment was edited since you opened it.", "Compare both texts.")
    if (comment.body, comment.kind, comment.language) == (form.body, form.kind, form.language):
        return comment
    keep_wording(tx, comment)
    marked = mark_up(tx, comment.deliberation_id, form.body, _answered(tx, comment))
    keep_mentions(tx, comment, marked)
    if comment.held_at is None and when_held(tx, actor, page, marked.html):
        # Without a rule: it leaves a line in its place until a moderator has read the change.
        comment.hidden_at = now(tx)
    comment.body, comment.body_html = form.body, marked.html
    comment.kind, comment.language = form.kind, form.language
    comment.version += 1
    comment.edited_at = now(tx)
    comment.edited_late = comment.edited_late or comments.has_answers(tx, comment.id)
    audit.record(tx, actor, "edited", "comment", comment.id, version=comment.version)
    return comment


def tell_of_comment(
    tx: Session,
    actor: Actor,
    comment: Comment,
    parent: Comment | None,
    mentioned: Iterable[int] = (),
) -> None:
    """Record a new comment for its followers, for whom it answers, and for whom it mentions."""
    to = dict.fromkeys(mentioned, Reason.MENTION)
    if parent is not None:
        is_question = parent.kind is CommentKind.QUESTION
        to[parent.author_id] = Reason.ANSWER if is_question else Reason.REPLY
    notices.record(
        tx,
        actor,
        EventKind.COMMENT,
        comment.deliberation_id,
        proposal_id=comment.proposal_id,
        comment_id=comment.id,
        thread_id=root_id(comment.path),
        to=to,
    )


def retract_comment(tx: Session, actor: Actor, comment_id: int) -> Comment:
    """Take back one's own comment. Its text is no longer shown; replies stay readable."""
    found = _get_comment(tx, comment_id)
    if found.retracted_at is None:
        touch(tx, found.deliberation_id)
    comment = tx.get_one(Comment, comment_id, with_for_update=True, populate_existing=True)
    page = get_page(tx, comment.deliberation_id)
    require(actor, Can.RETRACT_COMMENT, Written(page.phase, page.opens_at, comment.author_id))
    if comment.retracted_at is None:
        comment.retracted_at = now(tx)
        audit.record(tx, actor, "retracted", "comment", comment.id)
    return comment


def identity(actor: Actor) -> tuple[int, Affiliation]:
    """Id and affiliation of an actor whom policy has already found to be signed in."""
    if actor.id is None or actor.affiliation is None:
        raise ValueError("policy lets only signed-in people write")
    return actor.id, actor.affiliation


def _get_comment(session: Session, comment_id: int) -> Comment:
    comment = comments.find_comment(session, comment_id)
    if comment is None:
        raise NotFound("There is no such comment.")
    return comment


def _answered(tx: Session, comment: Comment) -> int | None:
    """Whose comment this one replies to."""
    parent = comments.find_comment(tx, comment.parent_id) if comment.parent_id else None
    return parent.author_id if parent else None


def _find_parent(tx: Session, deliberation_id: int, parent_id: int | None) -> Comment | None:
    if parent_id is None:
        return None
    parent = comments.find_comment(tx, parent_id)
    if parent is None or parent.deliberation_id != deliberation_id or parent.held_at is not None:
        raise NotFound("The comment you reply to is not in this discussion.")
    if parent.retracted_at is not None or parent.hidden_at is not None:
        raise Conflict(
            "The comment you reply to is no longer shown.",
            "Your text is kept: send it as a new comment.",
        )
    return parent


def _anchor(
    tx: Session, page: DeliberationPage, form: NewComment, parent: Comment | None
) -> dict[str, Any]:
    """The columns that say what a comment is about; a reply is about what its parent is about."""
    if parent is not None:
        return {name: getattr(parent, name) for name in ANCHORING}
    if form.proposal_id is not None:
        proposal = proposals.find_proposal(tx, form.proposal_id)
        if proposal is None or proposal.deliberation_id != page.id:
            raise NotFound("The proposal you write about is not in this discussion.")
        return {"anchor": Anchor.PROPOSAL, "proposal_id": proposal.id}
    if form.point_id is not None:
        return {"anchor": Anchor.POINT, "point_id": get_point(tx, page, form.point_id).id}
    if form.source_line is not None:
        quote = get_source_line(tx, page, form.source_line)
        return {"anchor": Anchor.SOURCE, "source_line": form.source_line, "quote": quote}
    missing = form.kind is CommentKind.MISSING
    return {"anchor": Anchor.NOTHING if missing else Anchor.SUBJECT}


def get_point(session: Session, page: DeliberationPage, point_id: int) -> OutputPoint:
    """A point of the output that is discussed. Raises `NotFound` for any other."""
    outputs = [page.output.id] if page.output else []
    points = list_points(session, outputs, page.deliberation.round)
    found = next((point for point in points if point.id == point_id), None)
    if found is None:
        raise NotFound("The point you write about is not in this discussion.")
    return found


def get_source_line(session: Session, page: DeliberationPage, number: int) -> str:
    """A line of the session's page. Raises `NotFound` for one that is empty or not there."""
    text, name = get_source(session, page.session.id)
    lines = read_lines(text, name)
    if number > len(lines) or not lines[number - 1].strip():
        raise NotFound("The session's page has no such line.")
    return lines[number - 1].strip()
