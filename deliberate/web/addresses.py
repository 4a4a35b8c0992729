"""Addresses that nothing can have are answered as such before anything asks the database."""

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

from deliberate.inputs.texts import LARGEST_ID


class IdConverter(IntegerConverter):
    """A number in an address, no larger than the id of a row can be; others are not found."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:  # noqa: A002
        options.setdefault("max", LARGEST_ID)
        super().__init__(map, *args, **options)


def init(app: Flask) -> None:
    """Read every `<int:…>` of the app's addresses as an id, and refuse null characters."""
    app.url_map.converters["int"] = IdConverter
    app.before_request(_refuse_null_characters)


def _refuse_null_characters() -> None:
    """No text here contains U+0000, and PostgreSQL fails when asked for one that does."""
    asked = [request.path, *request.args, *(value for _, value in request.args.items(True))]
    if any("\0" in text for text in asked):
        abort(400)
