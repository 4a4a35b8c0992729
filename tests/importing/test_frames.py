"""A text that a web page only frames reads as the text itself does."""

import html

import pytest

from deliberate.importing import read_page
from tests.importing.test_cases import NAMES, page_path, read_case

TEXTS = [name for name in NAMES if page_path(name).suffix == ".txt"]
FRAMES = {
    "preformatted": ("<html><body><pre>", "\n", "</pre></body></html>"),
    "breaks": ("<html><body><div>", "<br>\n", "</div></body></html>"),
    "kept": ('<body><div class="note" style="white-space: pre-wrap">', "\r\n", "</div></body>"),
    "lines": ("<html><body><div>", "</div><div>", "</div></body></html>"),
}


TABBED = frozenset(["preformatted", "kept"])
"""Frames in which a browser shows tabs as more than a space."""
FRAMED = [
    (name, frame)
    for name in TEXTS
    for frame in FRAMES
    if frame in TABBED or "\t" not in page_path(name).read_text("utf-8")
]


@pytest.mark.parametrize(("name", "frame"), FRAMED)
def test_a_framed_text_reads_as_the_text(name: str, frame: str) -> None:
    """Ensure line ends, line breaks and one element a line part what lines of a text part."""
    before, between, after = FRAMES[frame]
    lines = [html.escape(line) for line in page_path(name).read_text("utf-8").splitlines()]
    filled = [line or "<br>" * (frame == "lines") for line in lines]

    page = read_page(before + between.join(filled) + after, "page.html")

    assert page.as_json() == read_case(name).as_json()


def test_tags_within_a_preformatted_text_part_no_lines() -> None:
    """Ensure bold words and links stay on their line, and the line ends count."""
    page = read_page(
        "<html><pre>\nIGF 2020 WS #1 <b>Quiet</b> Networks\n\nPolicy Question(s)\n\n"
        "Who <i>pays</i> for\tthe mast?\n<b>Who</b> climbs it?</pre></html>"
    )

    assert page.title == "Quiet Networks"
    assert [one.text for one in page.policy_questions] == [
        "Who pays for the mast?",
        "Who climbs it?",
    ]


def test_a_break_inside_a_paragraph_still_continues_it() -> None:
    """Ensure one takeaway over two lines of a paragraph stays one beside other paragraphs."""
    page = read_page(
        "<html><h1>IGF 2022 WS #1 Quiet Networks</h1><h3>Key Takeaways</h3>"
        "<p>Masts are dear,<br>Cables are dearer.</p><p>Boats are cheap.</p></html>"
    )

    assert page.key_takeaways == ("Masts are dear, Cables are dearer.", "Boats are cheap.")
