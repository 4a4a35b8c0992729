"""Case pages taken apart and put together otherwise: whatever comes of it, some things hold."""

from contextlib import suppress

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deliberate.domain.errors import Invalid
from deliberate.importing import SessionPage, normalise, read_page
from deliberate.importing.labels import FIELDS
from tests.importing.test_cases import NAMES, page_path

PAGES = [page_path(name).read_text("utf-8", "replace") for name in NAMES]
TEXTS = [page for page in PAGES if "<" not in page]
ODD = ["\u200f", "\u00ad", "🔒", "\u2028", "\u0301", "“", "(", "?", "؟", "&amp;", "&#63;", "\ufeff",
       "1. ", "• ", ";", ", and ", " | ", "\t", "\x85", "ﷺ", "👩‍🚀", "…", "¿", "<br>",
       "UTC"]  # fmt: skip
LABELS = sorted(FIELDS)


@st.composite
def mutated(draw: st.DrawFn, pages: list[str]) -> str:
    """A case page with lines moved, doubled, dropped, relabelled and sprinkled with odd marks."""
    lines = draw(st.sampled_from(pages)).splitlines()
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 6)):
            case 0:
                lines[at], lines[other] = lines[other], lines[at]
            case 1:
                lines.insert(other, lines[at])
            case 2 if len(lines) > 1:
                del lines[at]
            case 3:
                lines.insert(at, restyled(draw(st.sampled_from(LABELS)), draw(st.integers(0, 5))))
            case 4:
                cut = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:cut] + draw(st.sampled_from(ODD)) + lines[at][cut:]
            case 5:
                lines[at] = restyled(lines[at], draw(st.integers(0, 5)))
            case _:
                lines[at] += " " + draw(st.sampled_from(pages)).splitlines()[0]
    return "\n".join(lines)


def restyled(words: str, style: int) -> str:
    """A label or line in one of the ways in which pages print them."""
    bare = words.rstrip(" :")
    styles = (bare, f"{bare}:", f"{bare.title()}(s):", bare.upper(), f"- {bare}:", f"\n{bare} 1:\n")
    return styles[style]


def check(page: SessionPage) -> None:
    """What holds of every page that was read."""
    for name, source in page.sources.items():
        assert source.spans, name
        for span in source.spans:
            assert 1 <= span.line <= len(page.lines)
            assert 0 <= span.start <= span.end <= len(page.lines[span.line - 1])
    assert all(1 <= doubt.line <= len(page.lines) for doubt in page.doubts)
    assert len(set(page.doubts)) == len(page.doubts)
    texts = [page.title, *page.key_takeaways, *page.calls_to_action]
    texts += [one.text for one in page.policy_questions]
    assert all(text and normalise(text) == text for text in texts)
    assert all(1 <= goal <= 17 for goal in page.sdgs)
    assert list(page.sdgs) == sorted(set(page.sdgs))


@settings(max_examples=120, deadline=None)
@given(mutated(PAGES))
def test_a_mutated_page_is_read_or_refused_and_always_in_the_same_way(text: str) -> None:
    """Ensure no page ends in another error, and reading is the same every time."""
    with suppress(Invalid):
        page = read_page(text)
        check(page)
        assert read_page(text.encode()).digest == page.digest


@settings(max_examples=80, deadline=None)
@given(mutated(TEXTS))
def test_the_lines_that_are_shown_read_like_the_page(text: str) -> None:
    """Ensure the source shown to the curator is enough to read the same values from it again."""
    assume("<" not in text and "&" not in text)
    with suppress(Invalid):
        page = read_page(text)
        again = read_page("\n".join(page.lines))

        assert again.lines == page.lines
        assert again.as_json() == page.as_json()
