"""What every HTML page of the product must satisfy, checked each time a test fetches one.

The rules are the HTML standard's (unique ids, balanced elements), those of WCAG 2.2 that can be
read off the source (labels, language, one heading of the first level) and the house's own
(nothing inline that the content security policy would refuse, 40 kB compressed at most).
"""

import gzip
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

# HTML standard, section 13.1.2: elements without an end tag.
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img"}
    | {"input", "link", "meta", "source", "track", "wbr"}
)
UNLABELLED_INPUTS = frozenset({"hidden", "submit", "button", "image", "reset"})
REFERRING_ATTRIBUTES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list")
COMPRESSED_LIMIT = 40_000

Attributes = dict[str, str | None]


@dataclass
class Form:
    """One form as a browser would read it: `fields` holds what it would send untouched."""

    method: str
    action: str | None
    fields: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def add(self, tag: str, attributes: Attributes) -> None:
        """Take in a control with a name; submit buttons are known but not sent."""
        name = attributes.get("name")
        if not name or "disabled" in attributes:
            return
        self.names.add(name)
        kind = (attributes.get("type") or "text").lower()
        unticked = kind in {"checkbox", "radio"} and "checked" not in attributes
        if tag == "input" and kind not in {"submit", "button", "image", "reset"} and not unticked:
            default = "on" if kind in {"checkbox", "radio"} else ""
            self.fields.setdefault(name, []).append(attributes.get("value") or default)


class Page(HTMLParser):
    """A parsed page: its ids, labels, forms, links and text, and what is wrong with its markup."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.html_attributes: Attributes = {}
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.references: set[str] = set()
        self.controls: list[Attributes] = []
        self.labelled_ids: set[str] = set()
        self.wrapped: list[Attributes] = []
        self.problems: list[str] = []
        self.text_parts: list[str] = []
        self._open: list[str] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._textarea: str | None = None
        self.feed(html)
        self.close()
        self.problems += [f"<{tag}> is never closed" for tag in self._open]

    @property
    def text(self) -> str:
        """What a reader sees, with runs of white space made one space."""
        return " ".join(" ".join(self.text_parts).split())

    def form(self, action: str) -> Form:
        """The form that posts or gets to this address; fails naming those there are."""
        for form in self.forms:
            if form.action == action:
                return form
        raise AssertionError(f"no form to {action}; there are {[f.action for f in self.forms]}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element; an element without an end tag is not waited for."""
        self._note(tag, dict(attrs))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element closed at once, which HTML knows in SVG only."""
        self._note(tag, dict(attrs))
        if tag not in VOID and "svg" not in self._open and tag != "svg":
            self.problems.append(f"<{tag}/> does not close in HTML")

    def handle_endtag(self, tag: str) -> None:
        """Close the element that must be the innermost open one."""
        if not self._open or self._open[-1] != tag:
            self.problems.append(f"</{tag}> closes nothing; open: {self._open[-3:]}")
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        """Keep text that is shown, and what stands in a text area."""
        if self._textarea and self._form:
            # The first line break after the start tag is not part of the value.
            self._form.fields.setdefault(self._textarea, []).append(data.removeprefix("\n"))
        if not self._open or self._open[-1] not in {"script", "style", "title"}:
            self.text_parts.append(data)

    def _note(self, tag: str, attributes: Attributes) -> None:
        self.tags[tag] += 1
        self._note_references(tag, attributes)
        self._note_inline(tag, attributes)
        if tag == "html":
            self.html_attributes = attributes
        elif tag == "form":
            self._form = Form((attributes.get("method") or "").lower(), attributes.get("action"))
            self.forms.append(self._form)
        elif tag in {"input", "select", "textarea", "button"}:
            self._note_control(tag, attributes)
        elif tag == "option" and self._select and self._form:
            # Without a selected option a browser sends the first.
            first = self._form.fields.setdefault(self._select, [attributes.get("value") or ""])
            if "selected" in attributes:
                first[:] = [attributes.get("value") or ""]

    def _note_control(self, tag: str, attributes: Attributes) -> None:
        if tag != "button" and (attributes.get("type") or "text") not in UNLABELLED_INPUTS:
            self.controls.append(attributes)
            if "label" in self._open:
                self.wrapped.append(attributes)
        if self._form:
            self._form.add(tag, attributes)
        name = attributes.get("name")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea = name

    def _note_references(self, tag: str, attributes: Attributes) -> None:
        if attributes.get("id") is not None:
            self.ids[str(attributes["id"])] += 1
        if tag == "label" and "for" in attributes:
            self.labelled_ids.add(str(attributes["for"]))
            self.references.add(str(attributes["for"]))
        for name in REFERRING_ATTRIBUTES:
            self.references.update((attributes.get(name) or "").split())
        href = attributes.get("href")
        if tag == "a" and href is not None:
            self.links.append(href)
            if href.startswith("#") and len(href) > 1:
                self.references.add(href[1:])

    def _note_inline(self, tag: str, attributes: Attributes) -> None:
        if tag == "style":
            self.problems.append("a <style> element")
        is_data = attributes.get("type") == "application/json"
        if tag == "script" and "src" not in attributes and not is_data:
            self.problems.append("an inline <script>")
        for name in attributes:
            if name == "style" or name.startswith("on"):
                self.problems.append(f'<{tag} {name}="…"> is inline')


@lru_cache(maxsize=4)
def parse(html: str) -> Page:
    """The page, parsed once for the checks and for the test that asked for it."""
    return Page(html)


def check_fragment(html: str) -> list[str]:
    """What is wrong with a part of a page, in words; empty when nothing is."""
    page = parse(html)
    return page.problems + _repeated_ids(page) + _unlabelled(page) + _unfit_forms(page)


def check_page(html: str) -> list[str]:
    """What is wrong with a whole page, in words; empty when nothing is."""
    page = parse(html)
    problems = check_fragment(html)
    if not html.lstrip().lower().startswith("<!doctype html>"):
        problems.append("no <!doctype html>")
    problems += [
        f"{page.tags[tag]} <{tag}> elements instead of one"
        for tag in ("title", "h1", "main")
        if page.tags[tag] != 1
    ]
    problems += [
        f"<html> has no {name}" for name in ("lang", "dir") if not page.html_attributes.get(name)
    ]
    problems += [f"nothing has the id {name!r}" for name in sorted(page.references - set(page.ids))]
    compressed = len(gzip.compress(html.encode(), compresslevel=6))
    if compressed > COMPRESSED_LIMIT:
        problems.append(f"{compressed} bytes compressed; at most {COMPRESSED_LIMIT}")
    return problems


def _repeated_ids(page: Page) -> list[str]:
    return [f"the id {name!r} occurs {n} times" for name, n in page.ids.items() if n > 1]


def _unlabelled(page: Page) -> list[str]:
    return [
        f"the control {control.get('name') or control.get('id')!r} has no label"
        for control in page.controls
        if control not in page.wrapped
        and control.get("id") not in page.labelled_ids
        and not control.get("aria-label")
        and not control.get("aria-labelledby")
    ]


def _unfit_forms(page: Page) -> list[str]:
    problems = []
    for form in page.forms:
        if form.method not in {"get", "post"}:
            problems.append(f"the form to {form.action} has the method {form.method!r}")
        if not form.action:
            problems.append("a form has no action")
        if form.method == "post" and "csrf_token" not in form.names:
            problems.append(f"the form to {form.action} has no csrf_token")
        if form.method == "get" and "csrf_token" in form.names:
            problems.append(f"the form to {form.action} puts its csrf_token into the address")
    return problems
