"""Reading and importing session pages from the command line."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy.exc import OperationalError

from deliberate.cli import imports, main
from deliberate.cli.imports import Outcome
from deliberate.cli.reports import FORMAT, VERSION
from deliberate.domain.people import Role
from deliberate.importing import SessionPage, read_page
from deliberate.importing.text import Decoded
from deliberate.storage.database import Database
from deliberate.storage.forum import get_original, list_sessions
from deliberate.storage.imports import SessionRevision
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
    doubts = read_page(page_file(case).read_bytes(), page_file(case).name).doubts
    starts = [f"Line {doubt.line}: {doubt.sentence}" for doubt in doubts]
    told = result.stderr.splitlines()
    assert all(line.startswith(start) for line, start in zip(told, starts, strict=True))


def test_reading_says_that_an_encoding_was_guessed(tmp_path: Path) -> None:
    """Ensure letters that may be wrong are pointed out beside the first of them."""
    path = tmp_path / "page.txt"
    path.write_bytes(PAGE.replace("Ada Example", "Åse Brøgger").encode("cp1252"))

    result = run("read", path)

    assert json.loads(result.stdout)["speakers"][0]["name"] == "Åse Brøgger"
    [line] = result.stderr.splitlines()
    assert "does not tell its encoding" in line
    assert "Åse Brøgger" in line


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


def outcomes(result: Result) -> dict[str, str]:
    """What the table says became of each file, by the file's name."""
    words = {outcome.value for outcome in Outcome}
    rows = [line.split(maxsplit=5) for line in result.stdout.splitlines()]
    found = [row for row in rows if row and row[0] in words]
    return {Path(row[5].split(" -> ")[0].split(": ")[0]).name: row[0] for row in found}


