"""Outcomes that are a number for each option."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from deliberate.domain.reasons import Reason, ReasonKind
from deliberate.domain.tally.method import Outcome
from deliberate.domain.tally.ordering import by_score
from deliberate.domain.tally.profile import Tiers
from deliberate.domain.weighting import exact


@dataclass(frozen=True, slots=True)
class Scores:
    """The score of each option, the highest best."""

    scores: Mapping[int, Fraction]

    @property
    def tiers(self) -> Tiers:
        """The options by score; equal scores share a tier."""
        return by_score(tuple(self.scores), self.scores)

    def as_json(self) -> dict[str, object]:
        """Plain data; option ids stay numbers inside pairs, because JSON names are strings."""
        return {"scores": [[option, exact(score)] for option, score in self.scores.items()]}


def why_not(outcome: Outcome[Scores]) -> tuple[Reason, ...]:
    """What each other option scores beside the first."""
    first, *others = [option for tier in outcome.tiers for option in tier]
    return tuple(_beside(first, other, outcome.detail.scores) for other in others)


def _beside(first: int, other: int, scores: Mapping[int, Fraction]) -> Reason:
    options, more, less = {"first": first, "other": other}, scores[first], scores[other]
    if more == less:
        return Reason(ReasonKind.AS_MANY_POINTS, options)
    return Reason(ReasonKind.FEWER_POINTS, options, {"more": more, "less": less})
