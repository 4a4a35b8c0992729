"""Confirming that somebody speaks for their organisation, and ending it."""

from sqlalchemy.orm import Session

from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.people import Actor
from deliberate.policy import Can, require
from deliberate.storage import audit, mandates
from deliberate.storage.database import now
from deliberate.storage.mandates import Mandate
from deliberate.storage.people import Person, lock_person


def confirm_mandate(tx: Session, actor: Actor, person_id: int, organisation: str) -> None:
    """Confirm that a person speaks for the organisation they named; twice changes nothing.

    Raises `Conflict` when they have named another one since the form was shown.
    """
    require(actor, Can.CONFIRM_MANDATE)
    person = _lock(tx, person_id)
    if not organisation or person.organisation != organisation:
        raise Conflict("This person names another organisation now.", "Reload the list of people.")
    if mandates.find_mandate(tx, person_id) is None:
        tx.add(
            Mandate(
                person_id=person_id,
                organisation=organisation,
                confirmed_by=actor.id,
                confirmed_at=now(tx),
            )
        )
        audit.record(tx, actor, "confirmed_mandate", "person", person_id, of=organisation)


def withdraw_mandate(tx: Session, actor: Actor, person_id: int) -> None:
    """End a person's mandate; what they wrote under it stays as it was written."""
    require(actor, Can.CONFIRM_MANDATE)
    _lock(tx, person_id)
    end_mandate(tx, actor, person_id)


def end_mandate(tx: Session, actor: Actor, person_id: int) -> None:
    """End the mandate of a person whose row is held, because they left the organisation, say."""
    found = mandates.find_mandate(tx, person_id)
    if found is not None:
        found.ended_at = now(tx)
        audit.record(tx, actor, "ended_mandate", "person", person_id, of=found.organisation)


def _lock(tx: Session, person_id: int) -> Person:
    person = lock_person(tx, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person
