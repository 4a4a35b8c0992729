"""Noting invitations to a discussion, so that gaps in who takes part can be closed."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.deliberations import lock_page
from deliberate.domain.balance import Cell
from deliberate.domain.errors import Invalid
from deliberate.domain.people import Actor
from deliberate.inputs.balance import NewInvitation
from deliberate.policy import Can, require
from deliberate.storage import audit
from deliberate.storage.balance import InvitationSent, count_cells
from deliberate.storage.database import now


def note_invitation(
    tx: Session, actor: Actor, deliberation_id: int, form: NewInvitation
) -> InvitationSent:
    """Note an invitation that was sent; the same form twice notes it once.

    Raises `Invalid` for a day that has not come.
    """
    page = lock_page(tx, deliberation_id)
    require(actor, Can.NOTE_INVITATION, page)
    if form.sent_on > now(tx).date():
        raise Invalid(
            "This day has not come yet.", fields={"sent_on": "This day has not come yet."}
        )
    sent = tx.scalar(
        sa.select(InvitationSent).where(InvitationSent.submission_key == form.submission_key)
    )
    if sent is not None:
        return sent
    cells = count_cells(tx, page.deliberation)
    invitation = InvitationSent(
        deliberation_id=deliberation_id,
        group=form.group,
        region=form.region,
        channel=form.channel,
        invited=form.invited,
        sent_on=form.sent_on,
        note=form.note,
        taking_part_then=cells.get((form.group, form.region), Cell(0, 0)).taking_part,
        submission_key=form.submission_key,
        noted_by=actor.id,
        noted_at=now(tx),
    )
    tx.add(invitation)
    tx.flush()
    audit.record(tx, actor, "noted", "invitation_sent", invitation.id, invited=form.invited)
    return invitation
