"""Making one proposal of several, or several of one, with the consent of every author.

The originals stay, with their versions, co-sponsors and ratings, and lead to what came of them.
Each act takes the deliberation first, so that of two consents given at once the second one finds
the first, and nothing is published twice.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.actions.comments import Written
from deliberate.actions.deliberations import get_page
from deliberate.actions.proposals import Byline, add_proposal, hold_proposal, require_changeable
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.notices import EventKind, Reason
from deliberate.domain.people import Actor
from deliberate.domain.phases import Phase
from deliberate.domain.recasting import RecastingState
from deliberate.domain.sponsors import InvitationState
from deliberate.inputs.contributions import Answer, NewRecasting, ProposalText
from deliberate.policy import Can, require
from deliberate.storage import audit, notices, proposals, recastings, sponsors
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import touch
from deliberate.storage.people import find_actor
from deliberate.storage.proposals import Proposal, ProposalLine
from deliberate.storage.recastings import Recasting, RecastOriginal
from deliberate.storage.sponsors import CoSponsorship, SponsorInvitation

MOST_ORIGINALS, MOST_TEXTS = 6, 4


@dataclass(frozen=True, slots=True)
class Recast:
    """Proposals that become others, as policy sees them."""

    phase: Phase
    opens_at: datetime
    takes_proposals: bool
    proposals_are_open: bool
    author_ids: frozenset[int]


def recast(page: DeliberationPage, author_ids: Sequence[int]) -> Recast:
    """Proposals of these authors in a deliberation."""
    return Recast(
        page.phase,
        page.opens_at,
        page.takes_proposals,
        page.proposals_are_open,
        frozenset(author_ids),
    )


def propose_recasting(
    tx: Session, actor: Actor, proposal_id: int, form: NewRecasting, texts: Sequence[ProposalText]
) -> Recasting:
    """Suggest to make these texts of a proposal, alone or together with others.

    An author who suggests it consents by doing so; when nobody else is asked, it is published at
    once. One rendering of the form leads to one. Raises `Conflict` when an original cannot change
    any more, or waits for another recasting already; `Invalid` unless several become one or one
    becomes several.
    """
    first = hold_proposal(tx, proposal_id)
    earlier = recastings.find_recasting_by_submission(tx, actor.id, form.submission_key)
    if earlier is not None:
        return earlier
    others = dict.fromkeys(each for each in form.others if each != first.id)
    lines = [first, *(_get_line(tx, first, other) for other in others)]
    page = get_page(tx, first.deliberation_id)
    require(actor, Can.RECAST, recast(page, [line.author_id for line in lines]))
    _require_shape(lines, texts)
    for line in lines:
        require_changeable(tx, line)
        if recastings.find_open_recasting(tx, line.id) is not None:
            raise Conflict(
                "One of these proposals waits for another answer.",
                "Its authors have to answer the suggestion that stands on its page first.",
            )
    recasting = _store(tx, actor, lines, form, texts)
    audit.record(tx, actor, "suggested", "recasting", recasting.id)
    own = [line.id for line in lines if line.author_id == actor.id]
    recastings.give_consent(tx, recasting.id, own, now(tx))
    asked = {line.author_id: Reason.AUTHOR for line in lines if line.author_id != actor.id}
    _tell(tx, actor, EventKind.RECASTING, recasting, first.id, asked)
    _publish_if_agreed(tx, actor, recasting)
    return recasting


def consent(tx: Session, actor: Actor, recasting_id: int) -> Recasting:
    """Consent for one's own originals; the last consent publishes the new texts.

    Consenting twice changes nothing. Raises `Conflict` when it was declined or withdrawn, or an
    original was changed since.
    """
    recasting, lines = _hold(tx, recasting_id)
    page = get_page(tx, recasting.deliberation_id)
    require(actor, Can.ANSWER_RECASTING, recast(page, [line.author_id for line in lines]))
    if recasting.state is RecastingState.PUBLISHED:
        return recasting
    _require_open(recasting)
    _require_unchanged(tx, recasting)
    own = [line.id for line in lines if line.author_id == actor.id]
    recastings.give_consent(tx, recasting.id, own, now(tx))
    audit.record(tx, actor, "consented", "recasting", recasting.id)
    _publish_if_agreed(tx, actor, recasting)
    return recasting


def decline_recasting(tx: Session, actor: Actor, recasting_id: int, form: Answer) -> Recasting:
    """Say no as the author of an original, with a public reason: then nothing changes."""
    recasting, lines = _hold(tx, recasting_id)
    page = get_page(tx, recasting.deliberation_id)
    require(actor, Can.ANSWER_RECASTING, recast(page, [line.author_id for line in lines]))
    _require_open(recasting)
    recasting.state, recasting.ended_at = RecastingState.DECLINED, now(tx)
    recasting.answer, recasting.answered_by = form.reason, actor.id
    audit.record(tx, actor, "declined", "recasting", recasting.id)
    told = {recasting.proposed_by: Reason.AUTHOR}
    _tell(tx, actor, EventKind.RECASTING_DECLINED, recasting, lines[0].id, told)
    return recasting


def withdraw_recasting(tx: Session, actor: Actor, recasting_id: int) -> Recasting:
    """Take back what one suggested, while an author has not answered."""
    recasting, _lines = _hold(tx, recasting_id)
    page = get_page(tx, recasting.deliberation_id)
    written = Written(page.phase, page.opens_at, recasting.proposed_by)
    require(actor, Can.WITHDRAW_RECASTING, written)
    if recasting.state is not RecastingState.WITHDRAWN:
        _require_open(recasting)
        recasting.state, recasting.ended_at = RecastingState.WITHDRAWN, now(tx)
        audit.record(tx, actor, "withdrew", "recasting", recasting.id)
    return recasting


def _hold(tx: Session, recasting_id: int) -> tuple[Recasting, list[ProposalLine]]:
    """A recasting with its originals as they stand, held until the transaction ends."""
    found = recastings.find_recasting(tx, recasting_id)
    if found is None:
        raise NotFound("There is no such suggestion.")
    touch(tx, found.deliberation_id)
    ids = [each.proposal_id for each in recastings.list_originals(tx, recasting_id)]
    lines = [line for each in ids if (line := proposals.find_proposal(tx, each)) is not None]
    return recastings.lock_recasting(tx, recasting_id), lines


def _get_line(tx: Session, first: ProposalLine, proposal_id: int) -> ProposalLine:
    line = proposals.find_proposal(tx, proposal_id)
    if line is None or line.deliberation_id != first.deliberation_id:
        raise NotFound("One of these proposals is not in this discussion.")
    return line


def _require_shape(lines: Sequence[ProposalLine], texts: Sequence[ProposalText]) -> None:
    joins = 2 <= len(lines) <= MOST_ORIGINALS and len(texts) == 1
    parts = len(lines) == 1 and 2 <= len(texts) <= MOST_TEXTS
    if not joins and not parts:
        raise Invalid(
            "Either several proposals become one, or one becomes several.",
            fields={"reason": "Choose up to six proposals to combine, or up to four parts."},
        )


def _require_open(recasting: Recasting) -> None:
    if recasting.state is not RecastingState.OPEN:
        raise Conflict("This suggestion was answered or withdrawn already.", "See what came of it.")


def _require_unchanged(tx: Session, recasting: Recasting) -> None:
    """Raise `Conflict` unless every original still has the text that the authors were shown."""
    for original in recastings.list_originals(tx, recasting.id):
        line = proposals.find_proposal(tx, original.proposal_id)
        assert line is not None, "proposals are never deleted"  # noqa: S101
        require_changeable(tx, line)
        if line.version_id != original.version_id:
            raise Conflict(
                "One of the proposals has changed since.",
                "Whoever suggested this can withdraw it and suggest it anew.",
            )


def _store(
    tx: Session,
    actor: Actor,
    lines: Sequence[ProposalLine],
    form: NewRecasting,
    texts: Sequence[ProposalText],
) -> Recasting:
    assert actor.id is not None, "policy lets only signed-in people suggest"  # noqa: S101
    recasting = Recasting(
        deliberation_id=lines[0].deliberation_id,
        proposed_by=actor.id,
        reason=form.reason,
        texts=[text.model_dump(include={"title", "body", "rationale"}) for text in texts],
        submission_key=form.submission_key,
        proposed_at=now(tx),
        state=RecastingState.OPEN,
        answer="",
    )
    tx.add(recasting)
    tx.flush()
    tx.add_all(
        RecastOriginal(recasting_id=recasting.id, proposal_id=line.id, version_id=line.version_id)
        for line in lines
    )
    tx.flush()
    return recasting


def _publish_if_agreed(tx: Session, actor: Actor, recasting: Recasting) -> None:
    """Publish the new texts once every author has consented, and retire the originals."""
    originals = recastings.list_originals(tx, recasting.id)
    if any(each.consented_at is None for each in originals):
        return
    rows = [proposals.lock_proposal(tx, each.proposal_id) for each in originals]
    held = [row for row in rows if row is not None]
    # It stands in the name of whoever suggested it, if they wrote one of the originals.
    first = next((row for row in held if row.author_id == recasting.proposed_by), held[0])
    by = Byline(first.author_id, first.group, first.organisation, first.capacity)
    author = find_actor(tx, first.author_id) or actor
    for number, text in enumerate(recasting.texts):
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"recasting {recasting.id}, text {number}"))
        form = ProposalText.model_validate(text | {"submission_key": key})
        made = add_proposal(tx, author, recasting.deliberation_id, by, form, _point(held))
        made.recasting_id = recasting.id
        _carry_sponsors(tx, actor, made, first.author_id, held)
    for row in held:
        row.replaced_at = now(tx)
        _tell(tx, actor, EventKind.PROPOSAL_RECAST, recasting, row.id, {})
    recasting.state, recasting.ended_at = RecastingState.PUBLISHED, now(tx)
    audit.record(tx, actor, "published", "recasting", recasting.id)


def _point(originals: Sequence[Proposal]) -> int | None:
    """The point that all originals answer; None when they answer different ones, or the whole."""
    points = {row.point_id for row in originals}
    return points.pop() if len(points) == 1 else None


def _carry_sponsors(
    tx: Session, actor: Actor, made: Proposal, author_id: int, originals: Sequence[Proposal]
) -> None:
    """Authors who consented stand behind the new text; co-sponsors of the originals are asked."""
    version_id = proposals.find_version_id(tx, made.id)
    behind: dict[int, Proposal] = {row.author_id: row for row in originals}
    behind.pop(author_id, None)
    for person_id, row in behind.items():
        _add_invitation(tx, made.id, person_id, InvitationState.ACCEPTED)
        tx.add(
            CoSponsorship(
                version_id=version_id,
                person_id=person_id,
                group=row.group,
                organisation=row.organisation,
                capacity=row.capacity,
                given_at=now(tx),
            )
        )
    asked = {
        person_id
        for row in originals
        for person_id in sponsors.list_sponsor_ids(tx, proposals.find_version_id(tx, row.id))
    } - {author_id, *behind}
    for person_id in sorted(asked):
        _add_invitation(tx, made.id, person_id, InvitationState.OPEN)
    told = dict.fromkeys(asked, Reason.INVITATION)
    if told:
        notices.record(
            tx, actor, EventKind.INVITATION, made.deliberation_id, proposal_id=made.id, to=told
        )


def _add_invitation(tx: Session, proposal_id: int, person_id: int, state: InvitationState) -> None:
    tx.add(
        SponsorInvitation(
            proposal_id=proposal_id, person_id=person_id, state=state, invited_at=now(tx)
        )
    )
    tx.flush()


def _tell(
    tx: Session,
    actor: Actor,
    kind: EventKind,
    recasting: Recasting,
    proposal_id: int,
    to: dict[int, Reason],
) -> None:
    notices.record(
        tx,
        actor,
        kind,
        recasting.deliberation_id,
        proposal_id=proposal_id,
        to=to,
        recasting_id=recasting.id,
    )
