"""How fast session pages are read, beside what the parser alone takes for the same bytes.

Reads all case pages of the tests again and again on one core. The saved web pages among them are
also handed to the parser alone (BeautifulSoup over html.parser), in turns within one run, so that
only their ratio matters and not the machine. Then floods of single marks are read at one size and
at four times that size: a reader that looks at every letter a fixed number of times takes four
times as long, one with a quadratic scan sixteen times.

Seconds are those of the processor, and the rate is that of the fastest round: what makes other
rounds slower is what else the machine does.
"""

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bs4 import BeautifulSoup  # noqa: E402

from deliberate.domain.errors import Invalid  # noqa: E402
from deliberate.importing import read_page  # noqa: E402

FOLDERS = (ROOT / "tests" / "pages", ROOT / "tests" / "cases" / "sessions-more")
ROUNDS = 20
RATE_BOUND, RATIO_BOUND, GROWTH_BOUND = 200, 3.0, 8.0
HEAD = "IGF 2020 WS #1 Quiet Networks\n\nPolicy Question(s)\n\n"
SMALL, LARGE = 65_000, 260_000
SHORTEST = 0.004
"""Seconds below which a flood is refused so early that its growth says nothing."""
FLOODS = {
    "brackets": "(",
    "quotation marks": "“a ",
    "straight quotes": "'a ",
    "short questions": "1. A? ",
    "question marks": "? ",
    "sentences": "A. ",
    "colons": "a: ",
    "entities": "&amp;",
    "semicolons": "A B, C; ",
    "commas": "Jane Doe, ",
    "joined people": "Jane Doe, and ",
    "records": "Name: A | ",
    "goals": "SDG 1, 2 ",
    "addresses": "http://a ",
    "bullets": "• ",
    "spaced digits": "1 2 ",
}
LINES = {
    "lines of questions": "Who pays for mast {n}?\n",
    "lines of people": "Jane{n} Doe, Mast Ltd\n",
    "labels": "Speakers:\n",
    "wrapped lines": "and so on\n",
    "agenda": "Agenda\n1. Jane Doe, Mast Union (5 min)\n",
    "times": "Monday, 9 October 2023, 10:00 - 11:00\n",
    "paragraphs": "<p>Who pays?</p>",
    "nested lists": "<ul><li>a",
    "rows": "<table><tr><td>A B<td>C</table>",
    "open tags": "<b>",
}


def load() -> list[tuple[str, bytes]]:
    """Name and bytes of every case page."""
    paths = sorted(path for folder in FOLDERS for path in folder.iterdir())
    return [(path.name, path.read_bytes()) for path in paths if path.suffix in {".txt", ".html"}]


def seconds(work: Callable[[], object]) -> float:
    """Seconds of the processor that some work takes, whether it is refused or not."""
    start = time.process_time()
    with suppress(Invalid):
        work()
    return time.process_time() - start


def measure(pages: list[tuple[str, bytes]]) -> tuple[list[float], list[float], list[float]]:
    """Seconds of each round: all pages read, the web pages read, the web pages only parsed."""
    rounds: list[tuple[float, float, float]] = []
    for _ in range(ROUNDS):
        texts = webs = bares = 0.0
        for name, data in pages:
            spent = seconds(lambda data=data, name=name: read_page(data, name))  # type: ignore[misc]
            texts += spent
            if name.endswith(".html"):
                webs += spent
                source = data.decode("utf-8", "replace")
                bares += seconds(lambda source=source: BeautifulSoup(source, "html.parser"))  # type: ignore[misc]
        rounds.append((texts, webs, bares))
    whole, web, bare = zip(*rounds, strict=True)
    return list(whole), list(web), list(bare)


def flooded(mark: str, size: int) -> str:
    """A page with so many letters of one mark, on lines that are just short enough."""
    if "\n" in mark or mark.startswith("<"):
        count = size // len(mark)
        return HEAD + "".join(mark.replace("{n}", str(n)) for n in range(count))
    line = mark * (2_500 // len(mark)) + "\n"
    return HEAD + line * (size // len(line))


def growth() -> list[tuple[float, float, str]]:
    """For every flood: how much longer four times the size takes, the longer seconds, its name."""
    found = []
    for name, mark in (FLOODS | LINES).items():
        small, large = (
            min(seconds(lambda page=page: read_page(page)) for _ in range(3))  # type: ignore[misc]
            for page in (flooded(mark, SMALL), flooded(mark, LARGE))
        )
        if small > SHORTEST:
            found.append((large / small, large, name))
    return sorted(found, reverse=True)


def main() -> None:
    """Measure, and say how the figures stand to their bounds."""
    pages = load()
    for name, data in pages:
        read_page(data, name)
    whole, web, bare = measure(pages)
    rate = len(pages) / min(whole)
    count = sum(name.endswith(".html") for name, _ in pages)
    size = sum(len(data) for _, data in pages) / len(pages)
    print(f"{len(pages)} session pages of {size:.0f} bytes, {ROUNDS} rounds, one core")
    print(f"  read          {min(whole) / len(pages) * 1000:6.2f} ms a page")
    print(f"  read, HTML    {min(web) / count * 1000:6.2f} ms a page")
    print(f"  parsed, HTML  {min(bare) / count * 1000:6.2f} ms a page")
    print(f"pages: {rate:.0f} a second (bound: at least {RATE_BOUND})")
    ratio = statistics.median(w / b for w, b in zip(web, bare, strict=True))
    print(f"reading / parsing alone: {ratio:.2f} (bound: {RATIO_BOUND})")
    worst = growth()
    for times, longest, name in worst[:3]:
        print(f"  4 times as many {name:20} {times:5.2f} times as long   {longest * 1000:7.1f} ms")
    print(f"growth: {worst[0][0]:.2f} for four times the size (bound: {GROWTH_BOUND})")


if __name__ == "__main__":
    main()
