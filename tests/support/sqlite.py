"""A filled SQLite file to copy for each test: a copy takes a fraction of a millisecond."""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path


def make_template(path: Path, fill: Callable[[str], object]) -> Path:
    """Fill a file (by the migrations, say) and fold its write-ahead log into it."""
    fill(f"sqlite:///{path}")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def copy_template(template: Path, folder: Path) -> str:
    """Copy the file into a folder, over the copy of the test before; the copy's address."""
    copy = folder / "deliberate.sqlite3"
    for leftover in folder.glob(f"{copy.name}-*"):
        leftover.unlink()
    shutil.copyfile(template, copy)
    return f"sqlite:///{copy}"
