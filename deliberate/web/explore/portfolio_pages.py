"""All questions and outputs as the portfolio shows them: where they stand, and what is late."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session

from deliberate.domain.classification import Classification, LabelKind
from deliberate.domain.portfolio import Delay, Stage
from deliberate.storage.database import now
from deliberate.storage.labels import Label, Labels, list_label_values, list_labels
from deliberate.storage.portfolio import (
    Filters,
    PortfolioRow,
    StageCount,
    count_stages,
    list_assigned_facilitators,
    list_portfolio,
    list_years_and_types,
)
from deliberate.storage.portfolio_subjects import OUTPUT_KINDS
from deliberate.web.forms import Form
from deliberate.web.labels import LabelLink, goal_name, in_words, label_links, priority_choices

A_PAGE = 50
MOST_CHOICES = 300
"""Of a kind with more values than this the first ones are offered; others are linked to."""
ADDRESS = "/questions"
FILTER_NAMES: Mapping[str, Any] = {
    "stage": _l("Stage"),
    "overdue": _l("Late"),
    "stuck": _l("Late"),
    "year": _l("Year"),
    "type": _l("Session type"),
    "theme": _l("Theme"),
    "goal": _l("Goal"),
    "tag": _l("Tag"),
    "language": _l("Language"),
    "actor": _l("Addressed to"),
    "priority": _l("Priority"),
    "facilitator": _l("Facilitator"),
    "q": _l("Words"),
    "kind": _l("Kind"),
}

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StageLink:
    """A stage with how many stand at it; `href` shows them, or everything when it is chosen."""

    key: str
    text: str
    total: int
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in use, in words, and the address without it."""

    name: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with its labels; `late` says in words why it counts as late."""

    row: PortfolioRow
    href: str
    labels: Sequence[LabelLink]
    late: str | None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A page of the portfolio.

    `total` counts what the filters find, `everything` what there is of this kind.
    """

    filters: Filters
    sort: str
    stages: Sequence[StageLink]
    late: Sequence[StageLink]
    chips: Sequence[Chip]
    entries: Sequence[Entry]
    form: Form[Any]
    choices: Mapping[str, Choices]
    total: int
    page: int
    has_more: bool

    @property
    def table(self) -> str:
        """The address of the same list as a table."""
        return self._href("/questions.csv")

    @property
    def newer(self) -> str | None:
        """The page before this one."""
        return self._href(ADDRESS, page=self.page - 1) if self.page > 1 else None

    @property
    def older(self) -> str | None:
        """The page after this one."""
        return self._href(ADDRESS, page=self.page + 1) if self.has_more else None

    def _href(self, path: str, **more: int) -> str:
        return address(self.filters, self.sort, path, **more)


def portfolio_of(reader: Session, filters: Filters, sort: str, page: int) -> Portfolio:
    """One page of what the filters find, with counts of every stage."""
    counts = count_stages(reader, filters)
    rows = list_portfolio(reader, filters, sort, A_PAGE + 1, (page - 1) * A_PAGE)
    shown = rows[:A_PAGE]
    labels = labels_of(reader, filters.kind, [row.id for row in shown])
    choices = _choices(reader, filters)
    return Portfolio(
        filters=filters,
        sort=sort,
        stages=_stages(filters, sort, counts),
        late=_late(filters, sort, counts),
        chips=_chips(filters, sort, choices),
        entries=[_entry(reader, filters.kind, row, labels.get(row.id)) for row in shown],
        form=Form({**asdict(filters), "sort": sort}),
        choices=choices,
        total=_total(filters, counts),
        page=page,
        has_more=len(rows) > A_PAGE,
    )


def labels_of(reader: Session, kind: str, ids: Sequence[int]) -> dict[int, Labels]:
    """The labels of these questions or outputs by id."""
    column = Label.output_id if kind in OUTPUT_KINDS else Label.question_id
    return list_labels(reader, column, ids) if ids else {}


def address(filters: Filters, sort: str, path: str = ADDRESS, **more: int) -> str:
    """Where these filters lead; what is as usual is left out."""
    named = {name: value for name, value in asdict(filters).items() if value}
    if named.get("kind") == "question":
        del named["kind"]
    if sort != "activity":
        named["sort"] = sort
    query = urlencode({**named, **{name: value for name, value in more.items() if value != 1}})
    return f"{path}?{query}" if query else path


