"""Positions and ratings become support, opposition and pass, with their parts kept apart."""

from fractions import Fraction

import pytest

from deliberate.domain.positions import Counts, Position, Rating, count_positions, count_ratings


def test_positions_are_counted_with_their_parts() -> None:
    """Ensure partial support, unclear and no position stay visible."""
    numbers = {
        Position.ENDORSE: 5,
        Position.PARTLY: 4,
        Position.CONTEST: 3,
        Position.UNCLEAR: 2,
        Position.NO_POSITION: 1,
    }

    counts = count_positions(numbers)

    assert counts == Counts(9, 3, 3, partly=4, unclear=2, no_position=1)
    assert (counts.n, counts.positions, counts.taking_part) == (15, 12, 14)
    assert counts.support == Fraction(3, 4)


def test_ratings_are_counted_with_confusion_apart() -> None:
    """Ensure the six steps fall on the right side and each counts once."""
    counts = count_ratings({rating: 10**place for place, rating in enumerate(Rating)})

    assert counts == Counts(agree=11, disagree=11_000, passed=100_100, unclear=100_000)


def test_reasons_are_asked_where_something_should_change() -> None:
    """Ensure endorsing in part and contesting ask why, and nothing else does."""
    assert [each for each in Position if each.asks_reason] == [Position.PARTLY, Position.CONTEST]


@pytest.mark.parametrize("answers", [Position, Rating])
def test_no_two_answers_of_a_scale_share_their_words(answers: type[Position | Rating]) -> None:
    """Ensure a reader of one scale can tell its answers apart by their labels."""
    labels = [each.label for each in answers]

    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_without_positions_there_is_no_share() -> None:
    """Ensure passes alone are not called zero support."""
    assert Counts(passed=4).support is None


def test_counts_add_up() -> None:
    """Ensure two groups together keep every part."""
    one, two = Counts(9, 3, 3, 4, 2, 1), Counts(1, 1, 1, 1, 0, 1)

    assert one + two == Counts(10, 4, 4, 5, 2, 2)


@pytest.mark.parametrize("wrong", [(-1, 0, 0, 0, 0, 0), (1, 0, 0, 2, 0, 0), (0, 0, 1, 0, 1, 1)])
def test_counts_that_cannot_be_are_refused(wrong: tuple[int, ...]) -> None:
    """Ensure a part never exceeds its whole."""
    with pytest.raises(ValueError, match=r"cannot be negative|exceeds its whole"):
        Counts(*wrong)
