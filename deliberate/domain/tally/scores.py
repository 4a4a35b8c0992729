"""Outcomes that are a number for each option."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from deliberate.domain.reasons import Number, Reason, ReasonKind
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


def why_not(
    outcome: Outcome[Scores],
    fewer: ReasonKind = ReasonKind.FEWER_POINTS,
    places: int | None = None,
) -> tuple[Reason, ...]:
    """What each other option scores beside the first; `fewer` says what is counted."""
    scores = outcome.detail.scores
    first, *others = [option for tier in outcome.tiers for option in tier]
    found = []
    for other in others:
        options = {"first": first, "other": other}
        numbers: dict[str, Number] = {"more": scores[first], "less": scores[other]}
        if scores[first] == scores[other]:
            found.append(Reason(ReasonKind.AS_MANY, options))
        else:
            found.append(Reason(fewer, options, numbers | ({"places": places} if places else {})))
    return tuple(found)