def late_in_words(row: PortfolioRow, moment: datetime) -> str | None:
    """Why a row counts as late, with the number of days."""
    if row.delay is None:
        return None
    begun = row.standing.since
    if row.delay is Delay.NOT_COUNTED and row.standing.uncounted_since is not None:
        begun = row.standing.uncounted_since
    days = (moment - begun).days
    words = {
        Delay.NO_SUMMARY: ngettext(
            "Closed %(num)d day ago, no summary yet",
            "Closed %(num)d days ago, no summary yet",
            days,
        ),
        Delay.NOT_COUNTED: ngettext(
            "A poll ended %(num)d day ago and is not counted",
            "A poll ended %(num)d days ago and is not counted",
            days,
        ),
        Delay.NO_ACT: ngettext(
            "Nobody has acted on it for %(num)d day",
            "Nobody has acted on it for %(num)d days",
            days,
        ),
        Delay.NOT_REVIEWED: ngettext(
            "In review for %(num)d day", "In review for %(num)d days", days
        ),
        Delay.NOT_OPENED: ngettext(
            "Accepted %(num)d day ago, not opened", "Accepted %(num)d days ago, not opened", days
        ),
    }
    return str(words[row.delay])


def _entry(reader: Session, kind: str, row: PortfolioRow, labels: Labels | None) -> Entry:
    folder = "outputs" if kind in OUTPUT_KINDS else "questions"
    return Entry(
        row=row,
        href=f"/{folder}/{row.id}",
        labels=label_links(labels or (), kind),
        late=late_in_words(row, now(reader)),
    )


def _total(filters: Filters, counts: Mapping[Stage, StageCount]) -> int:
    chosen = [
        count for stage, count in counts.items() if not filters.stage or stage == filters.stage
    ]
    if filters.overdue and filters.stuck:
        return 0
    if filters.overdue:
        return sum(count.overdue for count in chosen) if filters.overdue == "yes" else 0
    if filters.stuck:
        return sum(count.stuck for count in chosen) if filters.stuck == "yes" else 0
    return sum(count.total for count in chosen)


def _stages(filters: Filters, sort: str, counts: Mapping[Stage, StageCount]) -> list[StageLink]:
    """The stages that something stands at, and the chosen one."""
    found = []
    for stage, count in counts.items():
        is_chosen = filters.stage == stage.value
        if count.total or is_chosen:
            other = replace(filters, stage="" if is_chosen else stage.value)
            href = address(other, sort)
            found.append(StageLink(stage.value, _(stage.label), count.total, href, is_chosen))
    return found


def _late(filters: Filters, sort: str, counts: Mapping[Stage, StageCount]) -> list[StageLink]:
    """Overdue and stuck, when there are any or when they are asked for."""
    numbers = {
        "overdue": (_("Overdue"), sum(count.overdue for count in counts.values())),
        "stuck": (_("Stuck"), sum(count.stuck for count in counts.values())),
    }
    found = []
    for name, (text, number) in numbers.items():
        is_chosen = bool(getattr(filters, name))
        if number or is_chosen:
            other = {"overdue": "", "stuck": "", name: "" if is_chosen else "yes"}
            href = address(replace(filters, **other), sort)
            found.append(StageLink(name, text, number, href, is_chosen))
    return found


def _choices(reader: Session, filters: Filters) -> dict[str, Choices]:
    """What can be chosen for each filter; a value in use that nothing has is offered as well."""
    pairs = list_years_and_types(reader)
    years = sorted({year for year, _type in pairs if year is not None}, reverse=True)
    values = list_label_values(reader)
    found: dict[str, list[tuple[str, str]]] = {
        "stage": [(stage.value, _(stage.label)) for stage in Stage],
        "year": [(str(year), str(year)) for year in years],
        "type": [(kind, _(kind)) for kind in sorted({kind for _year, kind in pairs})],
        "priority": priority_choices(),
        "facilitator": [(str(key), name) for key, name in list_assigned_facilitators(reader)],
    }
    for kind in LabelKind:
        own = Classification(frozenset((kind, value) for value in values[kind])).values(kind)
        found[kind.value] = [(value, in_words(kind, value)) for value in own[:MOST_CHOICES]]
    for name, offered in found.items():
        asked = getattr(filters, name)
        if asked and asked not in dict(offered):
            offered.append((asked, goal_name(asked) if name == "goal" else asked))
    return dict(found)


def _chips(filters: Filters, sort: str, choices: Mapping[str, Choices]) -> list[Chip]:
    """The filters in use, each with the way out of it."""
    chips = []
    for name, label in FILTER_NAMES.items():
        value = getattr(filters, name)
        is_usual = name == "kind" and value in ("question", *OUTPUT_KINDS)
        if value and not is_usual:
            words = dict(choices.get(name, ())).get(value, value)
            if name in ("overdue", "stuck") and value == "yes":
                words = _("Overdue") if name == "overdue" else _("Stuck")
            without = replace(filters, **{name: "question" if name == "kind" else ""})
            chips.append(Chip(str(label), words, address(without, sort)))
    return chips
