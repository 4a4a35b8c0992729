"""The portfolio as a table for spreadsheets; its columns are described in docs/portfolio.md."""

from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.domain.classification import Classification, LabelKind
from deliberate.exporting.tables import Cell, Table
from deliberate.storage.database import now
from deliberate.storage.labels import Labels
from deliberate.storage.portfolio import Filters, PortfolioRow, list_portfolio
from deliberate.storage.portfolio_subjects import OUTPUT_KINDS
from deliberate.web.explore.portfolio_pages import labels_of

COLUMNS = (
    "kind",
    "id",
    "address",
    "text",
    "stage",
    "since",
    "late",
    "days_in_stage",
    "latest_activity",
    "session",
    "session_address",
    "year",
    "session_type",
    "theme",
    "goals",
    "tags",
    "language",
    "addressed_to",
    "priority",
    "facilitator",
    "discussion_address",
    "opens_at",
    "closes_at",
)
"""New columns are added at the end; these keep their names and places."""
AT_ONCE = 1_000
"""How many labels are asked for at once, within what a database takes in one statement."""


def portfolio_table(reader: Session, filters: Filters, sort: str) -> Table:
    """Everything that the filters find, in this order."""
    rows = list_portfolio(reader, filters, sort)
    labels: dict[int, Labels] = {}
    for start in range(0, len(rows), AT_ONCE):
        labels |= labels_of(reader, filters.kind, [row.id for row in rows[start : start + AT_ONCE]])
    moment = now(reader)
    return Table(
        COLUMNS,
        tuple(_cells(filters.kind, row, labels.get(row.id, frozenset()), moment) for row in rows),
    )


def _cells(kind: str, row: PortfolioRow, labels: Labels, moment: datetime) -> tuple[Cell, ...]:
    folder = "outputs" if kind in OUTPUT_KINDS else "questions"
    given = Classification(labels)
    opened = row.deliberation_id
    return (
        kind,
        row.id,
        f"/{folder}/{row.id}",
        row.text,
        row.standing.stage.value,
        _time(row.standing.since),
        row.delay.value if row.delay else None,
        max((moment - row.standing.since).days, 0),
        _time(row.activity),
        row.session_title,
        f"/sessions/{row.session_slug}",
        row.year,
        row.type,
        *("; ".join(given.values(each)) or None for each in LabelKind),
        row.priority.value if row.priority else None,
        row.facilitator,
        f"/deliberations/{opened}" if opened else None,
        _time(row.opens_at),
        _time(row.closes_at),
    )


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
