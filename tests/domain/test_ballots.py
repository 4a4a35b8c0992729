"""Ballots are checked and explained, never repaired; order and fingerprint are reproducible."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain import ballots
from deliberate.domain.ballots import (
    Direction,
    canonical_json,
    check_ranking,
    display_order,
    fingerprint,
    move,
    put_in_order,
)
from deliberate.domain.errors import Invalid

OPTIONS = (11, 12, 13, 14)


def problems(ranking: dict[int, int | None]) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        check_ranking(ranking, OPTIONS)
    return refusal.value.fields


def test_ranks_become_a_ballot() -> None:
    """Ensure options are ordered by rank and unranked ones are left out."""
    assert check_ranking({11: 2, 12: None, 13: 1}, OPTIONS) == ((13,), (11,))


def test_equal_ranks_are_explained_at_each_of_the_options() -> None:
    """Ensure both fields with the same rank say so, and nothing is renumbered."""
    assert problems({11: 1, 12: 1, 13: 2}) == {
        "rank-11": ballots.DUPLICATE,
        "rank-12": ballots.DUPLICATE,
    }


def test_a_gap_is_explained_where_it_ends() -> None:
    """Ensure a rank whose predecessor is missing says so."""
    assert problems({11: 1, 12: 3}) == {"rank-12": ballots.GAP}


def test_a_ranking_starts_at_one() -> None:
    """Ensure beginning with rank 2 is a gap and rank 0 is no rank."""
    assert problems({11: 2}) == {"rank-11": ballots.GAP}
    assert problems({11: 0, 12: 1}) == {"rank-11": ballots.OUT_OF_RANGE}
    assert problems({11: 5, 12: 1}) == {"rank-11": ballots.OUT_OF_RANGE}


def test_an_option_that_is_not_offered_is_refused() -> None:
    """Ensure a form altered by hand cannot add an option."""
    assert problems({11: 1, 99: 2}) == {"rank-99": ballots.UNKNOWN}


@pytest.mark.parametrize("ranking", [{}, {11: None, 12: None}])
def test_a_ballot_ranks_at_least_one_option(ranking: dict[int, int | None]) -> None:
    """Ensure a blank form is not taken for a ballot."""
    with pytest.raises(Invalid, match="at least one option"):
        check_ranking(ranking, OPTIONS)


@given(st.permutations(OPTIONS), st.integers(1, len(OPTIONS)))
def test_every_numbered_order_is_accepted_as_it_is(order: list[int], number: int) -> None:
    """Ensure any strict ranking, truncated or not, comes back unchanged."""
    ranked = order[:number]

    ballot = check_ranking({option: place for place, option in enumerate(ranked, 1)}, OPTIONS)

    assert [option for (option,) in ballot] == ranked


@given(st.dictionaries(st.sampled_from(OPTIONS), st.none() | st.integers(-1, 6)))
def test_only_whole_rankings_are_accepted(ranking: dict[int, int | None]) -> None:
    """Ensure a ranking is accepted exactly when its ranks are 1, 2, ... each once."""
    ranks = sorted(rank for rank in ranking.values() if rank is not None)

    if ranks and ranks == list(range(1, len(ranks) + 1)):
        assert len(check_ranking(ranking, OPTIONS)) == len(ranks)
    else:
        with pytest.raises(Invalid):
            check_ranking(ranking, OPTIONS)


def test_putting_in_order_closes_gaps_and_keeps_equal_ranks_in_sequence() -> None:
    """Ensure the button that renumbers is predictable."""
    assert put_in_order({11: 7, 12: 2, 13: None, 14: 2}) == (12, 14, 11)


def test_an_option_moves_by_one_place() -> None:
    """Ensure up and down are one step and the ends hold."""
    assert move((1, 2, 3), 3, Direction.UP) == (1, 3, 2)
    assert move((1, 2, 3), 1, Direction.DOWN) == (2, 1, 3)
    assert move((1, 2, 3), 1, Direction.UP) == (1, 2, 3)
    assert move((1, 2, 3), 3, Direction.DOWN) == (1, 2, 3)


def test_an_option_that_is_not_ranked_cannot_move() -> None:
    """Ensure a stale button is noticed."""
    with pytest.raises(ValueError, match="not in"):
        move((1, 2), 9, Direction.UP)


@given(st.lists(st.integers(1, 10**9), unique=True, max_size=12), st.binary(max_size=32))
def test_the_order_of_display_depends_on_the_seed_alone(options: list[int], seed: bytes) -> None:
    """Ensure the order is a permutation and the same from whatever order it starts."""
    shown = display_order(options, seed)

    assert sorted(shown) == sorted(options)
    assert display_order(list(reversed(options)), seed) == shown


def test_over_many_voters_each_option_comes_first_about_equally() -> None:
    """Ensure no option is favoured by its place: 4,000 seeds, 1,000 expected each."""
    firsts = [display_order(OPTIONS, f"voter {seed}".encode())[0] for seed in range(4000)]

    assert all(850 < firsts.count(option) < 1150 for option in OPTIONS)


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
