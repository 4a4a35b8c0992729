"""How fast the page of a discussion is, beside the same bytes served from memory.

Starts the product's own server on a scratch database with one discussion of 200 comments by 50
people. One more route, which exists here only, answers with the page's bytes as they were: no
page of this program can be faster. Both are asked in turns within one run, so that only their
ratio matters and not the machine.
"""

import gzip
import multiprocessing
import random
import re
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask, Response  # noqa: E402

from deliberate.actions.people import start_sign_in  # noqa: E402
from deliberate.app import create_app  # noqa: E402
from deliberate.cli.server import Server  # noqa: E402
from deliberate.cli.support import log_to_stderr  # noqa: E402
from deliberate.domain.people import StakeholderGroup  # noqa: E402
from deliberate.settings import Settings  # noqa: E402
from deliberate.storage.database import Database  # noqa: E402
from deliberate.storage.migrate import upgrade  # noqa: E402
from tests import factories  # noqa: E402

COMMENTS, PEOPLE, ROOTS = 200, 50, 30
CONNECTIONS, ROUNDS, REQUESTS = 4, 5, 200
RATIO_BOUND = 0.25
BYTES_BOUND, REQUESTS_BOUND = 40_000, 5
STORED = "/bench/stored"
TEXTS = (
    "We tried this with **three** cities. The figures are public:\n\n- repair took two days\n"
    "- each lantern was visited once a month",
    "Who would pay for it outside the towns? Oil is dear, and the roads are worse every year.",
    "I agree, if the people who light the lanterns have a say in where they stand.",
    "See <https://example.org/lanterns> for the report. It is short, and worth reading twice.",
)


@dataclass(frozen=True)
class Answer:
    """One answer as received: status line, headers in lower case, and the body's bytes."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """A kept-alive connection that asks one prepared question again and again."""

    def __init__(self, port: int, path: str, **headers: str) -> None:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept-Encoding: gzip, br"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.question = "\r\n".join([*lines, "", ""]).encode()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)

    def ask(self) -> Answer:
        """Send the question and read the whole answer."""
        self.socket.sendall(self.question)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._receive()
        head, _, body = data.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (r.partition(":") for r in rest)
        }
        while len(body) < int(headers.get("content-length", "0")):
            body += self._receive()
        return Answer(int(first.split()[1]), headers, body)

    def _receive(self) -> bytes:
        received = self.socket.recv(262_144)
        if not received:
            raise ConnectionError("the server closed the connection")
        return received


def fill(url: str) -> tuple[int, str]:
    """Make the discussion; its id, and the token of somebody who is signed in."""
    upgrade(url)
    db = Database(url)
    rolls = random.Random(7)  # noqa: S311 - the same discussion every time.
    groups = StakeholderGroup.registrable()
    people = [factories.make_person(db, groups[n % len(groups)]) for n in range(PEOPLE)]
    discussion = factories.make_deliberation(db)
    written: list[int] = []
    for number in range(COMMENTS):
        parent = rolls.choice(written) if number >= ROOTS else None
        comment = factories.make_comment(
            db, discussion.id, rolls.choice(people), body=rolls.choice(TEXTS), parent_id=parent
        )
        written.append(comment.id)
    with db.writing() as tx:
        assert people[0].id is not None  # noqa: S101
        token = start_sign_in(tx, people[0].id)
    db.dispose()
    return discussion.id, token


def make_app(url: str, path: str) -> Flask:
    """The product's application with one more route that answers with stored bytes."""
    app = create_app(Settings(database_url=url))
    stored: list[bytes] = []

    @app.get(STORED)
    def stored_page() -> Response:
        response = Response(stored[0], mimetype="text/html")
        response.content_encoding = "gzip"
        return response

    stored.append(app.test_client().get(path, headers={"Accept-Encoding": "gzip"}).get_data())
    return app


def serve(url: str, path: str, port: int) -> None:
    """Run the product's server with one worker process."""
    log_to_stderr("text")
    options: dict[str, Any] = {
        "bind": f"127.0.0.1:{port}",
        "workers": 1,
        "threads": 4,
        "worker_class": "gthread",
        "loglevel": "warning",
    }
    Server(lambda: make_app(url, path), options).run()


