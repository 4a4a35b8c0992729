"""The count of a ranked poll under one weighting scheme."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from deliberate.domain.tally.pairwise import Stratum, combine, count_strata
from deliberate.domain.tally.profile import Ballot
from deliberate.domain.tally.result import Result, result_of
from deliberate.domain.tally.schulze import Measure
from deliberate.domain.tally.turning import TurningPoint, turning_points
from deliberate.domain.weighting import Scheme, Weights, weights


@dataclass(frozen=True, slots=True)
class RankedTally:
    """A counted poll: the outcome under the scheme, and each group's own outcome beside it.

    `result` is None when no ballot counts under the scheme. `per_group` holds the groups with
    at least the minimum of ballots; `too_few` names the others, those without ballots too.
    """

    scheme: Scheme
    minimum: int
    options: tuple[int, ...]
    counts: Mapping[str, int]
    weights: Weights
    result: Result | None
    per_group: Mapping[str, Result]
    turning: tuple[TurningPoint, ...]

    @property
    def ballots(self) -> int:
        """How many ballots were cast, whether or not they count under the scheme."""
        return sum(self.counts.values())

    @property
    def too_few(self) -> tuple[str, ...]:
        """The groups whose own outcome is not shown."""
        return tuple(group for group in self.counts if group not in self.per_group)

    @property
    def first(self) -> tuple[int, ...]:
        """The options ranked first; empty without a result."""
        return self.result.first if self.result else ()

    def as_json(self) -> dict[str, object]:
        """Plain data that any JSON library can store."""
        return {
            "scheme": self.scheme.value,
            "minimum": self.minimum,
            "options": list(self.options),
            "ballots": self.ballots,
            "counts": dict(self.counts),
            "weights": self.weights.as_json(),
            "result": self.result.as_json() if self.result else None,
            "per_group": {group: own.as_json() for group, own in self.per_group.items()},
            "too_few": list(self.too_few),
            "turning": [point.as_json() for point in self.turning],
        }


def count(
    poll_ballots: Iterable[Ballot],
    options: Sequence[int],
    scheme: Scheme,
    minimum: int = 5,
    groups: Iterable[str] = (),
    measure: Measure = Measure.WINNING,
) -> RankedTally:
    """Count a ranked poll; a pure function of its arguments, without chance or clock.

    `groups` names the eligible groups, so that one without ballots is named as having too few.
    Raises `ValueError` for ballots that do not fit the options.
    """
    return weigh(count_strata(poll_ballots, options, groups), options, scheme, minimum, measure)


def weigh(
    strata: Mapping[str, Stratum],
    options: Sequence[int],
    scheme: Scheme,
    minimum: int = 5,
    measure: Measure = Measure.WINNING,
) -> RankedTally:
    """The tally of strata that were counted once, under one of several schemes."""
    counts = {group: stratum.ballots for group, stratum in strata.items()}
    weighed = weights(counts, scheme, minimum)
    pairwise = combine(strata, weighed.per_group, options)
    firsts = _first_preferences(strata, weighed.per_group, options)
    return RankedTally(
        scheme=scheme,
        minimum=minimum,
        options=tuple(options),
        counts=counts,
        weights=weighed,
        result=result_of(weighed.n, pairwise, firsts, measure) if weighed.has_result else None,
        per_group={
            group: result_of(own.ballots, own.pairwise, own.first_preferences, measure)
            for group, own in strata.items()
            if own.ballots >= minimum
        },
        turning=turning_points(pairwise, strata, weighed.per_group),
    )


def _first_preferences(
    strata: Mapping[str, Stratum], per_group: Mapping[str, Fraction], options: Sequence[int]
) -> dict[int, Fraction]:
    """The weight that ranks each option first."""
    return {
        option: sum(
            (
                weight * strata[group].first_preferences[option]
                for group, weight in per_group.items()
            ),
            Fraction(),
        )
        for option in options
    }


def regroup(ballots: Iterable[Ballot], published: Mapping[str, str | None]) -> tuple[Ballot, ...]:
    """The ballots under the strata that may be published; those without one are left out.

    Takes the mapping of `small_cells.merge_small_groups`, which says why.
    """
    return tuple(
        Ballot(stratum, ballot.tiers, ballot.number)
        for ballot in ballots
        if (stratum := published[ballot.stratum]) is not None
    )
