"""Which stretch of a discussion an address asks for, and the address of each stretch.

Everything stands in the address, so that a link shows others what one sees oneself.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from flask import abort, redirect, request

from deliberate.domain.classification import LANGUAGES
from deliberate.domain.errors import NotFound
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.threads import CommentKind, Cursor, Order, Selection
from deliberate.inputs.texts import LARGEST_ID
from deliberate.storage.places import find_place
from deliberate.storage.threads import (
    ThreadPage,
    list_around,
    list_branch,
    list_thread,
)
from deliberate.web.database import reader

E = TypeVar("E", bound=StrEnum)
USUAL = Selection()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a discussion: what stands behind a cursor, under a comment, or around one.

    `branch` is the comment whose replies alone are asked for; `around` the one to be shown with
    its parents and children on the page that it stands on.
    """

    selection: Selection = USUAL
    after: Cursor | None = None
    branch: int | None = None
    around: int | None = None

    @property
    def is_usual(self) -> bool:
        """Whether this is how a discussion is shown to who asks for nothing in particular."""
        return self.selection == USUAL and self.branch is None


def asked_stretch() -> Stretch:
    """What the address asks for; what it says wrongly counts as not said."""
    order = _word(Order, "order") or Order.OLDEST
    language = request.args.get("language", "")
    return Stretch(
        selection=Selection(
            order=order,
            group=_word(StakeholderGroup, "group"),
            kind=_word(CommentKind, "kind"),
            language=language if language in LANGUAGES else None,
        ),
        after=Cursor.parse(request.args.get("after", ""), order),
        branch=_id("thread"),
        around=_id("around"),
    )


def load_stretch(
    deliberation_id: int, stretch: Stretch, proposal_id: int | None = None
) -> ThreadPage:
    """The comments of a stretch, of a whole discussion or of one proposal.

    Leads on where a comment asked for stands in another discussion by now.
    """
    session = reader()
    if stretch.branch is not None:
        after = stretch.after.id if stretch.after else None
        page = list_branch(session, stretch.branch, after)
        if page is None or page.head is None or page.head.state == "held":
            raise NotFound("There is no such comment.")
        if page.head.deliberation_id != deliberation_id:
            abort(redirect(f"/comments/{stretch.branch}"))
        return page
    if stretch.around is not None:
        place = find_place(session, stretch.around, of_proposal=proposal_id is not None)
        if place is not None and place.deliberation_id != deliberation_id:
            abort(redirect(f"/comments/{stretch.around}"))
        if place is not None and (proposal_id is None or place.proposal_id == proposal_id):
            return list_around(session, place, of_proposal=proposal_id is not None)
    return list_thread(session, deliberation_id, stretch.after, stretch.selection, proposal_id)


def query_of(selection: Selection, **more: object) -> str:
    """The query of an address that asks for a selection; "" for the usual one."""
    values = {
        "order": None if selection.order is Order.OLDEST else selection.order.value,
        "group": selection.group.value if selection.group else None,
        "kind": selection.kind.value if selection.kind else None,
        "language": selection.language,
        **more,
    }
    said = {name: value for name, value in values.items() if value is not None}
    return f"?{urlencode(said)}" if said else ""


def address_around(deliberation_id: int, comment_id: int) -> str:
    """Where a comment is read among the others of its discussion."""
    return f"/deliberations/{deliberation_id}?around={comment_id}#c{comment_id}"


def _word(words: type[E], name: str) -> E | None:
    value = request.args.get(name, "")
    return words(value) if value in list(words) else None


def _id(name: str) -> int | None:
    value = request.args.get(name, 0, type=int)
    return value if 0 < value <= LARGEST_ID else None
