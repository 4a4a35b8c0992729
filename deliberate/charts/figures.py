"""Figures of a counted poll as plain data for Plotly.js (its JSON schema, version 3).

A figure never says more than the table beside it, and the table comes from the same numbers.
Colours are the sequential scale of the style sheet, darkest for the first place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

DARKEST_FIRST = ("#0b5563", "#468d96", "#7fb2b8", "#b5d3d6", "#e4eff0")
SCHEME_COLOURS = ("#0b5563", "#e0a063")
LABEL_LENGTH = 28
ROW_PIXELS, FRAME_PIXELS = 48, 200


@dataclass(frozen=True, slots=True)
class Mark:
    """An option in a figure: a letter for the table's columns, and its title."""

    letter: str
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure and its table: a column for each option, a row for each count.

    Cells are places, or shares from 0 to 1; None where there is nothing to show.
    """

    figure: Mapping[str, Any]
    columns: tuple[Mark, ...]
    rows: tuple[tuple[str, tuple[Fraction | None, ...]], ...]


def letter(index: int) -> str:
    """A, B, … Z, AA, AB and so on, for 0, 1, 2 and so on."""
    before, own = divmod(index, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + own)


def places(marks: Sequence[Mark], counts: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """The place of each option in each count, as a matrix: the groups side by side.

    `counts` gives the name of a count and the place of every option in the order of `marks`;
    1 is the first place, options that are level have the same.
    """
    matrix = [[own[row] for _, own in counts] for row in range(len(marks))]
    trace = {
        "type": "heatmap",
        "x": [escape(name, quote=False) for name, _ in counts],
        "y": list(range(len(marks))),
        "z": matrix,
        "text": [[str(place) for place in row] for row in matrix],
        "texttemplate": "%{text}",
        "hovertext": [[escape(mark.title, quote=False)] * len(counts) for mark in marks],
        "hovertemplate": "%{hovertext}<br>%{x}: %{z}<extra></extra>",
        "colorscale": [[step / 4, colour] for step, colour in enumerate(DARKEST_FIRST)],
        "zmin": 1,
        "zmax": max(len(marks), 2),
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }
    layout = _layout(marks) | {"xaxis": {"side": "top", "fixedrange": True}}
    rows = tuple((name, tuple(Fraction(place) for place in own)) for name, own in counts)
    return Chart({"data": [trace], "layout": layout}, tuple(marks), rows)


def preferences(
    rivals: Sequence[Mark], shares: Sequence[tuple[str, Sequence[Fraction | None]]]
) -> Chart:
    """How large a share prefers the option ranked first to each rival, one bar for each scheme.

    `shares` gives the name of a scheme and a share (0 to 1) for every rival, None where nobody
    prefers one of the two. A line marks one half.
    """
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": escape(name, quote=False),
            "x": [None if share is None else _percent(share) for share in own],
            "y": list(range(len(rivals))),
            "marker": {"color": SCHEME_COLOURS[index % len(SCHEME_COLOURS)]},
            "hovertemplate": "%{x}%<extra>%{fullData.name}</extra>",
        }
        for index, (name, own) in enumerate(shares)
    ]
    layout = _layout(rivals) | {
        "barmode": "group",
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "xaxis": {"range": [0, 100], "ticksuffix": "%", "fixedrange": True},
        "shapes": [_half_line()],
    }
    rows = tuple((name, tuple(own)) for name, own in shares)
    return Chart({"data": data, "layout": layout}, tuple(rivals), rows)


def _layout(marks: Sequence[Mark]) -> dict[str, Any]:
    """Rows from top to bottom; numbers as positions, because two options may bear one title."""
    axis = {
        "tickvals": list(range(len(marks))),
        "ticktext": [_label(f"{mark.letter}  {mark.title}") for mark in marks],
        "autorange": "reversed",
        "fixedrange": True,
    }
    height = FRAME_PIXELS + ROW_PIXELS * len(marks)
    return {"height": height, "yaxis": axis, "dragmode": False}


def _half_line() -> dict[str, Any]:
    line = {"color": "#7d7768", "width": 1, "dash": "dot"}
    return {"type": "line", "x0": 50, "x1": 50, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _label(text: str) -> str:
    """A text short enough for an axis, in which Plotly finds no markup of its own."""
    short = text if len(text) <= LABEL_LENGTH else f"{text[: LABEL_LENGTH - 1].rstrip()}…"
    return escape(short, quote=False)


def _percent(share: Fraction) -> int:
    """Whole percent, half up, as on the page."""
    return int(share * 100 + Fraction(1, 2))
