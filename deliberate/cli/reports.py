"""What an import came to, as a table for people and as a file for programs."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from deliberate.cli.imports import Counts, FileResult, Outcome

FORMAT, VERSION = "deliberate import report", 1
"""What the file calls itself, so that programs recognise it; the number grows with its shape."""
HEADINGS = ("questions", "takeaways", "calls", "doubts")
WIDTH = 10
CHANGED = (
    "A changed page differs from what is stored. It was not stored itself, because people may",
    'already answer what is there. To store it as a revision: --revise --reason "What changed".',
)


def table(results: Sequence[FileResult], *, is_dry: bool, is_revising: bool) -> Iterator[str]:
    """The lines of the summary: what needs nobody first, what was refused last, then totals."""
    order = list(Outcome)
    if results:
        yield "".join([" " * WIDTH, *(f"{heading:>11}" for heading in HEADINGS)])
    for result in sorted(results, key=lambda result: order.index(result.outcome)):
        # Why pages that changed are not stored is said once, below, where it is the same for all.
        yield _row(result, result.outcome is not Outcome.CHANGED or is_revising)
    if results:
        yield ""
    yield _total(results)
    if not is_revising and any(result.outcome is Outcome.CHANGED for result in results):
        yield from CHANGED
    if is_dry:
        yield "This was a dry run: nothing was stored."


def write_report(path: Path, results: Sequence[FileResult], *, is_dry: bool) -> None:
    """Write the results as JSON in UTF-8. Raises OSError."""
    text = json.dumps(_report(results, is_dry=is_dry), ensure_ascii=False, indent=2) + "\n"
    # Bytes in a file's name that are no UTF-8 become JSON's own escapes.
    write_whole(path, text.encode("utf-8", "backslashreplace"))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that there is the whole of it or, as before, none. Raises OSError.

    What is no file but a device or a pipe is written to and stays what it is.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    place = path.resolve()
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)


def printable(text: str) -> str:
    """A file's name as it can be printed on one line, whatever bytes it is made of."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def _row(result: FileResult, says_why: bool) -> str:
    counts = asdict(result.counts).values() if result.counts else ["-"] * len(HEADINGS)
    numbers = "".join(f"{count:>11}" for count in counts)
    slug = f" -> {result.slug}" if result.slug else ""
    message = f": {result.message}" if result.message and says_why else ""
    return f"{result.outcome:<{WIDTH}}{numbers}  {printable(result.path)}{slug}{message}"


def _total(results: Sequence[FileResult]) -> str:
    outcomes = Counter(result.outcome for result in results)
    counts = _sum(results)
    parts = ", ".join(f"{outcomes[each]} {each}" for each in Outcome if outcomes[each])
    return (
        f"Files: {len(results)}{' (' if parts else ''}{parts}{')' if parts else ''}. "
        f"Questions: {counts.questions}. Takeaways: {counts.takeaways}. "
        f"Calls to action: {counts.calls}. Doubts: {counts.doubts}."
    )


def _sum(results: Sequence[FileResult]) -> Counts:
    return reduce(add, (result.counts for result in results if result.counts), Counts())


def _report(results: Sequence[FileResult], *, is_dry: bool) -> dict[str, Any]:
    outcomes = Counter(result.outcome for result in results)
    return {
        "format": FORMAT,
        "version": VERSION,
        "dry_run": is_dry,
        "files": [_entry(result) for result in results],
        "totals": {
            "files": len(results),
            **{outcome.value: outcomes[outcome] for outcome in Outcome},
            **asdict(_sum(results)),
        },
    }


def _entry(result: FileResult) -> dict[str, Any]:
    return {
        "path": result.path,
        "outcome": result.outcome.value,
        "message": result.message,
        "title": result.title,
        "session": f"/sessions/{result.slug}" if result.slug else None,
        "digest": result.digest,
        "counts": asdict(result.counts) if result.counts else None,
        "doubts": [{"line": doubt.line, "sentence": doubt.sentence} for doubt in result.doubts],
    }
