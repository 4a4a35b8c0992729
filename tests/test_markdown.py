"""Claims about Markdown: whatever people write, what is shown is harmless and bounded."""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberate.markdown import Reference, document_to_html, to_html
from tests.cases.hostile_texts import HOSTILE, HUGE

PROSE_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr"}
DOCUMENT_TAGS = PROSE_TAGS | {"h3", "h4", "h5"}
VOID = {"br", "hr"}
REFERENCES: dict[str, Reference] = {
    "figure:x": ("62 % <b>", '/deliberations/1#"x', "Share of \"all\" & 'some' <i>"),
    "comment:12": ("Ada, Government", "/comments/12", ""),
}
CITATION = {"class": "citation", "rel": None}


class Shown(HTMLParser):
    """The tags, attributes and nesting of what would be shown."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.links: list[dict[str, str | None]] = []
        self.attributes: set[tuple[str, str]] = set()
        self.deepest = 0
        self.problems: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.problems += [f"<{tag}> is left open" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and what it carries."""
        self.tags[tag] += 1
        self.attributes |= {(tag, name) for name, _ in attrs}
        if len(attrs) != len(dict(attrs)):
            self.problems.append(f"<{tag}> has an attribute twice")
        if tag == "a":
            self.links.append(dict(attrs))
            if "a" in self._open:
                self.problems.append("a link in a link")
        if tag not in VOID:
            self._open.append(tag)
        self.deepest = max(self.deepest, len(self._open))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be this one."""
        if not self._open or self._open.pop() != tag:
            self.problems.append(f"</{tag}> closes something else")

    def handle_comment(self, data: str) -> None:
        """Note what should not be there."""
        self.problems.append(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        """Note what should not be there."""
        self.problems.append(f"a declaration: {decl}")

    def unknown_decl(self, data: str) -> None:
        """Note what should not be there."""
        self.problems.append(f"a section: {data}")

    def handle_pi(self, data: str) -> None:
        """Note what should not be there."""
        self.problems.append(f"an instruction: {data}")


def dangers(html: str, tags: set[str], citations: bool = False) -> list[str]:
    """What is in this HTML that should not be; empty when it is harmless."""
    shown = Shown(html)
    problems = [*shown.problems, *(f"<{tag}>" for tag in set(shown.tags) - tags)]
    allowed = {("a", "href"), ("a", "rel"), ("ol", "start")}
    if citations:
        allowed |= {("a", "class"), ("a", "title")}
    problems += [f"<{tag} {name}>" for tag, name in shown.attributes - allowed]
    for link in shown.links:
        if "class" in link and citations:
            own = {(address, title) for _, address, title in REFERENCES.values()}
            if link["class"] != "citation" or (link["href"], link["title"]) not in own:
                problems.append(f"a citation that is none: {link}")
        else:
            problems += _dangers_of_link(link)
    return problems


def _dangers_of_link(link: dict[str, str | None]) -> list[str]:
    problems = []
    address = link.get("href")
    if address is not None:
        parts = urlsplit(address)
        absolute = parts.scheme in {"http", "https"} and parts.netloc
        if not absolute and parts.scheme != "mailto":
            problems.append(f"an address {address!r}")
        if re.search(r"[\s\"'<>\\\x00-\x1f]", address):
            problems.append(f"characters in {address!r}")
    if link.get("rel") != "nofollow ugc noopener":
        problems.append(f"a link that vouches for {address!r}")
    return problems


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_harmless_when_shown(name: str) -> None:
    """Ensure no tag, attribute or address gets through that could act."""
    assert dangers(to_html(HOSTILE[name]), PROSE_TAGS) == []
    document = document_to_html(HOSTILE[name], REFERENCES)
    assert dangers(document, DOCUMENT_TAGS, citations=True) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_harmless_among_other_text(name: str) -> None:
    """Ensure a quote, a list or a paragraph around it opens no way."""
    text = HOSTILE[name]
    for around in (
        f"> {text}",
        f"- {text}\n- b",
        f"a **{text}** b",
        f"`a` {text} `b`",
        f"    {text}",
    ):
        assert dangers(to_html(around), PROSE_TAGS) == []
        document = document_to_html(around, REFERENCES)
        assert dangers(document, DOCUMENT_TAGS, citations=True) == []


@pytest.mark.parametrize("name", HUGE)
def test_what_is_endless_stays_bounded(name: str) -> None:
    """Ensure no text grows without measure, nests without end, or exhausts the stack."""
    text = HUGE[name]

    for html in (to_html(text), document_to_html(text, REFERENCES)):
        shown = Shown(html)
        assert shown.problems == []
        assert shown.deepest <= 60
        # The longest thing one character can become is an escaped ampersand; a reference
        # becomes a link.
        assert len(html) <= 12 * len(text) + 1_000


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.sampled_from(list("ab<>&\"'`*_[]()!:/\\#-1. \n\t\x00=~jx@")), max_size=80)
)
def test_any_text_is_harmless(text: str) -> None:
    """Ensure nothing made of the characters that mean something gets through."""
    assert dangers(to_html(text), PROSE_TAGS) == []
    document = document_to_html(f"{text} [[figure:x]] {text}", REFERENCES)
    assert dangers(document, DOCUMENT_TAGS, citations=True) == []


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*HOSTILE.values(), "[[figure:x]]", "`", "> ", "\n\n", "[", "](https://e.x)"]
        ),
        max_size=6,
    )
)
def test_hostile_pieces_together_are_harmless(pieces: list[str]) -> None:
    """Ensure two halves of an attack do not meet."""
    text = "".join(pieces)

    assert dangers(to_html(text), PROSE_TAGS) == []
    document = document_to_html(text, REFERENCES)
    assert dangers(document, DOCUMENT_TAGS, citations=True) == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
        ("a\n\nb", "<p>a</p>\n<p>b</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
        ("# no heading", "<p># no heading</p>"),
        (
            "[IGF](https://www.intgovforum.org/en?a=1&b=2)",
            '<p><a href="https://www.intgovforum.org/en?a=1&amp;b=2" rel="nofollow ugc noopener">'
            "IGF</a></p>",
        ),
        (
            "<mailto:ada@example.org>",
            '<p><a href="mailto:ada@example.org" rel="nofollow ugc noopener">'
            "mailto:ada@example.org</a></p>",
        ),
    ],
)
def test_what_is_meant_is_shown(text: str, html: str) -> None:
    """Ensure ordinary Markdown reads as its author meant it."""
    assert to_html(text).strip() == html


def test_what_is_refused_stays_readable() -> None:
    """Ensure no words vanish because a tag or an address was not accepted."""
    html = to_html("<script>words of a script</script> and [words](javascript:x)")

    assert "words of a script" in html
    assert "and [words](javascript:x)" in html


def test_headings_of_a_document_come_below_the_pages_own() -> None:
    """Ensure a summary cannot pose as the page: its first heading is of the third level."""
    html = document_to_html("# a\n\n## b\n\n### c\n\n###### d", {})

    assert re.findall(r"<h(\d)>(.)", html) == [("3", "a"), ("4", "b"), ("5", "c"), ("5", "d")]


def test_a_reference_becomes_a_link_with_its_explanation() -> None:
    """Ensure a number in a summary leads to where it comes from, its words escaped."""
    html = document_to_html("So say [[figure:x]].", REFERENCES)

    assert html.strip() == (
        '<p>So say <a class="citation" href="/deliberations/1#&quot;x" '
        'title="Share of &quot;all&quot; &amp; &#x27;some&#x27; &lt;i&gt;">62 % &lt;b&gt;</a>.</p>'
    )


def test_a_reference_to_nothing_stays_as_it_was_written() -> None:
    """Ensure the author sees what leads nowhere."""
    assert "[[figure:none]]" in document_to_html("See [[figure:none]].", REFERENCES)


@pytest.mark.parametrize(
    "text",
    [
        "`[[figure:x]]`",
        "    [[figure:x]]",
        "[see [[figure:x]]](https://e.example)",
        "<https://e.example/?[[figure:x]]>",
    ],
)
def test_a_reference_in_code_or_in_a_link_is_left_alone(text: str) -> None:
    """Ensure code is shown as written and no link stands in another."""
    html = document_to_html(text, REFERENCES)

    assert "[[figure:x]]" in html
    assert "citation" not in html


def test_a_reference_after_code_and_links_still_works() -> None:
    """Ensure leaving code and links alone does not swallow what follows them."""
    html = document_to_html("`code` [a](https://e.example) [[figure:x]] `code`", REFERENCES)

    assert html.count('class="citation"') == 1
