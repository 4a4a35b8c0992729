"""What the pages of this journey show: first what everybody sees alike, then what one reader does.

The first part is kept in memory for as long as nothing changes, a minute at most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deliberate.actions.deliberations import get_page
from deliberate.actions.results import PointResult, ProposalResult, Results, get_results
from deliberate.domain.errors import NotFound
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.phases import PollPhase, poll_phase
from deliberate.policy import Can, may
from deliberate.storage.ballots import count_turnout
from deliberate.storage.comments import count_by_point
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import find_revision, list_rounds
from deliberate.storage.forum import OutputPoint, list_points
from deliberate.storage.gardening import Stub, list_stubs
from deliberate.storage.labels import Label, Labels, list_labels
from deliberate.storage.lineage import Descent, list_origins
from deliberate.storage.polls import Poll, list_polls
from deliberate.storage.proposal_drafts import OwnDraft, find_revision_and_drafts
from deliberate.storage.proposals import ProposalLine, list_proposals
from deliberate.storage.reschedulings import Rescheduling, list_reschedulings
from deliberate.storage.responses import count_respondents
from deliberate.storage.summaries import find_summary_of
from deliberate.storage.threads import ThreadPage
from deliberate.web.database import reader
from deliberate.web.login import current_actor
from deliberate.web.take_part.kept import memory
from deliberate.web.take_part.stretches import Stretch, load_stretch

LONGEST_KEPT = timedelta(minutes=1)
"""Ballots are cast and times pass without a change of revision; a page may lag this far behind."""

SHORTLY = timedelta(minutes=5)
"""How long a planned poll may take to open by itself before the page says that it did not."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PollLine:
    """A poll in the list of a deliberation; `ballots` counts them until the poll closes."""

    id: int
    title: str
    phase: PollPhase
    is_invalid: bool
    opens_at: datetime
    closes_at: datetime
    ballots: int
    proposal_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Round:
    """One round of the same question or output; `is_over` says that it has results."""

    id: int
    number: int
    year: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """What a deliberation's page says to everybody; right until the moment `until`."""

    page: DeliberationPage
    proposals: Sequence[ProposalLine]
    polls: Sequence[PollLine]
    points: Sequence[OutputPoint]
    point_comments: Mapping[int, int]
    turnout: Mapping[StakeholderGroup, int]
    results: Mapping[int, PointResult]
    editions: Sequence[tuple[int, str]]
    origins: Sequence[Descent]
    labels: Labels
    rounds: Sequence[Round]
    moved: Sequence[Rescheduling]
    stubs: Sequence[Stub]
    until: datetime

    @property
    def origin_count(self) -> int:
        """How many sessions the question was merged or split from."""
        return len({link.parent.session_id for link in self.origins})

    @property
    def other_rounds(self) -> list[Round]:
        """The rounds before and after this one."""
        return [each for each in self.rounds if each.id != self.page.id]

    @property
    def misses_planned_poll(self) -> bool:
        """Whether the time of the planned poll came without enough proposals for one."""
        design = self.page.design
        if design is None or design.poll_opens_at is None or self.polls:
            return False
        return design.poll_opens_at + SHORTLY <= self.page.moment

    @property
    def titles(self) -> dict[int, str]:
        """The proposals' titles by id."""
        return {line.id: line.title for line in self.proposals}


def get_revision(deliberation_id: int) -> int:
    """How often the deliberation changed, or `NotFound`; asked once for each reading session."""
    return _at_hand(deliberation_id)[0]


def get_own_drafts(deliberation_id: int) -> Sequence[OwnDraft]:
    """What this reader wrote for the deliberation and has not published."""
    return _at_hand(deliberation_id)[1]


def get_shared(deliberation_id: int) -> Shared:
    """What everybody sees of a deliberation, apart from the comments."""
    key, moment = (deliberation_id, get_revision(deliberation_id)), now(reader())
    shared: Shared | None = memory().shared.get(key, moment)
    if shared is None:
        shared = _gather(get_page(reader(), deliberation_id), moment)
        memory().shared.put(key, shared, shared.until)
    return shared


def get_thread(deliberation_id: int, stretch: Stretch) -> ThreadPage:
    """The comments of a stretch, as everybody sees them."""
    key, moment = (deliberation_id, get_revision(deliberation_id), stretch), now(reader())
    thread: ThreadPage | None = memory().threads.get(key, moment)
    if thread is None:
        thread = load_stretch(deliberation_id, stretch)
        memory().threads.put(key, thread, moment + LONGEST_KEPT)
    return thread


def get_kept_results(page: DeliberationPage) -> Results | None:
    """The results of a closed deliberation; None before closing, for everybody."""
    if not may(current_actor(), Can.SEE_RESULTS, page):
        return None
    key, moment = (page.id, page.deliberation.revision), now(reader())
    results: Results | None = memory().results.get(key, moment)
    if results is None:
        results = get_results(reader(), current_actor(), page)
        memory().results.put(key, results, moment + LONGEST_KEPT)
    return results


def get_proposal_result(page: DeliberationPage, proposal_id: int) -> ProposalResult | None:
    """How one proposal was rated, once the deliberation has closed."""
    results = get_kept_results(page)
    found = (
        [each for each in results.proposals if each.proposal.id == proposal_id] if results else []
    )
    return found[0] if found else None


def points_of(page: DeliberationPage) -> Sequence[OutputPoint]:
    """The points of a deliberation's own round; none on a question."""
    if page.output is None:
        return []
    return list_points(reader(), [page.output.id], page.deliberation.round)


