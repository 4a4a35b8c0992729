"""HTML that was cleaned, as the text that a reader sees."""

import re
from html import unescape

_TAG = re.compile(r'<(/?[a-z0-9]+)(?:[^<>"]|"[^"]*")*>')
_INLINE = {"a", "code", "em", "strong", "/a", "/code", "/em", "/strong"}
_BREAKS = re.compile(r"[ \t]*\n\s*")


def plain_text(html: str) -> str:
    """The words without their tags; what stands in blocks of its own stands on lines of its own.

    Meant for HTML that `deliberate.markdown` made: tags are closed and attributes quoted.
    """
    parted = _TAG.sub(lambda tag: "" if tag[1] in _INLINE else "\n", html)
    return _BREAKS.sub("\n", unescape(parted)).strip()
