"""Copeland scores: how many rivals an option beats, a tied pair counting one half.

Source: A. H. Copeland, "A reasonable social welfare function", University of Michigan (1951).
"""

from fractions import Fraction

from deliberate.domain.reasons import Reason
from deliberate.domain.tally.method import CountingMethod, Outcome, Weighed
from deliberate.domain.tally.ordering import by_score
from deliberate.domain.tally.pairwise import Pairwise
from deliberate.domain.tally.scores import Scores, why_not


def copeland_scores(pairwise: Pairwise) -> dict[int, Fraction]:
    """The score of each option, from 0 to the number of its rivals."""
    beats = pairwise.cells > pairwise.cells.T
    # Without ties wins and defeats add up to the number of rivals; a tied pair is missing in both.
    balance = beats.sum(axis=1) - beats.sum(axis=0)
    rivals = len(pairwise.options) - 1
    return {
        option: Fraction(rivals + more, 2)
        for option, more in zip(pairwise.options, balance.tolist(), strict=True)
    }


def copeland_tiers(pairwise: Pairwise) -> tuple[tuple[int, ...], ...]:
    """The options by Copeland score, best first; equal scores share a tier."""
    return by_score(pairwise.options, copeland_scores(pairwise))


class CopelandMethod(CountingMethod[Scores]):
    """Copeland scores, a level pair counting one half."""

    name = "copeland"
    label = "Copeland"
    help = "How many others each is preferred to"

    def count(self, ballots: Weighed, seats: int = 1) -> Outcome[Scores]:
        """The options by score."""
        scores = Scores(copeland_scores(ballots.pairwise))
        return Outcome(self.name, scores.tiers, tie_broken=False, detail=scores)

    def explain(self, outcome: Outcome[Scores], ballots: Weighed) -> tuple[Reason, ...]:
        """What each other option scores beside the first."""
        return why_not(outcome)
