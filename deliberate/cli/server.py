"""Preparing the database and running the server with its worker."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from werkzeug.serving import run_simple

from deliberate.app import create_app
from deliberate.cli.search import indexing
from deliberate.cli.support import log_to_stderr, open_database, settings
from deliberate.jobs.post import deliver
from deliberate.jobs.worker import work
from deliberate.settings import Settings
from deliberate.storage import migrate
from deliberate.storage.database import Database


@click.command()
def init() -> None:
    """Create the database or bring it up to date."""
    configured = settings()
    path = configured.sqlite_path()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    with indexing() as progress:
        migrate.upgrade(configured.database_url, progress=progress)
    click.echo("The database is up to date.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Server processes.")
@click.option("--threads", default=4, show_default=True, help="Threads in each process.")
@click.option(
    "--worker/--no-worker",
    "with_worker",
    default=True,
    show_default=True,
    help="Whether to run a worker beside the server.",
)
@click.option("--development", is_flag=True, help="Reload on change; never in production.")
def serve(
    host: str, port: int, workers: int, threads: int, with_worker: bool, development: bool
) -> None:
    """Run the web server and the worker that counts polls and sends mail."""
    configured = settings()
    log_to_stderr(configured.log_format)
    if development:
        _serve_development(configured, host, port)
        return
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "graceful_timeout": 10,
        "loglevel": "warning",
        "worker_int": _end_once,
    }
    process = _start_worker() if with_worker else None
    own = os.getpid()
    try:
        Server(lambda: create_app(configured), options).run()
    finally:
        # The server's processes are forked from this one and leave through here as well.
        if process is not None and os.getpid() == own:
            process.terminate()
            process.wait(timeout=10)


@click.command()
@click.option("--attached", is_flag=True, hidden=True, help="End when standard input closes.")
def worker(attached: bool) -> None:
    """Run a worker alone: it counts polls when they close, and sends mail."""
    configured = settings()
    log_to_stderr(configured.log_format)
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if attached:
        threading.Thread(target=_wait_for_end_of_input, args=(stop,), daemon=True).start()
    with open_database() as db:
        post = _start_post(db, configured, stop)
        work(db, stop)
        post.join()


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, configured here instead of in a file of its own."""

    def __init__(self, make_app: Callable[[], Flask], options: dict[str, Any]) -> None:
        self.make_app = make_app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand the options over."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, once in each process."""
        return self.make_app()


def _serve_development(configured: Settings, host: str, port: int) -> None:
    db = Database(configured.database_url)
    stop = threading.Event()
    threading.Thread(target=work, args=(db, stop), daemon=True).start()
    _start_post(db, configured, stop)
    run_simple(host, port, create_app(configured), use_reloader=True, threaded=True)


def _start_post(db: Database, configured: Settings, stop: threading.Event) -> threading.Thread:
    """Send mail beside the other work, so that a slow mail server keeps no poll waiting."""
    post = threading.Thread(target=deliver, args=(db, configured.office(), stop), daemon=True)
    post.start()
    return post


def _end_once(_process: object) -> None:
    """Pass over further signals to end: Ctrl-C reaches every process, and the first tells all.

    The second signal would otherwise interrupt a process while it cleans up. A handler that does
    nothing also takes signals that are on their way; after `SIG_IGN` Python complains of those.
    """
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, _pass_over)


def _pass_over(_signal: int, _frame: FrameType | None) -> None:
    """Do nothing: the process is ending already."""


def _start_worker() -> subprocess.Popen[bytes]:
    """Start the worker as a process of its own.

    In a session of its own, Ctrl-C does not reach it: the server says when it ends. Should the
    server be killed, its end of the pipe closes, which ends the worker too.
    """
    command = [sys.executable, "-c", "from deliberate.cli import main; main()"]
    return subprocess.Popen(  # noqa: S603 (No part of the command comes from outside.)
        [*command, "worker", "--attached"], stdin=subprocess.PIPE, start_new_session=True
    )


def _wait_for_end_of_input(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        continue
    stop.set()
