"""Bytes to text, and text to the form in which session pages are compared."""

import codecs
import html
import re
import unicodedata

from deliberate.domain.errors import Invalid

LARGEST = 2 * 1024 * 1024
MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")
DECLARED = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
LONGEST_ENTITY = 34
DROPPED = re.compile("\N{LOCK}\N{VARIATION SELECTOR-16}?|\N{SOFT HYPHEN}")
EDGES = " \N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{LEFT-TO-RIGHT MARK}"


def decode(data: bytes | str) -> str:
    """Text of a page, or Invalid if it is empty, too large, binary or in no known encoding."""
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    if len(raw) > LARGEST:
        raise Invalid("This page is larger than 2 MB.", "Save the page without its pictures.")
    if raw.startswith(MAGIC):
        raise _binary()
    text = _decoded(raw)
    if CONTROL.search(text):
        raise _binary()
    if not text.strip():
        raise Invalid("This page is empty.", "Paste the text of a session page.")
    return text


def _binary() -> Invalid:
    return Invalid("This is not a text or web page.", "Save the session page as text or as HTML.")


def _decoded(raw: bytes) -> str:
    """Text by byte order mark, then UTF-8, then the declared encoding, then Windows-1252."""
    declared = DECLARED.search(raw, 0, 4096)
    named = declared.group(1).decode("ascii") if declared else "utf-8"
    wide = raw.startswith(WIDE_MARKS)
    for encoding in ("utf-16",) if wide else ("utf-8-sig", named, "cp1252"):
        try:
            return raw.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    raise Invalid("The encoding of this page is not known.", "Save the page as UTF-8.")


def normalise(text: str) -> str:
    """Text as compared: entities decoded, NFC, single spaces, no soft hyphens and locks, trimmed.

    Applying it twice changes nothing. Nothing else is touched: typographic quotation marks,
    dashes and errors of the page stay.
    """
    text = _composed(text)
    if "&" in text:
        text = _composed(_unescape(text))
    return " ".join(text.split()).strip(EDGES)


def _composed(text: str) -> str:
    """NFC without soft hyphens and locks; composed again, since these may part a letter's marks."""
    return unicodedata.normalize("NFC", DROPPED.sub("", unicodedata.normalize("NFC", text)))


def _unescape(text: str) -> str:
    """Decode entities that end in a semicolon, also those that only decoding brings forth.

    An entity without its semicolon stays, because `&copy=1` is part of an address.
    """
    out: list[str] = []
    for letter in text:
        out.append(letter)
        while out and out[-1] == ";" and _close(out):
            pass
    return "".join(out)


def _close(out: list[str]) -> bool:
    """Replace the entity at the end of `out` by its letters; tell whether there was one."""
    low = max(0, len(out) - LONGEST_ENTITY)
    tail = "".join(out[low:])
    entity = ENTITY.fullmatch(tail, tail.rfind("&")) if "&" in tail else None
    if not entity:
        return False
    letters = html.unescape(entity.group())
    if letters == entity.group():
        return False
    out[low + entity.start() :] = _composed(letters)
    return True
