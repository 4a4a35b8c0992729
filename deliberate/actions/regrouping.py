"""Bringing arguments together, taking them apart, and marking what was answered."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from deliberate.actions.arguments import (
    lock_argument,
    require_synthesis,
    shown_in,
    write_argument,
)
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.people import Actor
from deliberate.domain.threads import CommentKind
from deliberate.inputs.synthesis import CitationsToSplit, NewAnswer
from deliberate.storage import arguments, audit, comments
from deliberate.storage.arguments import Answer, Argument, Citation
from deliberate.storage.database import now


def merge_arguments(tx: Session, actor: Actor, argument_id: int, into_id: int) -> Argument:
    """Let an argument become part of another: its citations and answers go over.

    The address of the merged one leads to the other from then on; splitting takes it back.
    """
    argument = lock_argument(tx, actor, argument_id)
    into = _lock_other(tx, actor, argument, into_id)
    moved = _move(tx, arguments.list_own_citations(tx, argument.id), into)
    _move_answers(tx, argument, into)
    argument.merged_into_id = into.id
    audit.record(
        tx, actor, "merged", "argument", argument.id, into=into.id, comments=moved,
        text=argument.text,
    )  # fmt: skip
    return into


def move_citations(
    tx: Session, actor: Actor, argument_id: int, citation_ids: Sequence[int], into_id: int
) -> Argument:
    """Move citations to another argument, which keeps its own where both cite a comment."""
    argument = lock_argument(tx, actor, argument_id)
    into = _lock_other(tx, actor, argument, into_id)
    moved = _move(tx, _own(tx, argument, citation_ids), into)
    audit.record(tx, actor, "moved", "argument", argument.id, into=into.id, comments=moved)
    return into


def split_argument(tx: Session, actor: Actor, argument_id: int, form: CitationsToSplit) -> Argument:
    """Let citations make an argument of their own; one rendering of the form leads to one."""
    argument = lock_argument(tx, actor, argument_id)
    earlier = arguments.find_by_submission(tx, actor.id or 0, form.submission_key)
    if earlier is not None:
        return earlier
    chosen = _own(tx, argument, form.citation_ids)
    part = write_argument(tx, actor, argument.deliberation_id, form)
    moved = _move(tx, chosen, part)
    audit.record(tx, actor, "split", "argument", argument.id, into=part.id, comments=moved)
    return part


def remove_citations(
    tx: Session, actor: Actor, argument_id: int, citation_ids: Sequence[int]
) -> int:
    """Take comments out of an argument; those in no other are to be sorted again."""
    argument = lock_argument(tx, actor, argument_id)
    chosen = _own(tx, argument, citation_ids)
    numbers = [citation.comment_id for citation in chosen]
    for citation in chosen:
        tx.delete(citation)
    audit.record(tx, actor, "uncited", "argument", argument.id, comments=numbers)
    return len(numbers)


def mark_answered(tx: Session, actor: Actor, argument_id: int, form: NewAnswer) -> Answer:
    """Say what answers an argument, or a comment it cites that asks; once each."""
    argument = lock_argument(tx, actor, argument_id)
    if (form.comment_id is None) == (form.argument_id is None):
        raise Invalid(
            "This is not possible.", fields={"comment_id": "Give either a comment or an argument."}
        )
    answer = Answer(
        deliberation_id=argument.deliberation_id,
        asking_argument_id=argument.id if form.asking is None else None,
        asking_comment_id=form.asking,
        argument_id=form.argument_id,
        comment_id=form.comment_id,
        marked_by=actor.id,
        marked_at=now(tx),
    )
    if form.asking is not None:
        _check_asks(tx, argument, form.asking)
    _check_answer(tx, actor, argument, answer)
    same = arguments.find_same_answer(tx, answer)
    if same is not None:
        return same
    tx.add(answer)
    audit.record(
        tx, actor, "answered", "argument", argument.id, asking=form.asking,
        by_argument=form.argument_id, by_comment=form.comment_id,
    )  # fmt: skip
    return answer


def unmark_answered(tx: Session, actor: Actor, answer_id: int) -> int:
    """Take back that something answers something; gives the deliberation."""
    home = arguments.find_home_of_answer(tx, answer_id)
    if home is not None:
        require_synthesis(tx, actor, home)
    answer = tx.get(Answer, answer_id)
    if home is None or answer is None:
        raise NotFound("This answer is not marked any more.")
    audit.record(
        tx, actor, "unanswered", "deliberation", home,
        asking_argument=answer.asking_argument_id, asking=answer.asking_comment_id,
        by_argument=answer.argument_id, by_comment=answer.comment_id,
    )  # fmt: skip
    tx.delete(answer)
    return home


def _lock_other(tx: Session, actor: Actor, argument: Argument, other_id: int) -> Argument:
    if other_id == argument.id or arguments.find_home(tx, other_id) != argument.deliberation_id:
        raise Invalid(
            "This is not possible.",
            fields={"argument_id": "Choose another argument of this discussion."},
        )
    return lock_argument(tx, actor, other_id)


def _own(tx: Session, argument: Argument, citation_ids: Sequence[int]) -> list[Citation]:
    """The chosen citations, all of them the argument's own by now."""
    chosen = [
        each for each in arguments.list_own_citations(tx, argument.id) if each.id in citation_ids
    ]
    if len(chosen) != len(citation_ids):
        raise Conflict(
            "A comment you ticked does not stand in this argument any more.",
            "Reload the page: somebody else removed or moved it.",
        )
    return chosen


