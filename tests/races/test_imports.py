"""The same folder imported by several processes at the same moment."""

import json
from collections import Counter
from pathlib import Path

from deliberate.domain.people import Role
from deliberate.storage.database import Database
from deliberate.storage.forum import list_outputs, list_questions, list_sessions
from tests.factories import PAGE, make_person
from tests.races.importers import CURATOR, import_folder
from tests.support.processes import run_together

PROCESSES, FILES = 3, 8


def test_processes_that_import_the_same_folder_leave_each_session_once(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    """Ensure each page is imported by one process and found unchanged by every other."""
    make_person(db, role=Role.MAG_MEMBER, email=CURATOR)
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(FILES):
        page = PAGE.replace("WS #77 Lanterns", f"WS #{number} Lanterns")
        (folder / f"{number}.txt").write_text(page, encoding="utf-8")

    reports = [tmp_path / f"{number}.json" for number in range(PROCESSES)]
    codes = run_together(import_folder, [(database_url, folder, report) for report in reports])

    assert codes == [0] * PROCESSES
    told = [json.loads(report.read_bytes()) for report in reports]
    outcomes = Counter((file["path"], file["outcome"]) for one in told for file in one["files"])
    for number in range(FILES):
        path = str(folder / f"{number}.txt")
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
