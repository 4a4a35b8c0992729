"""Figures say what their tables say, and run nothing."""

import json
from fractions import Fraction

import plotly.graph_objects as go
import pytest

from deliberate.charts.figures import Mark, letter, places, preferences

MARKS = [Mark("A", "Publish the register"), Mark("B", "Train operators")]


@pytest.mark.parametrize(
    ("index", "expected"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ")]
)
def test_letters_go_on_after_z(index: int, expected: str) -> None:
    """Ensure any number of options can be told apart."""
    assert letter(index) == expected


def test_the_matrix_of_places_is_its_table() -> None:
    """Ensure a cell of the figure is the cell of the table in the same row and column."""
    chart = places(MARKS, [("Government", [1, 2]), ("Civil Society", [1, 1])])

    trace = chart.figure["data"][0]
    assert trace["x"] == ["Government", "Civil Society"]
    assert trace["z"] == [[1, 1], [2, 1]]
    assert chart.columns == tuple(MARKS)
    assert [(name, list(map(str, cells))) for name, cells in chart.rows] == [
        ("Government", ["1", "2"]),
        ("Civil Society", ["1", "1"]),
    ]


def test_preferences_are_rounded_half_up_and_left_out_where_nobody_has_one() -> None:
    """Ensure half a percent goes up, as on the page, and None draws no bar."""
    chart = preferences(MARKS, [("Each participant", [Fraction(1, 8), None])])

    assert chart.figure["data"][0]["x"] == [13, None]
    assert chart.rows == (("Each participant", (Fraction(1, 8), None)),)


def test_a_title_is_never_markup() -> None:
    """Ensure Plotly, which knows links and tags in its labels, gets none from a title."""
    hostile = Mark("A", '<a href="javascript:x()">y</a>')

    figures = [
        places([hostile], [("<b>group</b>", [1])]).figure,
        preferences([hostile], [("<b>scheme</b>", [Fraction(1)])]).figure,
    ]

    text = json.dumps(figures).replace("<br>", "").replace("<extra>", "").replace("</extra>", "")
    assert "<" not in text


def test_a_long_title_is_shortened_on_the_axis_only() -> None:
    """Ensure the axis leaves room for the figure, and the whole title is shown when asked for."""
    title = "Publish an open register of every lantern and of who repairs it"

    chart = places([Mark("A", title)], [("Government", [1])])

    assert len(chart.figure["layout"]["yaxis"]["ticktext"][0]) <= 28
    assert chart.figure["data"][0]["hovertext"] == [[title]]
    assert chart.columns[0].title == title


def test_plotly_accepts_every_figure() -> None:
    """Ensure the figures hold to Plotly's own schema, which names any property it does not know."""
    charts = [
        places(MARKS, [("Government", [1, 2]), ("Civil Society", [1, 1])]),
        preferences(MARKS, [("Each participant", [Fraction(1, 8), None])]),
    ]

    for chart in charts:
        figure = go.Figure(dict(chart.figure))
        assert len(figure.data) == len(chart.figure["data"])
