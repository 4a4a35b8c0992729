"""The page of a poll: what is asked, how it is counted, who has taken part, and the ballot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response

from deliberate.actions.ballots import Receipt, find_own_ballot, order_for
from deliberate.actions.poll_rules import voters_of
from deliberate.actions.polls import get_poll
from deliberate.actions.room_counts import Batch, list_batches
from deliberate.actions.voters import as_open_poll, find_own_line
from deliberate.domain.ballots import BallotRules, Kind, read_rules
from deliberate.domain.people import Actor, StakeholderGroup
from deliberate.domain.phases import PollPhase
from deliberate.domain.weighting import Scheme
from deliberate.policy import Can, why_not
from deliberate.storage.ballots import count_turnout
from deliberate.storage.deliberations import find_deliberation
from deliberate.storage.invalidations import Invalidation, find_invalidation
from deliberate.storage.polls import Poll, list_options
from deliberate.storage.reschedulings import Rescheduling, find_extension
from deliberate.storage.voters import Voter
from deliberate.web.database import reader
from deliberate.web.forms import new_key
from deliberate.web.login import current_actor
from deliberate.web.render import respond
from deliberate.web.vote.answers import METHODS, choices, limits
from deliberate.web.vote.ballot_form import as_form, fill, rows
from deliberate.web.vote.blueprint import blueprint
from deliberate.web.vote.pages import Option, list_frozen_options, turnout_rows
from deliberate.web.vote.words import scheme_label

WIDGETS: Mapping[Kind, str] = {
    Kind.RANKED: "ranks",
    Kind.CHOICE: "choice",
    Kind.APPROVAL: "approval",
    Kind.SCORE: "score",
    Kind.DOTS: "dots",
    Kind.AGREEMENT: "scale",
    Kind.CONSENT: "scale",
}


@dataclass(frozen=True, slots=True)
class PollView:
    """A poll at the moment of the request, for the actor who asks."""

    poll: Poll
    topic: str
    phase: PollPhase
    options: tuple[Option, ...]
    refusals: tuple[str, ...]
    line: Voter | None
    extension: Rescheduling | None
    invalidation: Invalidation | None

    @property
    def voters(self) -> frozenset[StakeholderGroup] | None:
        """The groups that may vote; None when no group is left out."""
        return voters_of(self.poll.frozen)

    @property
    def counted_as(self) -> str:
        """The group that the reader votes in, where it is not their group of today."""
        affiliation = current_actor().affiliation
        if self.line is None or affiliation is None or self.line.group is affiliation.group:
            return ""
        return self.line.group.value

    @property
    def closes_as_frozen(self) -> datetime:
        """When it was to close when it opened; an amendment stands beside it."""
        return datetime.fromisoformat(self.poll.frozen["closes_at"])

    @property
    def address(self) -> str:
        """The poll's page."""
        return f"/polls/{self.poll.id}"

    @property
    def is_over(self) -> bool:
        """Whether its time has passed, counted or not."""
        return self.phase in (PollPhase.COUNTING, PollPhase.CLOSED, PollPhase.INVALID)

    @property
    def titles(self) -> dict[int, str]:
        """The options' titles by id."""
        return {option.id: option.title for option in self.options}

    @property
    def rules(self) -> BallotRules:
        """The kind of ballot with its settings."""
        return read_rules(self.poll.kind, self.poll.settings)

    @property
    def widget(self) -> str:
        """The template in which this kind of ballot is filled in."""
        return WIDGETS[self.poll.kind]

    @property
    def limits(self) -> str:
        """What a ballot may hold, in a sentence, or nothing."""
        return limits(self.rules)

    @property
    def choices(self) -> Sequence[tuple[int, str]]:
        """The answers of a scale with their words."""
        return choices(self.rules)

    @property
    def method(self) -> object:
        """How the ballots are counted, in a sentence."""
        return METHODS[self.poll.kind]

    @property
    def registered(self) -> tuple[int, ...]:
        """The options in their registered order."""
        return tuple(option.id for option in self.options)

    @property
    def by_id(self) -> dict[int, Option]:
        """The options by id."""
        return {option.id: option for option in self.options}

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """Where the deliberation of this poll is."""
        return [(self.topic, f"/deliberations/{self.poll.deliberation_id}")]

    @property
    def schemes(self) -> Sequence[str]:
        """The names of the registered schemes, the primary one first."""
        primary = Scheme(self.poll.primary_scheme)
        others = [Scheme(each) for each in self.poll.frozen["schemes"] if each != primary]
        return [scheme_label(scheme) for scheme in (primary, *others)]

    def turnout(self) -> list[dict[str, Any]]:
        """How many people of each group have a ballot."""
        return turnout_rows(count_turnout(reader(), self.poll.id), self.poll.frozen)

    def batches(self) -> Sequence[Batch]:
        """What was counted in rooms or on paper, beside the ballots cast here."""
        return list_batches(reader(), self.poll.id)

    def own_order(self, actor: Actor) -> tuple[int, ...]:
        """The options in the order in which this actor sees them."""
        return order_for(actor, self.poll, self.registered)


def view_poll(poll_id: int) -> PollView:
    """The poll as this request sees it, or `NotFound`."""
    poll = get_poll(reader(), poll_id)
    deliberation = find_deliberation(reader(), poll.deliberation_id)
    line = find_own_line(reader(), current_actor(), poll)
    asked = as_open_poll(reader(), poll, line)
    ids = [option.id for option in list_options(reader(), poll_id)]
    return PollView(
        poll=poll,
        topic=deliberation.title if deliberation else "",
        phase=asked.phase,
        options=list_frozen_options(poll.frozen, ids),
        refusals=why_not(current_actor(), Can.CAST_BALLOT, asked),
        line=line,
        extension=find_extension(reader(), poll_id) if poll.was_moved else None,
        invalidation=find_invalidation(reader(), poll_id) if poll.invalidated_at else None,
    )


@blueprint.get("/polls/<int:poll_id>")
def show_poll(poll_id: int) -> Response:
    """Everything registered at opening, turnout by group, and the ballot for those who may."""
    view = view_poll(poll_id)
    receipt = find_own_ballot(reader(), current_actor(), view.poll)
    return respond(
        "vote/poll.html",
        view=view,
        turnout=view.turnout(),
        receipt=receipt,
        **first_ballot(view, receipt),
    )


def first_ballot(view: PollView, receipt: Receipt | None) -> Mapping[str, Any]:
    """The ballot as first shown: empty, or as it was cast before."""
    own = view.own_order(current_actor())
    answer = receipt.answer if receipt else None
    entered = fill(answer, view.registered, own, view.rules, new_key())
    return {
        "entered": entered,
        "form": as_form(entered),
        "rows": rows(entered, view.by_id, {}),
        "said": "",
        "focus": "",
    }
