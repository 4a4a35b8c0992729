"""One log line for each request: what was asked, by whom, with which outcome, in how long."""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request
from flask_login import current_user

log = structlog.get_logger()
_SECRET = re.compile(
    r"^(/+(?:invitations|confirmations|new-password|unsubscribe)/).+", re.IGNORECASE | re.DOTALL
)


def safe_path() -> str:
    """The path asked for, without the secret of a link."""
    return _SECRET.sub(r"\1…", request.path)


def init(app: Flask) -> None:
    """Bind an id to each request's log lines and write one when it is answered."""

    @app.before_request
    def begin() -> None:
        g.began_at = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=secrets.token_hex(4))

    @app.after_request
    def end(response: Response) -> Response:
        if not request.path.startswith("/assets/"):
            # A log line about a ballot would tie a person to a moment.
            is_ballot = request.endpoint is not None and "ballot" in request.endpoint
            log.info(
                "request",
                method=request.method,
                path=safe_path(),
                status=response.status_code,
                actor=None if is_ballot else getattr(current_user, "id", None),
                ms=round((time.perf_counter() - g.began_at) * 1000, 1),
            )
        return response
