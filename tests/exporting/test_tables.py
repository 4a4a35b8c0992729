"""Tables open in spreadsheets without running anything and come back unchanged."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.exporting.tables import Cell, Table, csv_bytes, safe_cell

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def read_back(content: bytes) -> list[list[str]]:
    """The rows as another program reads them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")', "＝1"]
)
def test_a_formula_becomes_text(cell: str) -> None:
    """Ensure text that a spreadsheet would run begins with an apostrophe."""
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["plain", "1/3", "", " = no", -5, 0, None])
def test_everything_else_stays_as_it_is(cell: Cell) -> None:
    """Ensure harmless text, numbers and empty cells are not touched."""
    assert safe_cell(cell) == cell


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_any_text_comes_back_and_none_can_run(cells: list[str]) -> None:
    """Ensure quotes, commas, line breaks and formulas survive the way into another program."""
    columns = tuple(f"column {number}" for number in range(len(cells)))

    rows = read_back(csv_bytes(Table((*columns, "last"), ((*cells, "end"),))))

    assert [cell.removeprefix("'") for cell in rows[1]] == [
        cell.removeprefix("'") for cell in (*cells, "end")
    ]
    assert not any(cell.startswith(DANGEROUS) for cell in rows[1])


def test_a_row_that_does_not_fit_is_refused() -> None:
    """Ensure no cell slips under another column's name."""
    with pytest.raises(ValueError, match="does not fit"):
        Table(("one", "two"), (("only",),))


def test_the_encoding_is_declared() -> None:
    """Ensure spreadsheets read names in every script."""
    content = csv_bytes(Table(("title",), (("مرحبا",),)))

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith("مرحبا\r\n".encode())
