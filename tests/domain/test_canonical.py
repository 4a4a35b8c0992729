"""One value has one byte string and one fingerprint, whatever machine writes it."""

import json
from fractions import Fraction

import pytest

from deliberate.domain.canonical import canonical_json, fingerprint


def test_canonical_json_sorts_names_by_utf_16_units() -> None:
    """Ensure the sorting example of RFC 8785 section 3.2.3 comes out in the published order."""
    names = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    # Normalisation form C takes the presentation form apart, so that name sorts by its letters.
    del names["\ufb33"]

    assert list(json.loads(canonical_json(names)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
    ]


def test_names_beyond_the_basic_plane_sort_before_private_use() -> None:
    """Ensure UTF-16 units, not code points, decide: U+1F600 comes before U+E000."""
    assert canonical_json({"\ue000": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ue000":1}'.encode()


def test_canonical_json_is_one_known_byte_string() -> None:
    """Ensure escapes, nesting, spacing and rationals are fixed."""
    value = {"b": [1, True, None, Fraction(2, 3)], "a": {"text": 'é"\\\n\x01'}}

    expected = '{"a":{"text":"é\\"\\\\\\n\\u0001"},"b":[1,true,null,"2/3"]}'
    assert canonical_json(value) == expected.encode()


def test_the_same_text_has_one_fingerprint() -> None:
    """Ensure composed and decomposed letters and the order of names do not matter."""
    composed = fingerprint({"title": "Caf\u00e9", "options": [1, 2]})

    assert fingerprint({"options": [1, 2], "title": "Cafe\u0301"}) == composed
    assert fingerprint({"options": [2, 1], "title": "Caf\u00e9"}) != composed
    assert fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ({"x": 1.5}, TypeError),
        ({1: "x"}, TypeError),
        ({"x": 2**53}, ValueError),
        ({"\u00e9": 1, "e\u0301": 2}, ValueError),
        ({"x": "\ud800"}, ValueError),
    ],
)
def test_what_has_no_single_form_is_refused(value: object, error: type[Exception]) -> None:
    """Ensure floats, large integers, doubled names and lone surrogates are never hashed."""
    with pytest.raises(error):
        canonical_json(value)
