"""The scenario as it stands in the data files, checked while it is read."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, TypeVar

from pydantic import TypeAdapter

from deliberate.demo.records import Record, Shepherding
from deliberate.domain.classification import Priority
from deliberate.domain.levels import ConsensusLevel
from deliberate.domain.moderation import Rule
from deliberate.domain.people import RegionalGroup, Role, StakeholderGroup
from deliberate.domain.positions import Position, Rating
from deliberate.domain.process import Template
from deliberate.domain.review import Stance
from deliberate.domain.synthesis import ArgumentKind
from deliberate.domain.threads import CommentKind
from deliberate.domain.weighting import Scheme

R = TypeVar("R", bound="Record")


class Participant(Record):
    """An invented person, named by what they do."""

    id: str
    display_name: str
    stakeholder_group: StakeholderGroup
    regional_group: RegionalGroup
    role: Role


class PlannedPoll(Record):
    """A poll that ranks all proposals of a question; `not_yet` have not voted so far."""

    facilitator_id: str
    title: str
    opens: int
    closes: int
    scheme: Scheme
    announced: int | None = None
    not_yet: tuple[str, ...] = ()


class PlannedDesign(Record):
    """A process designed before opening; what it leaves out stays as its template has it."""

    template: Template
    proposals_close: int | None = None
    poll_opens: int | None = None
    poll_closes: int | None = None
    poll_title: str = ""
    scheme: Scheme = Scheme.PARTICIPANT
    quorum: str = ""


class PlannedOpening(Record):
    """When a question or an output is open to everybody, and since when that is known.

    Without a `design` it is opened the short way; a design that `is_draft` is saved and not opened.
    A second round says why in `reason`.
    """

    subject: str
    curator_id: str
    opens: int
    closes: int
    announced: int | None = None
    poll: PlannedPoll | None = None
    design: PlannedDesign | None = None
    is_draft: bool = False
    round: int = 1
    reason: str = ""

    @property
    def name(self) -> str:
        """What its deliberation is called: the subject, and a later round's number."""
        return self.subject if self.round == 1 else f"{self.subject} #{self.round}"


class CurationStep(Record):
    """What a curator did to a question or an output, with the public reason.

    The parts of a split are called after it, `main21-q4-1`; a merged question is called after
    the first of those that became it, `main21-q4-2+`. What is undone is the last act on it.
    """

    act: Literal["accept", "decline", "reword", "split", "merge", "undo", "split_output", "archive"]
    subject: str
    curator_id: str
    day: int
    reason: str
    text: str = ""
    parts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class ClassificationStep(Record):
    """What a curator labelled a question or an output with, beside the theme of its session."""

    subject: str
    curator_id: str
    day: int
    themes: tuple[str, ...] = ()
    goals: tuple[int, ...] = ()
    tags: str = ""
    language: str
    actors: tuple[str, ...] = ()
    priority: Priority | None = None
    facilitator_id: str | None = None
    reason: str


class ReviewStep(Record):
    """What somebody did around the MAG's review; `subject` is a question or a session's prefix."""

    act: Literal["stand_aside", "suggest", "answer", "refer", "score", "ask", "sign_off"]
    person_id: str
    subject: str
    day: int
    text: str = ""
    reason: str = ""
    score: int = 0
    verdict: str = ""
    stance: Stance | None = None


class ProposalText(Record):
    """A proposal; `created_at` gives its place in the order of the scenario."""

    id: str
    question_id: str
    author_id: str
    title: str
    text: str
    created_at: datetime
    status: Literal["open"]


class VersionText(Record):
    """A second wording of a proposal, with what changed."""

    proposal_id: str
    title: str
    text: str
    rationale: str
    note: str


class DraftText(Record):
    """A proposal that its author has not published."""

    author_id: str
    question_id: str
    title: str
    text: str


class CommentText(Record):
    """A comment about a proposal, or about the whole of a `subject`."""

    id: str
    author_id: str
    stance: CommentKind
    text: str
    created_at: datetime
    proposal_id: str | None = None
    subject: str | None = None
    parent_id: str | None = None


class GivenRating(Record):
    """How strongly somebody agrees with a proposal."""

    proposal_id: str
    participant_id: str
    rating: Rating


class GivenRanking(Record):
    """The proposals of a question in somebody's order, best first; the rest is unranked."""

    question_id: str
    participant_id: str
    order: tuple[str, ...]


class GroupAnswers(Record):
    """How many people of a group took which position."""

    endorse: int
    partly: int
    contest: int


class PointAnswers(Record):
    """Positions on one point of an output, by group."""

    output_id: str
    point: int
    groups: dict[StakeholderGroup, GroupAnswers]


