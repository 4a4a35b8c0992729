"""Tables as comma-separated values (RFC 4180) that spreadsheets open without running anything."""

import csv
import io
from dataclasses import dataclass

Cell = str | int | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take text for a formula (OWASP, "CSV Injection"; the wide forms count
in East Asian versions)."""


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and rows of the same length; None is an empty cell.

    Raises `ValueError` for a row that does not fit the columns.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        """Refuse rows that would shift the cells of a reader."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row does not fit the columns")


def csv_bytes(table: Table) -> bytes:
    """The table in UTF-8 with a byte order mark, without which spreadsheets guess the encoding."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([safe_cell(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def safe_cell(cell: Cell) -> Cell:
    """The cell, with an apostrophe before text that a spreadsheet would run as a formula.

    Numbers stay numbers: a negative one is no formula.
    """
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell
