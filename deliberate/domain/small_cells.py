"""Which figures of a confidential poll may be published without giving a ballot away.

Why groups are merged *before* weighting (method.md 4): when each group has one voice, a published
total is a sum of fractions c/n, one for each group. With groups of different sizes that sum can
be decoded: in a public case the total 148119/50141 has exactly one solution, and it shows the
single ballot of a group of one, although no figure of a group was published. Rounding to four
decimals still leaves only nineteen candidates. So a group with fewer ballots than the minimum
never becomes a stratum of its own; such groups together form one, and if they are still too few,
a larger group joins them. Leaving them in the total alone would not help: the total minus the
reporting groups is the hidden cell (complementary suppression; OECD/UNECE glossary of statistical
disclosure control; method.md 4).
"""

from collections.abc import Mapping

MERGED_GROUPS = "Groups with few ballots"
"""The stratum that small groups form together; pages translate the name."""


def merge_small_groups(counts: Mapping[str, int], minimum: int = 5) -> dict[str, str | None]:
    """For each group the stratum under which its ballots are counted and published.

    A group with at least `minimum` ballots stands for itself; the smaller ones form
    `MERGED_GROUPS`. While those are still too few together, the smallest group that would stand
    for itself joins them (of equal ones the first by name): every ballot counts, and no total
    gives the hidden cells away by subtraction. Only when all ballots together are fewer than
    the minimum is nothing published. A group without ballots has no stratum (None). Turnout by
    group is public in any case, so it hides nothing and gives nothing away.

    Raises `ValueError` for a minimum below 1, negative counts, or a group that bears the name
    of the merged stratum.
    """
    if minimum < 1 or min(counts.values(), default=0) < 0 or MERGED_GROUPS in counts:
        raise ValueError("these counts cannot be merged")
    voted = sorted((n, group) for group, n in counts.items() if n)
    merged: set[str] = set()
    together = 0
    for n, group in voted:
        if n < minimum or 0 < together < minimum:
            merged.add(group)
            together += n
    if together < minimum and merged:
        return dict.fromkeys(counts)
    named = {group: MERGED_GROUPS if group in merged else group for _, group in voted}
    return {group: named.get(group) for group in counts}
