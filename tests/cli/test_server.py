"""Claims about starting and stopping the server."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest

from tests.support import sqlite

PATIENCE = 60
COMMAND = [sys.executable, "-c", "from deliberate.cli import main; main()"]


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an empty, migrated SQLite file."""
    return sqlite.copy_template(sqlite_template, tmp_path)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_it_answers(port: int) -> None:
    """Return once the server is up; fail when it takes unreasonably long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz"):
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail("The server did not answer.")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "terminated"])
def test_the_server_stops_cleanly(sqlite_url: str, stop: signal.Signals) -> None:
    """Ensure stopping ends the server and its worker with status 0 and without a traceback."""
    port = free_port()
    environment = os.environ | {"DELIBERATE_DATABASE_URL": sqlite_url}
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )
    try:
        wait_until_it_answers(port)

        os.killpg(server.pid, stop)
        # The worker inherits the pipe, so reading to its end also waits for the worker.
        output, _ = server.communicate(timeout=PATIENCE)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()

    assert server.returncode == 0, output
    assert "Traceback" not in output
    assert "Error" not in output


def test_a_worker_ends_with_its_server(sqlite_url: str) -> None:
    """Ensure no worker is left behind when the server is killed and cannot say goodbye."""
    environment = os.environ | {"DELIBERATE_DATABASE_URL": sqlite_url}
    worker = subprocess.Popen(
        [*COMMAND, "worker", "--attached"], env=environment, stdin=subprocess.PIPE
    )
    assert worker.stdin is not None

    worker.stdin.close()

    assert worker.wait(timeout=PATIENCE) == 0
