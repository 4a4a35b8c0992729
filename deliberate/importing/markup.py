"""Saved web pages to lines: what a reader sees as the page's content, block by block."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from deliberate.domain.errors import Invalid
from deliberate.importing.lines import Line, marker_kind, tidy
from deliberate.importing.tables import joined_cells, labelled_row

DOCUMENT = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
MARKUP = re.compile(
    r"</?(?:div|p|h[1-6]|br|article|section|span|ul|ol|li|table|main)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
FEWEST_TAGS = 4
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
CONDITION = re.compile(r"<!\[(?:if|endif)\b[^<>\]]{0,80}\]>", re.IGNORECASE)
"""Word's conditions around words that every browser shows."""
SILENT = frozenset(
    [
        "head",
        "script",
        "style",
        "template",
        "noscript",
        "nav",
        "footer",
        "form",
        "button",
        "select",
        "textarea",
        "svg",
        "iframe",
        "object",
        "video",
        "audio",
        "canvas",
        "math",
        "dialog",
    ]
)
BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
APART = frozenset(["p", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote"])
STRONG = frozenset(["b", "strong", "h2", "h3", "h4", "h5", "h6", "dt"])
BROKEN = ["br", "li", "table", "div", "pre", "script", "style"]
KEPT_BREAKS = re.compile(r"white-space\s{0,9}:\s{0,9}(?:pre|break-spaces)", re.IGNORECASE)
LINE_END = re.compile(r"\r\n?|\n")
LONGEST_ROW = 400
BULLETS = ("• ", "◦ ", "▪ ")  # By depth, as browsers draw them.
AWAY_ROLES = frozenset(["navigation", "banner", "contentinfo", "search"])
AWAY = frozenset(
    [
        "breadcrumb",
        "breadcrumbs",
        "menu",
        "navbar",
        "pager",
        "sr-only",
        "visually-hidden",
        "element-invisible",
        "element-hidden",
        "skip-link",
        "footer",
        "region-footer",
        "region-header",
        "region-sidebar-first",
        "region-sidebar-second",
        "tabs",
        "site-header",
        "site-footer",
        "cookie-banner",
    ]
)
AWAY_IDS = frozenset(
    ["footer", "page-footer", "breadcrumb", "breadcrumbs", "navigation", "main-menu", "toolbar",
     "main-menu-links", "secondary-menu", "sidebar-first", "sidebar-second", "skip-link",
     "admin-menu", "cookie-banner", "site-footer"]
)  # fmt: skip
LABELS = frozenset(["field__label", "field-label", "label-above"])
TAG = re.compile(r"<(/?)([A-Za-z][\w:-]{0,30})[^<>]{0,2000}?(/?)>")
VOID = frozenset(["br", "hr", "img", "input", "meta", "link", "area", "col", "wbr", "source"])
MOST_TAGS = 60_000
DEEPEST = 400


def is_markup(text: str) -> bool:
    """Whether the text is a web page rather than plain text that mentions a tag."""
    if DOCUMENT.search(text, 0, 50_000):
        return True
    return sum(1 for _ in islice(MARKUP.finditer(text, 0, 50_000), FEWEST_TAGS)) == FEWEST_TAGS


def markup_lines(text: str) -> tuple[Line, ...]:
    """The content lines of a saved web page.

    Menus, breadcrumbs, footers, scripts and comments are left out. Raises Invalid when the page
    has more tags, or nests them deeper, than any session page does.
    """
    soup = _parsed(text)
    root = soup.find("main") or soup.find(True, attrs={"role": "main"}) or soup.find("body") or soup
    writer = _Writer()
    for heading in soup.find_all("h1"):
        if isinstance(root, Tag) and root not in heading.parents and not _is_away(heading):
            writer.lines.append(Line(heading.get_text(" "), top=True))
            writer.lines.append(Line(""))
    _walk(root, writer)
    lines = tidy(_as_text(writer.lines))
    return lines if any(line.top for line in lines) else _with_title(soup, lines)


def _parsed(text: str) -> BeautifulSoup:
    """The tree of a page that is small enough to be one."""
    if text.count("<") > MOST_TAGS * 2:
        raise Invalid("This page has too many tags for a session page.")
    text = COMMENT.sub("", text) if "-->" in text else text
    text = CONDITION.sub("", text) if "<![" in text else text
    text = re.sub(r"<!--|<!\[|<\?", " ", text)
    _check_depth(text)
    return BeautifulSoup(text, "html.parser")


def _check_depth(text: str) -> None:
    """Refuse nesting that only a hostile page has, before a tree is built from it."""
    depth = 0
    for tag in TAG.finditer(text):
        closes, name, alone = tag.groups()
        if alone or name.lower() in VOID:
            continue
        depth = max(0, depth + (-1 if closes else 1))
        if depth > DEEPEST * 4:
            raise Invalid("The tags of this page are nested too deeply for a session page.")


def _with_title(soup: BeautifulSoup, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines below the title of the window, for a page without a heading of its own."""
    title = soup.find("title")
    words = re.split(r"\s+\|\s+Internet Governance", title.get_text())[0] if title else ""
    return tidy([Line(words, top=True), Line(""), *lines]) if words.strip() else lines


def _as_text(lines: list[Line]) -> list[Line]:
    """Lines of which most are parted by line breaks alone: a text in a frame, read as one.

    Its line breaks part entries, where one inside a paragraph only continues it.
    """
    filled = [line.soft for line in lines if line.text]
    if sum(filled) * 4 < len(filled) * 3:
        return lines
    return [Line(one.text, one.strong, one.label, one.top, inner=one.inner) for one in lines]


@dataclass(slots=True)
class _Writer:
    """Collects text until a block ends, then writes it as a line."""

    lines: list[Line] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    weak: bool = False
    strong: bool = False
    label: bool = False
    top: bool = False
    soft: bool = False
    bullet: str = ""
    items: int = 0
    begun: bool = False
    kept: int = 0

    def say(self, text: str, strong: bool, label: bool, top: bool) -> None:
        """Add text to the line being written."""
        self.words.append(text)
        if text.strip():
            self.weak = self.weak or not strong
            self.strong, self.label, self.top = strong, self.label or label, self.top or top

    def end(self, soft: bool = False) -> None:
        """Finish the line; `soft` when the next one continues the same paragraph."""
        text = "".join(self.words)
        text = " ".join((joined_cells(text) if self.kept else text).split())
        if text:
            strong = self.strong and not self.weak
            typed = self.bullet and marker_kind(text)
            text = (self.bullet if not self.begun and not typed else "") + text
            inner = self.begun and not self.soft
            self.lines.append(Line(text, strong, self.label, self.top, self.soft, inner))
            self.begun = self.items > 0
        elif soft and (self.soft or not self.items):
            self.lines.append(Line(""))
        self.words, self.weak, self.strong = [], False, False
        self.label, self.top, self.soft = False, False, soft

    def break_line(self) -> None:
        """Go to the next line of a preformatted text; an empty line parts paragraphs."""
        if not "".join(self.words).strip():
            self.lines.append(Line(""))
        self.end()

    def gap(self) -> None:
        """Leave a blank line, but not between the paragraphs of a list item."""
        self.end()
        if not self.items:
            self.lines.append(Line(""))

    def item(self, bullet: str) -> None:
        """Begin a list item."""
        self.items += 1
        self.bullet, self.begun = bullet, False

    def leave_item(self) -> None:
        """End a list item."""
        self.items -= 1
        self.bullet, self.begun = "", False


def _walk(root: Tag, writer: _Writer) -> None:
    """Write the content below `root` without recursion."""
    stack: list[Iterator[object]] = [iter(root.children)]
    open_tags: list[Tag] = [root]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
            _leave(open_tags.pop(), writer)
        elif isinstance(node, Tag) and (row := _row(node, open_tags)):
            writer.end()
            writer.lines.append(Line(row))
        elif isinstance(node, Tag) and not _is_away(node):
            _enter(node, writer, open_tags)
            stack.append(iter(node.children))
            open_tags.append(node)
            if len(stack) > DEEPEST:
                raise Invalid("The tags of this page are nested too deeply for a session page.")
        elif type(node) is NavigableString:
            _say(str(node), writer, open_tags)
    writer.end()


def _row(tag: Tag, open_tags: list[Tag]) -> str:
    """A row of a table of short cells as one line: `Label: value` or `Name, Organisation`.

    Nothing for any other tag, for a row that lays out blocks of text, and inside a nested table.
    """
    if tag.name != "tr" or sum(around.name == "table" for around in open_tags) != 1:
        return ""
    cells = [cell for cell in tag.find_all(["td", "th"], recursive=False) if isinstance(cell, Tag)]
    if len(cells) < 2 or tag.find(BROKEN) or any(len(cell("p", limit=2)) > 1 for cell in cells):
        return ""
    texts = [" ".join(cell.get_text(" ").split()) for cell in cells]
    filled = [text.rstrip(" ,") for text in texts if text]
    if len(filled) < 2 or sum(map(len, filled)) > LONGEST_ROW:
        return ""
    return labelled_row(filled) or ", ".join(filled)


def _say(text: str, writer: _Writer, open_tags: list[Tag]) -> None:
    """Write a text, line by line where its line ends count."""
    first, *others = LINE_END.split(text) if writer.kept else [text]
    _say_line(first, writer, open_tags)
    for other in others:
        writer.break_line()
        _say_line(other, writer, open_tags)


def _say_line(text: str, writer: _Writer, open_tags: list[Tag]) -> None:
    """Write a text with the marks of the tags around it."""
    if not text.strip():
        writer.say(" ", False, False, False)
        return
    strong = label = top = False
    for tag in open_tags:
        strong = strong or tag.name in STRONG
        top = top or tag.name == "h1"
        label = label or ("class" in tag.attrs and not LABELS.isdisjoint(_classes(tag)))
    writer.say(text, strong, label, top)


def _enter(tag: Tag, writer: _Writer, open_tags: list[Tag]) -> None:
    if tag.name == "br":
        writer.end(soft=True)
    elif tag.name in APART:
        writer.gap()
    elif tag.name in BLOCK:
        writer.end()
    if tag.name == "li":
        writer.item(_bullet(open_tags))
    writer.kept += _keeps_breaks(tag)


def _leave(tag: Tag, writer: _Writer) -> None:
    if tag.name in APART:
        writer.gap()
    elif tag.name in BLOCK:
        writer.end()
    if tag.name == "li":
        writer.leave_item()
    writer.kept -= _keeps_breaks(tag)


def _keeps_breaks(tag: Tag) -> bool:
    """Whether a browser shows the line ends inside a tag (CSS Text Module, 3)."""
    if tag.name == "pre":
        return True
    style = tag.attrs.get("style")
    return style is not None and bool(KEPT_BREAKS.search(str(style)))


def _bullet(open_tags: list[Tag]) -> str:
    """What a browser shows in front of a list item."""
    around = next((tag for tag in reversed(open_tags) if tag.name in {"ul", "ol"}), None)
    if around is None or around.name == "ul":
        depth = sum(tag.name in {"ul", "ol"} for tag in open_tags)
        return BULLETS[min(max(depth, 1), len(BULLETS)) - 1]
    numbers = around.attrs.get("data-counted", 0)
    count = int(str(numbers)) + 1
    around.attrs["data-counted"] = str(count)
    return f"{count}. "


def _classes(tag: Tag) -> list[str]:
    """The classes of a tag, however many there are."""
    value: str | list[str] = tag.attrs.get("class") or []
    return value.split() if isinstance(value, str) else list(value)


def _is_away(tag: Tag) -> bool:
    """Whether a tag holds nothing of the page's own content."""
    if tag.name in SILENT or tag.attrs.get("role") in AWAY_ROLES or "hidden" in tag.attrs:
        return True
    if tag.name in {"body", "main", "article"}:
        return False
    return tag.attrs.get("id") in AWAY_IDS or bool(not AWAY.isdisjoint(_classes(tag)))
