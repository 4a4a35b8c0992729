"""Preparing the database and running the server with its worker."""

import multiprocessing
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from werkzeug.serving import run_simple

from deliberate.app import create_app
from deliberate.cli.support import log_to_stderr, open_database, settings
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
    migrate.upgrade(configured.database_url)
    click.echo("The database is up to date.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Server processes.")
@click.option("--threads", default=4, show_default=True, help="Threads in each process.")
@click.option("--development", is_flag=True, help="Reload on change; never in production.")
def serve(host: str, port: int, workers: int, threads: int, development: bool) -> None:
    """Run the web server and the worker that counts polls."""
    configured = settings()
    log_to_stderr(configured.log_format)
    if development:
        _serve_development(configured, host, port)
        return
    stop = _start_worker(configured)
    try:
        options = {
            "bind": f"{host}:{port}",
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "graceful_timeout": 10,
            "loglevel": "warning",
        }
        Server(lambda: create_app(configured), options).run()
    finally:
        stop()


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
    run_simple(host, port, create_app(configured), use_reloader=True, threaded=True)


def _start_worker(configured: Settings) -> Callable[[], None]:
    """Start the worker as a process of its own and return how to stop it."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_run_worker, args=(configured,), name="worker", daemon=True)
    process.start()

    def stop() -> None:
        process.terminate()
        process.join(timeout=10)

    return stop


def _run_worker(configured: Settings) -> None:
    log_to_stderr(configured.log_format)
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    # Ctrl-C reaches the whole process group; the server decides when the worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open_database() as db:
        work(db, stop)
