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
    return {
        option: sum(
            (
                _point(pairwise.margin(option, other))
                for other in pairwise.options
                if other != option
            ),
            Fraction(),
        )
        for option in pairwise.options
    }


def _point(margin: Fraction) -> Fraction:
    """One for a win, one half for a tie, nothing for a defeat."""
    return Fraction((margin > 0) - (margin < 0) + 1, 2)


def copeland_tiers(pairwise: Pairwise) -> tuple[tuple[int, ...], ...]:
    """The options by Copeland score, best first; equal scores share a tier."""
    return by_score(pairwise.options, copeland_scores(pairwise))


class CopelandMethod(CountingMethod[Scores]):
    """Copeland scores, a level pair counting one half."""

    name = "copeland"
    label = "Copeland: how many other options each is preferred to"

    def count(self, ballots: Weighed, seats: int = 1) -> Outcome[Scores]:
        """The options by score."""
        scores = Scores(copeland_scores(ballots.pairwise))
        return Outcome(self.name, scores.tiers, tie_broken=False, detail=scores)

    def explain(self, outcome: Outcome[Scores], ballots: Weighed) -> tuple[Reason, ...]:
        """What each other option scores beside the first."""
        return why_not(outcome)
