"""The balance board: who takes part by group and region, where nobody does, who was invited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.balance import note_invitation
from deliberate.actions.deliberations import get_page
from deliberate.domain.balance import CROWD, Place, Shown, ShownCell, gaps, places, show_cells
from deliberate.domain.errors import Invalid
from deliberate.domain.people import RegionalGroup, Role, StakeholderGroup
from deliberate.inputs.balance import NewInvitation
from deliberate.policy import Can, require
from deliberate.storage.balance import InvitationSent, count_cells, list_invitations
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation with how many have joined since; None while that would name somebody."""

    invitation: InvitationSent
    noted_by: str
    joined: int | None


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board. `sent` and `form` are for those who may invite."""

    page: DeliberationPage
    regions: Sequence[RegionalGroup]
    rows: Sequence[tuple[StakeholderGroup, Sequence[ShownCell]]]
    turnout: Sequence[dict[str, Any]]
    gaps: Sequence[tuple[Place, int]]
    unregistered: Sequence[Place]
    sees_invitations: bool
    sent: Sequence[Sent]
    form: Form[Any]
    crowd: int = CROWD


@blueprint.get("/deliberations/<int:deliberation_id>/balance")
def show_balance(deliberation_id: int) -> ResponseReturnValue:
    """Turnout by group and region, for everybody; never what anybody said."""
    form = blank(
        group=request.args.get("group", ""),
        region=request.args.get("region", ""),
        sent_on=now(reader()).date().isoformat(),
    )
    return _show(deliberation_id, form)


@blueprint.post("/deliberations/<int:deliberation_id>/invitations")
def note_sent(deliberation_id: int) -> ResponseReturnValue:
    """Note an invitation that was sent."""
    require(current_actor(), Can.NOTE_INVITATION, get_page(reader(), deliberation_id))
    form = read_form(NewInvitation, request.form)
    if form.data is not None:
        try:
            with writing() as tx:
                note_invitation(tx, current_actor(), deliberation_id, form.data)
        except Invalid as error:
            form = form.reject(error)
        else:
            flash(_("The invitation is noted."), "ok")
            return see_other(f"/deliberations/{deliberation_id}/balance#invitations")
    return _show(deliberation_id, form, 422)


def _show(deliberation_id: int, form: Form[Any], status: int = 200) -> Response:
    page = get_page(reader(), deliberation_id)
    cells = count_cells(reader(), page.deliberation)
    shown = show_cells(cells)
    sees = bool(current_actor().roles & {Role.MAG_MEMBER, Role.FACILITATOR})
    board = Board(
        page=page,
        regions=list(RegionalGroup),
        rows=[
            (group, [shown[group, region] for region in RegionalGroup])
            for group in StakeholderGroup.registrable()
        ],
        turnout=_turnout(cells),
        gaps=[(place, shown[place].registered or 0) for place in gaps(shown)],
        unregistered=_unregistered(shown),
        sees_invitations=sees,
        sent=_sent(deliberation_id, shown) if sees else [],
        form=form,
    )
    return respond("curate/balance.html", "balance", status, board=board)


def _turnout(cells: Mapping[Place, Any]) -> list[dict[str, Any]]:
    """Taking part and registered by group, which is public for every discussion."""
    rows = []
    for group in StakeholderGroup.registrable():
        own = [cell for place, cell in cells.items() if place[0] is group]
        rows.append(
            {
                "group": group,
                "count": sum(cell.taking_part for cell in own),
                "eligible": sum(cell.registered for cell in own),
            }
        )
    return rows


def _unregistered(shown: Mapping[Place, ShownCell]) -> list[Place]:
    """Places nobody is registered from, without those that cannot be."""
    found = []
    for group, region in places():
        is_odd = (group is StakeholderGroup.INTERGOVERNMENTAL) != (
            region is RegionalGroup.INTERGOVERNMENTAL
        )
        if shown[group, region].shown is Shown.NOBODY and not is_odd:
            found.append((group, region))
    return found


def _sent(deliberation_id: int, shown: Mapping[Place, ShownCell]) -> list[Sent]:
    return [
        Sent(invitation, name, _joined(invitation, shown[invitation.group, invitation.region]))
        for invitation, name in list_invitations(reader(), deliberation_id)
    ]


def _joined(invitation: InvitationSent, cell: ShownCell) -> int | None:
    """How many have joined from there; unknown where the number then or now was small."""
    before = invitation.taking_part_then
    if cell.taking_part is None or 0 < before < CROWD:
        return None
    return max(cell.taking_part - before, 0)