def list_poll_lines(deliberation_id: int) -> list[PollLine]:
    """The polls of a deliberation, with turnout while it is all that anybody may see."""
    return [_poll_line(poll) for poll in list_polls(reader(), deliberation_id)]


def position_rows(result: PointResult, minimum: int) -> Rows:
    """How many of each group took which position; only named positions hide no group."""
    if not result.is_named:
        return _reporting_rows(result, minimum)
    return [
        {"group": group, "counts": _by_value(result.numbers.get(group, {}))}
        for group in StakeholderGroup.registrable()
    ]


def rating_rows(result: ProposalResult, minimum: int) -> Rows:
    """How many of each group gave which rating.

    Ratings are confidential: a group with fewer answers or members than the minimum stays
    hidden, and there is no sum over all groups it could be taken from.
    """
    return _reporting_rows(result, minimum)


def _reporting_rows(result: PointResult | ProposalResult, minimum: int) -> Rows:
    rows: Rows = []
    for each in result.indicator.groups:
        hidden = min(each.counts.n, each.eligible) < minimum
        own: Mapping[Any, int] = result.numbers.get(StakeholderGroup(each.group), {})
        numbers = {} if hidden else own
        rows.append({"group": each.group, "counts": _by_value(numbers), "suppressed": hidden})
    return rows


def _by_value(numbers: Mapping[Any, int]) -> dict[str, int]:
    return {answer.value: count for answer, count in numbers.items()}


def _gather(page: DeliberationPage, moment: datetime) -> Shared:
    session = reader()
    polls = list_poll_lines(page.id) if page.poll_count else []
    points = points_of(page)
    results = get_kept_results(page) if points else None
    turnout = {}
    if points and results is None:
        turnout = count_respondents(session, [point.id for point in points])
    return Shared(
        page=page,
        proposals=list_proposals(session, page.id),
        polls=polls,
        points=points,
        point_comments=count_by_point(session, [point.id for point in points]) if points else {},
        turnout=turnout,
        results={each.point.id: each for each in results.points} if results else {},
        editions=_editions(page),
        origins=list_origins(session, page.question.id)
        if page.question and page.origin_count
        else [],
        labels=_labels(page),
        rounds=_rounds(page),
        moved=list_reschedulings(session, page.id) if page.move_count else [],
        stubs=list_stubs(session, page.id) if page.tended_count else [],
        until=_next_moment(page, polls, moment),
    )


def _at_hand(deliberation_id: int) -> tuple[int, Sequence[OwnDraft]]:
    """The revision and this reader's drafts, asked for once in each reading session."""
    known: dict[int, tuple[int, Sequence[OwnDraft]]] = reader().info.setdefault("revisions", {})
    if deliberation_id not in known:
        person_id = current_actor().id
        revision, drafts = (
            (find_revision(reader(), deliberation_id), list[OwnDraft]())
            if person_id is None
            else find_revision_and_drafts(reader(), deliberation_id, person_id)
        )
        if revision is None:
            raise NotFound("There is no such discussion.")
        known[deliberation_id] = revision, drafts
    return known[deliberation_id]


def _origins(page: DeliberationPage) -> Sequence[Descent]:
    """The questions that this one was made of; most were made of none, and that is known."""
    if page.question is None or page.origin_count == 0:
        return []
    return list_origins(reader(), page.question.id)


def _poll_line(poll: Poll) -> PollLine:
    phase = poll_phase(poll, now(reader()))
    takes_ballots = phase in (PollPhase.OPEN, PollPhase.COUNTING)
    turnout = count_turnout(reader(), poll.id) if takes_ballots else {}
    return PollLine(
        id=poll.id,
        title=poll.title,
        phase=phase,
        is_invalid=poll.invalidated_at is not None,
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        ballots=sum(turnout.values()),
        proposal_ids=frozenset(
            option["proposal"] for option in poll.frozen["options"] if option["proposal"]
        ),
    )


def _editions(page: DeliberationPage) -> list[tuple[int, str]]:
    """Number and address of each published edition, the newest first."""
    summary = find_summary_of(reader(), page.id) if page.edition_count else None
    if summary is None:
        return []
    numbers = range(page.edition_count, 0, -1)
    return [(number, f"/summaries/{summary.id}/editions/{number}") for number in numbers]


def _labels(page: DeliberationPage) -> Labels:
    """What the question or output is labelled with."""
    if page.label_count == 0:
        return frozenset()
    column, subject = (
        (Label.question_id, page.question) if page.question else (Label.output_id, page.output)
    )
    subject_id = subject.id if subject else 0
    return list_labels(reader(), column, [subject_id]).get(subject_id, frozenset())


def _rounds(page: DeliberationPage) -> list[Round]:
    """Every round of what this deliberation is on, the first one first, if there are several."""
    if page.round_count < 2:
        return []
    own = page.deliberation
    found = list_rounds(reader(), question_id=own.question_id, output_id=own.output_id)
    moment = now(reader())
    return [
        Round(each.id, each.round, each.opens_at.year, each.closes_at <= moment) for each in found
    ]


def _next_moment(page: DeliberationPage, polls: Sequence[PollLine], moment: datetime) -> datetime:
    """When the passing of time next changes the page, or a minute from now."""
    design = page.design
    planned = (design.proposals_close_at, design.poll_opens_at) if design else ()
    edges = [page.opens_at, page.closes_at, *(each for each in planned if each is not None)]
    edges += [edge for poll in polls for edge in (poll.opens_at, poll.closes_at)]
    return min([moment + LONGEST_KEPT, *(edge for edge in edges if edge > moment)])
