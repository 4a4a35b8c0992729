"""The product's own server in processes of its own, which may be killed without a warning."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

COMMAND = [sys.executable, "-c", "from deliberate.cli import main; main()"]
PATIENCE_SECONDS = 60
SECONDS_TO_DIE = 2


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(database_url: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers, without a worker; killed when the block ends, if it still runs.

    Raises `RuntimeError` when it never answers.
    """
    environment = os.environ | {"DELIBERATE_DATABASE_URL": database_url}
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), "--no-worker"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until_it_answers(port)
        yield process
    finally:
        kill(process)


def kill(server: subprocess.Popen[bytes]) -> None:
    """End the server and the processes it forked at once, as a power cut does (SIGKILL)."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    # Those it forked end in their own time, and until then hold the database open.
    deadline = time.monotonic() + SECONDS_TO_DIE
    while _is_alive(server.pid) and time.monotonic() < deadline:
        time.sleep(0.01)


def _is_alive(group: int) -> bool:
    """Whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_it_answers(port: int) -> None:
    """Return once the server is up. Raises `RuntimeError` when it takes unreasonably long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz"):
            return
        time.sleep(0.05)
    raise RuntimeError("The server did not answer.")
