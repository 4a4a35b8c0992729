"""Scores that tell support which reaches every group from division between groups."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from deliberate.domain.intervals import wilson
from deliberate.domain.positions import Counts


@dataclass(frozen=True, slots=True)
class Scores:
    """Numbers over the reporting groups (method.md 5.3), each between 0 and 1.

    `bridging`: support that reaches every group; `bridging_low` the same at the cautious end
    of the ranges, by which to sort; `equal_voice_support`: mean share, each group the same;
    `division`: 0 unanimous, 1 even; `between_group_share`: 0 divided inside every group, 1
    groups against each other.
    """

    bridging: float
    bridging_low: float
    equal_voice_support: float
    division: float
    between_group_share: float

    def as_json(self) -> dict[str, float]:
        """Plain data, six decimals."""
        return {
            "bridging": round(self.bridging, 6),
            "bridging_low": round(self.bridging_low, 6),
            "equal_voice_support": round(self.equal_voice_support, 6),
            "division": round(self.division, 6),
            "between_group_share": round(self.between_group_share, 6),
        }


def scores(counts: Sequence[Counts], z: float) -> Scores:
    """The scores of method.md 5.3 for the counts of the groups that report.

    Shares are smoothed by half a vote on each side (Jeffreys 1946), so that one voice never
    makes a score 0 or 1. The between-group share follows from the law of total variance. The
    cautious bridging score takes unsmoothed Wilson limits at `z` without the finite population
    factor.

    Raises `ValueError` when no group reports or one has no answers.
    """
    if not counts or not all(each.n for each in counts):
        raise ValueError("scores are for groups that report")
    shares = [(each.agree + 0.5) / (each.positions + 1) for each in counts]
    mean = sum(shares) / len(shares)
    variance = sum((share - mean) ** 2 for share in shares) / len(shares)
    return Scores(
        bridging=_bridge([_smoothed(each) for each in counts]),
        bridging_low=_bridge([_cautious(each, z) for each in counts]),
        equal_voice_support=mean,
        division=4 * mean * (1 - mean),
        between_group_share=variance / (mean * (1 - mean)),
    )


def _smoothed(counts: Counts) -> tuple[float, float]:
    """Agreeing and opposing share of all who answered, with half a vote added to each."""
    return (counts.agree + 0.5) / (counts.n + 1), (counts.disagree + 0.5) / (counts.n + 1)


def _cautious(counts: Counts, z: float) -> tuple[float, float]:
    """The lower limit of the agreeing share and the upper limit of the opposing one."""
    low, _ = wilson(counts.agree / counts.n, counts.n, z)
    _, high = wilson(counts.disagree / counts.n, counts.n, z)
    return low, high


def _bridge(shares: Sequence[tuple[float, float]]) -> float:
    """Geometric mean over groups of sqrt(a (1 - d)) for agreeing share a and opposing share d."""
    product = math.prod(math.sqrt(agree * (1 - against)) for agree, against in shares)
    return float(product ** (1 / len(shares)))
