"""Bytes to text, and text to the form in which session pages are compared."""

import codecs
import html
import re
import unicodedata
from dataclasses import dataclass

from deliberate.domain.errors import Invalid

LARGEST = 2 * 1024 * 1024
NO_TEXT = "This is not a text or web page."
ADVICE = "Save the session page as text or as HTML."
PICTURE = "This is a picture. Open the session page and save it as text or as HTML."
PACKED = "This is an archive or an office document. Save the page in it as text or as HTML."
MAGIC = (
    (b"PK\x03\x04", PACKED),
    (b"PK\x05\x06", PACKED),
    (b"\xd0\xcf\x11\xe0", PACKED),
    (b"{\\rtf", PACKED),
    (b"\x1f\x8b", PACKED),
    (b"%PDF-", "This is a PDF. Save the session page as text or as HTML."),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
)
ARCHIVE = re.compile(rb"^content-type:\s{1,9}multipart/related", re.IGNORECASE | re.MULTILINE)
ENCODINGS = re.compile(
    r"iso8859-\d{1,2}|cp12\d\d|cp874|koi8-[rut]|gbk|gb2312|gb18030|big5|euc_jp|euc_kr|cp949|"
    r"shift_jis|cp932|iso2022_jp|mac-(?:roman|cyrillic)"
)
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")
DECLARED = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
LONGEST_ENTITY = 34
DROPPED = re.compile("\N{LOCK}\N{VARIATION SELECTOR-16}?|\N{SOFT HYPHEN}")
EDGES = " \N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{LEFT-TO-RIGHT MARK}"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a page, its line ends as LF.

    `guessed` says that neither its bytes nor its words tell the encoding.
    """

    text: str
    guessed: bool = False


def decode_page(data: bytes | str) -> Decoded:
    """Text of a page with how surely it was decoded.

    Raises Invalid for what is empty, too large, binary or in no known encoding.
    """
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    if len(raw) > LARGEST:
        raise Invalid("This page is larger than 2 MB.", "Save the page without its pictures.")
    for mark, advice in MAGIC:
        if raw.startswith(mark):
            raise Invalid(NO_TEXT, advice)
    if ARCHIVE.search(raw, 0, 4096):
        raise Invalid("This is a web page archive.", "Save the page as HTML only, or as text.")
    decoded = _decoded(raw)
    if CONTROL.search(decoded.text):
        raise Invalid(NO_TEXT, ADVICE)
    if not decoded.text.strip():
        raise Invalid("This page is empty.", "Paste the text of a session page.")
    return decoded


def _decoded(raw: bytes) -> Decoded:
    """Text by byte order mark, then UTF-8, then the declared encoding, then Windows-1252."""
    declared = _declared(raw)
    wide = _wide(raw)
    for encoding in (wide,) if wide else ("utf-8-sig", declared or "cp1252", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeError:
            continue
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return Decoded(text, guessed=encoding == "cp1252" and declared is None)
    raise Invalid("The encoding of this page is not known.", "Save the page as UTF-8.")


def _declared(raw: bytes) -> str | None:
    """The declared encoding if it is one that web pages are written in.

    Latin-1 and ASCII mean Windows-1252, as in every browser (WHATWG Encoding Standard, 4.2).
    """
    found = DECLARED.search(raw, 0, 4096)
    try:
        name = codecs.lookup(found.group(1).decode("ascii")).name if found else ""
    except LookupError:
        return None
    if name in {"iso8859-1", "ascii"}:
        return "cp1252"
    return name if ENCODINGS.fullmatch(name) else None


def _wide(raw: bytes) -> str | None:
    """UTF-16 by its mark, or by NUL bytes that all stand on the same side of their letters."""
    if raw.startswith(WIDE_MARKS):
        return "utf-16"
    head = raw[:2000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 16 < len(head) or min(even, odd):
        return None
    return "utf-16-be" if even else "utf-16-le"


def normalise(text: str) -> str:
    """Text as compared: entities decoded, NFC, single spaces, no soft hyphens and locks, trimmed.

    Applying it twice changes nothing. Nothing else is touched: typographic quotation marks,
    dashes and errors of the page stay.
    """
    if not text.isascii():
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
