"""What became of a proposal, in order: versions, polls, editions, and its withdrawal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from markupsafe import Markup

from deliberate.domain.phases import PollPhase, poll_phase
from deliberate.domain.threads import CommentKind
from deliberate.markdown import to_html
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.polls import Poll, list_polls
from deliberate.storage.proposal_story import STANCES, Stance, list_citations
from deliberate.storage.proposal_versions import VersionLine
from deliberate.storage.proposals import ProposalLine
from deliberate.web.database import reader


class Step(StrEnum):
    """What happened to a proposal."""

    PROPOSED = "proposed"
    REVISED = "revised"
    ON_BALLOT = "on_ballot"
    COUNTED = "counted"
    WITHDRAWN = "withdrawn"
    RECAST = "recast"
    CITED = "cited"


@dataclass(frozen=True, slots=True)
class Event:
    """One step: its moment, the page on it, the number of the version or edition, and a text.

    `amendment_id` and `amended_by` are the amendment that a version came of, and whose it was.
    """

    step: Step
    at: datetime
    href: str = ""
    number: int = 0
    text: str = ""
    amendment_id: int | None = None
    amended_by: str | None = None


@dataclass(frozen=True, slots=True)
class Argument:
    """What comments of one kind say about a proposal: the first of each group."""

    kind: CommentKind
    stances: Sequence[Stance] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many comments of this kind there are."""
        return sum(stance.count for stance in self.stances)


@dataclass(frozen=True, slots=True)
class Story:
    """The steps of a proposal, the arguments on it, and the polls it stands on."""

    events: Sequence[Event]
    arguments: Sequence[Argument]
    polls: Sequence[Poll]


def tell(
    page: DeliberationPage,
    proposal: ProposalLine,
    versions: Sequence[VersionLine],
    stances: Sequence[Stance],
) -> Story:
    """The story of a proposal, oldest step first."""
    polls = (
        [poll for poll in list_polls(reader(), page.id) if _version_on(poll, proposal.id)]
        if page.poll_count
        else []
    )
    events = [
        *_of_versions(proposal, versions),
        *(event for poll in polls for event in _of_poll(poll, proposal.id)),
        *_of_editions(page, proposal),
    ]
    if proposal.withdrawn_at is not None:
        events.append(Event(Step.WITHDRAWN, proposal.withdrawn_at))
    if proposal.replaced_at is not None:
        events.append(Event(Step.RECAST, proposal.replaced_at))
    return Story(sorted(events, key=lambda event: event.at), _arguments(stances), polls)


def _of_versions(proposal: ProposalLine, versions: Sequence[VersionLine]) -> list[Event]:
    address = f"/proposals/{proposal.id}/versions"
    return [
        Event(
            Step.REVISED if line.number > 1 else Step.PROPOSED,
            line.written_at,
            f"{address}/{line.number}",
            line.number,
            line.note,
            line.amendment_id,
            line.amended_by,
        )
        for line in versions
    ]


def _version_on(poll: Poll, proposal_id: int) -> int:
    """The version of a proposal that stands on a ballot; 0 when none does."""
    numbers: Mapping[int, int] = {
        option["proposal"]: option["version"] for option in poll.frozen["options"]
    }
    return numbers.get(proposal_id, 0)


def _of_poll(poll: Poll, proposal_id: int) -> list[Event]:
    number = _version_on(poll, proposal_id)
    events = [Event(Step.ON_BALLOT, poll.opened_at, f"/polls/{poll.id}", number, poll.title)]
    if poll.closed_at is not None and poll_phase(poll, now(reader())) is PollPhase.CLOSED:
        results = f"/polls/{poll.id}/results"
        events.append(Event(Step.COUNTED, poll.closed_at, results, number, poll.title))
    return events


def _of_editions(page: DeliberationPage, proposal: ProposalLine) -> list[Event]:
    if page.edition_count == 0:
        return []
    return [
        Event(
            Step.CITED,
            cited.published_at,
            f"/summaries/{cited.summary_id}/editions/{cited.number}",
            cited.number,
        )
        for cited in list_citations(reader(), page.id, proposal.id)
    ]


def _arguments(stances: Sequence[Stance]) -> list[Argument]:
    found = [_plain(stance) for stance in stances]
    by_kind = [
        Argument(kind, [stance for stance in found if stance.kind is kind]) for kind in STANCES
    ]
    return [argument for argument in by_kind if argument.stances]


def _plain(stance: Stance) -> Stance:
    """A stance whose excerpt has no marks of Markdown."""
    html = Markup(to_html(stance.excerpt))  # noqa: S704 - cleaned by `to_html`.
    return replace(stance, excerpt=html.striptags())
