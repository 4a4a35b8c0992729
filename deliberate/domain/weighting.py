"""How much each ballot counts, exactly.

A weight is constant inside a *stratum* (here: a stakeholder group), so integers are counted
per stratum and combined with rationals; binary floats break exact ties (method.md 2).
A later scheme, such as one voice per organisation, needs finer strata (group and
organisation) and one more rule in `_RULES`; nothing that counts ballots changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


def exact(number: Fraction) -> int | str:
    """A rational as plain data: an integer, or a string "p/q"; `Fraction` reads both back."""
    return int(number) if number.denominator == 1 else f"{number.numerator}/{number.denominator}"


class Scheme(StrEnum):
    """A registered way to weigh ballots; fixed before a poll opens."""

    PARTICIPANT = "participant"
    GROUP = "group"

    @property
    def label(self) -> str:
        """The words on screen, in English; pages translate them."""
        return _LABELS[self]


_LABELS = {
    Scheme.PARTICIPANT: "Each participant counts the same",
    Scheme.GROUP: "Each group counts the same",
}


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of one ballot of each group that counts, and what that does to precision.

    `per_group` holds the weight of a single ballot; `left_out` the groups with too few ballots
    to count under the scheme; `n` the number of ballots that count; `effective_n` how many
    equally weighted ballots would be as informative (Kish 1965, section 11.7).
    """

    scheme: Scheme
    minimum: int
    per_group: Mapping[str, Fraction]
    left_out: tuple[str, ...]
    n: int
    effective_n: Fraction

    @property
    def has_result(self) -> bool:
        """Whether any ballot counts; if not, a page says that there is no result to weigh."""
        return self.n > 0

    @property
    def ratio(self) -> Fraction | None:
        """Largest weight over smallest, a warning sign when it is large; None without groups."""
        values = self.per_group.values()
        return max(values) / min(values) if values else None

    def as_json(self) -> dict[str, object]:
        """Plain data, rationals as `exact` writes them."""
        return {
            "scheme": self.scheme.value,
            "minimum": self.minimum,
            "per_group": {group: exact(weight) for group, weight in self.per_group.items()},
            "left_out": list(self.left_out),
            "n": self.n,
            "effective_n": exact(self.effective_n),
            "ratio": None if self.ratio is None else exact(self.ratio),
            "has_result": self.has_result,
        }


def weights(counts_by_group: Mapping[str, int], scheme: Scheme, minimum: int = 5) -> Weights:
    """The weight of one ballot per group under a scheme.

    `counts_by_group` gives the number of ballots of each eligible group, also of those with none.
    Under `GROUP` a group with fewer than `minimum` ballots is left out of the balance and named:
    its few ballots are never inflated to a whole group's voice (method.md 3). When every group is
    left out there are no weights, hence no balanced result.

    Raises `ValueError` for a minimum below 1 or a negative number of ballots.
    """
    if minimum < 1 or min(counts_by_group.values(), default=0) < 0:
        raise ValueError("minimums are at least 1 and ballots at least 0")
    per_group = _RULES[scheme](counts_by_group, minimum)
    return Weights(
        scheme=scheme,
        minimum=minimum,
        per_group=per_group,
        left_out=tuple(group for group in counts_by_group if group not in per_group),
        n=sum(counts_by_group[group] for group in per_group),
        effective_n=kish(counts_by_group, per_group),
    )


def _participant(counts: Mapping[str, int], _minimum: int) -> dict[str, Fraction]:
    """Every ballot counts one, whatever its group."""
    return dict.fromkeys(counts, Fraction(1))


def _group(counts: Mapping[str, int], minimum: int) -> dict[str, Fraction]:
    """The ballots of a group share one voice equally."""
    return {group: Fraction(1, n) for group, n in counts.items() if n >= minimum}


_RULES: dict[Scheme, Callable[[Mapping[str, int], int], dict[str, Fraction]]] = {
    Scheme.PARTICIPANT: _participant,
    Scheme.GROUP: _group,
}


def kish(counts: Mapping[str, int], per_group: Mapping[str, Fraction]) -> Fraction:
    """Kish's effective number of ballots, (Σw)² / Σw²; 0 when nothing counts.

    Source: Kish, Survey Sampling (1965), section 11.7; method.md 3.
    """
    total = sum((weight * counts[group] for group, weight in per_group.items()), Fraction())
    squares = sum((weight**2 * counts[group] for group, weight in per_group.items()), Fraction())
    return total**2 / squares if squares else Fraction()
