"""Style sheets and scripts under addresses that name their content, compressed once at start."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
from flask import Blueprint, Flask, Response, abort, current_app, request, url_for

STYLES = (
    *("tokens", "base", "layout", "forms", "thread", "ballot", "results", "curate", "portfolio"),
    *("arguments", "record", "search", "proposals", "inbox"),
)
VENDORED = {"htmx.js": "vendor/htmx.min.js", "plotly.js": "vendor/plotly-cartesian.min.js"}
OWN = {"app.js": "js/app.js", "icon.svg": "icon.svg"}
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}

blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as sent: its content hash and its three encodings."""

    name: str
    digest: str
    plain: bytes
    gzip: bytes
    brotli: bytes


def init(app: Flask, static: Path) -> None:
    """Read every asset and give templates `asset(name)`, its address."""
    sheets = [static / "css" / f"{name}.css" for name in STYLES]
    content = {"app.css": b"\n".join(sheet.read_bytes() for sheet in sheets)}
    for name, path in (VENDORED | OWN).items():
        content[name] = (static / path).read_bytes()
    app.extensions["deliberate.assets"] = {
        name: _prepare(name, body) for name, body in content.items()
    }
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = address


def address(name: str) -> str:
    """The address of an asset; it changes whenever the content does."""
    asset = current_app.extensions["deliberate.assets"][name]
    return url_for("assets.send", digest=asset.digest, name=name)


@blueprint.get("/assets/<digest>/<name>")
def send(digest: str, name: str) -> Response:
    """Send an asset to be kept for a year; its address never means anything else."""
    asset = current_app.extensions["deliberate.assets"].get(name)
    if asset is None or asset.digest != digest:
        abort(404)
    accepted = request.headers.get("Accept-Encoding", "")
    encoding = next((each for each in ("br", "gzip") if each in accepted), None)
    body = {"br": asset.brotli, "gzip": asset.gzip, None: asset.plain}[encoding]
    response = Response(body, mimetype=TYPES[name.rsplit(".", 1)[1]])
    if encoding:
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@cache
def _prepare(name: str, body: bytes) -> Asset:
    # Quality 11 on the megabyte of the chart library would delay every start by seconds.
    quality = 11 if len(body) < 100_000 else 6
    return Asset(
        name=name,
        digest=hashlib.sha256(body).hexdigest()[:16],
        plain=body,
        gzip=gzip.compress(body, 9, mtime=0),
        brotli=brotli.compress(body, quality=quality),
    )
