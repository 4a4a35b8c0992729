"""What a process does that imports a folder while others do the same."""

from pathlib import Path

from click.testing import CliRunner

from deliberate.cli import main

CURATOR = "curator@example.org"


def import_folder(database_url: str, folder: Path, report: Path, *options: str) -> int:
    """Import a folder as from a terminal and return the exit code."""
    arguments = ["sessions", "import", str(folder), "--by", CURATOR, "--report", str(report)]
    arguments += options
    env = {"DELIBERATE_DATABASE_URL": database_url}
    return CliRunner().invoke(main, arguments, env=env).exit_code
