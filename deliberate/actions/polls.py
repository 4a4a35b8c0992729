"""Opening polls."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.deliberations import lock_page, opening_times
from deliberate.actions.notices import make_appointments
from deliberate.actions.poll_options import Offer, choose, offer_of, store_options
from deliberate.actions.poll_rules import (
    Rules,
    free_rules,
    planned_poll,
    require_planned,
    rules_of,
)
from deliberate.domain.ballots import Kind
from deliberate.domain.canonical import fingerprint
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.people import VISITOR, Actor
from deliberate.domain.process import Visibility
from deliberate.domain.tally.registry import COMPARED
from deliberate.domain.ties import RULE, commitment, draw_nonce
from deliberate.inputs.polls import NewPoll
from deliberate.inputs.process import PlannedPoll
from deliberate.policy import STAFF, Can, require
from deliberate.storage import audit, jobs, polls, proposals, voters
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import touch
from deliberate.storage.polls import Poll


def open_poll(tx: Session, actor: Actor, deliberation_id: int, form: NewPoll) -> Poll:
    """Open a poll; from here on nothing of it changes.

    Raises `Conflict` while another poll of the deliberation is not counted yet, `Invalid` for
    proposals that are not there or withdrawn, for a poll that would outlast its discussion (what
    the discussion came to is shown at its closing, and nothing may be changed after that), and for
    whatever differs from the process that was fixed when the discussion opened.
    """
    page = lock_page(tx, deliberation_id)
    require(actor, Can.OPEN_POLL, page)
    if any(poll.awaits_count for poll in polls.list_polls(tx, deliberation_id)):
        raise Conflict("Another poll of this discussion is not counted yet.")
    plan = planned_poll(tx, page)
    if plan is not None:
        require_planned(form, plan)
    rules = plan or free_rules(form, page)
    lines = proposals.list_proposals(tx, deliberation_id)
    offers = choose(lines, form.proposal_ids, form.own, rules.ballot)
    opens_at, closes_at = opening_times(form.opens_at, form.closes_at, now(tx))
    if closes_at > page.closes_at:
        raise Invalid(
            "This poll cannot open yet.",
            fields={"closes_at": "A poll closes no later than its discussion does."},
        )
    return _store(tx, actor, page, offers, replace(rules, opens_at=opens_at, closes_at=closes_at))


def prepare_planned_poll(
    tx: Session, actor: Actor, deliberation_id: int, form: PlannedPoll
) -> Poll:
    """Put the ballot of a planned poll together, when proposals have closed.

    Everything else was fixed when the discussion opened. The poll takes ballots from its planned
    time. Raises `Conflict` when there is no such plan or it cannot be followed now.
    """
    page = lock_page(tx, deliberation_id)
    require(actor, Can.OPEN_POLL, page)
    plan = planned_poll(tx, page)
    if plan is None:
        raise Conflict("The process of this discussion plans no poll.")
    lines = proposals.list_proposals(tx, deliberation_id)
    return _store(tx, actor, page, choose(lines, form.proposal_ids, (), plan.ballot), plan)


def open_planned_poll(tx: Session, deliberation_id: int) -> Poll | None:
    """Open the poll of a ranked choice when its time has come, with every proposal there is.

    Nobody chooses then: what was fixed at opening happens by itself, unless a facilitator has put
    the ballot together before. With fewer than two proposals there is nothing to rank.
    """
    page = lock_page(tx, deliberation_id)
    design = page.design
    if design is None or not design.has_poll or polls.list_polls(tx, deliberation_id):
        return None
    lines = [line for line in proposals.list_proposals(tx, deliberation_id) if line.stands]
    rules = rules_of(design, now(tx))
    if len(lines) < 2 or rules.closes_at <= now(tx):
        touch(tx, deliberation_id)
        audit.record(tx, VISITOR, "left_unopened", "planned_poll", deliberation_id)
        return None
    return _store(tx, VISITOR, page, [offer_of(line) for line in lines], rules)


def get_poll(session: Session, poll_id: int) -> Poll:
    """The poll, or `NotFound`."""
    poll = polls.find_poll(session, poll_id)
    if poll is None:
        raise NotFound("There is no such poll.")
    return poll


def _store(
    tx: Session, actor: Actor, page: DeliberationPage, offers: Sequence[Offer], rules: Rules
) -> Poll:
    """Keep the poll, its ballot and the appointment to count it."""
    poll = Poll(
        deliberation_id=page.id,
        title=rules.title,
        kind=rules.ballot.kind,
        settings=rules.ballot.as_json(),
        opens_at=rules.opens_at,
        closes_at=rules.closes_at,
        primary_scheme=rules.primary_scheme.value,
        minimum=rules.minimum,
        frozen={},
        fingerprint="",
        secret=secrets.token_hex(32),
        tie_nonce=draw_nonce(),
        # What opens by itself was decided by whoever opened the discussion.
        opened_by=actor.id or page.deliberation.opened_by,
        opened_at=now(tx),
    )
    tx.add(poll)
    tx.flush()
    voters.draw_up(tx, poll.id, rules.groups, excluding=STAFF)
    poll.frozen = _freeze(tx, poll, rules, offers)
    poll.fingerprint = fingerprint(poll.frozen)
    store_options(tx, poll, offers)
    jobs.enqueue(tx, "count_poll", run_at=rules.closes_at, poll_id=poll.id)
    make_appointments(tx, poll)
    touch(tx, page.id)
    audit.record(tx, actor, "opened", "poll", poll.id, fingerprint=poll.fingerprint)
    return poll


def _freeze(tx: Session, poll: Poll, rules: Rules, offers: Sequence[Offer]) -> dict[str, Any]:
    """What the fingerprint covers: everything that could bend the result."""
    eligible = voters.count_eligible(tx, poll.id)
    return {
        "title": rules.title,
        "options": [offer.as_json() for offer in offers],
        "ballot": {"kind": rules.ballot.kind.value, **rules.ballot.as_json()},
        "method": rules.method,
        "compared_methods": list(COMPARED) if rules.ballot.kind is Kind.RANKED else [],
        "schemes": [scheme.value for scheme in rules.schemes],
        "primary_scheme": rules.primary_scheme.value,
        "minimum": rules.minimum,
        "visibility": Visibility.CONFIDENTIAL.value,
        "eligible": "registered at opening, without those who curate, facilitate or administer",
        "groups": [group.value for group in rules.groups],
        "registered_at_opening": {group.value: eligible.get(group, 0) for group in rules.groups},
        "tie_break": {"rule": RULE, "commitment": commitment(poll.tie_nonce or "")},
        "opens_at": rules.opens_at.isoformat(),
        "closes_at": rules.closes_at.isoformat(),
    }
