"""Random polls for property tests: small enough to shrink, large enough to cycle and tie."""

from hypothesis import strategies as st

from deliberate.domain.tally import Ballot, Tiers

OPTIONS = (1, 2, 3, 4)
GROUPS = ("a", "b", "c")


tied = st.sampled_from((False, False, False, True))


@st.composite
def rankings(draw: st.DrawFn) -> Tiers:
    """A ballot with ties and truncation; it may be blank."""
    order = draw(st.permutations(OPTIONS))
    ranked = order[: draw(st.integers(0, len(order)))]
    tiers: list[tuple[int, ...]] = []
    for option in ranked:
        joins: bool = draw(tied)
        if tiers and joins:
            tiers[-1] = (*tiers[-1], option)
        else:
            tiers.append((option,))
    return tuple(tiers)


ballots = st.builds(Ballot, st.sampled_from(GROUPS), rankings(), st.integers(1, 4))
polls = st.lists(ballots, max_size=9)
cast_polls = st.lists(ballots, min_size=1, max_size=9)
