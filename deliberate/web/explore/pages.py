"""Deliberations as the front page and the list show them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.phases import Phase
from deliberate.storage.deliberation_pages import (
    DeliberationPage,
    count_participants,
    list_pages,
)
from deliberate.storage.people import count_by_group
from deliberate.storage.session_pages import count_sessions

ON_THE_FRONT_PAGE = 6
A_PAGE = 25
LONGEST_EXCERPT = 110
TO_COME = (Phase.VOTING, Phase.OPEN, Phase.DRAFT)
"""Phases in which something still closes; these are listed by what closes first."""


@dataclass(frozen=True, slots=True)
class DeliberationItem:
    """One deliberation in a list."""

    id: int
    title: str
    url: str
    phase: Phase
    closes_at: datetime
    session_title: str
    comment_count: int
    proposal_count: int
    participants_by_group: dict[StakeholderGroup, int]
    is_demo: bool
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is altogether; people are those with an account."""

    deliberations: int
    sessions: int
    people: int


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What is going on, by phase, and the totals."""

    voting_now: Sequence[DeliberationItem]
    open_now: Sequence[DeliberationItem]
    closed_recently: Sequence[DeliberationItem]
    summarised: Sequence[DeliberationItem]
    totals: Totals


@dataclass(frozen=True, slots=True)
class DeliberationsPage:
    """One stretch of the list with how many there are in each phase; `page` counts from 1.

    Archived ones are counted apart and stand in no phase's list, only in their own.
    """

    items: Sequence[DeliberationItem]
    phase: Phase | None
    counts: dict[Phase, int]
    archived: int
    shows_archive: bool
    total: int
    page: int
    has_more: bool


def front_page(reader: Session) -> FrontPage:
    """The deliberations a visitor should see first, a few of each phase."""
    pages = [page for page in list_pages(reader) if not page.is_archived]
    chosen = {
        phase: ordered([page for page in pages if page.phase is phase])[:ON_THE_FRONT_PAGE]
        for phase in Phase
    }
    items = as_items(reader, [page for few in chosen.values() for page in few])
    by_phase = {phase: [item for item in items if item.phase is phase] for phase in Phase}
    return FrontPage(
        voting_now=by_phase[Phase.VOTING],
        open_now=by_phase[Phase.OPEN],
        closed_recently=by_phase[Phase.CLOSED],
        summarised=by_phase[Phase.SUMMARISED],
        totals=Totals(len(pages), count_sessions(reader), sum(count_by_group(reader).values())),
    )


def deliberations_page(
    reader: Session, phase: Phase | None, page: int, *, archive: bool = False
) -> DeliberationsPage:
    """The `page`th stretch of all deliberations, of those in one phase, or of the archive."""
    known = list_pages(reader)
    everything = [each for each in known if not each.is_archived]
    archived = [each for each in known if each.is_archived]
    listed = archived if archive else everything
    wanted = ordered([each for each in listed if phase in (None, each.phase)])
    start = (page - 1) * A_PAGE
    return DeliberationsPage(
        items=as_items(reader, wanted[start : start + A_PAGE]),
        phase=phase,
        counts={one: sum(each.phase is one for each in everything) for one in Phase},
        archived=len(archived),
        shows_archive=archive,
        total=len(everything),
        page=page,
        has_more=len(wanted) > start + A_PAGE,
    )


def ordered(pages: Iterable[DeliberationPage]) -> list[DeliberationPage]:
    """What closes next first, then what has closed, the latest first."""

    def key(page: DeliberationPage) -> tuple[bool, float, int]:
        moment = page.closes_at.timestamp()
        is_to_come = page.phase in TO_COME
        return not is_to_come, moment if is_to_come else -moment, page.id

    return sorted(pages, key=key)


def as_items(reader: Session, pages: Collection[DeliberationPage]) -> list[DeliberationItem]:
    """The pages as list entries, with the groups of those who wrote in them."""
    participants = count_participants(reader, [page.id for page in pages]) if pages else {}
    return [_item(page, participants.get(page.id, {})) for page in pages]


def title_of(page: DeliberationPage) -> str:
    """A question's own words, or an output's kind and number before its first words."""
    output = page.output
    if output is None:
        return page.title
    text = shorten(output.text, LONGEST_EXCERPT, placeholder=" …")
    if output.kind is OutputKind.KEY_TAKEAWAY:
        title = _("Key takeaway %(number)d: %(text)s", number=output.position, text=text)
    else:
        title = _("Call to action %(number)d: %(text)s", number=output.position, text=text)
    return str(title)


def _item(page: DeliberationPage, participants: dict[StakeholderGroup, int]) -> DeliberationItem:
    return DeliberationItem(
        id=page.id,
        title=title_of(page),
        url=f"/deliberations/{page.id}",
        phase=page.phase,
        closes_at=page.closes_at,
        session_title=page.session.title,
        comment_count=page.comment_count,
        proposal_count=page.proposal_count,
        participants_by_group=participants,
        is_demo=page.session.is_demo,
        is_archived=page.is_archived,
    )
