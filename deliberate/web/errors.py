"""One table from what went wrong to what the person sees; texts they typed are shown again."""

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from deliberate.domain.errors import DomainError, Refused, TooMany
from deliberate.web.log import safe_path
from deliberate.web.login import current_actor
from deliberate.web.render import respond

log = structlog.get_logger()
MEGABYTE = 1024 * 1024
SECRET = {"csrf_token", "password", "old_password", "code"}
MACHINE_MADE = {"submission_key", "version", "saved", "digest"}


def init(app: Flask) -> None:
    """Catch every error at one place each."""
    app.register_error_handler(DomainError, show_domain_error)
    app.register_error_handler(CSRFError, show_expired_form)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_unexpected)


def show_domain_error(error: DomainError) -> Response:
    """What the domain refuses, in its own words; whoever was signed out can send it again."""
    if isinstance(error, Refused) and current_actor().is_anonymous and came_from_here() and _kept():
        return _offer_again(error.status, _(error.title))
    response = _page(error.status, _(error.title), _(error.advice) if error.advice else "")
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def show_expired_form(_error: CSRFError) -> Response:
    """A form whose token no longer fits, offered again with everything that was typed.

    Only a form that came from this site is offered again; a foreign page's is refused.
    """
    title = _("This form has expired.")
    if not came_from_here():
        return _page(400, title, _("Open the page again and fill in its form there."))
    return _offer_again(400, title)


def _offer_again(status: int, title: str) -> Response:
    """Everything that was typed, in a form with a fresh token; texts can be read and changed.

    Whoever is signed out signs in in another tab, so that this page and its texts stay open.
    """
    fields = [pair for pair in request.form.items(True) if pair[0] not in SECRET]
    response = respond(
        "errors/expired.html",
        "main",
        status,
        title=title,
        texts=[pair for pair in fields if _was_typed(*pair)],
        fields=[pair for pair in fields if not _was_typed(*pair)],
        address=request.full_path.rstrip("?"),
    )
    # For htmx it takes the place of all that the page showed, wherever the form stood.
    response.headers["HX-Retarget"] = "#main"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def came_from_here() -> bool:
    """Whether the browser says that this site's own page sent the request.

    Fetch Metadata first, the Origin header for browsers without it (OWASP's cheat sheet on
    cross-site request forgery).
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == request.host


def show_http_error(error: HTTPException) -> Response:
    """What Flask itself refuses: unknown addresses, wrong methods, bodies too large."""
    status = error.code or 500
    titles: Mapping[int, str] = {
        400: _("This request could not be read."),
        404: _("There is no such page."),
        405: _("This address cannot be used in this way."),
        413: _("This is too large."),
    }
    advice: Mapping[int, str] = {
        404: _(
            "It may have been mistyped. The discussions and sessions are a good place to start."
        ),
        413: _(
            "Files and texts may together have up to %(size)d megabytes.",
            size=(request.max_content_length or 0) // MEGABYTE,
        ),
    }
    return _page(status, titles.get(status, _("This did not work.")), advice.get(status, ""))


def show_unexpected(error: Exception) -> Response:
    """Our own fault: a reference number on the page and in the log, nothing else."""
    reference = secrets.token_hex(4)
    log.error("unexpected_error", reference=reference, path=safe_path(), exc_info=error)
    title = _("Something went wrong on our side.")
    advice = _("Nothing was stored. Please try again; if it happens again, tell us the reference.")
    try:
        return _page(500, title, advice, reference)
    except Exception:  # The page names who is signed in, so it needs the database too.
        log.exception("error_page_failed", reference=reference)
        return Response(f"{title} {advice} ({reference})", 503, mimetype="text/plain")


def _page(status: int, title: str, advice: str, reference: str | None = None) -> Response:
    context = {"title": title, "advice": advice, "reference": reference, "kept": _kept()}
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    response = respond("errors/error.html", "message", status, code=status, back=back, **context)
    response.headers["HX-Retarget"] = "#messages"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _kept() -> list[str]:
    """The texts that came with the request; none when it is its body that cannot be read."""
    try:
        return [value for name, value in request.form.items(True) if _was_typed(name, value)]
    except HTTPException:
        return []


def _was_typed(name: str, value: str) -> bool:
    """Whether somebody would miss this text; single words and choices are quickly made again."""
    return name not in SECRET | MACHINE_MADE and " " in value.strip()
