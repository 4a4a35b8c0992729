"""Markdown that participants write, as HTML that is safe to show.

CommonMark without raw HTML, images and link definitions, then an allow-list: two locks, so that
a fault in the one does not open the door. Links must be absolute, because a relative or
protocol-relative one could pose as a page of this site.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import nh3
from markdown_it import MarkdownIt

_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr"}
_HEADINGS = {"h3", "h4", "h5"}
_REFERENCE = r"\[\[([a-z]+:[a-z0-9_.-]+)\]\]"
# Where a reference stays as it was written: in links, which cannot hold another link, in code,
# and in tags. Cleaned HTML closes each of these before it opens the next.
_VERBATIM = r"<a\b[^>]*>.*?</a>|<code>.*?</code>|<[^>]*>"
_REFERENCE_OR_VERBATIM = re.compile(f"{_VERBATIM}|{_REFERENCE}", re.DOTALL)
# "#12" and "@name" where a word begins: not in an address, an entity or another word. A name
# ends at a space or at punctuation that no name has.
NAME = r"[^\s<>&\"'`@#/\\.,;:!?()\[\]{}|*+=~^%$«»“”‘’،؛؟。、]{1,80}"
"""What is read as a name behind an at sign."""
_MARK = rf"(?<![\w&/#.@-])(?:#(?P<number>\d{{1,9}})(?!\w)|@(?P<name>{NAME}))"
_MARK_OR_VERBATIM = re.compile(f"{_VERBATIM}|{_MARK}", re.DOTALL)
_ABSOLUTE = re.compile(r"(?:https?://[^/\\]|mailto:)", re.IGNORECASE)
# Without link definitions ("[x]: address"): one long address used hundreds of times would turn
# a comment into megabytes.
_NEVER = ["image", "lheading", "reference"]
_PROSE = MarkdownIt("commonmark", {"html": False}).disable([*_NEVER, "heading"])
_DOCUMENT = MarkdownIt("commonmark", {"html": False}).disable(_NEVER)

Reference = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Marks:
    """What a text may refer to, as typed: proposals by number, people by name."""

    numbers: frozenset[str]
    names: frozenset[str]


def to_html(text: str) -> str:
    """A comment or proposal as HTML: paragraphs, emphasis, lists, quotes, code, links."""
    return _clean(_PROSE.render(text), _TAGS)


def find_marks(html: str) -> Marks:
    """What cleaned HTML refers to by `#12` and `@name`, outside of links and code."""
    found = [match for match in _MARK_OR_VERBATIM.finditer(html) if match.lastgroup]
    return Marks(
        frozenset(match["number"] for match in found if match["number"]),
        frozenset(match["name"] for match in found if match["name"]),
    )


def link_marks(html: str, numbers: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Cleaned HTML in which these marks lead to these addresses of this site, others nowhere."""

    def link(match: re.Match[str]) -> str:
        address = numbers.get(match["number"] or "") or names.get(match["name"] or "")
        return f'<a href="{escape(address)}">{match[0]}</a>' if address else match[0]

    return _MARK_OR_VERBATIM.sub(link, html)


def document_to_html(text: str, references: Mapping[str, Reference]) -> str:
    """A summary as HTML: as `to_html`, with headings below the page's own and with references.

    `[[NAME]]` becomes a link when `references` has the name, which maps it to the words shown,
    the address and an explanation. It is put in after cleaning and only ever stands in text.
    """
    html = re.sub(r"<(/?)h([1-6])>", _demote, _DOCUMENT.render(text))

    def link(match: re.Match[str]) -> str:
        found = references.get(match[1]) if match[1] else None
        if found is None:
            return match[0]
        words, address, title = (escape(part) for part in found)
        return f'<a class="citation" href="{address}" title="{title}">{words}</a>'

    return _REFERENCE_OR_VERBATIM.sub(link, _clean(html, _TAGS | _HEADINGS))


def _demote(match: re.Match[str]) -> str:
    return f"<{match[1]}h{min(int(match[2]) + 2, 5)}>"


def _clean(html: str, tags: set[str]) -> str:
    return nh3.clean(
        html,
        tags=tags,
        # An empty "*" takes back the titles and languages that would be kept on every tag.
        attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
        attribute_filter=_only_absolute,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )


def _only_absolute(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not _ABSOLUTE.match(value):
        return None
    return value
