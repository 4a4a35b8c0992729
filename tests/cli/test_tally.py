"""Claims about counting files of ballots on the command line."""

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from deliberate.cli import main
from tests.domain.voting_cases import FOLDER, read
from tests.house.sources import ROOT

CASES = sorted(path.stem for path in FOLDER.glob("*.json"))
NOT_OURS = {"minimax_margins", "minimax_winning", "largest_victory"}
"""What the cases tell of methods that are not counted here."""

MEETING = """\
{title: "Where to meet"}
=K:[Kyoto]
=R:[Riyadh]
=L:"Lima [north]"
4:K>R>L
3:R>L>K
2:L>K>R
"""


def tally(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["tally", *arguments], input=given)


def unordered(key: str, figure: Any) -> Any:
    """A figure as it is compared: options of one tier, and those elected, are in no order."""
    if key in {"winner", "possible_winners", "elected"}:
        return sorted(figure)
    if key == "order":
        return [sorted(tier) for tier in figure]
    if isinstance(figure, dict):
        return {inner: unordered(inner, value) for inner, value in figure.items()}
    return figure


@pytest.mark.parametrize("name", CASES)
def test_all_figures_of_the_public_cases_are_equal(name: str) -> None:
    """Ensure every figure stands under its name, and each number is exactly the published one."""
    expect = {key: each for key, each in read(name).expect.items() if key not in NOT_OURS}
    seats = expect.get("stv_scottish", {}).get("seats")

    done = tally(
        str(FOLDER / f"{name}.json"), "--json", *(["--seats", str(seats)] if seats else [])
    )

    found = json.loads(done.stdout)
    for key, expected in expect.items():
        if isinstance(expected, dict):
            found[key] = {inner: found[key][inner] for inner in expected}
        assert unordered(key, found[key]) == unordered(key, expected), key


def test_the_table_can_be_read() -> None:
    """Ensure orders, points and preferences stand in columns, and names are shown as they are."""
    done = tally("-", given=MEETING)

    assert done.exit_code == 0
    assert [line.rstrip() for line in done.stdout.splitlines()] == [
        "Where to meet (-): ballots 9, options 3",
        "",
        "Method           Order, best first",
        "Schulze          Kyoto > Riyadh > Lima [north]",
        "Ranked pairs     Kyoto > Riyadh > Lima [north]",
        "Instant run-off  Kyoto > Riyadh > Lima [north]",
        "Borda            Kyoto = Riyadh > Lima [north]",
        "Copeland         Kyoto = Riyadh = Lima [north]",
        "",
        "Points        Borda  Copeland",
        "Kyoto            10         1",
        "Riyadh           10         1",
        "Lima [north]      7         1",
        "",
        "Preferred to    1  2  3",
        "1 Kyoto            6  4",
        "2 Riyadh        3     7",
        "3 Lima [north]  5  2",
    ]


def test_the_example_of_the_page_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ensure docs/interchange.md shows what the command prints."""
    monkeypatch.chdir(tmp_path)
    Path("meeting.abif").write_text(MEETING.replace('"Lima [north]"', "[Lima]"), encoding="utf-8")
    page = (ROOT / "docs" / "interchange.md").read_text(encoding="utf-8")
    command, shown = (
        page.split("\n    $ deliberate tally ")[1].split("\n\nWithout")[0].split("\n", 1)
    )

    done = tally(*command.split())

    printed = "\n".join(line.rstrip() for line in done.stdout.splitlines())
    assert printed == textwrap.dedent(shown)


def test_a_named_method_says_why() -> None:
    """Ensure the reasons follow in sentences when somebody asks for one method."""
    done = tally("-", "--method", "irv", given=MEETING)

    assert "Instant run-off:\n- Lima [north] drops out in round 1 with 2.\n" in done.stdout
    assert "Schulze" not in done.stdout


def test_several_places_are_filled_by_stv() -> None:
    """Ensure the number of places comes from the file, and from the command before it."""
    blt = '3 2\n4 1 2 0\n3 2 3 0\n2 3 0\n0\n"A"\n"B"\n"C"\n"T"\n'

    own, asked = tally("-", given=blt), tally("-", "--seats", "1", given=blt)

    assert "A, B (places: 2, quota: 4)" in own.stdout
    assert "(places: 1, quota: 5)" in asked.stdout


def test_a_tie_that_the_order_of_the_file_broke_is_told() -> None:
    """Ensure nobody takes a lot for a majority."""
    done = tally("-", "--method", "ranked_pairs", given="1:A>B>C\n1:B>C>A\n1:C>A>B\n")

    assert "A > B > C (a tie was broken by the order of the file)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "given", "message"),
    [
        (["-"], "1.5:A>B\n", "-: The ballots cannot be read.\nline 1: “1.5” is no number of"),
        (["missing.toi"], "", "missing.toi: No such file or directory\n"),
        (["-", "--method", "stv_scottish"], "1:A=B\n", "A ballot has options tied"),
        (["-", "--method", "score"], "1:A>B\n", "Not all ballots can be counted by score"),
        (["-"], "1:A>B\n1:A/3,B/2\n", "The ballots do not all answer the same question.\n"),
        (["-"], '1 1\n-1\n1 1 0\n0\n"A"\n"T"\n', "All options are withdrawn.\n"),
        (["-", "--method", "best"], "1:A>B\n", "'best' is not one of 'schulze'"),
    ],
)
def test_what_cannot_be_counted_is_told(arguments: list[str], given: str, message: str) -> None:
    """Ensure a plain message on standard error and exit status 2, and no figures at all."""
    done = tally(*arguments, given=given)

    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


def test_no_database_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ensure anybody can count again what was published, without an installation."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DELIBERATE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    done = tally("-", "--json", "--method", "copeland", given="2:A>B\n1:B>A\n")

    assert json.loads(done.stdout)["copeland"]["scores"] == {"A": 1, "B": 0}
    assert list(tmp_path.iterdir()) == []
