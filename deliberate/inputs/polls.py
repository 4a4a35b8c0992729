"""Opening a poll."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from deliberate.domain.ballots import BallotRules, Kind, read_rules
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.weighting import Scheme
from deliberate.inputs.texts import (
    Id,
    Input,
    Line,
    Moment,
    Name,
    OptionalMoment,
    OptionalReason,
    Reason,
    Title,
    blank_to_none,
    clean_prose,
)

MOST_OPTIONS = 50
LONGEST_TITLE = 160
_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class OwnOption:
    """An option that is no proposal: its title, and what there is to say about it."""

    title: str
    text: str


def _listed(text: str) -> str:
    """Options under each other; the first line of each is its title."""
    options = _split(text)
    if len(options) > MOST_OPTIONS or any(len(each.title) > LONGEST_TITLE for each in options):
        raise PydanticCustomError("own_options", "too many options, or too long titles")
    if len({each.title.casefold() for each in options}) < len(options):
        raise PydanticCustomError("options_alike", "two options have one title")
    return text


def _split(text: str) -> list[OwnOption]:
    blocks = [block.strip().partition("\n") for block in _BLANK_LINES.split(text) if block.strip()]
    return [OwnOption(title.strip(), body.strip()) for title, _line, body in blocks]


OwnOptions = Annotated[
    str, AfterValidator(clean_prose), Field(max_length=40_000), AfterValidator(_listed)
]
Steps = Annotated[str, AfterValidator(clean_prose), Field(max_length=1_000)]


class NewPoll(Input):
    """A poll: everything that is frozen when it opens.

    Without `opens_at` it opens at once. Options are proposals, then `own_options`: texts with
    blank lines between them. Of the settings those of the kind are taken: `ties` of a ranking,
    `least` and `most` of an approval, `steps` of a score (one on each line, the lowest first),
    the `budget` of dots.
    """

    title: Title
    kind: Kind = Kind.RANKED
    opens_at: OptionalMoment = None
    closes_at: Moment
    proposal_ids: Annotated[list[Id], Field(max_length=MOST_OPTIONS)] = []
    own_options: OwnOptions = ""
    ties: bool = False
    least: Annotated[int, Field(ge=1, le=MOST_OPTIONS)] = 1
    most: Annotated[
        Annotated[int, Field(ge=1, le=MOST_OPTIONS)] | None, BeforeValidator(blank_to_none)
    ] = None
    steps: Steps = ""
    budget: Annotated[int, Field(ge=2, le=100)] = 10
    primary_scheme: Scheme
    minimum: Annotated[int, Field(ge=2, le=1_000)] = 5

    @model_validator(mode="after")
    def _closes_after_opening(self) -> "NewPoll":
        if self.opens_at is not None and self.closes_at <= self.opens_at:
            raise PydanticCustomError("closes_first", "closes before it opens")
        return self

    @property
    def own(self) -> list[OwnOption]:
        """The options that are no proposals."""
        return _split(self.own_options)

    @property
    def ballot(self) -> BallotRules:
        """The kind of ballot with its settings."""
        steps = [line.strip() for line in self.steps.splitlines() if line.strip()]
        settings: Mapping[Kind, dict[str, Any]] = {
            Kind.RANKED: {"ties": self.ties},
            Kind.APPROVAL: {"least": self.least, "most": self.most},
            Kind.SCORE: {"steps": steps} if steps else {},
            Kind.DOTS: {"budget": self.budget},
        }
        return read_rules(self.kind, settings.get(self.kind, {}))


class PollExtension(Input):
    """A later closing, with a public reason; `shown` is the date that the form showed."""

    closes_at: Moment
    reason: Reason
    shown: Moment


class RoomBallots(Input):
    """What was counted in one place, a number for each option in registered order.

    `batch` and `version` name the entry that is corrected; both are 0 for a new one.
    """

    ballots: Annotated[int, Field(ge=1, le=100_000)]
    counts: Annotated[list[Annotated[int, Field(ge=0, le=10_000_000)]], Field(max_length=200)]
    group: Annotated[StakeholderGroup | None, BeforeValidator(blank_to_none)] = None
    source: Annotated[Line, Field(min_length=3, max_length=160)]
    witness: Name
    reason: OptionalReason = ""
    batch: Annotated[int, Field(ge=0)] = 0
    version: Annotated[int, Field(ge=0)] = 0
