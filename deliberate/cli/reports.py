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
    "A changed page differs from the one its session was read from. It was not stored, because "
    "people may already answer what is there."
)


def table(results: Sequence[FileResult], *, is_dry: bool) -> Iterator[str]:
    """The lines of the summary: what needs nobody first, what was refused last, then totals."""
    order = list(Outcome)
    if results:
        yield "".join([" " * WIDTH, *(f"{heading:>11}" for heading in HEADINGS)])
    for result in sorted(results, key=lambda result: order.index(result.outcome)):
        yield _row(result)
    if results:
        yield ""
    yield _total(results)
    if any(result.outcome is Outcome.CHANGED for result in results):
        yield CHANGED
    if is_dry:
        yield "This was a dry run: nothing was stored."


def write_report(path: Path, results: Sequence[FileResult], *, is_dry: bool) -> None:
    """Write the results as JSON in UTF-8. There is the whole file or, as before, none.

    Raises OSError.
    """
    text = json.dumps(_report(results, is_dry=is_dry), ensure_ascii=False, indent=2) + "\n"
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            # Bytes in a file's name that are no UTF-8 become JSON's own escapes.
            file.write(text.encode("utf-8", "backslashreplace"))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def printable(text: str) -> str:
    """A file's name as it can be printed on one line, whatever bytes it is made of."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def _row(result: FileResult) -> str:
    counts = asdict(result.counts).values() if result.counts else ["-"] * len(HEADINGS)
    numbers = "".join(f"{count:>11}" for count in counts)
    slug = f" -> {result.slug}" if result.slug else ""
    # What there is to say about changed pages is said once, below.
    told = result.message and result.outcome is not Outcome.CHANGED
    message = f": {result.message}" if told else ""
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
