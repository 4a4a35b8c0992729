"""The timetable: everything that is scheduled, open or voting, by the week in which it closes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask.typing import ResponseReturnValue
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from deliberate.domain.forum import OutputKind
from deliberate.domain.phases import Phase, deliberation_phase
from deliberate.domain.process import design_of
from deliberate.domain.timetable import count_by_week, monday_of
from deliberate.storage.database import now
from deliberate.storage.timetable import TimetableRow, list_closings, list_timetable
from deliberate.web.database import reader
from deliberate.web.explore.blueprint import blueprint
from deliberate.web.paging import asked_page
from deliberate.web.render import respond

A_PAGE = 40
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One deliberation of the timetable; times are None where it has no such step."""

    id: int
    title: str
    session_title: str
    phase: Phase
    opens_at: datetime
    proposals_close_at: datetime | None
    poll_opens_at: datetime | None
    poll_closes_at: datetime | None
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Week:
    """A week with what closes in it; `overlap` says in words what falls together."""

    name: str
    overlap: str
    lines: Sequence[Line]


@blueprint.get("/timetable")
def timetable() -> ResponseReturnValue:
    """What closes when, a page at a time, for everybody."""
    number = asked_page()
    known = list_closings(reader())
    start = (number - 1) * A_PAGE
    shown = [each.id for each in known[start : start + A_PAGE]]
    counts = count_by_week(each.closes_at for each in known)
    lines = [_line(row, now(reader())) for row in list_timetable(reader(), shown)]
    weeks = [
        _week(monday, counts[monday], list(own))
        for monday, own in groupby(lines, key=lambda line: monday_of(line.closes_at))
    ]
    return respond(
        "explore/timetable.html",
        weeks=weeks,
        total=len(known),
        overlaps=[_summary(monday, count) for monday, count in counts.items() if count > 1][:6],
        page=number,
        has_more=len(known) > start + A_PAGE,
    )


def _week(monday: date, closings: int, lines: Sequence[Line]) -> Week:
    polls = sum(
        line.poll_closes_at is not None and monday_of(line.poll_closes_at) == monday
        for line in lines
    )
    sentences = []
    if closings > 1:
        sentences.append(_closings(closings))
    if polls > 1:
        sentences.append(
            ngettext(
                "%(num)d poll closes in the same week.",
                "%(num)d polls close in the same week.",
                polls,
            )
        )
    return Week(_name(monday), " ".join(sentences), lines)


def _closings(closings: int) -> str:
    return str(
        ngettext(
            "%(num)d discussion closes in this week.",
            "%(num)d discussions close in the same week.",
            closings,
        )
    )


def _summary(monday: date, closings: int) -> str:
    return str(_("%(week)s: %(overlap)s", week=_name(monday), overlap=_closings(closings)))


def _name(monday: date) -> str:
    sunday = monday + A_WEEK - timedelta(days=1)
    return str(
        _(
            "%(monday)s to %(sunday)s",
            monday=format_date(monday, "d MMM"),
            sunday=format_date(sunday, "d MMM y"),
        )
    )


def _line(row: TimetableRow, moment: datetime) -> Line:
    own, poll, design = row.deliberation, row.poll, design_of(row.deliberation.frozen)
    is_voting = poll is not None and poll.opens_at <= moment < poll.closes_at
    return Line(
        id=own.id,
        title=_title(row),
        session_title=row.session_title,
        phase=deliberation_phase(own, moment, poll_is_open=is_voting, has_edition=False),
        opens_at=own.opens_at,
        proposals_close_at=design.proposals_close_at if design else None,
        poll_opens_at=poll.opens_at if poll else design.poll_opens_at if design else None,
        poll_closes_at=poll.closes_at if poll else design.poll_closes_at if design else None,
        closes_at=own.closes_at,
    )


def _title(row: TimetableRow) -> str:
    """A question's own words, or an output's kind and number."""
    if row.output is None:
        return row.deliberation.title
    if row.output.kind is OutputKind.KEY_TAKEAWAY:
        return str(_("Key takeaway %(number)d", number=row.output.position))
    return str(_("Call to action %(number)d", number=row.output.position))
