"""Borda scores, from the pairwise count.

Source: J.-C. de Borda (1781); ties and unranked options share the mean of the places they
cover (Black 1976), which makes the score a sum over rivals: a full point for each ballot that
places the option above the rival, half a point where it places them level.
"""

from fractions import Fraction

from deliberate.domain.tally.ordering import by_score
from deliberate.domain.tally.pairwise import Pairwise


def borda_scores(pairwise: Pairwise) -> dict[int, Fraction]:
    """The score of each option: m - 1 points for a first place among m options, 0 for a last."""
    return {
        option: sum(
            (
                (pairwise.weight + pairwise.margin(option, other)) / 2
                for other in pairwise.options
                if other != option
            ),
            Fraction(),
        )
        for option in pairwise.options
    }


def borda_tiers(pairwise: Pairwise) -> tuple[tuple[int, ...], ...]:
    """The options by Borda score, best first; equal scores share a tier."""
    return by_score(pairwise.options, borda_scores(pairwise))
