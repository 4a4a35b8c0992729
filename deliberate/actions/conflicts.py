"""Declaring a conflict of interest: from then on the member stands aside, and the log says so."""

from sqlalchemy.orm import Session

from deliberate.actions.comments import identity
from deliberate.domain.errors import Invalid, NotFound
from deliberate.domain.forum import CurationKind
from deliberate.domain.people import Actor
from deliberate.inputs.review import ThemeConflict
from deliberate.policy import Can, require
from deliberate.storage import audit, conflicts, reviews, sign_offs
from deliberate.storage.conflicts import DeclaredConflict
from deliberate.storage.curation import log_decision
from deliberate.storage.database import now
from deliberate.storage.forum import ForumSession
from deliberate.storage.people import lock_person

RECUSAL = "Declared a conflict of interest."
RETURNED = "Withdrew the declaration of a conflict of interest."


def declare_for_session(
    tx: Session, actor: Actor, session_id: int, note: str
) -> tuple[DeclaredConflict, int]:
    """Stand aside in one session; the second value says how many own scores that voids.

    Declaring again changes nothing. Raises `NotFound` for a session that is not stored.
    """
    require(actor, Can.DECLARE_CONFLICT)
    if tx.get(ForumSession, session_id) is None:
        raise NotFound("There is no such session.")
    return _declare(tx, actor, note, session_id=session_id)


def declare_for_theme(
    tx: Session, actor: Actor, form: ThemeConflict
) -> tuple[DeclaredConflict, int]:
    """Stand aside in every session of a theme, also in those that come later.

    Raises `Invalid` for a theme that no stored session has.
    """
    require(actor, Can.DECLARE_CONFLICT)
    if form.theme not in conflicts.list_themes(tx):
        unknown = "No session has this theme."
        raise Invalid(unknown, fields={"theme": unknown})
    return _declare(tx, actor, form.note, theme=form.theme)


def withdraw_conflict(tx: Session, actor: Actor, conflict_id: int) -> DeclaredConflict:
    """Take one's declaration back. Scores it voided stay void; one may score anew."""
    require(actor, Can.DECLARE_CONFLICT)
    person_id, _affiliation = identity(actor)
    lock_person(tx, person_id)
    conflict = conflicts.find_conflict(tx, conflict_id)
    if conflict is None or conflict.person_id != person_id:
        raise NotFound("You have not declared this conflict.")
    if conflict.withdrawn_at is None:
        conflict.withdrawn_at = now(tx)
        _log(tx, actor, conflict, CurationKind.RETURN, RETURNED)
    return conflict


def _declare(
    tx: Session,
    actor: Actor,
    note: str,
    *,
    session_id: int | None = None,
    theme: str | None = None,
) -> tuple[DeclaredConflict, int]:
    person_id, _affiliation = identity(actor)
    lock_person(tx, person_id)
    standing = conflicts.find_standing(tx, person_id, session_id, theme)
    if standing is not None:
        return standing, 0
    conflict = DeclaredConflict(
        person_id=person_id, session_id=session_id, theme=theme, note=note, declared_at=now(tx)
    )
    tx.add(conflict)
    tx.flush()
    voided = reviews.void_reviews(tx, person_id, now(tx), session_id, theme)
    sign_offs.recuse(tx, person_id, now(tx), session_id, theme)
    _log(tx, actor, conflict, CurationKind.RECUSE, RECUSAL)
    return conflict, voided


def _log(
    tx: Session, actor: Actor, conflict: DeclaredConflict, kind: CurationKind, reason: str
) -> None:
    """Name and session are public; the note is not."""
    about = [] if conflict.theme is None else [conflict.theme]
    log_decision(tx, actor, kind, reason, session_id=conflict.session_id, after=about)
    audit.record(tx, actor, kind.value, "conflict", conflict.id)
