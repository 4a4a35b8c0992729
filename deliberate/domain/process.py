"""How people will take part in a question or an output: designed before opening, then fixed.

A design is a draft until nothing in it contradicts anything else. When it is opened it becomes
part of what the deliberation's fingerprint covers, and the acts it rules on (proposing, rating,
responding, voting) look there. The rules are written down for readers in docs/process.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from deliberate.domain.methods import Method
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.weighting import Scheme

SHORTEST = timedelta(hours=24)
"""What a phase lasts at least: a working day of every time zone lies within it."""
SMALLEST_CELL = 2
"""Below this a confidential figure is one person's answer (method.md 4)."""
POLL_TITLE = "Which proposal should come first?"


class Template(StrEnum):
    """The three kinds of process."""

    CONSULTATION = "consultation"
    RANKED_CHOICE = "ranked_choice"
    ENDORSEMENT_ROUND = "endorsement_round"

    @property
    def label(self) -> str:
        """The words on screen, in English; pages translate them."""
        return TEMPLATE_LABELS[self]


TEMPLATE_LABELS = {
    Template.CONSULTATION: "Consultation",
    Template.RANKED_CHOICE: "Ranked choice",
    Template.ENDORSEMENT_ROUND: "Endorsement round",
}


class Visibility(StrEnum):
    """Whether an answer is published with the name of who gave it."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"


@dataclass(frozen=True, slots=True)
class ProcessDesign:
    """Everything that is decided about a process before it opens.

    Without `opens_at` it opens at the moment it is frozen. `groups` may respond, rate and vote;
    everybody with an account may write. `minimum` is the fewest answers for a group to be shown on
    its own, `quorum` says in words what participation the organisers hope for. What begins with
    `poll_`, the method and the schemes matter only to a ranked choice.
    """

    template: Template
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    proposals_close_at: datetime | None = None
    poll_opens_at: datetime | None = None
    poll_closes_at: datetime | None = None
    poll_title: str = ""
    groups: tuple[StakeholderGroup, ...] = StakeholderGroup.registrable()
    method: str = Method.SCHULZE.value
    schemes: tuple[Scheme, ...] = tuple(Scheme)
    primary_scheme: Scheme = Scheme.PARTICIPANT
    minimum: int = 5
    responses: Visibility = Visibility.NAMED
    ratings: Visibility = Visibility.CONFIDENTIAL
    ballots: Visibility = Visibility.CONFIDENTIAL
    quorum: str = ""

    @property
    def has_poll(self) -> bool:
        """Whether a poll is part of the plan."""
        return self.template is Template.RANKED_CHOICE

    @property
    def takes_proposals(self) -> bool:
        """Whether people can put proposals forward; an endorsement round is about its points."""
        return self.template is not Template.ENDORSEMENT_ROUND

    @property
    def is_for_everybody(self) -> bool:
        """Whether no group is left out."""
        return set(self.groups) >= set(StakeholderGroup.registrable())

    def takes_proposals_at(self, moment: datetime) -> bool:
        """Whether the time for proposals, if it was limited, lasts at this moment."""
        return self.proposals_close_at is None or moment < self.proposals_close_at

    def as_json(self) -> dict[str, Any]:
        """Plain data that says everything, in an order that does not depend on the form."""
        return {
            "template": self.template.value,
            "opens_at": _text(self.opens_at),
            "closes_at": _text(self.closes_at),
            "proposals_close_at": _text(self.proposals_close_at),
            "groups": [group.value for group in StakeholderGroup if group in self.groups],
            "minimum": self.minimum,
            "quorum": self.quorum,
            "visibility": {
                "responses": self.responses.value,
                "ratings": self.ratings.value,
                "ballots": self.ballots.value,
            },
            "poll": {
                "title": self.poll_title,
                "opens_at": _text(self.poll_opens_at),
                "closes_at": _text(self.poll_closes_at),
                "method": self.method,
                "schemes": [scheme.value for scheme in Scheme if scheme in self.schemes],
                "primary_scheme": self.primary_scheme.value,
            },
        }

    def frozen_at(self, moment: datetime) -> "ProcessDesign":
        """The design as it is fixed when it opens at this moment or, if it says so, later."""
        return replace(self, opens_at=self.opens_at or moment)

    def as_frozen(self) -> dict[str, Any]:
        """Plain data of what is fixed: of a process without a poll, nothing about polls."""
        plain = self.as_json()
        return plain if self.has_poll else {**plain, "poll": None}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One thing that keeps a design from being opened: the field it is at, and why."""

    field: str
    text: str


def read_design(plain: Mapping[str, Any]) -> ProcessDesign:
    """The design that `as_json` or `as_frozen` wrote."""
    design = ProcessDesign(
        template=Template(plain["template"]),
        opens_at=_moment(plain["opens_at"]),
        closes_at=_moment(plain["closes_at"]),
        proposals_close_at=_moment(plain["proposals_close_at"]),
        groups=tuple(StakeholderGroup(group) for group in plain["groups"]),
        minimum=plain["minimum"],
        quorum=plain["quorum"],
        responses=Visibility(plain["visibility"]["responses"]),
        ratings=Visibility(plain["visibility"]["ratings"]),
        ballots=Visibility(plain["visibility"]["ballots"]),
    )
    poll = plain["poll"]
    if poll is None:
        return design
    return replace(
        design,
        poll_title=poll["title"],
        poll_opens_at=_moment(poll["opens_at"]),
        poll_closes_at=_moment(poll["closes_at"]),
        method=poll["method"],
        schemes=tuple(Scheme(scheme) for scheme in poll["schemes"]),
        primary_scheme=Scheme(poll["primary_scheme"]),
    )


def design_of(frozen: Mapping[str, Any]) -> ProcessDesign | None:
    """The design in what was frozen at opening; None for what opened before there were designs."""
    plain = frozen.get("process")
    return None if plain is None else read_design(plain)


def eligible_groups(design: ProcessDesign | None) -> frozenset[StakeholderGroup] | None:
    """The groups that may respond, rate and vote; None when no group is left out."""
    if design is None or design.is_for_everybody:
        return None
    return frozenset(design.groups)


def suggest(template: Template, moment: datetime) -> ProcessDesign:
    """A design with usual dates after `moment` in which nothing contradicts anything."""

    def at(days: int, hour: int) -> datetime:
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=days, hours=hour)

    opens_at = at(1, 9)
    if template is Template.RANKED_CHOICE:
        return ProcessDesign(
            template,
            opens_at=opens_at,
            proposals_close_at=at(15, 18),
            poll_opens_at=at(17, 9),
            poll_closes_at=at(24, 18),
            closes_at=at(28, 18),
            poll_title=POLL_TITLE,
        )
    days = 22 if template is Template.CONSULTATION else 15
    return ProcessDesign(template, opens_at=opens_at, closes_at=at(days, 18))


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
