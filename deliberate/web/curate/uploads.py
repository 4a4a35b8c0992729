"""Session pages as a browser sends them: files, or text that was pasted."""

import re

from flask import request
from flask_babel import gettext as _

from deliberate.actions.imports import Reading, read_sent
from deliberate.domain.errors import DomainError, Invalid
from deliberate.importing.text import LARGEST, decode_page
from deliberate.web.curate.fetching import fetch_upload, may_fetch

PASTED = "pasted.txt"
LONGEST_NAME = 120
MOST_FILES = 300
LARGEST_TEXT = 4 * LARGEST
"""A text that is too large still has to arrive, so that its field can say so.

Browsers send line ends as two characters, and a text may be read from a smaller encoding.
"""
LARGEST_BATCH = 64 * 1024 * 1024
"""All files of one form together; each of them may have `LARGEST` bytes."""


def allow_body(size: int) -> None:
    """Let this request carry whole pages."""
    request.max_content_length = size
    request.max_form_memory_size = LARGEST_TEXT
    request.max_form_parts = MOST_FILES + 20


def read_uploads() -> list[Reading]:
    """The posted pages, read. Raises `Invalid` with the field at which the fault is explained.

    A single page has to be readable; of several, those that are not are told apart later.
    """
    sent = _sent()
    readings = [read_sent(name, data) for name, data in sent]
    if len(readings) == 1 and readings[0].error is not None:
        raise _at(field_in_use(), in_words(readings[0].error))
    return readings


def in_words(error: DomainError) -> str:
    """What was refused and what to do, translated."""
    return f"{_(error.title)} {_(error.advice) if error.advice else ''}".strip()


def field_in_use() -> str:
    """The field the pages came through, to explain there what cannot be read."""
    if any(file.filename for file in request.files.getlist("page")):
        return "page"
    return "address" if request.form.get("address", "").strip() and may_fetch() else "text"


def _sent() -> list[tuple[str, bytes]]:
    """Names and bytes of what was sent, by one of the ways the form offers."""
    field, text = field_in_use(), request.form.get("text", "")
    if field != "text" and text.strip():
        raise _at("text", _("Send either pasted text or something else, not both."))
    if field == "page":
        return _files()
    if field == "address":
        return [_fetched(request.form["address"])]
    if not text.strip():
        raise _at(field, _("Choose files, or paste the text of a session page."))
    return [(PASTED, _pasted(text))]


def _files() -> list[tuple[str, bytes]]:
    if request.form.get("address", "").strip():
        raise _at("address", _("Send either files or an address, not both."))
    files = [file for file in request.files.getlist("page") if file.filename]
    if len(files) > MOST_FILES:
        raise _at("page", _("Send at most %(number)d files at once.", number=MOST_FILES))
    return [(_clean_name(file.filename or ""), file.stream.read(LARGEST + 1)) for file in files]


def _fetched(address: str) -> tuple[str, bytes]:
    try:
        data, name = fetch_upload(address.strip())
    except Invalid as error:
        raise _at("address", in_words(error)) from error
    return _clean_name(name), data


def _pasted(text: str) -> bytes:
    """A pasted text as it was typed: browsers send line ends as CRLF (HTML, form submission)."""
    try:
        return decode_page(text).text.encode()
    except Invalid:
        return text.encode()


def _at(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: message})


def _clean_name(name: str) -> str:
    """The last part of a file's name, without anything invisible."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(letter for letter in last if letter.isprintable())[-LONGEST_NAME:] or PASTED
