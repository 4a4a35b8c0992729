"""Claims about starting and stopping the server."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support import sqlite
from tests.support.served import COMMAND, free_port, wait_until_it_answers

PATIENCE = 60


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an empty, migrated SQLite file."""
    return sqlite.copy_template(sqlite_template, tmp_path)


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
