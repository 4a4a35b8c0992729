"""`#12` and `@name` in a comment: what they lead to, decided when the comment is written."""

import re
from collections import Counter
from dataclasses import dataclass

from sqlalchemy.orm import Session

from deliberate.domain.handles import to_handle
from deliberate.domain.people import FORMER_PARTICIPANT
from deliberate.markdown import NAME, find_marks, link_marks, to_html
from deliberate.storage import mentions
from deliberate.storage.comment_versions import list_versions
from deliberate.storage.comments import Comment
from deliberate.storage.mentions import Participant
from deliberate.storage.people import Person

FORMER_HANDLE = to_handle(FORMER_PARTICIPANT)
_TYPED = re.compile(f"@({NAME})")


@dataclass(frozen=True, slots=True)
class MarkedUp:
    """A text as HTML, with the people and proposals of its discussion that it names."""

    html: str
    person_ids: frozenset[int] = frozenset()
    proposal_ids: frozenset[int] = frozenset()


def mark_up(
    session: Session, deliberation_id: int, text: str, answered: int | None = None
) -> MarkedUp:
    """A comment's text as HTML in which what exists in the discussion is linked.

    Of several participants with the same handle the author of the comment that is `answered`
    is meant; otherwise nobody is, and it stays as typed.
    """
    html = to_html(text)
    marks = find_marks(html)
    numbers = {number: int(number) for number in marks.numbers}
    named = mentions.find_proposals(session, deliberation_id, numbers.values()) if numbers else ()
    people = _find_people(session, deliberation_id, answered) if marks.names else {}
    meant = {name: people[to_handle(name)] for name in marks.names if to_handle(name) in people}
    html = link_marks(
        html,
        {typed: f"/proposals/{number}" for typed, number in numbers.items() if number in named},
        {name: person.address for name, person in meant.items()},
    )
    person_ids = frozenset(person.person_id for person in meant.values())
    return MarkedUp(html, person_ids, frozenset(named))


def keep_mentions(tx: Session, comment: Comment, marked: MarkedUp) -> frozenset[int]:
    """Store what a comment mentions; the people to tell of it, who are newly mentioned."""
    new = mentions.replace_mentions(tx, comment.id, marked.person_ids, marked.proposal_ids)
    return frozenset(new - {comment.author_id})


def erase_mentions(tx: Session, person: Person) -> None:
    """Take a person's handle out of the comments that mention them, and the link with it."""
    handle = to_handle(person.name)

    def erase(match: re.Match[str]) -> str:
        return f"@{FORMER_HANDLE}" if to_handle(match[1]) == handle else match[0]

    for comment in mentions.list_mentioning(tx, person.id):
        for version in list_versions(tx, comment.id):
            version.body = _TYPED.sub(erase, version.body)
        comment.body = _TYPED.sub(erase, comment.body)
        comment.body_html = mark_up(tx, comment.deliberation_id, comment.body).html


def _find_people(
    session: Session, deliberation_id: int, answered: int | None
) -> dict[str, Participant]:
    """The participants by handle, without those whose handle is not theirs alone."""
    found = mentions.list_participants(session, deliberation_id)
    shared = Counter(to_handle(person.name) for person in found)
    return {
        handle: person
        for person in found
        if (handle := to_handle(person.name))
        and (shared[handle] == 1 or person.person_id == answered)
    }