def _move(tx: Session, chosen: Sequence[Citation], into: Argument) -> list[int]:
    """Move citations; where both cite a comment, an excerpt is not lost. Gives the comments."""
    known = {each.comment_id: each for each in arguments.list_own_citations(tx, into.id)}
    for citation in chosen:
        same = known.get(citation.comment_id)
        if same is None:
            citation.argument_id = into.id
            continue
        if not same.excerpt:
            same.excerpt, same.comment_version = citation.excerpt, citation.comment_version
        tx.delete(citation)
    return [citation.comment_id for citation in chosen]


def _move_answers(tx: Session, argument: Argument, into: Argument) -> None:
    """Let the other argument ask and answer what this one did; nothing answers itself."""
    said = {_saying(each) for each in arguments.list_answers_around(tx, into.id)}
    for answer in arguments.list_answers_around(tx, argument.id):
        if answer.asking_argument_id == argument.id:
            answer.asking_argument_id = into.id
        if answer.argument_id == argument.id:
            answer.argument_id = into.id
        if answer.asking_argument_id == into.id == answer.argument_id or _saying(answer) in said:
            tx.delete(answer)
        said.add(_saying(answer))


def _saying(answer: Answer) -> tuple[int | None, ...]:
    """What asks and what answers, which is all that an answer says."""
    asking = answer.asking_argument_id, answer.asking_comment_id
    return *asking, answer.argument_id, answer.comment_id


def _check_asks(tx: Session, argument: Argument, comment_id: int) -> None:
    asking = comments.find_comment(tx, comment_id)
    cited = {each.comment_id for each in arguments.list_own_citations(tx, argument.id)}
    if asking is None or comment_id not in cited or asking.kind is not CommentKind.QUESTION:
        raise Invalid(
            "This is not possible.",
            fields={"asking": "Choose the argument, or a comment in it that asks."},
        )


def _check_answer(tx: Session, actor: Actor, argument: Argument, answer: Answer) -> None:
    """What answers belongs to the discussion and is not what asks."""
    if answer.argument_id is not None:
        _lock_other(tx, actor, argument, answer.argument_id)
    elif answer.comment_id is not None:
        if answer.comment_id == answer.asking_comment_id:
            raise Invalid(
                "This is not possible.", fields={"comment_id": "A comment does not answer itself."}
            )
        try:
            shown_in(tx, argument.deliberation_id, [answer.comment_id])
        except NotFound as error:
            raise Invalid(error.title, fields={"comment_id": error.title}) from error
