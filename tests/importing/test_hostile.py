"""Whatever is uploaded, the reader answers with a page or with one clear refusal."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberate.domain.errors import Invalid
from deliberate.importing import DoubtKind, SessionPage, normalise, read_page
from tests.importing.test_cases import NAMES, page_path

HEAD = "IGF 2020 WS #1 Quiet Networks\n\nPolicy Question(s)\n\n"
SCRAPS = st.sampled_from(
    [
        "IGF 2021 Main Session: Title", "IGF 2020 WS #4", "Policy Question(s)", "1. Who? 2. How?",
        "Speaker 1: A B, Civil Society, African Group", "Moderator: ", ", Org", "• ", "- Why?",
        "Time", "Tuesday, 13 November, 2018 - 11:20 to 12:50 GMT+25", "32 May 2020 99:99 UTC",
        "0 January 2021, 10:00 UTC", "GOAL 99: x", "SDGs", "17.17", "Key Takeaway 1",
        "Call to Action", "Targets: SDG 1, 2", "| Name: A | Stakeholder: B", "Mr.,", "Mr.,A", "“?”",
        "Stakeholder Group: X", "Country: Y", "Theme", "(Building) - ", "Duration (minutes): 0",
        "Heading:", "<p>", "</p>", "<br>", "<li>", "<h1>", "&amp;amp;", "🔒", "\u00ad", "\u037e",
        "\ufeff", "Session Report", "3. Key Takeaways", "Format", "Panel - 90 Min", "WS 5: x",
    ]
)  # fmt: skip
ANY_TEXT = st.lists(st.one_of(SCRAPS, st.text(max_size=30)), max_size=25).flatmap(
    lambda parts: st.sampled_from(["\n", " ", "\n\n"]).map(lambda glue: glue.join(parts))
)


@pytest.mark.parametrize(
    ("data", "title"),
    [
        (b"", "This page is empty."),
        (b" \n\t\n", "This page is empty."),
        (b"IGF 2020 WS #1 Title\x00\x00", "This is not a text or web page."),
        (b"PK\x03\x04rest of an archive", "This is not a text or web page."),
        (b"%PDF-1.7 rest", "This is not a text or web page."),
        (b"\xff\xfe\x00\xd8", "The encoding of this page is not known."),
        (b"IGF 2020 WS #1 \x81\x8d\x90 title", "The encoding of this page is not known."),
        (b"x" * (2 * 1024 * 1024 + 1), "This page is larger than 2 MB."),
        ("x" * 10_000_000, "This page is larger than 2 MB."),
        (b"A poem about the sea\n\nIt is blue.", "This is not a session page."),
        (b"<html><body><h1>Contact</h1><p>Write to us.</p></body></html>",
         "This is not a session page."),
        (b"IGF 2020 Programme\n\nAll sessions of the week", "This is not a session page."),
        (b"IGF 2018 - Day 3 - Salle VIII - WS 12 A Title\n\nMODERATOR: Good morning.",
         "This is not a session page."),
        (b"\xd0\xcf\x11\xe0 rest of an office file", "This is not a text or web page."),
        (b"{\\rtf1 IGF 2020 WS #1 Title}", "This is not a text or web page."),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related;\n\n<html>",
         "This is a web page archive."),
        (b"<html><body><h1>Log in</h1><input name=n><input type=\"password\"></body></html>",
         "This is a page that asks to sign in."),
        (b"<html><title>Page not found | IGF</title><body><h1>Page not found</h1></body></html>",
         "This is the answer for a page that was not found."),
        (b"<html><body><h1>Access denied</h1><p>Go away, please.</p></body></html>",
         "This is the answer of a site that refused to show the page."),
        (b"<html><body><nav><ul><li>IGF 2021 WS #3 Masts</li></ul></nav></body></html>",
         "This web page holds only menus, or builds its text by script."),
        (b"<html><title>IGF 2021 WS #3 Masts | IGF</title><body><div id=app></div></body></html>",
         "This web page holds only menus, or builds its text by script."),
    ],
)  # fmt: skip
def test_what_is_no_session_page_is_refused_in_one_sentence(data: bytes | str, title: str) -> None:
    """Ensure each refusal names its reason."""
    with pytest.raises(Invalid) as refusal:
        read_page(data)

    assert refusal.value.title == title


def test_a_page_with_a_hundred_thousand_questions_is_refused() -> None:
    """Ensure a flood of questions neither hangs nor fills the memory."""
    with pytest.raises(Invalid):
        read_page(HEAD + "Who decides?\n" * 100_000)


def test_more_than_two_hundred_questions_are_refused() -> None:
    """Ensure two hundred different questions are read and one more is refused."""
    questions = [f"Who decides about matter {n}?\n" for n in range(201)]

    assert len(read_page(HEAD + "".join(questions[:200])).policy_questions) == 200
    with pytest.raises(Invalid, match="200 policy questions"):
        read_page(HEAD + "".join(questions))


def test_more_than_a_hundred_outputs_are_refused() -> None:
    """Ensure outputs are bounded as well."""
    outputs = [f"- Point {n} was made.\n" for n in range(101)]

    page = read_page("IGF 2020 WS #1 Quiet Networks\nKey Takeaways\n" + "".join(outputs[:100]))

    assert len(page.key_takeaways) == 100
    with pytest.raises(Invalid, match="100 takeaways"):
        read_page("IGF 2020 WS #1 Quiet Networks\nKey Takeaways\n" + "".join(outputs))


@pytest.mark.parametrize(
    "flood",
    ["(", '"', "“a ", "1. A? ", "? ", "A. ", "a: ", "&amp;", "<p>", "<!--", "Name: ", "SDG 1, 2 ",
     "\n,", "http://", "Jane Doe, and ", "the ‘", "<a b='", "<![CDATA["],
)  # fmt: skip
def test_a_flood_of_one_mark_is_read_or_refused(flood: str) -> None:
    """Ensure repeated marks that trip naive patterns end in a page or a refusal."""
    with contextlib.suppress(Invalid):
        assert isinstance(read_page(HEAD + flood * 15_000), SessionPage)


def test_a_plain_page_that_mentions_a_tag_keeps_its_lines() -> None:
    """Ensure a tag named in running text does not turn a text page into a web page."""
    page = read_page(HEAD + "What does the <p> tag mean to editors?\nWho reads it?")

    assert [one.text for one in page.policy_questions] == [
        "What does the <p> tag mean to editors?",
        "Who reads it?",
    ]


@pytest.mark.parametrize(
    "tag", ["<div>", "<x>", "<ul><li>", "<b>", "<table><tr><td>", "<p>", "<blockquote>"]
)
def test_a_page_nested_a_hundred_thousand_deep_is_refused(tag: str) -> None:
    """Ensure depth is bounded before it can exhaust the stack or the memory."""
    with pytest.raises(Invalid, match=r"nested|many tags"):
        read_page("<html><body><h1>IGF 2020 WS #1 Quiet</h1>" + tag * 100_000)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_common_encodings_read_alike(encoding: str) -> None:
    """Ensure a page saved by an old editor reads like the same page in UTF-8."""
    text = HEAD + "Who pays for the “last mile” in São Tomé?"

    assert read_page(text.encode(encoding)).digest == read_page(text).digest


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("iso-8859-1", "cp1252"), ("windows-1252", "cp1252"), ("windows-1251", "cp1251"),
     ("shift_jis", "shift_jis"), ("utf-16", "utf-8"), ("unicode_escape", "utf-8")],
)  # fmt: skip
def test_a_declared_encoding_counts_as_browsers_count_it(declared: str, encoding: str) -> None:
    """Ensure Latin-1 means Windows-1252, and no name that only this language knows is obeyed."""
    word = {"cp1251": "сеть", "shift_jis": "電波"}.get(encoding, "“São” \\u0041")
    text = f'<html><meta charset="{declared}"><h1>IGF 2020 WS #1 {word}</h1><p>Words.</p></html>'

    page = read_page(text.encode(encoding))

    assert page.title == word
    assert not doubts_of(page) & {DoubtKind.ENCODING_GUESSED}


def test_an_encoding_that_nothing_tells_is_a_doubt() -> None:
    """Ensure letters that may be wrong are pointed out."""
    page = read_page("IGF 2020 WS #1 São Tomé".encode("latin-1"))

    assert page.title == "São Tomé"
    assert DoubtKind.ENCODING_GUESSED in doubts_of(page)


def doubts_of(page: SessionPage) -> set[DoubtKind]:
    """The kinds of doubt of a page."""
    return {doubt.kind for doubt in page.doubts}


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT)
def test_reading_raises_nothing_but_invalid(text: str) -> None:
    """Ensure no text, however odd, brings forth another error."""
    for data in (text, "IGF 2020 WS #1 Quiet Networks\n" + text):
        with contextlib.suppress(Invalid):
            page = read_page(data)
            for source in page.sources.values():
                assert all(span.line <= len(page.lines) for span in source.spans)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_reading_bytes_raises_nothing_but_invalid(data: bytes) -> None:
    """Ensure no bytes bring forth another error."""
    with contextlib.suppress(Invalid):
        read_page(data)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), ANY_TEXT, st.text(alphabet="&;amp#380x\u00ad\u037e🔒 \u0301e")))
def test_normalising_twice_changes_nothing(text: str) -> None:
    """Ensure normalisation is idempotent, also for entities inside entities."""
    once = normalise(text)

    assert normalise(once) == once


@pytest.mark.parametrize("name", [name for name in NAMES if page_path(name).suffix == ".txt"])
def test_the_digest_ignores_white_space(name: str) -> None:
    """Ensure other line ends, indents and no-break spaces leave the digest as it is."""
    text = page_path(name).read_text("utf-8")
    spaced = "\r\n".join("\u00a0 " + line.replace(" ", "  ") + " \t" for line in text.splitlines())

    assert read_page(spaced).digest == read_page(text).digest


def test_the_digest_changes_with_a_value() -> None:
    """Ensure one other letter in a question is another digest."""
    assert read_page(HEAD + "Who pays?").digest != read_page(HEAD + "Who prays?").digest
