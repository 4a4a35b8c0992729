"""The same folder imported by several processes at the same moment."""

import json
from collections import Counter
from pathlib import Path

import sqlalchemy as sa

from deliberate.domain.people import Role
from deliberate.storage.database import Database
from deliberate.storage.forum import list_outputs, list_questions, list_sessions
from deliberate.storage.imports import SessionRevision
from tests.factories import PAGE, make_person
from tests.races.importers import CURATOR, import_folder
from tests.support.processes import run_together

PROCESSES, FILES = 3, 8


def make_pages(folder: Path, oil: str = "oil") -> None:
    """Write pages of different sessions, each with a question that asks for this."""
    for number in range(FILES):
        page = PAGE.replace("WS #77 Lanterns", f"WS #{number} Lanterns")
        text = page.replace("pay for the oil", f"pay for the {oil}")
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")


def import_together(url: str, folder: Path, *options: str) -> Counter[tuple[str, str]]:
    """Import the folder in several processes at once; how often each file had each outcome."""
    reports = [folder / f"{number}.json" for number in range(PROCESSES)]
    calls = [(url, folder, report, *options) for report in reports]
    assert run_together(import_folder, calls) == [0] * PROCESSES
    told = [json.loads(report.read_bytes()) for report in reports]
    return Counter((file["path"], file["outcome"]) for one in told for file in one["files"])


def test_processes_that_import_the_same_folder_leave_each_session_once(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    """Ensure each page is imported by one process and found unchanged by every other."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    make_pages(tmp_path)

    outcomes = import_together(database_url, tmp_path)

    for number in range(FILES):
        path = str(tmp_path / f"{number}.txt")
        assert outcomes[path, "imported"] == 1
        assert outcomes[path, "unchanged"] == PROCESSES - 1
    with db.reading() as reader:
        stored = list_sessions(reader)
        assert len(stored) == FILES
        for session in stored:
            record = session.record
            assert len(list_questions(reader, session.id)) == len(record["policy_questions"])
            texts = [output.text for output in list_outputs(reader, session.id)]
            assert sorted(texts) == sorted(record["key_takeaways"] + record["calls_to_action"])


def test_processes_that_revise_the_same_sessions_leave_one_revision_each(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    """Ensure who comes second finds the page stored as it is, and makes no revision of nothing."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    make_pages(tmp_path)
    import_folder(database_url, tmp_path, tmp_path / "first.json")
    make_pages(tmp_path, oil="light")

    why = ("--revise", "--reason", "The organisers corrected a question.")
    outcomes = import_together(database_url, tmp_path, *why)

    assert set(outcomes.values()) == {1, PROCESSES - 1}
    with db.reading() as reader:
        assert reader.scalar(sa.select(sa.func.count()).select_from(SessionRevision)) == 2 * FILES
        for session in list_sessions(reader):
            assert session.revision == 2
            texts = [question.text for question in list_questions(reader, session.id)]
            assert len(texts) == len(set(texts))
