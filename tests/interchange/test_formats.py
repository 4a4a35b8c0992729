"""What each format says, read to the letter, and what it refuses to write."""

import re
import textwrap
from fractions import Fraction

import pytest

from deliberate.domain.ballot_files import BallotFile, BallotLine
from deliberate.interchange import FORMATS, Unreadable, Unwritable, read, recognise, write
from deliberate.interchange.features import Feature
from tests.house.sources import ROOT

TOI = """\
# FILE NAME: meeting.toi
# TITLE: Where to meet
# DATA TYPE: toi
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 6
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: Addis Ababa
# ALTERNATIVE NAME 2: Kyoto
# ALTERNATIVE NAME 3: Riyadh
3: 1, {2, 3}
2: 2
1:
"""
ABIF = """\
# Scores and an option that is not declared
{title: "Where to meet"}
{ "max_rating": 5 }
=AA:[Addis Ababa]
="京都":"Kyoto"
27: AA/5 > "京都"/3 = [Lima #2]/03  # a comment
2: [Kyoto]/1, AA, [Lima #2]/0
4: AA = "Kyoto"
1:
"""
BLT = """\
# Ballots of a ward
4 2  # options, seats
-2
3 1 3=4 0
(paper 7) 4 - 2 0
2 0
0
"Addis Ababa"
"Kyoto" # Candidate 2
Lima
"Riyadh"
"Where to meet"
"a source that other programs write"
"""
CSV = """\
Weight;group;Addis Ababa;"Kyoto; Japan";score: Addis Ababa
1/3;civil society;1;1;-2
0.25;;2;5;
2;;;;1
"""


def test_preflib_is_read() -> None:
    """Ensure counts, ties, options left out and blank ballots are understood."""
    file = read(TOI.encode(), "meeting.toi")

    assert file.title == "Where to meet"
    assert file.options == ("Addis Ababa", "Kyoto", "Riyadh")
    assert file.ballots == (
        BallotLine(Fraction(3), ((0,), (1, 2))),
        BallotLine(Fraction(2), ((1,),)),
        BallotLine(Fraction(1), ()),
    )


def test_abif_is_read() -> None:
    """Ensure tokens, names, scores, ties, unordered scores and comments are understood."""
    file = read(ABIF.encode(), "meeting.abif")

    assert file.title == "Where to meet"
    assert file.options == ("Addis Ababa", "Kyoto", "Lima #2")
    five, three, one, zero = map(Fraction, (5, 3, 1, 0))
    assert file.ballots == (
        BallotLine(Fraction(27), ((0,), (1, 2)), scores=((0, five), (1, three), (2, three))),
        BallotLine(Fraction(2), scores=((1, one), (2, zero))),
        BallotLine(Fraction(4), ((0, 1),)),
        BallotLine(Fraction(1), ()),
    )


def test_blt_is_read() -> None:
    """Ensure ties, empty places, ballot ids, withdrawn options and comments are understood."""
    file = read(BLT.encode(), "ward.blt")

    assert (file.title, file.seats) == ("Where to meet", 2)
    assert file.withdrawn == {1}
    assert file.options == ("Addis Ababa", "Kyoto", "Lima", "Riyadh")
    assert file.ballots == (
        BallotLine(Fraction(3), ((0,), (2, 3))),
        BallotLine(Fraction(1), ((3,), (1,))),
        BallotLine(Fraction(2), ()),
    )


def test_withdrawn_options_are_not_counted() -> None:
    """Ensure ballots move up when an option is withdrawn, and keep their weight."""
    file = read(BLT.encode(), "ward.blt").without_withdrawn()

    assert file.options == ("Addis Ababa", "Lima", "Riyadh")
    assert [ballot.ranking for ballot in file.ballots] == [((0,), (1, 2)), ((2,),), ()]


def test_csv_is_read() -> None:
    """Ensure weights are exact, ranks give tiers, and semicolons and quotes are understood."""
    file = read(CSV.encode(), "meeting.csv")

    assert file.options == ("Addis Ababa", "Kyoto; Japan")
    assert file.ballots == (
        BallotLine(Fraction(1, 3), ((0, 1),), scores=((0, Fraction(-2)),), group="civil society"),
        BallotLine(Fraction(1, 4), ((0,), (1,)), scores=()),
        BallotLine(Fraction(2), (), scores=((0, Fraction(1)),)),
    )


def test_csv_of_approvals_and_choices_is_read() -> None:
    """Ensure an empty cell approves nothing and an empty choice abstains."""
    table = "approve: A,approve: B,choice: A,choice: B,weight\n1,1,,1,1\n,0,,,1\n"

    first, second = read(table.encode(), "x.csv").ballots

    assert (first.approved, first.choice) == ((0, 1), (1,))
    assert (second.approved, second.choice) == ((), ())


