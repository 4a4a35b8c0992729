"""The desk of a MAG member: what waits for them, and what they stand aside from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from deliberate.domain.people import Role
from deliberate.policy import Can, require
from deliberate.storage.awaiting import Awaiting, count_awaiting, list_to_open
from deliberate.storage.conflicts import list_conflicts_of, list_themes
from deliberate.storage.invitations import find_welcome
from deliberate.storage.sign_offs import list_awaiting
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.database import reader
from deliberate.web.forms import Form, blank
from deliberate.web.login import current_actor
from deliberate.web.render import respond

FIRST = 10
"""How much of a list the desk shows; the rest has pages of its own."""


@dataclass(frozen=True, slots=True)
class MemberDesk:
    """What one member finds on the desk; rows are (thing, …) as storage gives them.

    `is_new` is true for somebody invited who has not put the first things to do away.
    """

    awaiting: Awaiting
    to_open: Sequence[Any]
    to_sign_off: Sequence[Any]
    conflicts: Sequence[Any]
    themes: Sequence[str]
    is_new: bool

    @property
    def theme_options(self) -> list[tuple[str, str]]:
        """The themes as a select shows them."""
        return [(theme, theme) for theme in self.themes]


@blueprint.get("/curate")
def show_desk() -> ResponseReturnValue:
    """Everything that waits for whoever is signed in."""
    return answer_desk(blank())


def answer_desk(form: Form[Any], status: int = 200) -> Response:
    """The desk, with the form for a theme as it was sent."""
    require(current_actor(), Can.CURATE)
    member = current_actor().id or 0
    desk = MemberDesk(
        awaiting=count_awaiting(reader(), member),
        to_open=list_to_open(reader(), member, FIRST),
        to_sign_off=list_awaiting(reader(), member, FIRST),
        conflicts=list_conflicts_of(reader(), member),
        themes=list_themes(reader()),
        is_new=find_welcome(reader(), member, Role.MAG_MEMBER) is not None,
    )
    return respond("curate/desk.html", "desk", status, desk=desk, form=form)
