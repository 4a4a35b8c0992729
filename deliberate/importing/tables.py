"""Rows of tables as lines, whether cells are tags or parted by tabs."""

from collections.abc import Sequence

from deliberate.importing.labels import is_label
from deliberate.importing.lines import Line, tidy


def text_lines(text: str) -> tuple[Line, ...]:
    """The lines of a plain text page; a label with its cell beside it becomes `Label: value`."""
    return tidy(Line(joined_cells(line)) for line in text.splitlines())


def labelled_row(cells: Sequence[str]) -> str:
    """A row that begins with the label of a field as `Label: value`; nothing for any other."""
    if len(cells) > 1 and (cells[0].endswith(":") or is_label(cells[0])):
        return f"{cells[0].rstrip(' :')}: {', '.join(cells[1:])}"
    return ""


def joined_cells(line: str) -> str:
    """A line of cells parted by tabs as `labelled_row` has it, else the line as it is."""
    if "\t" not in line:
        return line
    cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
    return labelled_row(cells) or line