def test_json_numbers_are_exact() -> None:
    """Ensure a decimal is the tenth it says and not the nearest binary fraction."""
    text = '{"options": ["A"], "ballots": [{"scores": {"A": 0.1}, "weight": "2/7"}]}'

    (ballot,) = read(text.encode(), "x.json").ballots

    assert ballot == BallotLine(Fraction(2, 7), scores=((0, Fraction(1, 10)),))


@pytest.mark.parametrize("extension", ["toi", "abif", "blt", "csv"])
def test_marks_and_line_ends_do_not_matter(extension: str) -> None:
    """Ensure a byte order mark and the line ends of other systems change nothing."""
    text = {"toi": TOI, "abif": ABIF, "blt": BLT, "csv": CSV}[extension]
    name = "x." + extension

    plain = read(text.encode(), name)

    assert read(text.replace("\n", "\r\n").encode("utf-8-sig"), name) == plain
    assert read(text.replace("\n", "\r").encode(), name) == plain


@pytest.mark.parametrize(
    ("content", "extension"),
    [(TOI, "toi"), (ABIF, "abif"), (BLT, "blt"), (CSV, "csv"), ('{"ballots": []}', "json")],
)
def test_a_format_is_recognised_without_a_name(content: str, extension: str) -> None:
    """Ensure the content tells the format where the extension does not."""
    assert recognise("ballots.txt", content).extension == extension
    assert recognise("BALLOTS.SOC", content).extension == "soc"


def test_an_unknown_format_is_told() -> None:
    """Ensure the known formats are named when a file is in none of them."""
    with pytest.raises(Unreadable) as refusal:
        read(b"hello\n", "x.txt")

    assert "The format is not recognised" in refusal.value.advice


@pytest.mark.parametrize(
    ("ballot", "extension", "title", "advice"),
    [
        (
            BallotLine(Fraction(1, 3), ((0,),)),
            "toi",
            ".toi cannot hold weights that are no whole numbers.",
            "Use .csv, .json.",
        ),
        (
            BallotLine(ranking=((0, 1),)),
            "soc",
            ".soc cannot hold ties.",
            "Use .toc, .toi, .abif, .blt, .csv, .json.",
        ),
        (
            BallotLine(ranking=((0,),), group="tech"),
            "soc",
            ".soc cannot hold ballots that leave options out and groups.",
            "Use .csv, .json.",
        ),
        (
            BallotLine(ranking=((0,),), scores=((1, Fraction(2)),)),
            "abif",
            "ABIF cannot hold scores of options that the same ballot does not rank.",
            "JSON can.",
        ),
        (
            BallotLine(scores=()),
            "abif",
            "ABIF cannot hold ballots for scores that score nothing, or of a single option.",
            "JSON can.",
        ),
        (
            BallotLine(ranking=((0,),), group="=cmd()"),
            "csv",
            "CSV cannot hold the group “=cmd()”: spreadsheets would run it.",
            "JSON can.",
        ),
    ],
)
def test_what_a_format_cannot_hold_is_refused(
    ballot: BallotLine, extension: str, title: str, advice: str
) -> None:
    """Ensure nothing is left out: the refusal says what, and which formats can hold it."""
    file = BallotFile(("A", "B"), (ballot,))

    with pytest.raises(Unwritable) as refusal:
        write(file, extension)

    assert (refusal.value.title, refusal.value.advice) == (title, advice)


def test_no_heading_is_a_formula() -> None:
    """Ensure a spreadsheet that opens the table runs nothing."""
    file = BallotFile(("=1+1", "@x", "-y", "＋z"), (BallotLine(ranking=((0,),)),))

    headings = write(file, "csv").decode("utf-8-sig").splitlines()[0]

    assert headings == '"weight","rank: =1+1","rank: @x","rank: -y","rank: ＋z"'


def test_the_page_tells_what_each_format_holds() -> None:
    """Ensure the table of docs/interchange.md and the program say the same."""
    page = (ROOT / "docs" / "interchange.md").read_text(encoding="utf-8")
    columns = [
        {Feature.TIES},
        {Feature.TRUNCATION},
        {Feature.FRACTIONS},
        {Feature.GROUPS},
        {Feature.SCORES},
        {Feature.APPROVALS, Feature.CHOICES},
        {Feature.WITHDRAWN},
    ]

    written = {
        extension: [bool(cell.strip()) for cell in cells.split("|")]
        for extension, cells in re.findall(r"^\| `\.(\w+)`[^|]*\|(.*)\|$", page, re.MULTILINE)
    }

    assert written == {
        extension: [column <= each.holds for column in columns]
        for extension, each in FORMATS.items()
    }


def test_the_examples_of_the_page_can_be_read() -> None:
    """Ensure what docs/interchange.md shows of ABIF, CSV and JSON is what the program reads."""
    page = (ROOT / "docs" / "interchange.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^    .*\n)+", page, re.MULTILINE)

    files = [read(textwrap.dedent(block).encode(), "x") for block in blocks[-3:]]

    assert [len(file.ballots) for file in files] == [2, 2, 2]
    assert [file.options[0] for file in files] == ["Kyoto", "Kyoto", "Kyoto"]
