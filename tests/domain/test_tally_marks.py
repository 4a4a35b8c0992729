"""Marks are counted exactly, group by group, and weighed like rankings."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from deliberate.domain.ballots import AgreementScale, Approval, Dots, Score, encode
from deliberate.domain.tally.marks import count_marks, weigh_marks
from deliberate.domain.weighting import Scheme

OPTIONS = (11, 12)


def test_each_mark_is_counted_in_its_group() -> None:
    """Ensure numbers by mark, blank ballots included, stand apart for each group."""
    answers = [("A", encode((1, 0))), ("A", encode((1, 1))), ("B", encode((0, 0)))]

    strata = count_marks(answers, OPTIONS, Approval())

    assert strata["A"].numbers == {11: (0, 2), 12: (1, 1)}
    assert (strata["A"].blank, strata["B"].ballots, strata["B"].blank) == (0, 1, 1)


def test_points_add_up_under_each_scheme() -> None:
    """Ensure a group's voice counts once where groups count the same, exactly."""
    rules = Score(("No", "Perhaps", "Yes"))
    answers = [("A", encode((3, 1)))] * 3 + [("B", encode((1, 3))), ("B", encode((2, 3)))]
    strata = count_marks(answers, OPTIONS, rules)

    heads = weigh_marks(strata, OPTIONS, rules, Scheme.PARTICIPANT, 2)
    groups = weigh_marks(strata, OPTIONS, rules, Scheme.GROUP, 2)

    assert heads.points == {11: Fraction(7), 12: Fraction(4)}
    assert heads.tiers == ((11,), (12,))
    assert groups.points == {11: Fraction(5, 2), 12: Fraction(2)}
    assert groups.total == 2


def test_level_options_share_a_tier() -> None:
    """Ensure a tie is told as one."""
    strata = count_marks([("A", encode((4, 4)))] * 2, OPTIONS, Dots())

    assert weigh_marks(strata, OPTIONS, Dots(), Scheme.PARTICIPANT, 2).tiers == ((11, 12),)


def test_agreement_is_not_added_up() -> None:
    """Ensure no order is made of answers that are no numbers."""
    strata = count_marks([("A", encode((1, 7)))] * 2, OPTIONS, AgreementScale())

    tally = weigh_marks(strata, OPTIONS, AgreementScale(), Scheme.PARTICIPANT, 2)

    assert (tally.points, tally.tiers) == ({}, ())
    assert tally.numbers[12][7] == 2


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.lists(st.integers(0, 5), min_size=2, max_size=2)))
)
def test_the_order_of_ballots_does_not_matter(cast: list[tuple[str, tuple[int, int]]]) -> None:
    """Ensure every ballot is counted once for each option, in whatever order they come."""
    answers = [(stratum, encode(marks)) for stratum, marks in cast]

    strata = count_marks(answers, OPTIONS, Dots(5))

    assert strata == count_marks(answers[::-1], OPTIONS, Dots(5))
    assert all(
        sum(own) == each.ballots for each in strata.values() for own in each.numbers.values()
    )
    assert sum(each.ballots for each in strata.values()) == len(cast)
