"""Single transferable vote for several places, by the rules of Scottish local elections.

Source: The Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, part III,
rules 45 to 52. Quota of Droop; a surplus is transferred from all papers of the elected option
(weighted inclusive Gregory); values have five decimal places, and what is beyond is cut off.
Options level for a surplus or for dropping out are told apart by earlier stages, the latest first,
and then by the published order in place of a lot.

Two things go beyond the rules. A ballot's value begins as its weight, scaled so that all values
together are as many as the ballots, and cut off in the same way: equal weights give the rules
themselves. And a ballot with tied options is refused, because the rules have none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from deliberate.domain.errors import Invalid
from deliberate.domain.reasons import Number, Reason, ReasonKind
from deliberate.domain.tally.method import CountingMethod, Outcome, Weighed
from deliberate.domain.tally.profile import Profile
from deliberate.domain.weighting import exact

UNIT = 100_000
"""Values are whole numbers of this part of a ballot: five decimal places."""
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what each option has, who was elected at its end, and whose papers move next.

    `by_lot` says that the published order chose between options that were always level.
    """

    votes: Mapping[int, Fraction]
    elected: tuple[int, ...]
    surplus_of: int | None = None
    out: int | None = None
    by_lot: bool = False

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "votes": [[option, exact(votes)] for option, votes in self.votes.items()],
            "elected": list(self.elected),
            "surplus_of": self.surplus_of,
            "out": self.out,
            "by_lot": self.by_lot,
        }


@dataclass(frozen=True, slots=True)
class ScottishStv:
    """The outcome: who is elected, in that order, and how; `out` from the first to drop out."""

    seats: int
    quota: int
    elected: tuple[int, ...]
    out: tuple[int, ...]
    stages: tuple[Stage, ...]

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "seats": self.seats,
            "quota": self.quota,
            "elected": list(self.elected),
            "stages": [stage.as_json() for stage in self.stages],
        }


def scottish_stv(
    profile: Profile,
    weights: Mapping[Any, Fraction],
    seats: int,
    tie_order: Sequence[int] | None = None,
) -> ScottishStv:
    """Fill `seats` places; with no more options than places everybody is elected."""
    return _Count(profile, weights, seats, tuple(tie_order or profile.options)).run()


