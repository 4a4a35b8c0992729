"""Rule 1: how texts are made comparable without changing what they say."""

import pytest

from deliberate.importing import normalise


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  two\u00a0\n words ", "two words"),
        ("Media &amp; Content", "Media & Content"),
        ("Media &amp;amp; Content", "Media & Content"),
        ("trader&rsquo;s &#8220;own&#8221;", "trader’s “own”"),
        ("https://igf.example/?a=1&copy=2", "https://igf.example/?a=1&copy=2"),
        ("Mele, 🔒", "Mele,"),
        ("inter\u00adnet", "internet"),
        ("e\u0301tat", "état"),
        ("“quoted” – very divers, support und", "“quoted” – very divers, support und"),
    ],
)
def test_only_form_is_normalised(raw: str, text: str) -> None:
    """Ensure spaces, entities and hidden marks go, and wording and errors stay."""
    assert normalise(raw) == text
