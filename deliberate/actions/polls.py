"""Opening polls and counting them when they have closed."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.deliberations import lock_page, opening_times
from deliberate.actions.notices import make_appointments
from deliberate.actions.poll_rules import (
    Rules,
    free_rules,
    groups_of,
    planned_poll,
    require_planned,
    rules_of,
)
from deliberate.domain.ballots import fingerprint
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.notices import EventKind
from deliberate.domain.people import VISITOR, Actor
from deliberate.domain.phases import PollPhase, poll_phase
from deliberate.domain.process import Visibility
from deliberate.domain.small_cells import merge_small_groups
from deliberate.domain.tally import Ballot, compare, count_strata, regroup, weigh
from deliberate.domain.weighting import Scheme
from deliberate.inputs.polls import NewPoll
from deliberate.inputs.process import PlannedPoll
from deliberate.policy import STAFF, Can, require
from deliberate.storage import audit, ballots, jobs, notices, people, polls, proposals
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import lock_deliberation, touch
from deliberate.storage.polls import Poll, PollOption, Tally
from deliberate.storage.proposals import ProposalLine


def open_poll(tx: Session, actor: Actor, deliberation_id: int, form: NewPoll) -> Poll:
    """Open a poll that ranks proposals; from here on nothing of it changes.

    Raises `Conflict` while another poll of the deliberation is not counted yet, `Invalid` for
    proposals that are not there or withdrawn, for a poll that would outlast its discussion (what
    the discussion came to is shown at its closing, and nothing may be changed after that), and for
    whatever differs from the process that was fixed when the discussion opened.
    """
    page = lock_page(tx, deliberation_id)
    require(actor, Can.OPEN_POLL, page)
    if any(poll.closed_at is None for poll in polls.list_polls(tx, deliberation_id)):
        raise Conflict("Another poll of this discussion is not counted yet.")
    plan = planned_poll(tx, page)
    if plan is not None:
        require_planned(form, plan)
    chosen = _choose(proposals.list_proposals(tx, deliberation_id), form.proposal_ids)
    opens_at, closes_at = opening_times(form.opens_at, form.closes_at, now(tx))
    if closes_at > page.closes_at:
        raise Invalid(
            "This poll cannot open yet.",
            fields={"closes_at": "A poll closes no later than its discussion does."},
        )
    rules = plan or free_rules(form, page)
    return _store(tx, actor, page, chosen, replace(rules, opens_at=opens_at, closes_at=closes_at))


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
    chosen = _choose(proposals.list_proposals(tx, deliberation_id), form.proposal_ids)
    return _store(tx, actor, page, chosen, plan)


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
    return _store(tx, VISITOR, page, lines, rules)


def get_poll(session: Session, poll_id: int) -> Poll:
    """The poll, or `NotFound`."""
    poll = polls.find_poll(session, poll_id)
    if poll is None:
        raise NotFound("There is no such poll.")
    return poll


def count_poll(tx: Session, poll_id: int) -> Tally | None:
    """Close a poll whose time has come, count it, and destroy the key to its ballots.

    Counting twice gives the first count; before closing nothing happens. The deliberation is
    locked before its poll, as by everybody who needs both.
    """
    poll = polls.find_poll(tx, poll_id)
    if poll is not None:
        lock_deliberation(tx, poll.deliberation_id)
        poll = polls.lock_poll(tx, poll_id)
    if poll is None or poll_phase(poll, now(tx)) is not PollPhase.COUNTING:
        return polls.find_tally(tx, poll_id)
    poll.closed_at, poll.secret = now(tx), None
    result = _count(tx, poll)
    tally = Tally(poll_id=poll.id, result=result, digest=fingerprint(result), counted_at=now(tx))
    tx.add(tally)
    touch(tx, poll.deliberation_id)
    audit.record(tx, VISITOR, "counted", "poll", poll.id, digest=tally.digest)
    notices.record(tx, VISITOR, EventKind.POLL_COUNTED, poll.deliberation_id, poll_id=poll.id)
    return tally


def _choose(lines: Sequence[ProposalLine], chosen: Sequence[int]) -> list[ProposalLine]:
    current = {line.id: line for line in lines if line.stands}
    wanted = list(dict.fromkeys(chosen))
    if len(wanted) < 2 or not current.keys() >= set(wanted):
        raise Invalid(
            "This poll cannot open yet.",
            fields={"proposal_ids": "Choose at least two proposals that are not withdrawn."},
        )
    return [current[proposal_id] for proposal_id in wanted]


def _store(
    tx: Session, actor: Actor, page: DeliberationPage, chosen: Sequence[ProposalLine], rules: Rules
) -> Poll:
    """Keep the poll, its ballot and the appointment to count it."""
    frozen = _freeze(tx, rules, chosen)
    poll = Poll(
        deliberation_id=page.id,
        title=rules.title,
        opens_at=rules.opens_at,
        closes_at=rules.closes_at,
        primary_scheme=rules.primary_scheme.value,
        minimum=rules.minimum,
        frozen=frozen,
        fingerprint=fingerprint(frozen),
        secret=secrets.token_hex(32),
        # What opens by itself was decided by whoever opened the discussion.
        opened_by=actor.id or page.deliberation.opened_by,
        opened_at=now(tx),
    )
    tx.add(poll)
    tx.flush()
    for position, proposal in enumerate(chosen, start=1):
        tx.add(
            PollOption(
                poll_id=poll.id,
                version_id=proposal.version_id,
                position=position,
                title=proposal.title,
            )
        )
    jobs.enqueue(tx, "count_poll", run_at=rules.closes_at, poll_id=poll.id)
    make_appointments(tx, poll)
    touch(tx, page.id)
    audit.record(tx, actor, "opened", "poll", poll.id, fingerprint=poll.fingerprint)
    return poll


def _freeze(tx: Session, rules: Rules, chosen: Sequence[ProposalLine]) -> dict[str, Any]:
    """What the fingerprint covers: everything that could bend the result."""
    registered = people.count_registered(tx, now(tx), excluding=STAFF)
    return {
        "title": rules.title,
        "options": [
            {
                "proposal": line.id,
                "version": line.version_number,
                "title": line.title,
                "text": line.body,
                "rationale": line.rationale,
            }
            for line in chosen
        ],
        "method": rules.method,
        "schemes": [scheme.value for scheme in rules.schemes],
        "primary_scheme": rules.primary_scheme.value,
        "minimum": rules.minimum,
        "visibility": Visibility.CONFIDENTIAL.value,
        "eligible": "registered participants who do not curate, facilitate or administer",
        "groups": [group.value for group in rules.groups],
        "registered_at_opening": {group.value: registered.get(group, 0) for group in rules.groups},
        "opens_at": rules.opens_at.isoformat(),
        "closes_at": rules.closes_at.isoformat(),
    }


def _count(tx: Session, poll: Poll) -> dict[str, Any]:
    options = [option.id for option in polls.list_options(tx, poll.id)]
    cast = [
        Ballot(ballot.group.value, tuple((option,) for option in ballot.ranking))
        for ballot in ballots.list_ballots(tx, poll.id)
    ]
    turnout = {group.value: 0 for group in groups_of(poll.frozen)}
    for ballot in cast:
        turnout[ballot.stratum] += 1
    published = merge_small_groups(turnout, poll.minimum)
    return {"turnout": turnout, **_weigh(poll, options, cast, published)}


def _weigh(
    poll: Poll,
    options: Sequence[int],
    cast: Sequence[Ballot],
    published: Mapping[str, str | None],
) -> dict[str, Any]:
    """The same ballots under every scheme, the registered primary one first."""
    strata = count_strata(regroup(cast, published), options)
    primary = Scheme(poll.primary_scheme)
    registered = [Scheme(scheme) for scheme in poll.frozen["schemes"]]
    schemes = [primary, *(scheme for scheme in registered if scheme is not primary)]
    tallies = [weigh(strata, options, scheme, poll.minimum) for scheme in schemes]
    return {
        "published": dict(published),
        "schemes": [tally.as_json() for tally in tallies],
        "comparison": compare(tallies).as_json(),
    }
