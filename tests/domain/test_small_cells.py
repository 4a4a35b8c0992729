"""Small groups are merged before weighting, or left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.small_cells import MERGED_GROUPS, merge_small_groups


def test_small_groups_form_one_stratum_when_they_reach_the_minimum() -> None:
    """Ensure groups of three and two are published together."""
    published = merge_small_groups({"a": 20, "b": 3, "c": 2})

    assert published == {"a": "a", "b": MERGED_GROUPS, "c": MERGED_GROUPS}


def test_the_smallest_reporting_group_joins_when_small_ones_stay_too_few() -> None:
    """Ensure three and one are published with the smallest group that could stand for itself."""
    assert merge_small_groups({"a": 20, "b": 3, "c": 1, "d": 0, "e": 6}) == {
        "a": "a",
        "b": MERGED_GROUPS,
        "c": MERGED_GROUPS,
        "d": None,
        "e": MERGED_GROUPS,
    }


def test_nothing_is_published_of_fewer_ballots_than_the_minimum() -> None:
    """Ensure four ballots in all are shown in no stratum."""
    assert merge_small_groups({"a": 3, "b": 1, "c": 0}) == {"a": None, "b": None, "c": None}


COUNTS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 30))


@given(COUNTS, st.integers(1, 12))
def test_no_published_stratum_is_below_the_minimum(counts: dict[str, int], minimum: int) -> None:
    """Ensure every stratum reaches the minimum."""
    published = merge_small_groups(counts, minimum)

    for stratum in set(published.values()) - {None}:
        members = [group for group in counts if published[group] == stratum]
        assert sum(counts[group] for group in members) >= minimum


@given(COUNTS, st.integers(1, 12))
def test_every_ballot_counts_once_enough_were_cast(counts: dict[str, int], minimum: int) -> None:
    """Ensure no ballot is left out unless all are, so that nothing is had by subtraction."""
    published = merge_small_groups(counts, minimum)

    counted = sum(n for group, n in counts.items() if published[group] is not None)
    cast = sum(counts.values())
    assert counted == (cast if cast >= minimum else 0)


@pytest.mark.parametrize(
    ("counts", "minimum"), [({"a": 1}, 0), ({"a": -1}, 5), ({MERGED_GROUPS: 9}, 5)]
)
def test_counts_that_make_no_sense_are_refused(counts: dict[str, int], minimum: int) -> None:
    """Ensure mistakes of the caller are not published."""
    with pytest.raises(ValueError, match="cannot be merged"):
        merge_small_groups(counts, minimum)
