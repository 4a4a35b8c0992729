"""Designing a process, opening what was designed, and moving, archiving and reopening it.

A draft may contradict itself: here only single fields are checked, what they mean together is the
business of `domain.contradictions`.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from deliberate.domain.methods import Method
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.process import ProcessDesign, Template, Visibility
from deliberate.domain.weighting import Scheme
from deliberate.inputs.texts import (
    Id,
    Input,
    Moment,
    OptionalMoment,
    OptionalReason,
    Reason,
    clean_line,
)

OptionalTitle = Annotated[str, AfterValidator(clean_line), Field(max_length=160)]
Quorum = Annotated[str, AfterValidator(clean_line), Field(max_length=300)]


class ProcessForm(Input):
    """A whole design as its form sends it; `version` is the one that the form showed, 0 at first.

    What a template does not ask for is left at its usual value.
    """

    template: Template
    opens_at: OptionalMoment = None
    closes_at: OptionalMoment = None
    proposals_close_at: OptionalMoment = None
    poll_opens_at: OptionalMoment = None
    poll_closes_at: OptionalMoment = None
    poll_title: OptionalTitle = ""
    groups: list[StakeholderGroup] = []
    method: Annotated[str, Field(max_length=80)] = Method.SCHULZE.value
    schemes: list[Scheme] = []
    primary_scheme: Scheme = Scheme.PARTICIPANT
    minimum: Annotated[int, Field(ge=1, le=1_000)] = 5
    responses: Visibility = Visibility.NAMED
    ratings: Visibility = Visibility.CONFIDENTIAL
    ballots: Visibility = Visibility.CONFIDENTIAL
    quorum: Quorum = ""
    version: Annotated[int, Field(ge=0)] = 0

    def as_design(self) -> ProcessDesign:
        """The design that was meant."""
        fields = {**dict(self), "groups": tuple(self.groups), "schemes": tuple(self.schemes)}
        del fields["version"]
        return ProcessDesign(**fields)


class Freezing(Input):
    """Opening what was designed, as it stood in this version; a new round says why."""

    version: Annotated[int, Field(ge=1)]
    reason: OptionalReason = ""


class PlannedPoll(Input):
    """The ballot of a poll whose rules were fixed when its discussion opened."""

    proposal_ids: Annotated[list[Id], Field(min_length=2, max_length=200)]


class NewClosing(Input):
    """Another closing date, public reason included; `shown` is the date that the form showed."""

    closes_at: Moment
    poll_closes_at: OptionalMoment = None
    reason: Reason
    shown: Moment


class PublicReason(Input):
    """An act that needs nothing but its reason."""

    reason: Reason
