"""Which figures of a confidential poll may be published without giving a ballot away.

Why groups are merged *before* weighting (voting.md 6): when each group has one voice, a
published total is a sum of fractions c/n, one for each group. With groups of different sizes
that sum can be decoded: in a public case the total 148119/50141 has exactly one solution, and
it shows the single ballot of a group of one, although no figure of a group was published.
Rounding to four decimals still leaves only nineteen candidates. So a group with fewer ballots
than the minimum never becomes a stratum of its own; such groups together form one, and if
they are still too few, their ballots appear in no published figure of any scheme. Leaving them
in the total alone would not help: the total minus the reporting groups is the hidden cell
(complementary suppression; OECD/UNECE glossary of statistical disclosure control; opinion.md
6, rule 2).
"""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

MERGED_GROUPS = "Groups with few ballots"
"""The stratum that small groups form together; pages translate the name."""


def merge_small_groups(counts: Mapping[str, int], minimum: int = 5) -> dict[str, str | None]:
    """For each group the stratum under which its ballots are counted and published.

    A group with at least `minimum` ballots stands for itself; the smaller ones form
    `MERGED_GROUPS` when they reach the minimum together, else their ballots are left out
    (None). A group without ballots has nothing to publish (None). Turnout by group is public
    in any case, so it hides nothing and gives nothing away.

    Raises `ValueError` for a minimum below 1, negative counts, or a group that bears the name
    of the merged stratum.
    """
    if minimum < 1 or min(counts.values(), default=0) < 0 or MERGED_GROUPS in counts:
        raise ValueError("these counts cannot be merged")
    few = {group: n for group, n in counts.items() if n < minimum}
    together = MERGED_GROUPS if sum(few.values()) >= minimum else None
    return {
        group: group if group not in few else together if few[group] else None for group in counts
    }


class TopCode(StrEnum):
    """What is printed in place of a share that would show how nearly everybody answered."""

    OVER_90 = "over_90"
    UNDER_10 = "under_10"


def top_code(part: int, whole: int) -> TopCode | None:
    """Whether a share must be coarsened, because a nearly unanimous small group is exposed.

    Below 10 people a share of 90 % or more is printed as "over 90 %", one of 10 % or less as
    "under 10 %"; below 20 people only 100 % and 0 % are (opinion.md 6, rule 3, after practice
    of the Washington State Department of Health).

    Raises `ValueError` unless 0 <= part <= whole and whole is positive.
    """
    if not 0 <= part <= whole or whole == 0:
        raise ValueError("a part lies between nothing and its whole")
    share = Fraction(part, whole)
    edge = Fraction(9, 10) if whole < 10 else Fraction(1)
    if whole >= 20 or 1 - edge < share < edge:
        return None
    return TopCode.OVER_90 if share >= edge else TopCode.UNDER_10
