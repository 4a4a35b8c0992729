"""Comments that wait for a moderator: all of a discussion, or those of new accounts with links."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.actions.deliberations import get_page
from deliberate.actions.matters import matter_of
from deliberate.domain.moderation import Act, new_until
from deliberate.domain.people import Actor, Role
from deliberate.inputs.moderation import Premoderation
from deliberate.policy import Can, require
from deliberate.storage import audit
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import lock_deliberation, touch
from deliberate.storage.moderation import ModerationAct
from deliberate.storage.people import find_person

LEADS_AWAY = re.compile(r'href="(?![/?#])')


def set_premoderation(
    tx: Session, actor: Actor, deliberation_id: int, form: Premoderation
) -> ModerationAct | None:
    """Switch pre-moderation of a discussion on or off, for a public reason; None if it was so.

    Switching off releases nothing: what waits stays in the queue until a moderator reads it.
    """
    touch(tx, deliberation_id)
    page = get_page(tx, deliberation_id)
    require(actor, Can.PREMODERATE, matter_of(tx, page.session.id))
    deliberation = lock_deliberation(tx, deliberation_id)
    assert deliberation is not None, "a page has a deliberation"  # noqa: S101
    if form.on == (deliberation.premoderated_at is not None):
        return None
    deliberation.premoderated_at = now(tx) if form.on else None
    deliberation.premoderation_reason = form.words if form.on else ""
    made = ModerationAct(
        deliberation_id=deliberation_id,
        act=Act.PREMODERATE if form.on else Act.STOP_PREMODERATION,
        words=form.words,
        moderator_id=actor.id,
        role=Role.FACILITATOR,
        happened_at=now(tx),
    )
    tx.add(made)
    audit.record(tx, actor, f"moderated: {made.act.value}", "deliberation", deliberation_id)
    return made


def when_held(tx: Session, actor: Actor, page: DeliberationPage, body_html: str) -> datetime | None:
    """Now, when a new comment has to wait for a moderator; None when it appears at once.

    It waits where comments are read first, and when a new account links to other sites.
    """
    # Read again behind the lock: it may have been switched on since the page was read.
    tx.refresh(page.deliberation, ["premoderated_at"])
    if page.deliberation.premoderated_at is not None:
        return now(tx)
    if LEADS_AWAY.search(body_html) is None:
        return None
    person = find_person(tx, actor.id or 0)
    is_new = person is not None and new_until(person.registered_at, now(tx)) is not None
    return now(tx) if is_new else None
