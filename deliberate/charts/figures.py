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
LABEL_LENGTH = 40
ROW_PIXELS, FRAME_PIXELS = 48, 160


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure and its table: the first column names the row, the others are counts or shares.

    A cell of None has no value.
    """

    figure: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Fraction | None, ...]], ...]


def places(titles: Sequence[str], counts: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """The place of each option in each count, as a matrix: the groups side by side.

    `counts` gives the name of a count and the place of every option in the order of `titles`;
    1 is the first place, options that are level have the same.
    """
    matrix = [[own[row] for _, own in counts] for row in range(len(titles))]
    trace = {
        "type": "heatmap",
        "x": [_label(name) for name, _ in counts],
        "y": list(range(len(titles))),
        "z": matrix,
        "text": [[str(place) for place in row] for row in matrix],
        "texttemplate": "%{text}",
        "hovertext": [[escape(title, quote=False)] * len(counts) for title in titles],
        "hovertemplate": "%{hovertext}<br>%{x}: %{z}<extra></extra>",
        "colorscale": [[step / 4, colour] for step, colour in enumerate(DARKEST_FIRST)],
        "zmin": 1,
        "zmax": max(len(titles), 2),
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }
    layout = _layout(titles) | {"xaxis": {"side": "top", "fixedrange": True}}
    rows = tuple(
        (title, tuple(Fraction(place) for place in row))
        for title, row in zip(titles, matrix, strict=True)
    )
    return Chart({"data": [trace], "layout": layout}, tuple(name for name, _ in counts), rows)


def preferences(
    rivals: Sequence[str], shares: Sequence[tuple[str, Sequence[Fraction | None]]], axis: str
) -> Chart:
    """How large a share prefers the option ranked first to each rival, one bar for each scheme.

    `shares` gives the name of a scheme and a share (0 to 1) for every rival, None where nobody
    prefers one of the two; `axis` names the measure. A line marks one half.
    """
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": _label(name),
            "x": [None if share is None else _percent(share) for share in own],
            "y": list(range(len(rivals))),
            "marker": {"color": SCHEME_COLOURS[index % len(SCHEME_COLOURS)]},
            "hovertemplate": "%{x}%<extra>%{fullData.name}</extra>",
        }
        for index, (name, own) in enumerate(shares)
    ]
    layout = _layout(rivals) | {
        "barmode": "group",
        "legend": {"orientation": "h", "y": -0.2},
        "xaxis": {"range": [0, 100], "ticksuffix": "%", "title": {"text": escape(axis)}},
        "shapes": [_half_line()],
    }
    rows = tuple((rival, tuple(own[row] for _, own in shares)) for row, rival in enumerate(rivals))
    return Chart({"data": data, "layout": layout}, tuple(name for name, _ in shares), rows)


def _layout(titles: Sequence[str]) -> dict[str, Any]:
    """Rows from top to bottom; numbers as positions, because two options may bear one title."""
    axis = {
        "tickvals": list(range(len(titles))),
        "ticktext": [_label(title) for title in titles],
        "autorange": "reversed",
        "fixedrange": True,
    }
    return {"height": FRAME_PIXELS + ROW_PIXELS * len(titles), "yaxis": axis}


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
