"""Claims about files of ballots on the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deliberate.cli import main

ABIF = '{"title": "Where to meet"}\n=K:[Kyoto]\n=R:[Riyadh]\n3:K>R\n2:K=R\n'


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("meeting.abif").write_text(ABIF, encoding="utf-8")


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=given)


def test_ballots_are_converted() -> None:
    """Ensure the extensions tell the formats and the ballots stay what they are."""
    done = run("convert", "meeting.abif", "meeting.blt")

    assert (done.exit_code, done.output) == (0, "")
    assert Path("meeting.blt").read_text(encoding="utf-8") == (
        '2 1\n3 1 2 0\n2 1=2 0\n0\n"Kyoto"\n"Riyadh"\n"Where to meet"\n'
    )


def test_pipes_need_no_names() -> None:
    """Ensure ballots go through a pipe, recognised by what they look like."""
    done = run("convert", "-", "-", "--to", "csv", given=ABIF)

    assert done.exit_code == 0
    assert done.stdout == '\ufeff"weight","Kyoto","Riyadh"\n3,1,2\n2,1,1\n'
    assert done.stderr == ".csv has no place for the title and the number of seats.\n"


def test_a_format_that_would_lose_something_is_refused() -> None:
    """Ensure no file is written, and formats that can hold the ballots are named."""
    done = run("convert", "meeting.abif", "meeting.soc")

    assert done.exit_code == 2
    assert done.stderr == ".soc cannot hold ties. Use .toc, .toi, .abif, .blt, .csv, .json.\n"
    assert not Path("meeting.soc").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["convert", "missing.toi", "x.abif"], "missing.toi: No such file or directory\n"),
        (["convert", ".", "x.abif"], ".: Is a directory\n"),
        (["convert", "meeting.abif", "no/x.abif"], "no/x.abif: No such file or directory\n"),
        (
            ["convert", "meeting.abif", "x.abif", "--from", "csv"],
            "meeting.abif: The ballots cannot be read.\nline 2: “=K:[Kyoto]” is no whole number\n",
        ),
        (["convert", "meeting.abif", "meeting"], "Name the format of meeting with --to."),
    ],
)
def test_what_cannot_be_read_or_written_is_told(arguments: list[str], message: str) -> None:
    """Ensure one plain message on standard error and exit status 2, whatever is wrong."""
    done = run(*arguments)

    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