class _Count:
    """The state of a count; options are rows. `holder[b]` is on whose pile paper `b` lies.

    `value[b]` is what the paper is worth, and `kept[i]` what stays with an elected option whose
    papers have moved on; both in units. `waiting` were elected and may have a surplus.
    """

    def __init__(
        self, profile: Profile, weights: Mapping[Any, Fraction], seats: int, order: Sequence[int]
    ) -> None:
        self.profile, self.seats = profile, seats
        self.priority = [order.index(option) for option in profile.options]
        self.left = np.array(profile.ranks.T, order="C")
        self.holder = np.full(len(self.left), NOBODY)
        self.value = _values(profile, weights)
        self.kept = np.zeros(len(profile.options), dtype=np.int64)
        self.continuing = list(range(len(profile.options)))
        self.elected: list[int] = []
        self.out: list[int] = []
        self.waiting: list[int] = []
        self.stages: list[Stage] = []
        self._move(np.arange(len(self.left)))
        self.quota = int(profile.numbers[self.holder != NOBODY].sum()) // (seats + 1) + 1

    def run(self) -> ScottishStv:
        """Go from stage to stage until all places are filled."""
        while True:
            votes = self._votes()
            elected = self._elect(
                [row for row in self.continuing if votes[row] >= self._line], votes
            )
            self.waiting += elected
            if len(self.elected) + len(self.continuing) <= self.seats:
                elected += self._elect(list(self.continuing), votes)
            if len(self.elected) >= self.seats or not self.continuing:
                self._note(votes, elected)
                return self._outcome()
            self.waiting = [row for row in self.waiting if votes[row] > self._line]
            if self.waiting:
                self._pass_on_surplus(votes, elected)
            else:
                self._drop_lowest(votes, elected)

    @property
    def _line(self) -> int:
        """The quota in units."""
        return self.quota * UNIT

    def _elect(self, rows: list[int], votes: list[int]) -> list[int]:
        """Elect these, those with more votes first."""
        ranked = sorted(rows, key=lambda row: (-votes[row], self.priority[row]))
        self.elected += ranked
        self._leave(ranked)
        return ranked

    def _leave(self, rows: list[int]) -> None:
        """Take options out of further transfers."""
        self.continuing = [row for row in self.continuing if row not in rows]
        self.left[:, rows] = self.profile.unranked

    def _pass_on_surplus(self, votes: list[int], elected: list[int]) -> None:
        """Rule 48: each paper moves on with its part of the surplus, cut off at five decimals."""
        row, by_lot = self._choose(self.waiting, votes, highest=True)
        self._note(votes, elected, surplus_of=row, by_lot=by_lot)
        papers = np.flatnonzero(self.holder == row)
        values, alike = np.unique(self.value[papers], return_inverse=True)
        # Integers of Python's own kind: the product may need more than 64 bits.
        parts = [(votes[row] - self._line) * value // votes[row] for value in values.tolist()]
        self.value[papers] = np.array(parts, dtype=np.int64)[alike]
        self.kept[row] = self._line
        self.waiting.remove(row)
        self._move(papers)

    def _drop_lowest(self, votes: list[int], elected: list[int]) -> None:
        """Rule 50: the papers of the option with the fewest votes move on with their values."""
        row, by_lot = self._choose(self.continuing, votes, highest=False)
        self._note(votes, elected, out=row, by_lot=by_lot)
        self.out.append(row)
        self._leave([row])
        self._move(np.flatnonzero(self.holder == row))

    def _choose(self, rows: list[int], votes: list[int], *, highest: bool) -> tuple[int, bool]:
        """The one with most or fewest votes, now or else before; and whether only a lot tells."""
        best = max if highest else min
        earlier = [self._row_votes(stage) for stage in reversed(self.stages)]
        for numbers in (votes, *earlier):
            wanted = best(numbers[row] for row in rows)
            rows = [row for row in rows if numbers[row] == wanted]
        # Of level ones the published order puts the first forward, and the last has to go.
        chosen = (min if highest else max)(rows, key=lambda row: self.priority[row])
        return chosen, len(rows) > 1

    def _row_votes(self, stage: Stage) -> list[int]:
        return [int(votes * UNIT) for votes in stage.votes.values()]

    def _votes(self) -> list[int]:
        """What each option has, in units."""
        votes = self.kept.copy()
        lies = self.holder != NOBODY
        np.add.at(votes, self.holder[lies], (self.value * self.profile.numbers)[lies])
        return [int(vote) for vote in votes]

    def _move(self, papers: npt.NDArray[np.intp]) -> None:
        """Lay papers with the next continuing option they rank, or aside when there is none."""
        left = self.left[papers]
        following = left.argmin(axis=1) if left.size else np.empty(0, dtype=np.intp)
        places = np.take_along_axis(left, following[:, None], axis=1)[:, 0]
        self.holder[papers] = np.where(places != self.profile.unranked, following, NOBODY)

    def _note(
        self,
        votes: list[int],
        elected: list[int],
        *,
        surplus_of: int | None = None,
        out: int | None = None,
        by_lot: bool = False,
    ) -> None:
        options = self.profile.options
        self.stages.append(
            Stage(
                votes={option: Fraction(v, UNIT) for option, v in zip(options, votes, strict=True)},
                elected=tuple(options[row] for row in elected),
                surplus_of=None if surplus_of is None else options[surplus_of],
                out=None if out is None else options[out],
                by_lot=by_lot,
            )
        )

    def _outcome(self) -> ScottishStv:
        options = self.profile.options
        elected, out = (tuple(options[row] for row in rows) for rows in (self.elected, self.out))
        return ScottishStv(self.seats, self.quota, elected, out, tuple(self.stages))


def _values(profile: Profile, weights: Mapping[Any, Fraction]) -> npt.NDArray[np.int64]:
    """What each paper is worth at the start, in units."""
    whole, ballots = profile.weigh(weights), int(profile.numbers.sum())
    values = np.zeros(len(profile.numbers), dtype=np.int64)
    for place, name in enumerate(profile.strata):
        weight = weights.get(name, Fraction())
        values[profile.columns(place)] = int(weight * ballots * UNIT / whole) if whole else 0
    return values


class ScottishStvMethod(CountingMethod[ScottishStv]):
    """Single transferable vote: the way to fill several places."""

    name = "stv_scottish"
    fills_several = True
    label = "Single transferable vote"
    help = "Several places, each with its share of the ballots"

    def check(self, profile: Profile, seats: int = 1) -> None:
        """Refuse ballots with tied options, and fewer places than one."""
        if seats < 1:
            raise Invalid("There must be at least one place to fill.")
        places = np.sort(profile.ranks, axis=0)
        if ((places[1:] == places[:-1]) & (places[1:] != profile.unranked)).any():
            raise Invalid(
                "A ballot has options tied, and this method cannot count it.",
                "Count by another method, or allow no tied ranks when opening the poll.",
            )

    def count(self, ballots: Weighed, seats: int = 1) -> Outcome[ScottishStv]:
        """Those elected share the first tier; behind them, who dropped out last comes first."""
        self.check(ballots.profile, seats)
        detail = scottish_stv(ballots.profile, ballots.weights, seats, ballots.tie_order)
        done = {*detail.elected, *detail.out}
        left = tuple(option for option in ballots.options if option not in done)
        tiers = (detail.elected, left, *((option,) for option in reversed(detail.out)))
        by_lot = any(stage.by_lot for stage in detail.stages)
        return Outcome(self.name, tuple(tier for tier in tiers if tier), by_lot, detail)

    def explain(self, outcome: Outcome[ScottishStv], ballots: Weighed) -> tuple[Reason, ...]:
        """In which stage each option reached the quota or dropped out, and which did neither."""
        found: list[Reason] = []
        for number, stage in enumerate(outcome.detail.stages, start=1):
            quota = outcome.detail.quota
            found += [_why_elected(option, number, stage, quota) for option in stage.elected]
            if stage.out is not None:
                kind = ReasonKind.LOWEST_BY_LOT if stage.by_lot else ReasonKind.DROPPED_OUT
                numbers: dict[str, Number] = {"round": number, "less": stage.votes[stage.out]}
                found.append(Reason(kind, {"other": stage.out}, numbers))
        done = {*outcome.detail.elected, *outcome.detail.out}
        left = [option for option in ballots.options if option not in done]
        return (*found, *(Reason(ReasonKind.STILL_IN, {"other": option}) for option in left))


def _why_elected(option: int, number: int, stage: Stage, quota: int) -> Reason:
    if stage.votes[option] < quota:
        return Reason(ReasonKind.LAST_PLACES, {"first": option})
    return Reason(ReasonKind.REACHED_QUOTA, {"first": option}, {"more": quota, "round": number})
