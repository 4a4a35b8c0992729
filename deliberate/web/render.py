"""One template for a page and for its parts."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request
from jinja2_fragments.flask import render_block
from werkzeug.wrappers import Response as BaseResponse

VARY = ("HX-Request", "HX-Request-Type", "Accept-Language", "Cookie")


def wants_part() -> bool:
    """Whether htmx asks for part of a page; older browsers and links want whole pages."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type", "partial") == "partial"
    )


def respond(template: str, block: str | None = None, status: int = 200, **context: Any) -> Response:
    """The whole page, or only `block` of it when htmx asks for a part.

    A block is named after the id of the element it holds. Both shapes live at one address, so
    the answer always names the headers it depends on.
    """
    if block is not None and wants_part():
        body = render_block(template, block, **context)
    else:
        body = render_template(template, **context)
    response = make_response(body, status)
    response.vary.update(VARY)
    return response


def see_other(address: str) -> BaseResponse:
    """Redirect after a form was accepted (RFC 9110 section 15.4.4)."""
    return redirect(address, code=303)
