"""Collecting comments into arguments: beginning one, citing, rewording, and setting aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.deliberations import get_page
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.people import Actor
from deliberate.domain.synthesis import is_excerpt
from deliberate.inputs.synthesis import ArgumentEdit, CitationsToSplit, NewArgument
from deliberate.policy import Can, require
from deliberate.storage import arguments, audit, comments
from deliberate.storage.arguments import Argument, Citation, Waiver
from deliberate.storage.comments import CommentLine
from deliberate.storage.database import now
from deliberate.storage.deliberations import touch


@dataclass(frozen=True, slots=True)
class Collected:
    """How many comments were added to an argument, and how many of them stand in another too."""

    added: int
    elsewhere: int


def begin_argument(
    tx: Session, actor: Actor, deliberation_id: int, form: NewArgument
) -> tuple[Argument, Collected]:
    """Word a new argument and cite its first comments; one rendering of the form leads to one."""
    require_synthesis(tx, actor, deliberation_id)
    argument = write_argument(tx, actor, deliberation_id, form)
    return argument, _cite(tx, actor, argument, form.comment_ids)


def cite_comments(
    tx: Session, actor: Actor, argument_id: int, comment_ids: Sequence[int]
) -> tuple[Argument, Collected]:
    """Add comments to an argument; those it cites already stay as they are.

    Raises `Conflict` when one of them is not shown any more, or the argument does not stand.
    """
    argument = lock_argument(tx, actor, argument_id)
    return argument, _cite(tx, actor, argument, comment_ids)


def edit_argument(tx: Session, actor: Actor, argument_id: int, form: ArgumentEdit) -> Argument:
    """Reword an argument. Raises `Conflict` when somebody else did since the form was shown."""
    argument = lock_argument(tx, actor, argument_id)
    if argument.version != form.version:
        raise Conflict(
            "Somebody else changed this argument in the meantime.",
            "Both texts are shown below. Bring them together, then save again.",
        )
    if (argument.kind, argument.text) == (form.kind, form.text):
        return argument
    before = {"kind": argument.kind.value, "text": argument.text}
    argument.kind, argument.text = form.kind, form.text
    argument.version += 1
    argument.edited_by, argument.edited_at = actor.id, now(tx)
    after = {"kind": form.kind.value, "text": form.text}
    audit.record(tx, actor, "edited", "argument", argument.id, before=before, after=after)
    return argument


def choose_excerpt(tx: Session, actor: Actor, citation_id: int, excerpt: str) -> Citation:
    """Say which words of a comment an argument rests on; "" for none in particular.

    Raises `Invalid` when they do not stand in the comment, `Conflict` when it is not shown.
    """
    home = arguments.find_home_of_citation(tx, citation_id)
    if home is not None:
        require_synthesis(tx, actor, home)
    citation = tx.get(Citation, citation_id)
    if home is None or citation is None:
        raise NotFound("This comment does not stand in the argument any more.")
    (line,) = shown_comments(tx, [citation.comment_id])
    if not is_excerpt(excerpt, line.body_html):
        raise Invalid(
            "These words do not stand in the comment.",
            fields={"excerpt": "Copy the words from the comment as they stand there."},
        )
    before = citation.excerpt
    citation.excerpt, citation.comment_version = excerpt, line.version
    audit.record(
        tx, actor, "excerpted", "argument", citation.argument_id, comment=line.id, before=before
    )
    return citation


def withdraw_argument(tx: Session, actor: Actor, argument_id: int) -> Argument:
    """Take out an argument that cites nothing, with its answers; its address goes on saying so."""
    argument = lock_argument(tx, actor, argument_id)
    if arguments.list_own_citations(tx, argument.id):
        raise Conflict(
            "This argument cites comments.", "Remove them or move them to another argument first."
        )
    for answer in arguments.list_answers_around(tx, argument.id):
        tx.delete(answer)
    argument.withdrawn_at = now(tx)
    audit.record(tx, actor, "withdrew", "argument", argument.id)
    return argument


def require_synthesis(tx: Session, actor: Actor, deliberation_id: int) -> None:
    """Let facilitators of one deliberation take turns, and nobody else in."""
    touch(tx, deliberation_id)
    require(actor, Can.SYNTHESISE, get_page(tx, deliberation_id))


def lock_argument(tx: Session, actor: Actor, argument_id: int) -> Argument:
    """An argument that stands, held until the transaction ends, for those who may change it."""
    home = arguments.find_home(tx, argument_id)
    if home is None:
        raise NotFound("There is no such argument.")
    require_synthesis(tx, actor, home)
    argument = tx.get_one(Argument, argument_id, populate_existing=True)
    if not argument.is_live:
        raise Conflict(
            "This argument was merged or withdrawn in the meantime.",
            "Reload the page to see where it went.",
        )
    return argument


def write_argument(
    tx: Session, actor: Actor, deliberation_id: int, form: NewArgument | CitationsToSplit
) -> Argument:
    """A new argument without citations, or the one this form led to before."""
    earlier = arguments.find_by_submission(tx, actor.id or 0, form.submission_key)
    if earlier is not None:
        return earlier
    argument = Argument(
        deliberation_id=deliberation_id,
        kind=form.kind,
        text=form.text,
        submission_key=form.submission_key,
        written_by=actor.id,
        written_at=now(tx),
    )
    tx.add(argument)
    tx.flush()
    words: dict[str, Any] = {"kind": form.kind.value, "text": form.text}
    audit.record(tx, actor, "began", "argument", argument.id, **words)
    return argument


def shown_comments(tx: Session, comment_ids: Sequence[int]) -> Sequence[CommentLine]:
    """These comments, or `NotFound`, or `Conflict` when one of them is not shown any more."""
    lines = comments.list_by_ids(tx, comment_ids)
    if len(lines) != len(set(comment_ids)):
        raise NotFound("There is no such comment.")
    gone = [str(line.id) for line in lines if not line.is_shown]
    if gone:
        raise Conflict(
            "A comment you ticked was taken back or hidden in the meantime.",
            "Reload the page: it is not in the list any more.",
        )
    return lines


def shown_in(tx: Session, deliberation_id: int, ids: Sequence[int]) -> Sequence[CommentLine]:
    """These shown comments of a deliberation; one of another is `NotFound`."""
    lines = shown_comments(tx, ids)
    if any(line.deliberation_id != deliberation_id for line in lines):
        raise NotFound("This comment is not in this discussion.")
    return lines


def _cite(tx: Session, actor: Actor, argument: Argument, comment_ids: Sequence[int]) -> Collected:
    lines = shown_in(tx, argument.deliberation_id, comment_ids)
    known = {each.comment_id for each in arguments.list_own_citations(tx, argument.id)}
    added = [line for line in lines if line.id not in known]
    for line in added:
        tx.add(
            Citation(
                argument_id=argument.id,
                comment_id=line.id,
                excerpt="",
                comment_version=line.version,
                cited_by=actor.id,
                cited_at=now(tx),
            )
        )
    ids = [line.id for line in added]
    for waiver in arguments.list_waivers(tx, ids):
        tx.delete(waiver)
    if ids:
        audit.record(tx, actor, "cited", "argument", argument.id, comments=ids)
    return Collected(len(ids), arguments.count_cited_elsewhere(tx, argument.id, ids))


def waive_comments(
    tx: Session, actor: Actor, deliberation_id: int, comment_ids: Sequence[int], reason: str
) -> int:
    """Set comments aside for a public reason; gives how many.

    What an argument cites by now stays cited, and what was waived keeps its reason.
    """
    require_synthesis(tx, actor, deliberation_id)
    shown_in(tx, deliberation_id, comment_ids)
    sorted_already = arguments.list_cited(tx, comment_ids)
    sorted_already |= {each.comment_id for each in arguments.list_waivers(tx, comment_ids)}
    waived = [number for number in comment_ids if number not in sorted_already]
    for number in waived:
        tx.add(Waiver(comment_id=number, reason=reason, waived_by=actor.id, waived_at=now(tx)))
    if waived:
        audit.record(
            tx, actor, "waived", "deliberation", deliberation_id, comments=waived, reason=reason
        )
    return len(waived)


def withdraw_waiver(tx: Session, actor: Actor, waiver_id: int) -> int:
    """Put a comment back among those that are not sorted; gives its deliberation."""
    home = arguments.find_home_of_waiver(tx, waiver_id)
    if home is not None:
        require_synthesis(tx, actor, home)
    waiver = tx.get(Waiver, waiver_id)
    if home is None or waiver is None:
        raise NotFound("This comment is not set aside any more.")
    audit.record(tx, actor, "unwaived", "deliberation", home, comments=[waiver.comment_id])
    tx.delete(waiver)
    return home
