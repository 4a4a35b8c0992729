"""What every answer carries: the security headers, and compression for slow links."""

import gzip

from flask import Flask, Response, request

# The second style source is the hash of an empty style sheet, which Plotly inserts and then
# fills through the object model; nothing else passes.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
POLICY = (
    "default-src 'none'; script-src 'self'; "
    f"style-src 'self' {EMPTY_STYLE}; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS = "max-age=31536000; includeSubDomains"
WORTH_COMPRESSING = 600
COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")


def init(app: Flask, *, production: bool) -> None:
    """Send the headers with every answer, errors and files included."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in SECURITY.items():
            response.headers.setdefault(name, value)
        if production:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-cache"
        return compress(response)


def compress(response: Response) -> Response:
    """The answer in gzip (RFC 1952) when the browser takes it and it is worth it."""
    accepts = "gzip" in request.headers.get("Accept-Encoding", "")
    if (
        not accepts
        or response.direct_passthrough
        or response.content_encoding
        or not (response.mimetype or "").startswith(COMPRESSIBLE)
        or len(response.get_data()) < WORTH_COMPRESSING
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), compresslevel=4))
    response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return response