def test_one_bad_file_does_not_stop_the_rest(
    db: Database, env: dict[str, str], pages: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure every page that can be read is stored, whatever happens to those between."""

    def read(data: Decoded, name: str) -> SessionPage:
        if name == "fault.txt":
            raise RecursionError("too deep")
        return read_page(data, name)

    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    fault = pages[0].with_name("fault.txt")
    fault.write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(imports, "read_page", read)

    result = run("import", fault, *pages, "missing.txt", "--by", CURATOR, env=env)

    assert result.exit_code == 2
    assert outcomes(result) == {
        "first.txt": "imported",
        "second.txt": "imported",
        "letter.txt": "refused",
        "missing.txt": "refused",
        "fault.txt": "failed",
    }
    assert "RecursionError: too deep" in result.stdout
    assert "Files: 5 (2 imported, 2 refused, 1 failed)." in result.stdout
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
    assert outcomes(result) == {"first.txt": "unchanged"}
    assert count_rows(db) == before


def test_a_changed_page_is_not_stored(db: Database, env: dict[str, str], pages: list[Path]) -> None:
    """Ensure a page that differs from the stored one is named, with what to do about it."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    run("import", pages[0], "--by", CURATOR, env=env)
    pages[0].write_text(PAGE.replace("pay for the oil", "pay for the light"), encoding="utf-8")
    before = count_rows(db)

    result = run("import", pages[0], "--by", CURATOR, env=env)

    assert result.exit_code == 2
    assert outcomes(result) == {"first.txt": "changed"}
    assert "differs" in result.stdout
    assert count_rows(db) == before


def test_a_changed_page_becomes_a_revision_when_asked_for(
    db: Database, env: dict[str, str], pages: list[Path]
) -> None:
    """Ensure the reason is public, the first page stays, and asking again changes nothing."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    run("import", pages[0], "--by", CURATOR, env=env)
    pages[0].write_text(PAGE.replace("pay for the oil", "pay for the light"), encoding="utf-8")
    why = "The organisers corrected their question."
    revise = ("import", pages[0], "--by", CURATOR, "--revise", "--reason", why)
    before = count_rows(db)

    dry = run(*revise, "--dry-run", env=env)
    assert count_rows(db) == before
    result = run(*revise, env=env)
    again = run(*revise, env=env)

    assert [each.exit_code for each in (dry, result, again)] == [0, 0, 0]
    assert outcomes(dry) == outcomes(result) == {"first.txt": "revised"}
    assert outcomes(again) == {"first.txt": "unchanged"}
    with db.reading() as reader:
        [session] = list_sessions(reader)
        history = sa.select(SessionRevision.number, SessionRevision.reason == why)
        assert set(map(tuple, reader.execute(history))) == {(1, False), (2, True)}
        assert get_original(reader, session.id) == pages[0].read_bytes()


@pytest.mark.parametrize(
    "options", [["--revise"], ["--reason", "It was corrected."], ["--revise", "--reason", "Short"]]
)
def test_revising_needs_a_reason(
    env: dict[str, str], pages: list[Path], options: list[str]
) -> None:
    """Ensure neither stands without the other, and a reason says something."""
    result = run("import", *pages, "--by", CURATOR, *options, env=env)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "--reason" in result.stderr


def test_a_dry_run_says_what_would_happen_and_stores_nothing(
    db: Database, env: dict[str, str], pages: list[Path]
) -> None:
    """Ensure it tells what the real run tells, also of a session that comes twice."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    again, other = pages[0].with_name("third.txt"), pages[0].with_name("fourth.txt")
    again.write_text(PAGE, encoding="utf-8")
    other.write_text(PAGE.replace("pay for the oil", "pay for the light"), encoding="utf-8")
    before = count_rows(db)

    dry = run("import", *pages, again, other, "--by", CURATOR, "--dry-run", env=env)

    assert count_rows(db) == before
    assert "nothing was stored" in dry.stdout
    real = run("import", *pages, again, other, "--by", CURATOR, env=env)
    assert outcomes(dry) == outcomes(real)
    assert set(outcomes(real).values()) == {"imported", "unchanged", "changed", "refused"}
    assert count_rows(db) != before


def test_the_report_tells_programs_everything(
    db: Database, env: dict[str, str], pages: list[Path], tmp_path: Path
) -> None:
    """Ensure each file stands there with its session, counts and doubts, and sums agree."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    report = tmp_path / "report.json"
    doubtful = PAGES / "seed-2020-ws220.txt"

    run("import", *pages, doubtful, "--by", CURATOR, "--report", report, env=env)

    told = json.loads(report.read_bytes())
    assert (told["format"], told["version"], told["dry_run"]) == (FORMAT, VERSION, False)
    assert [file["path"] for file in told["files"]] == [*map(str, pages), str(doubtful)]
    page = read_page(doubtful.read_bytes(), doubtful.name)
    assert told["files"][-1] == {
        "path": str(doubtful),
        "outcome": "imported",
        "message": "",
        "title": page.title,
        "session": "/sessions/2020-ws-220",
        "digest": page.digest,
        "counts": {"questions": 2, "takeaways": 0, "calls": 0, "doubts": len(page.doubts)},
        "doubts": [{"line": each.line, "sentence": each.sentence} for each in page.doubts],
    }
    refused = told["files"][1]
    assert refused["outcome"] == "refused"
    assert refused["message"].startswith("This is not a session page.")
    assert refused["session"] is refused["counts"] is refused["digest"] is None
    counted = [file["counts"] for file in told["files"] if file["counts"]]
    for name in ("questions", "takeaways", "calls", "doubts"):
        assert told["totals"][name] == sum(counts[name] for counts in counted)
    assert [told["totals"][name] for name in ("files", "imported", "refused")] == [4, 3, 1]


def test_a_report_that_cannot_be_written_is_known_before_anything_is_stored(
    env: dict[str, str], pages: list[Path], tmp_path: Path
) -> None:
    """Ensure nobody waits for hundreds of pages to learn that the folder is not there."""
    report = tmp_path / "nowhere" / "report.json"

    result = run("import", *pages, "--by", CURATOR, "--report", report, env=env)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "nowhere" in result.stderr


def test_an_interrupted_import_tells_what_is_done(
    db: Database, env: dict[str, str], pages: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure Ctrl-C leaves whole sessions and the list of them."""

    def read(data: Decoded, name: str) -> SessionPage:
        if name == "letter.txt":
            raise KeyboardInterrupt
        return read_page(data, name)

    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    monkeypatch.setattr(imports, "read_page", read)

    result = run("import", *pages, "--by", CURATOR, env=env)

    assert result.exit_code == 130
    assert outcomes(result) == {"first.txt": "imported"}
    assert "start again" in result.stderr


def test_a_database_that_is_gone_ends_the_run(
    env: dict[str, str], pages: list[Path], db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure a broken connection is not blamed on hundreds of files, one after the other."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the connection is gone"))

    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    monkeypatch.setattr(imports, "import_session", fail)

    result = run("import", *pages, "--by", CURATOR, env=env)

    assert result.exit_code == 2
    assert "Files: 0." in result.stdout
    assert "the connection is gone" in result.stderr


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


def test_a_page_is_exported_as_it_was_sent(
    db: Database, env: dict[str, str], tmp_path: Path
) -> None:
    """Ensure every byte comes back, to the terminal and to a file: line ends, marks, encoding."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    data = b"\xef\xbb\xbf" + PAGE.replace("\n", "\r\n").encode()
    page, copy = tmp_path / "page.txt", tmp_path / "copy.txt"
    page.write_bytes(data)
    run("import", page, "--by", CURATOR, env=env)

    shown = run("export", "2024-ws-77", env=env)
    written = run("export", "2024-ws-77", "--output", copy, env=env)
    missing = run("export", "2024-ws-78", env=env)

    assert (shown.exit_code, shown.stdout_bytes) == (0, data)
    assert (written.exit_code, written.stdout, copy.read_bytes()) == (0, "", data)
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "no such session" in missing.stderr
