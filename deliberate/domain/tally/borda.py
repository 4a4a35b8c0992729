"""Borda scores, from the pairwise count.

Source: J.-C. de Borda (1781); ties and unranked options share the mean of the places they
cover (Black 1976), which makes the score a sum over rivals: a full point for each ballot that
places the option above the rival, half a point where it places them level.
"""

from fractions import Fraction

from deliberate.domain.reasons import Reason
from deliberate.domain.tally.method import CountingMethod, Outcome, Weighed
from deliberate.domain.tally.ordering import by_score
from deliberate.domain.tally.pairwise import Pairwise
from deliberate.domain.tally.scores import Scores, why_not


def borda_scores(pairwise: Pairwise) -> dict[int, Fraction]:
    """The score of each option: m - 1 points for a first place among m options, 0 for a last."""
    cells = pairwise.cells.astype(object)
    margins = cells.sum(axis=1) - cells.sum(axis=0)
    rivals = len(pairwise.options) - 1
    return {
        option: Fraction(rivals * pairwise.total + margin, 2 * pairwise.unit)
        for option, margin in zip(pairwise.options, margins.tolist(), strict=True)
    }


def borda_tiers(pairwise: Pairwise) -> tuple[tuple[int, ...], ...]:
    """The options by Borda score, best first; equal scores share a tier."""
    return by_score(pairwise.options, borda_scores(pairwise))


class BordaMethod(CountingMethod[Scores]):
    """Borda scores; ties and unranked options share the mean of the places they cover."""

    name = "borda"
    label = "Borda"
    help = "Each place is worth a point less than the one above"

    def count(self, ballots: Weighed, seats: int = 1) -> Outcome[Scores]:
        """The options by score."""
        scores = Scores(borda_scores(ballots.pairwise))
        return Outcome(self.name, scores.tiers, tie_broken=False, detail=scores)

    def explain(self, outcome: Outcome[Scores], ballots: Weighed) -> tuple[Reason, ...]:
        """What each other option scores beside the first."""
        return why_not(outcome)
