"""Opening polls and counting them when they have closed."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.deliberations import lock_page, opening_times
from deliberate.domain.ballots import fingerprint
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.people import VISITOR, Actor, StakeholderGroup
from deliberate.domain.phases import PollPhase, poll_phase
from deliberate.domain.small_cells import merge_small_groups
from deliberate.domain.tally import Ballot, compare, count_strata, regroup, weigh
from deliberate.domain.weighting import Scheme
from deliberate.inputs.polls import NewPoll
from deliberate.policy import STAFF, Can, require
from deliberate.storage import audit, ballots, jobs, people, polls, proposals
from deliberate.storage.database import now
from deliberate.storage.deliberations import touch
from deliberate.storage.polls import Poll, PollOption, Tally
from deliberate.storage.proposals import ProposalLine

METHOD = "schulze-winning-votes"


def open_poll(tx: Session, actor: Actor, deliberation_id: int, form: NewPoll) -> Poll:
    """Open a poll that ranks proposals; from here on nothing of it changes.

    Raises `Conflict` while another poll of the deliberation is not counted yet, `Invalid` for
    proposals that are not there or withdrawn, and for a poll that would outlast its discussion:
    what the discussion came to is shown at its closing, and nothing may be changed after that.
    """
    page = lock_page(tx, deliberation_id)
    require(actor, Can.OPEN_POLL, page)
    if any(poll.closed_at is None for poll in polls.list_polls(tx, deliberation_id)):
        raise Conflict("Another poll of this discussion is not counted yet.")
    chosen = _choose(proposals.list_proposals(tx, deliberation_id), form.proposal_ids)
    opens_at, closes_at = opening_times(form.opens_at, form.closes_at, now(tx))
    if closes_at > page.closes_at:
        raise Invalid(
            "This poll cannot open yet.",
            fields={"closes_at": "A poll closes no later than its discussion does."},
        )
    frozen = _freeze(tx, form, chosen) | {
        "opens_at": opens_at.isoformat(),
        "closes_at": closes_at.isoformat(),
    }
    poll = Poll(
        deliberation_id=deliberation_id,
        title=form.title,
        opens_at=opens_at,
        closes_at=closes_at,
        primary_scheme=form.primary_scheme.value,
        minimum=form.minimum,
        frozen=frozen,
        fingerprint=fingerprint(frozen),
        secret=secrets.token_hex(32),
        opened_by=actor.id,
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
    jobs.enqueue(tx, "count_poll", run_at=closes_at, poll_id=poll.id)
    touch(tx, deliberation_id)
    audit.record(tx, actor, "opened", "poll", poll.id, fingerprint=poll.fingerprint)
    return poll


def get_poll(session: Session, poll_id: int) -> Poll:
    """The poll, or `NotFound`."""
    poll = polls.find_poll(session, poll_id)
    if poll is None:
        raise NotFound("There is no such poll.")
    return poll


def count_poll(tx: Session, poll_id: int) -> Tally | None:
    """Close a poll whose time has come, count it, and destroy the key to its ballots.

    Counting twice gives the first count; before closing nothing happens.
    """
    poll = polls.lock_poll(tx, poll_id)
    if poll is None or poll_phase(poll, now(tx)) is not PollPhase.COUNTING:
        return polls.find_tally(tx, poll_id)
    poll.closed_at, poll.secret = now(tx), None
    result = _count(tx, poll)
    tally = Tally(poll_id=poll.id, result=result, digest=fingerprint(result), counted_at=now(tx))
    tx.add(tally)
    touch(tx, poll.deliberation_id)
    audit.record(tx, VISITOR, "counted", "poll", poll.id, digest=tally.digest)
    return tally


def _choose(lines: Sequence[ProposalLine], chosen: Sequence[int]) -> list[ProposalLine]:
    current = {line.id: line for line in lines if not line.is_withdrawn}
    wanted = list(dict.fromkeys(chosen))
    if len(wanted) < 2 or not current.keys() >= set(wanted):
        raise Invalid(
            "This poll cannot open yet.",
            fields={"proposal_ids": "Choose at least two proposals that are not withdrawn."},
        )
    return [current[proposal_id] for proposal_id in wanted]


def _freeze(tx: Session, form: NewPoll, chosen: Sequence[ProposalLine]) -> dict[str, Any]:
    """What the fingerprint covers: everything that could bend the result."""
    eligible = people.count_registered(tx, now(tx), excluding=STAFF)
    return {
        "title": form.title,
        "options": [
            {
                "proposal": line.id,
                "version": line.version_number,
                "title": line.title,
                "text": line.body,
            }
            for line in chosen
        ],
        "method": METHOD,
        "schemes": [scheme.value for scheme in Scheme],
        "primary_scheme": form.primary_scheme.value,
        "minimum": form.minimum,
        "visibility": "confidential",
        "eligible": "registered participants who do not curate, facilitate or administer",
        "registered_at_opening": {
            group.value: eligible.get(group, 0) for group in StakeholderGroup.registrable()
        },
    }


def _count(tx: Session, poll: Poll) -> dict[str, Any]:
    options = [option.id for option in polls.list_options(tx, poll.id)]
    cast = [
        Ballot(ballot.group.value, tuple((option,) for option in ballot.ranking))
        for ballot in ballots.list_ballots(tx, poll.id)
    ]
    turnout = {group.value: 0 for group in StakeholderGroup.registrable()}
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
    schemes = [primary, *(scheme for scheme in Scheme if scheme is not primary)]
    tallies = [weigh(strata, options, scheme, poll.minimum) for scheme in schemes]
    return {
        "published": dict(published),
        "schemes": [tally.as_json() for tally in tallies],
        "comparison": compare(tallies).as_json(),
    }
