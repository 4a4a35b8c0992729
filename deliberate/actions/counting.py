"""Counting polls when they have closed, and counting them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.ballots import voter_key
from deliberate.actions.poll_rules import groups_of
from deliberate.domain import ties
from deliberate.domain.ballots import Kind, read_rules
from deliberate.domain.canonical import fingerprint
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.notices import EventKind
from deliberate.domain.people import VISITOR
from deliberate.domain.phases import PollPhase, poll_phase
from deliberate.domain.small_cells import merge_small_groups
from deliberate.domain.tally import (
    Profile,
    RankedTally,
    compare,
    count_profile,
    profile_of_bytes,
    weigh,
)
from deliberate.domain.tally.marks import count_marks, weigh_marks
from deliberate.domain.tally.method import weigh_profile
from deliberate.domain.tally.registry import METHODS
from deliberate.domain.voters import publishable_strata
from deliberate.domain.weighting import Scheme
from deliberate.storage import audit, ballots, notices, polls, voters
from deliberate.storage.database import now
from deliberate.storage.deliberations import lock_deliberation, touch
from deliberate.storage.polls import Poll, Tally

LARGEST_BALLOT = 254
"""With more options the ranks of a ballot do not fit into the arrays of bytes."""


@dataclass(frozen=True, slots=True)
class Recount:
    """What counting the stored ballots again gives, beside what was published."""

    published: str
    digest: str

    @property
    def is_same(self) -> bool:
        """Whether the published count follows from the ballots that are stored."""
        return self.digest == self.published


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
    _place_ballots(tx, poll)
    poll.closed_at, poll.secret = now(tx), None
    result = compute(tx, poll)
    tally = Tally(poll_id=poll.id, result=result, digest=fingerprint(result), counted_at=now(tx))
    tx.add(tally)
    touch(tx, poll.deliberation_id)
    audit.record(tx, VISITOR, "counted", "poll", poll.id, digest=tally.digest)
    notices.record(tx, VISITOR, EventKind.POLL_COUNTED, poll.deliberation_id, poll_id=poll.id)
    return tally


def recount(session: Session, poll_id: int) -> Recount:
    """Count the stored ballots again; nothing is changed.

    Raises `NotFound` when there is no such poll and `Conflict` when it was not counted.
    """
    poll = polls.find_poll(session, poll_id)
    if poll is None:
        raise NotFound("There is no such poll.")
    tally = polls.find_tally(session, poll_id)
    if tally is None:
        raise Conflict("This poll has not been counted.")
    return Recount(tally.digest, fingerprint(compute(session, poll)))


def compute(session: Session, poll: Poll) -> dict[str, Any]:
    """The count of a closed poll: a function of its rules, its turnout and its ballots alone."""
    options = [option.id for option in polls.list_options(session, poll.id)]
    answers = ballots.list_answers(session, poll.id)
    voted = ballots.count_turnout(session, poll.id)
    turnout = {group.value: voted.get(group, 0) for group in groups_of(poll.frozen)}
    published = merge_small_groups(turnout, poll.minimum)
    result = {
        "turnout": turnout,
        "published": dict(published),
        **_count(poll, options, answers, tie_order(session, poll)),
    }
    seed = find_seed(session, poll)
    if seed is None:
        return result
    return {**result, "tie_break": _tie_break(poll, options, result, seed)}


def find_seed(session: Session, poll: Poll) -> str | None:
    """The seed of the order that breaks ties; None for polls from before there was one.

    Raises `Conflict` before closing: the seed depends on every ballot.
    """
    if poll.closed_at is None:
        raise Conflict("This poll has not been counted.")
    if poll.tie_nonce is None:
        return None
    digest = ties.digest_of(ballots.list_receipts(session, poll.id))
    return ties.seed_of(poll.fingerprint, poll.tie_nonce, digest)


def tie_order(session: Session, poll: Poll) -> tuple[int, ...] | None:
    """The option ids in the order in which ties are broken; None where none was registered."""
    seed = find_seed(session, poll)
    options = [option.id for option in polls.list_options(session, poll.id)]
    return None if seed is None else ties.tie_order(options, seed)


def _place_ballots(tx: Session, poll: Poll) -> None:
    """Give each ballot the stratum it is counted in, while the key to its voter exists."""
    if poll.secret is None:
        return
    strata = publishable_strata(voters.count_cells(tx, poll.id), poll.minimum)
    placed = {
        voter_key(poll.secret, voter.person_id): stratum
        for voter in voters.list_who_voted(tx, poll.id)
        if (stratum := strata[voter.cell]) is not None
    }
    ballots.place_in_strata(tx, poll.id, placed)


def _count(
    poll: Poll,
    options: Sequence[int],
    answers: Sequence[tuple[str, bytes]],
    order: Sequence[int] | None,
) -> dict[str, Any]:
    """The same ballots under every scheme, the registered primary one first."""
    primary = Scheme(poll.primary_scheme)
    registered = [Scheme(scheme) for scheme in poll.frozen["schemes"]]
    schemes = [primary, *(scheme for scheme in registered if scheme is not primary)]
    if poll.kind is Kind.RANKED:
        return _count_rankings(poll, _profile(options, answers), schemes, order)
    rules = read_rules(poll.kind, poll.settings)
    strata = count_marks(answers, options, rules)
    tallies = [weigh_marks(strata, options, rules, scheme, poll.minimum) for scheme in schemes]
    return {
        "strata": {name: own.as_json() for name, own in strata.items()},
        "schemes": [tally.as_json() for tally in tallies],
    }


def _profile(options: Sequence[int], answers: Sequence[tuple[str, bytes]]) -> Profile:
    """Stored rankings in arrays, the strata in the order of their names."""
    strata = sorted({stratum for stratum, _ in answers})
    places = {name: place for place, name in enumerate(strata)}
    marks = b"".join(answer for _, answer in answers)
    return profile_of_bytes(marks, options, [places[name] for name, _ in answers], strata)


def _count_rankings(
    poll: Poll, profile: Profile, schemes: Sequence[Scheme], order: Sequence[int] | None
) -> dict[str, Any]:
    """Rankings under every scheme, and by each method that was registered for comparison."""
    strata = count_profile(profile)
    tallies = [weigh(strata, profile.options, scheme, poll.minimum) for scheme in schemes]
    result = {
        "schemes": [tally.as_json() for tally in tallies],
        "comparison": compare(tallies).as_json(),
    }
    names = poll.frozen.get("compared_methods")
    if not names:
        return result
    return {**result, "methods": _compare_methods(names, profile, tallies[0], order)}


def _compare_methods(
    names: Sequence[str], profile: Profile, primary: RankedTally, order: Sequence[int] | None
) -> list[dict[str, Any]]:
    """The primary weighting by each method that was registered for comparison, with reasons."""
    if primary.result is None:
        return []
    ballots = weigh_profile(profile, primary.weights.per_group, order)
    found = []
    for method in (METHODS[name] for name in names):
        outcome = method.count(ballots)
        reasons = [reason.as_json() for reason in method.explain(outcome, ballots)]
        found.append({**outcome.as_json(), "reasons": reasons})
    return found


def _tie_break(
    poll: Poll, options: Sequence[int], result: Mapping[str, Any], seed: str
) -> dict[str, Any]:
    """How ties are broken, and the methods in which the order was needed."""
    return {
        "nonce": poll.tie_nonce,
        "seed": seed,
        "order": list(ties.tie_order(options, seed)),
        "used": [each["method"] for each in result.get("methods", []) if each["tie_broken"]],
    }
