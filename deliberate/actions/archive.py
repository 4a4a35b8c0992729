"""Taking closed deliberations out of the lists, and putting them back. Nothing else changes."""

from sqlalchemy.orm import Session

from deliberate.actions.deliberations import lock_page
from deliberate.actions.matters import matter_of
from deliberate.domain.errors import Conflict
from deliberate.domain.forum import CurationKind
from deliberate.domain.people import Actor
from deliberate.policy import Can, require
from deliberate.storage import audit
from deliberate.storage.curation import log_decision
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import touch


def archive(tx: Session, actor: Actor, deliberation_id: int, reason: str) -> DeliberationPage:
    """Take a closed deliberation out of the lists. Raises `Conflict` when it is archived."""
    page = lock_page(tx, deliberation_id)
    require(actor, Can.ARCHIVE, page)
    require(actor, Can.DESIGN_PROCESS, matter_of(tx, page.deliberation.session_id))
    if page.is_archived:
        raise Conflict("This discussion is archived already.")
    page.deliberation.archived_at = now(tx)
    _log(tx, actor, page, CurationKind.ARCHIVE, reason)
    return page


def unarchive(tx: Session, actor: Actor, deliberation_id: int, reason: str) -> DeliberationPage:
    """Put an archived deliberation back into the lists. Raises `Conflict` when it is not."""
    page = lock_page(tx, deliberation_id)
    require(actor, Can.ARCHIVE, page)
    require(actor, Can.DESIGN_PROCESS, matter_of(tx, page.deliberation.session_id))
    if not page.is_archived:
        raise Conflict("This discussion is not archived.")
    page.deliberation.archived_at = None
    _log(tx, actor, page, CurationKind.UNDO, reason)
    return page


def _log(
    tx: Session, actor: Actor, page: DeliberationPage, kind: CurationKind, reason: str
) -> None:
    tx.flush()
    touch(tx, page.id)
    log_decision(
        tx,
        actor,
        kind,
        reason,
        session_id=page.deliberation.session_id,
        question_id=page.deliberation.question_id,
        output_id=page.deliberation.output_id,
        after=[page.title],
    )
    act = "archived" if kind is CurationKind.ARCHIVE else "unarchived"
    audit.record(tx, actor, act, "deliberation", page.id)
