"""A session page as a browser sends it: a file, or text that was pasted."""

import re

from flask import request
from flask_babel import gettext as _

from deliberate.actions.forum import Upload
from deliberate.domain.errors import DomainError, Invalid
from deliberate.importing.text import LARGEST, decode

PASTED = "pasted.txt"
LONGEST_NAME = 120
LARGEST_BODY = 4 * LARGEST
"""A form of a page that is too large still has to arrive, so that its field can say so.

Browsers send line ends as two characters, and a text may be read from a smaller encoding.
"""


def allow_large_body() -> None:
    """Let this request carry a whole page."""
    request.max_content_length = LARGEST_BODY
    request.max_form_memory_size = LARGEST_BODY


def read_upload() -> Upload:
    """The posted page. Raises `Invalid` with the field at which the fault is explained."""
    field, text = field_in_use(), request.form.get("text", "")
    if field == "text" and not text.strip():
        raise _at(field, _("Choose a file, or paste the text of a session page."))
    if field == "page" and text.strip():
        raise _at("text", _("Send either a file or pasted text, not both."))
    try:
        if field == "text":
            return Upload(_clean_name(request.form.get("name", "")), decode(_plain_line_ends(text)))
        file = request.files["page"]
        data = file.stream.read(LARGEST + 1)
        return Upload(_clean_name(file.filename or ""), _plain_line_ends(decode(data)))
    except Invalid as error:
        raise _at(field, in_words(error)) from error


def in_words(error: DomainError) -> str:
    """What was refused and what to do, translated."""
    return f"{_(error.title)} {_(error.advice) if error.advice else ''}".strip()


def field_in_use() -> str:
    """The field the page came through, to explain there what cannot be read."""
    file = request.files.get("page")
    return "page" if file is not None and file.filename else "text"


def _at(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: message})


def _plain_line_ends(text: str) -> str:
    """Line ends as LF: a browser sends every text area with CRLF (HTML, form submission)."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _clean_name(name: str) -> str:
    """The last part of a file's name, without anything invisible."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(letter for letter in last if letter.isprintable())[-LONGEST_NAME:] or PASTED