class PointReasons(Record):
    """The reasons that people give for positions on one point."""

    output_id: str
    point: int
    endorse_in_part: tuple[str, ...]
    contest: tuple[str, ...]

    def of(self, position: Position) -> tuple[str, ...]:
        """The reasons for a position that asks for one."""
        return self.contest if position is Position.CONTEST else self.endorse_in_part


class ArgumentWords(Record):
    """An argument in a facilitator's words; `cites` gives the excerpt of each comment, or ""."""

    id: str
    subject: str
    facilitator_id: str
    kind: ArgumentKind
    text: str
    cites: dict[str, str]
    answered_by: str = ""


class WaivedComment(Record):
    """A comment that a facilitator set aside."""

    comment_id: str
    subject: str
    facilitator_id: str
    reason: str


class Report(Record):
    """Somebody's report of a text."""

    person_id: str
    rule: Rule
    note: str = ""


class ModeratedText(Record):
    """A comment written for the moderators' queue, or a proposal; without an `act` it waits."""

    id: str
    subject: str
    hours_ago: int
    proposal_id: str | None = None
    author_id: str = ""
    text: str = ""
    reports: tuple[Report, ...] = ()
    act: Literal["keep", "hide", "release"] | None = None
    moderator_id: str = ""
    rule: Rule | None = None
    words: str = ""
    appeal: str = ""


class SummaryText(Record):
    """A facilitator's summary; its references name figures and comments by scenario ids."""

    subject: str
    facilitator_id: str
    saved: int
    published: int | None = None
    level: ConsensusLevel
    level_reason: str
    body: tuple[str, ...]
    minority_views: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A session page as a curator would upload it."""

    name: str
    text: str
    curator_id: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that happens in the demonstration."""

    pages: tuple[Page, ...]
    participants: list[Participant]
    curation: list[CurationStep]
    classification: list[ClassificationStep]
    review: list[ReviewStep]
    openings: list[PlannedOpening]
    proposals: list[ProposalText]
    versions: list[VersionText]
    drafts: list[DraftText]
    shepherding: Shepherding
    comments: list[CommentText]
    ratings: list[GivenRating]
    rankings: list[GivenRanking]
    answers: list[PointAnswers]
    reasons: list[PointReasons]
    arguments: list[ArgumentWords]
    waivers: list[WaivedComment]
    summaries: list[SummaryText]
    moderated: list[ModeratedText]

    def proposals_on(self, subject: str) -> list[ProposalText]:
        """The proposals on a question, in order."""
        return [each for each in self.proposals if each.question_id == subject]

    def comments_on(self, subject: str) -> list[CommentText]:
        """The comments in a deliberation, oldest first, so that answers follow what they answer."""
        own = {each.id for each in self.proposals_on(subject)}
        found = [
            each for each in self.comments if each.subject == subject or each.proposal_id in own
        ]
        return sorted(found, key=lambda each: each.created_at)


def read_scenario() -> Scenario:
    """Read the data files. Raises `ValidationError` naming the entry that is wrong."""
    return Scenario(
        pages=(
            Page("workshop.txt", _text("workshop.txt"), "mag01", "ws220"),
            Page("main-session.txt", _text("main-session.txt"), "mag02", "main21"),
        ),
        participants=_read("participants.json", Participant),
        curation=_read("curation.json", CurationStep),
        classification=_read("classification.json", ClassificationStep),
        review=_read("review.json", ReviewStep),
        openings=_read("schedule.json", PlannedOpening),
        proposals=_read("proposals.json", ProposalText),
        versions=_read("versions.json", VersionText),
        drafts=_read("drafts.json", DraftText),
        shepherding=Shepherding.model_validate_json(_text("shepherding.json")),
        comments=_read("comments.json", CommentText) + _read("remarks.json", CommentText),
        ratings=_read("ratings.json", GivenRating),
        rankings=_read("rankings.json", GivenRanking),
        answers=_read("output_responses.json", PointAnswers),
        reasons=_read("reasons.json", PointReasons),
        arguments=_read("arguments.json", ArgumentWords),
        waivers=_read("waivers.json", WaivedComment),
        summaries=_read("summaries.json", SummaryText),
        moderated=_read("moderation.json", ModeratedText),
    )


def _file(name: str) -> Traversable:
    return files("deliberate.demo") / "data" / name


def _text(name: str) -> str:
    return _file(name).read_text(encoding="utf-8")


def _read(name: str, kind: type[R]) -> list[R]:
    return TypeAdapter(list[kind]).validate_json(_text(name))  # type: ignore[valid-type]
