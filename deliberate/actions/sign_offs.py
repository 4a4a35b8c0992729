"""Sign-off by the MAG on a draft summary: asked for, given, answered, and kept in the edition."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.comments import identity
from deliberate.actions.deliberations import get_page
from deliberate.actions.matters import matter_of
from deliberate.domain.canonical import fingerprint
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.people import Actor
from deliberate.domain.review import Matter, Stance
from deliberate.inputs.review import NewSignOff
from deliberate.policy import Can, require
from deliberate.storage import audit, sign_offs, summaries
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.people import Person, lock_person
from deliberate.storage.sign_offs import SignOff, SignOffRequest
from deliberate.storage.summaries import Summary

SHORTEST_REASON = 10


def draft_fingerprint(summary: Summary) -> str:
    """The SHA-256 of what members sign off on: texts and designation, in canonical JSON."""
    return fingerprint(
        {
            "body": summary.body,
            "minority_views": summary.minority_views,
            "level": summary.level.value if summary.level else None,
            "level_reason": summary.level_reason,
        }
    )


def ask_for_sign_off(tx: Session, actor: Actor, summary_id: int) -> SignOffRequest:
    """Show the draft to the MAG and ask where each member stands. Asking again changes nothing."""
    summary = _lock_summary(tx, summary_id)
    require(actor, Can.ASK_SIGN_OFF, get_page(tx, summary.deliberation_id))
    request = sign_offs.find_request(tx, summary_id)
    if request is None:
        request = SignOffRequest(summary_id=summary_id, asked_by=actor.id, asked_at=now(tx))
        tx.add(request)
        tx.flush()
        audit.record(tx, actor, "asked_for_sign_off", "summary", summary_id)
    return request


def get_summary(session: Session, summary_id: int) -> Summary:
    """The summary with this id, or `NotFound`."""
    summary = summaries.find_summary(session, summary_id)
    if summary is None:
        raise NotFound("There is no such summary.")
    return summary


def draft_matter(session: Session, summary: Summary, page: DeliberationPage) -> Matter:
    """A draft as policy sees it: whether sign-off was asked for, and who stands aside."""
    is_asked = sign_offs.find_request(session, summary.id) is not None
    return matter_of(session, page.session.id, is_asked=is_asked)


def sign_off(tx: Session, actor: Actor, summary_id: int, form: NewSignOff) -> SignOff:
    """Say where one stands on the draft, or change it.

    Raises `Conflict` when the text is not the one that was shown.
    """
    require(actor, Can.SIGN_OFF, Matter(is_asked=True))
    person_id, affiliation = identity(actor)
    lock_person(tx, person_id)
    summary = _lock_summary(tx, summary_id)
    page = get_page(tx, summary.deliberation_id)
    require(actor, Can.SIGN_OFF, draft_matter(tx, summary, page))
    if form.draft != draft_fingerprint(summary):
        raise Conflict(
            "The draft was changed since you saw it.", "Read it again, then say where you stand."
        )
    given = sign_offs.find_sign_off(tx, summary_id, person_id)
    if given is None:
        given = SignOff(summary_id=summary_id, person_id=person_id)
        tx.add(given)
    elif (given.stance, given.text, given.draft) == (form.stance, form.text, form.draft):
        return given
    given.group, given.stance, given.text = affiliation.group, form.stance, form.text
    given.draft, given.given_at = form.draft, now(tx)
    given.answer, given.answered_by, given.answered_at = "", None, None
    tx.flush()
    audit.record(tx, actor, "signed_off", "summary", summary_id, stance=form.stance.value)
    return given


def answer_discuss(tx: Session, actor: Actor, sign_off_id: int, answer: str) -> SignOff:
    """Answer what a member wants discussed. Only the member can then take the Discuss back."""
    found = sign_offs.get_sign_off(tx, sign_off_id)
    if found is None:
        raise NotFound("There is no such stance.")
    summary = _lock_summary(tx, found.summary_id)
    require(actor, Can.ASK_SIGN_OFF, get_page(tx, summary.deliberation_id))
    query = sa.select(SignOff).where(SignOff.id == sign_off_id).with_for_update()
    given = tx.scalars(query.execution_options(populate_existing=True)).one()
    if given.stance is not Stance.DISCUSS:
        raise Conflict("This member does not ask for a discussion any more.")
    given.answer, given.answered_by, given.answered_at = answer, actor.id, now(tx)
    audit.record(tx, actor, "answered", "sign_off", sign_off_id)
    return given


def sign_off_record(
    tx: Session, actor: Actor, summary: Summary, override: str
) -> dict[str, Any] | None:
    """What an edition keeps of the sign-off; nothing when none was asked for.

    Raises `Invalid` when a member still asks for a discussion and no reason to publish all the
    same was given.
    """
    request = sign_offs.find_request(tx, summary.id)
    if request is None:
        return None
    rows = sign_offs.list_sign_offs(tx, summary.id)
    is_blocked = any(given.stance is Stance.DISCUSS for given, _person in rows)
    if is_blocked and len(override) < SHORTEST_REASON:
        asked = "A member asks for a discussion. Settle it, or say publicly why you publish."
        raise Invalid(asked, fields={"override": asked})
    counts = Counter(given.stance for given, _person in rows)
    return {
        "asked_at": request.asked_at.isoformat(),
        "counts": {stance.value: counts[stance] for stance in Stance},
        "members": _members(summary, rows),
        "override": {"by": actor.name, "reason": override} if is_blocked else None,
    }


def _members(summary: Summary, rows: Sequence[sa.Row[SignOff, Person]]) -> list[dict[str, Any]]:
    """Name, group and stance of each member; of a Discuss what was asked and answered."""
    draft = draft_fingerprint(summary)
    return [
        {
            "name": person.name,
            "group": given.group.value,
            "stance": given.stance.value,
            "is_of_this_text": given.draft == draft,
            "text": given.text,
            "answer": given.answer,
        }
        for given, person in rows
    ]


def _lock_summary(tx: Session, summary_id: int) -> Summary:
    summary = summaries.lock_summary(tx, summary_id)
    if summary is None:
        raise NotFound("There is no such summary.")
    return summary