@contextmanager
def running(url: str, path: str, log: Path) -> Iterator[int]:
    """The server on a free port, as long as the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_quietly, args=(url, path, port, log))
    process.start()
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.join(10)


def wait_for(port: int, process: Any) -> None:
    """Return when the server answers. Raises `RuntimeError` when it never does."""
    for _ in range(300):
        with suppress(OSError):
            Connection(port, STORED).ask()
            return
        if not process.is_alive():
            break
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _quietly(url: str, path: str, port: int, log: Path) -> None:
    """Serve with the log in a file: a terminal would be measured otherwise."""
    with log.open("w") as file:
        sys.stderr = file
        serve(url, path, port)


def hammer(port: int, path: str, status: int = 200, **headers: str) -> tuple[float, list[float]]:
    """Ask over several connections at once; requests a second, and each request's seconds."""
    seconds: list[float] = []
    failures: list[int] = []

    def work() -> None:
        connection = Connection(port, path, **headers)
        for _ in range(REQUESTS // CONNECTIONS):
            start = time.perf_counter()
            answer = connection.ask()
            seconds.append(time.perf_counter() - start)
            if answer.status != status:
                failures.append(answer.status)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{path} answered {failures[0]} instead of {status}")
    return len(seconds) / (time.perf_counter() - start), seconds


def cookie(url: str, token: str) -> str:
    """The cookie of the person who signed in with this token."""
    app = create_app(Settings(database_url=url))
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'sign_in': token})}"


def weigh_first_view(port: int, path: str) -> tuple[int, int, int]:
    """Requests of a first view, compressed bytes of all answers, and of the page alone."""
    page = Connection(port, path).ask()
    html = gzip.decompress(page.body).decode()
    found = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="(/[^"]+)"', html)
    parts = [Connection(port, address).ask() for address in dict.fromkeys(found)]
    return 1 + len(parts), len(page.body) + sum(len(part.body) for part in parts), len(page.body)


def measure(port: int, path: str, signed_in: str) -> dict[str, tuple[float, list[float]]]:
    """Every kind of visit in turns; the median rate of the rounds and all times."""
    tag = Connection(port, path).ask().headers["etag"]
    kinds: dict[str, tuple[str, int, dict[str, str]]] = {
        "stored bytes": (STORED, 200, {}),
        "visitor": (path, 200, {}),
        "visitor, nothing new (304)": (path, 304, {"If_None_Match": tag}),
        "signed in": (path, 200, {"Cookie": signed_in}),
    }
    rates: dict[str, list[float]] = {name: [] for name in kinds}
    times: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(ROUNDS):
        for name, (address, status, headers) in kinds.items():
            rate, seconds = hammer(port, address, status, **headers)
            rates[name].append(rate)
            times[name] += seconds
    return {name: (statistics.median(rates[name]), times[name]) for name in kinds}


def main() -> None:
    """Measure, and say how the figures stand to their bounds."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite3"
        discussion_id, token = fill(url)
        path = f"/deliberations/{discussion_id}"
        with running(url, path, Path(folder) / "server.log") as port:
            found = measure(port, path, cookie(url, token))
            requests, size, page_size = weigh_first_view(port, path)
    print(f"A discussion of {COMMENTS} comments by {PEOPLE} people, 1 process, 4 connections")
    bound = found["stored bytes"][0]
    for name, (rate, seconds) in found.items():
        cuts = statistics.quantiles(seconds, n=100)
        print(
            f"  {name:28} {rate:7.0f} requests/s   p50 {cuts[49] * 1000:6.2f} ms"
            f"   p99 {cuts[98] * 1000:6.2f} ms   {rate / bound:5.2f} of stored bytes"
        )
    ratio = found["visitor"][0] / bound
    print(f"page / stored bytes: {ratio:.2f} (bound: at least {RATIO_BOUND})")
    print(f"first view: {size} bytes compressed, page {page_size} (bound: {BYTES_BOUND})")
    print(f"first view: {requests} requests (bound: {REQUESTS_BOUND})")


if __name__ == "__main__":
    main()
