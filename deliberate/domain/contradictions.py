"""What in the design of a process cannot be meant: every contradiction, each at its field.

All are found at once, so that a form shows them together. The sentences have no numbers in them
that could change, so that each can be translated as it stands.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from deliberate.domain.methods import METHODS
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.process import (
    SHORTEST,
    SMALLEST_CELL,
    Contradiction,
    ProcessDesign,
    Template,
    Visibility,
)
from deliberate.domain.weighting import Scheme

SHORTEST_TITLE = 8
PASSED = "This time has passed. Leave it empty to open now."
NO_CLOSING = "Say when it closes."
CLOSES_FIRST = "Choose a time after the opening."
TOO_SHORT = "Leave at least 24 hours between opening and closing."
NO_PROPOSALS = "An endorsement round takes no proposals. Clear this date or change the template."
PROPOSALS_MISSING = "Say until when proposals are taken: the poll ranks those that are there."
PROPOSALS_SHORT = "Leave at least 24 hours after the opening for proposals."
PROPOSALS_LATE = "Proposals cannot be taken after the discussion has closed."
NO_POLL = "Only a ranked choice plans a poll. Clear this date or change the template."
POLL_OPENING_MISSING = "Say when the poll opens."
POLL_CLOSING_MISSING = "Say when the poll closes."
POLL_FIRST = "The poll would open before the discussion does."
POLL_BEFORE_PROPOSALS = "The poll would open before proposals have closed."
POLL_SHORT = "Leave at least 24 hours between the poll's opening and its closing."
POLL_OUTLASTS = "A poll closes no later than its discussion does."
POLL_UNTITLED = "Say what is asked, in at least 8 characters."
UNKNOWN_METHOD = "This method is not registered. Choose one of the list."
NO_SCHEME = "Register at least one way of weighing."
PRIMARY_MISSING = "The primary way of weighing has to be one of those registered."
NOTHING_TO_BALANCE = "With a single eligible group there are no groups to balance."
NOBODY = "Choose at least one group that may take part."
UNREGISTRABLE = "Nobody can register for one of these groups."
MINIMUM_ZERO = "A minimum is at least 1."
MINIMUM_TELLS = (
    "What is confidential needs a minimum of 2: one answer alone would show whose it is."
)
NO_POINTS = "A question has no points to endorse. Choose another template."
RATINGS_NAMED = (
    "Ratings are always confidential: proposals are weighed, not their authors' friends."
)
BALLOTS_NAMED = "Rankings are always confidential: nobody can be thanked or blamed for a ballot."


def contradictions(
    design: ProcessDesign, moment: datetime, *, has_points: bool
) -> list[Contradiction]:
    """Everything that keeps a design from being opened at this moment; empty when it can be.

    `has_points` says whether it is for an output, which people respond to point by point.
    """
    found = (
        *_template(design, has_points),
        *_opening(design, moment),
        *_proposals(design, design.opens_at or moment),
        *(_poll(design, design.opens_at or moment) if design.has_poll else _no_poll(design)),
        *_people(design, has_points),
    )
    return [Contradiction(field, text) for field, text in found]


def by_field(found: Iterable[Contradiction]) -> dict[str, str]:
    """One message for each field, the first: it is the one to put right first."""
    said: dict[str, str] = {}
    for each in found:
        said.setdefault(each.field, each.text)
    return said


Found = Iterator[tuple[str, str]]


def _template(design: ProcessDesign, has_points: bool) -> Found:
    if design.template is Template.ENDORSEMENT_ROUND and not has_points:
        yield "template", NO_POINTS


def _opening(design: ProcessDesign, moment: datetime) -> Found:
    if design.opens_at is not None and design.opens_at < moment:
        yield "opens_at", PASSED
    start = design.opens_at or moment
    if design.closes_at is None:
        yield "closes_at", NO_CLOSING
    elif design.closes_at <= start:
        yield "closes_at", CLOSES_FIRST
    elif design.closes_at - start < SHORTEST:
        yield "closes_at", TOO_SHORT


def _proposals(design: ProcessDesign, start: datetime) -> Found:
    until = design.proposals_close_at
    if until is None:
        if design.has_poll:
            yield "proposals_close_at", PROPOSALS_MISSING
    elif not design.takes_proposals:
        yield "proposals_close_at", NO_PROPOSALS
    elif until - start < SHORTEST:
        yield "proposals_close_at", PROPOSALS_SHORT
    elif design.closes_at is not None and until > design.closes_at:
        yield "proposals_close_at", PROPOSALS_LATE


def _no_poll(design: ProcessDesign) -> Found:
    if design.poll_opens_at is not None:
        yield "poll_opens_at", NO_POLL
    if design.poll_closes_at is not None:
        yield "poll_closes_at", NO_POLL


def _poll(design: ProcessDesign, start: datetime) -> Found:
    yield from _poll_times(design, start)
    if len(design.poll_title.strip()) < SHORTEST_TITLE:
        yield "poll_title", POLL_UNTITLED
    if design.method not in METHODS:
        yield "method", UNKNOWN_METHOD
    if not design.schemes:
        yield "schemes", NO_SCHEME
    elif design.primary_scheme not in design.schemes:
        yield "primary_scheme", PRIMARY_MISSING
    if Scheme.GROUP in design.schemes and len(set(design.groups)) == 1:
        yield "schemes", NOTHING_TO_BALANCE
    if design.ballots is Visibility.NAMED:
        yield "ballots", BALLOTS_NAMED


def _poll_times(design: ProcessDesign, start: datetime) -> Found:
    opens_at, closes_at = design.poll_opens_at, design.poll_closes_at
    if opens_at is None:
        yield "poll_opens_at", POLL_OPENING_MISSING
    elif opens_at < start:
        yield "poll_opens_at", POLL_FIRST
    elif design.proposals_close_at is not None and opens_at < design.proposals_close_at:
        yield "poll_opens_at", POLL_BEFORE_PROPOSALS
    if closes_at is None:
        yield "poll_closes_at", POLL_CLOSING_MISSING
    elif opens_at is not None and closes_at - opens_at < SHORTEST:
        yield "poll_closes_at", POLL_SHORT
    elif design.closes_at is not None and closes_at > design.closes_at:
        yield "poll_closes_at", POLL_OUTLASTS


def _people(design: ProcessDesign, has_points: bool) -> Found:
    if not design.groups:
        yield "groups", NOBODY
    elif not set(design.groups) <= set(StakeholderGroup.registrable()):
        yield "groups", UNREGISTRABLE
    if design.takes_proposals and design.ratings is Visibility.NAMED:
        yield "ratings", RATINGS_NAMED
    is_confidential = design.takes_proposals or (
        has_points and design.responses is Visibility.CONFIDENTIAL
    )
    if design.minimum < 1:
        yield "minimum", MINIMUM_ZERO
    elif is_confidential and design.minimum < SMALLEST_CELL:
        yield "minimum", MINIMUM_TELLS
