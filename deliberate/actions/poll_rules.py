"""What holds for a poll before its ballot is put together.

In a discussion whose process plans a poll everything but the ballot was fixed at opening; in any
other the facilitator enters it, and only who may take positions is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deliberate.domain.ballots import BallotRules, Kind, Ranked
from deliberate.domain.errors import Conflict, Invalid
from deliberate.domain.methods import Method
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.process import ProcessDesign
from deliberate.domain.weighting import Scheme
from deliberate.inputs.polls import NewPoll
from deliberate.storage import polls
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage

FIXED = "This was fixed when the discussion opened and cannot be chosen again."


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything about a poll but its ballot."""

    title: str
    opens_at: datetime
    closes_at: datetime
    ballot: BallotRules
    method: str
    schemes: tuple[Scheme, ...]
    primary_scheme: Scheme
    minimum: int
    groups: tuple[StakeholderGroup, ...]


def planned_poll(session: Session, page: DeliberationPage) -> Rules | None:
    """The rules of the poll that a process plans; None when the facilitator enters them.

    Raises `Conflict` when the planned poll exists already, while proposals are still taken, and
    when its time has passed.
    """
    design = page.design
    if design is None or not design.has_poll:
        return None
    if polls.list_polls(session, page.id):
        raise Conflict("The process of this discussion has one poll, and it is there already.")
    if page.proposals_are_open:
        raise Conflict(
            "Proposals are still taken.",
            "The ballot is put together when their time is over; it was fixed at opening.",
        )
    rules = rules_of(design, now(session))
    if rules.closes_at <= now(session):
        raise Conflict("The time that was fixed for this poll has passed.")
    return rules


def rules_of(design: ProcessDesign, moment: datetime) -> Rules:
    """The rules in a design that plans a poll; a poll that opens late still opens now."""
    assert design.poll_opens_at is not None  # noqa: S101
    assert design.poll_closes_at is not None, "frozen without contradictions"  # noqa: S101
    return Rules(
        title=design.poll_title,
        opens_at=max(design.poll_opens_at, moment),
        closes_at=design.poll_closes_at,
        ballot=Ranked(),
        method=design.method,
        schemes=design.schemes,
        primary_scheme=design.primary_scheme,
        minimum=design.minimum,
        groups=_in_order(design.groups),
    )


def free_rules(form: NewPoll, page: DeliberationPage) -> Rules:
    """The rules that a facilitator entered, with every scheme and the groups of the discussion."""
    groups = page.groups or StakeholderGroup.registrable()
    return Rules(
        title=form.title,
        opens_at=form.opens_at or page.opens_at,
        closes_at=form.closes_at,
        ballot=form.ballot,
        method=Method.SCHULZE.value if form.kind is Kind.RANKED else form.kind.value,
        schemes=tuple(Scheme),
        primary_scheme=form.primary_scheme,
        minimum=form.minimum,
        groups=_in_order(tuple(groups)),
    )


def require_planned(form: NewPoll, plan: Rules) -> None:
    """Raise `Invalid` at every field that says something else than the plan."""
    wrong = [
        name
        for name in ("title", "closes_at", "primary_scheme", "minimum")
        if getattr(form, name) != getattr(plan, name)
    ]
    if form.opens_at not in (None, plan.opens_at):
        wrong.append("opens_at")
    if form.ballot != plan.ballot:
        wrong.append("kind")
    if form.own_options:
        wrong.append("own_options")
    if wrong:
        raise Invalid("This poll cannot open yet.", fields=dict.fromkeys(wrong, FIXED))


def groups_of(frozen: Mapping[str, Any]) -> tuple[StakeholderGroup, ...]:
    """The groups that may vote in a poll as frozen; polls from before designs are for all."""
    named = frozen.get("groups")
    if named is None:
        return StakeholderGroup.registrable()
    return tuple(StakeholderGroup(group) for group in named)


def voters_of(frozen: Mapping[str, Any]) -> frozenset[StakeholderGroup] | None:
    """The same for policy: None when no group is left out."""
    groups = frozenset(groups_of(frozen))
    return None if groups >= set(StakeholderGroup.registrable()) else groups


def _in_order(groups: Sequence[StakeholderGroup]) -> tuple[StakeholderGroup, ...]:
    """The groups as they are always listed, whatever the form's order."""
    return tuple(group for group in StakeholderGroup if group in groups)
