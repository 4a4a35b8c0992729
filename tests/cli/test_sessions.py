"""Reading and importing session pages from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deliberate.cli import main
from deliberate.domain.people import Role
from deliberate.storage.database import Database
from deliberate.storage.forum import list_sessions
from tests.factories import PAGE, make_person
from tests.support.rows import count_rows

PAGES = Path(__file__).parent.parent / "pages"
CASES = sorted(
    path.name.removesuffix(".expected.json")
    for pattern in ("seed-*", "[0-9]*")
    for path in PAGES.glob(f"{pattern}.expected.json")
)
CURATOR = "curator@example.org"


def page_file(case: str) -> Path:
    """The page of a case, as text or as a saved web page."""
    [path] = [path for path in PAGES.glob(f"{case}.*") if path.suffix in {".txt", ".html"}]
    return path


def run(*arguments: str | Path, env: dict[str, str] | None = None) -> Result:
    """Run `deliberate sessions` with these arguments."""
    return CliRunner().invoke(main, ["sessions", *map(str, arguments)], env=env)


@pytest.fixture
def env(database_url: str) -> dict[str, str]:
    """The environment that names the database."""
    return {"DELIBERATE_DATABASE_URL": database_url}


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    """Two files with session pages and, between them, one without."""
    texts = {
        "first.txt": PAGE,
        "letter.txt": "Dear all,\n\nthank you for coming.\n",
        "second.txt": PAGE.replace("WS #77 Lanterns", "WS #78 Candles"),
    }
    paths = [tmp_path / name for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.mark.parametrize("case", CASES)
def test_reading_prints_exactly_what_is_expected(case: str) -> None:
    """Ensure the output equals the expectation byte for byte: keys, order, spacing, line end."""
    result = run("read", page_file(case))

    assert result.exit_code == 0
    assert result.stdout_bytes == (PAGES / f"{case}.expected.json").read_bytes()
    assert result.stderr == ""


def test_both_seed_pages_are_among_the_cases() -> None:
    """Ensure the pages the project began from are read above."""
    assert {"seed-2020-ws220", "seed-2021-main"} <= set(CASES)


def test_reading_prints_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    """Ensure letters of any script survive a terminal that is set to ASCII."""
    path = tmp_path / "page.txt"
    path.write_text(PAGE.replace("Lanterns on", "Fanøs فوانيس on"), encoding="utf-8")

    result = CliRunner(charset="ascii").invoke(main, ["sessions", "read", str(path)])

    assert result.exit_code == 0
    assert json.loads(result.stdout_bytes.decode())["title"] == "Fanøs فوانيس on the network"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.txt", b"Dear all,\n\nthank you for coming.\n"),
        ("empty.txt", b""),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("archive.txt", b"PK\x03\x04" + bytes(100)),
        ("zeros.txt", PAGE.encode() + b"\x00"),
        ("large.txt", PAGE.encode() + b"\n" * (2 * 1024 * 1024)),
    ],
)
def test_what_is_no_session_page_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes
) -> None:
    """Ensure a wrong file is named with a reason on standard error, and nothing is printed."""
    path = tmp_path / name
    path.write_bytes(content)

    result = run("read", path)

    assert result.exit_code == 2
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert str(path) in line
    assert len(line) > len(str(path)) + 10


@pytest.mark.parametrize("name", ["missing.txt", ".", "with\nline.txt"])
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    """Ensure a missing file or a folder is a message and not a traceback."""
    result = run("read", tmp_path / name)

    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_one_bad_file_does_not_stop_the_rest(
    db: Database, env: dict[str, str], pages: list[Path]
) -> None:
    """Ensure every page that can be read is stored, each file has its line, and 2 is returned."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)

    result = run("import", *pages, "--by", CURATOR, env=env)

    assert result.exit_code == 2
    words = [line.split()[0] for line in result.stdout.splitlines()]
    assert words == ["imported", "refused", "imported"]
    assert result.stderr == ""
    with db.reading() as reader:
        assert {session.reference for session in list_sessions(reader)} == {"WS #77", "WS #78"}


def test_importing_twice_changes_nothing(
    db: Database, env: dict[str, str], pages: list[Path]
) -> None:
    """Ensure the second time says so, stores nothing and succeeds."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    assert run("import", pages[0], "--by", CURATOR, env=env).exit_code == 0
    before = count_rows(db)

    result = run("import", pages[0], "--by", CURATOR, env=env)

    assert result.exit_code == 0
    assert result.stdout.startswith("unchanged")
    assert count_rows(db) == before


def test_a_changed_page_is_refused(db: Database, env: dict[str, str], pages: list[Path]) -> None:
    """Ensure a page that differs from the stored one is named with the reason."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    run("import", pages[0], "--by", CURATOR, env=env)
    pages[0].write_text(PAGE.replace("pay for the oil", "pay for the light"), encoding="utf-8")
    before = count_rows(db)

    result = run("import", pages[0], "--by", CURATOR, env=env)

    assert result.exit_code == 2
    assert result.stdout.startswith("refused")
    assert "differs" in result.stdout
    assert count_rows(db) == before


@pytest.mark.parametrize("role", [Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT])
def test_only_a_mag_member_may_import(
    db: Database, env: dict[str, str], pages: list[Path], role: Role
) -> None:
    """Ensure the address of anybody else is refused before any file is touched."""
    make_person(db, role=role, email=CURATOR)
    before = count_rows(db)

    result = run("import", *pages, "--by", CURATOR, env=env)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "MAG" in result.stderr
    assert count_rows(db) == before


def test_an_unknown_address_is_refused(
    db: Database, env: dict[str, str], pages: list[Path]
) -> None:
    """Ensure nothing is stored in nobody's name."""
    result = run("import", *pages, "--by", "nobody@example.org", env=env)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "nobody@example.org" in result.stderr
    with db.reading() as reader:
        assert not list_sessions(reader)


def test_the_list_names_address_and_title(
    db: Database, env: dict[str, str], pages: list[Path]
) -> None:
    """Ensure each stored session stands on a line of its own."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    run("import", *pages, "--by", CURATOR, env=env)

    result = run("list", env=env)

    assert result.exit_code == 0
    assert sorted(result.stdout.splitlines()) == [
        "2024-ws-77  Lanterns on the network",
        "2024-ws-78  Candles on the network",
    ]
