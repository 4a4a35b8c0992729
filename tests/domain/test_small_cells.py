"""Small groups are merged before weighting, or left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.small_cells import MERGED_GROUPS, TopCode, merge_small_groups, top_code


def test_small_groups_form_one_stratum_when_they_reach_the_minimum() -> None:
    """Ensure groups of three and two are published together."""
    published = merge_small_groups({"a": 20, "b": 3, "c": 2})

    assert published == {"a": "a", "b": MERGED_GROUPS, "c": MERGED_GROUPS}


def test_small_groups_are_left_out_when_they_stay_too_few() -> None:
    """Ensure three and one are not published at all."""
    assert merge_small_groups({"a": 20, "b": 3, "c": 1, "d": 0}) == {
        "a": "a",
        "b": None,
        "c": None,
        "d": None,
    }


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 30)), st.integers(1, 12))
def test_no_published_stratum_is_below_the_minimum(counts: dict[str, int], minimum: int) -> None:
    """Ensure every stratum reaches the minimum, and no group that does is merged."""
    published = merge_small_groups(counts, minimum)

    for stratum in set(published.values()) - {None}:
        members = [group for group in counts if published[group] == stratum]
        assert sum(counts[group] for group in members) >= minimum
    assert all(published[group] == group for group, n in counts.items() if n >= minimum)


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 30)))
def test_no_hidden_cell_can_be_had_by_subtraction(counts: dict[str, int]) -> None:
    """Ensure the published strata add up to a total that contains no left-out ballot."""
    published = merge_small_groups(counts)

    total = sum(n for group, n in counts.items() if published[group] is not None)
    shown = {
        stratum: sum(n for group, n in counts.items() if published[group] == stratum)
        for stratum in set(published.values()) - {None}
    }
    left = total - sum(n for stratum, n in shown.items() if stratum != MERGED_GROUPS)
    assert left == shown.get(MERGED_GROUPS, 0)
    assert left == 0 or left >= 5


@pytest.mark.parametrize(
    ("counts", "minimum"), [({"a": 1}, 0), ({"a": -1}, 5), ({MERGED_GROUPS: 9}, 5)]
)
def test_counts_that_make_no_sense_are_refused(counts: dict[str, int], minimum: int) -> None:
    """Ensure mistakes of the caller are not published."""
    with pytest.raises(ValueError, match="cannot be merged"):
        merge_small_groups(counts, minimum)


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [
        (7, 7, TopCode.OVER_90),
        (0, 9, TopCode.UNDER_10),
        (4, 7, None),
        (15, 15, TopCode.OVER_90),
        (14, 15, None),
        (20, 20, None),
    ],
)
def test_near_unanimity_of_a_small_group_is_coarsened(
    part: int, whole: int, printed: TopCode | None
) -> None:
    """Ensure small and nearly unanimous groups show a limit in place of a share."""
    assert top_code(part, whole) is printed
