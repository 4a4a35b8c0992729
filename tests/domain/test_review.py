"""Claims about reviews: what scores add up to, what is missing, and who reads what first."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.review import (
    HIGHEST,
    LOWEST,
    SCORE_LABELS,
    Missing,
    ReviewRules,
    Score,
    Stance,
    SuggestionState,
    average,
    count_groups,
    one_decimal,
    reading_order,
    review_record,
    roles_of,
    spread,
    what_is_missing,
)

GROUPS = list(StakeholderGroup)
values = st.lists(st.integers(LOWEST, HIGHEST), min_size=1, max_size=40)
groups = st.lists(st.sampled_from(GROUPS), max_size=12)
rules = st.builds(ReviewRules, st.integers(1, 8), st.integers(1, 5))


@given(values)
def test_an_average_lies_between_the_scores_and_does_not_mind_their_order(some: list[int]) -> None:
    """Ensure the mean is exact, within the scores, and the same in any order."""
    mean = average(some)

    assert min(some) <= mean <= max(some)
    assert mean * len(some) == sum(some)
    assert average(some[::-1]) == mean


@given(values)
def test_a_spread_is_nothing_exactly_when_all_agree(some: list[int]) -> None:
    """Ensure the spread counts steps of the scale."""
    assert 0 <= spread(some) <= HIGHEST - LOWEST
    assert (spread(some) == 0) == (len(set(some)) == 1)


@given(st.fractions(min_value=0, max_value=9))
def test_one_decimal_is_the_nearest_tenth(value: Fraction) -> None:
    """Ensure what is shown is never further from the mean than half a tenth."""
    assert abs(Fraction(one_decimal(value)) - value) <= Fraction(1, 20)


@pytest.mark.parametrize(
    ("value", "shown"), [("13/4", "3.3"), ("10/3", "3.3"), ("11/3", "3.7"), ("3", "3.0")]
)
def test_a_half_is_rounded_up(value: str, shown: str) -> None:
    """Ensure two machines show the same digit, which binary fractions do not promise."""
    assert one_decimal(Fraction(value)) == shown


@given(groups, rules)
def test_exactly_what_is_missing_is_enough(came: list[StakeholderGroup], need: ReviewRules) -> None:
    """Ensure the reviews named as missing end the wait, and one fewer does not."""
    missing = what_is_missing(count_groups(came), need)
    fresh = [group for group in GROUPS if group not in came][: missing.groups]

    def wait(more: list[StakeholderGroup]) -> Missing:
        return what_is_missing(count_groups([*came, *more]), need)

    if len(fresh) == missing.groups:
        more = fresh + [GROUPS[0]] * (missing.reviews - missing.groups)
        assert not wait(more)
        assert missing.reviews == 0 or wait(more[1:])


def test_too_few_scores_are_counted_but_not_added_up() -> None:
    """Ensure an average never gives away what one of two reviewers thought."""
    two = [Score(StakeholderGroup.TECHNICAL, 1), Score(StakeholderGroup.GOVERNMENT, 4)]

    assert review_record(two) == {
        "reviewers": {"Government": 1, "Technical Community": 1},
        "average": None,
        "spread": None,
    }
    three = review_record([*two, Score(StakeholderGroup.GOVERNMENT, 5)])
    assert (three["average"], three["spread"]) == ("3.3", 4)
    assert three["reviewers"]["Government"] == 2


@given(st.integers(1, 10_000), st.sets(st.integers(1, 5_000), max_size=60))
def test_a_reviewers_order_is_their_own_and_stays(person: int, ids: set[int]) -> None:
    """Ensure nothing is lost, and that a question more or less moves no other."""
    order = reading_order(person, ids)

    assert sorted(order) == sorted(ids)
    assert reading_order(person, sorted(ids, reverse=True)) == order
    if order:
        assert reading_order(person, ids - {order[0]}) == order[1:]


def test_reviewers_begin_with_different_questions() -> None:
    """Ensure the first question of a session is not everybody's first."""
    firsts = {reading_order(person, range(1, 21))[0] for person in range(1, 41)}

    assert len(firsts) > 10


def test_a_name_on_the_page_is_found_in_its_roles() -> None:
    """Ensure case and spaces do not hide somebody from the page they stand on."""
    record = {
        "speakers": [{"name": "Ada  Example"}, {"name": None}],
        "organizers": [{"name": "ADA EXAMPLE"}, {"name": "Ada Example-Smith"}],
    }

    assert roles_of("Ada Example", record) == ("organizers", "speakers")
    assert roles_of("Bo Example", record) == ()


def test_every_word_of_a_scale_has_a_label() -> None:
    """Ensure no score, stance or state is shown as a number or a code."""
    assert set(SCORE_LABELS) == set(range(LOWEST, HIGHEST + 1))
    assert all(stance.label for stance in Stance)
    assert all(state.label for state in SuggestionState)
