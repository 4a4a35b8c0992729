"""On whose pile each ballot lies, as options drop out one after another.

A ballot lies with the highest continuing options it ranks, in equal parts when they are tied; one
that ranks none of them is exhausted. Ballots are counted as integers by stratum and by how many
options share them, so that any weighting of the piles is exact.
"""

import math
from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from deliberate.domain.tally.profile import Profile, Ranks

Places = npt.NDArray[np.intp]
Counts = npt.NDArray[np.int64]

NOBODY = -1
"""On the pile of no option alone: tied, or exhausted."""


class Piles:
    """The piles of all continuing options.

    `shared[k][s, i]` is the number of people in stratum `s` whose ballot lies with option `i` and
    `k - 1` others. Only ballots that move are read again, and of those only the ranks of options
    that continue.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.continuing = list(profile.options)
        self.shared: dict[int, Counts] = {}
        self._rows = list(range(len(profile.options)))
        self._stratum_of = profile.stratum_of
        ballots = len(profile.numbers)
        # Where a ballot lies with one option alone, which; few ballots are tied at the top.
        self._alone_with = np.full(ballots, NOBODY, dtype=np.int32)
        self._highest = np.full(ballots, profile.unranked, dtype=profile.ranks.dtype)
        self._tied = np.empty(0, dtype=np.intp)
        self._lay(np.arange(ballots))

    def drop(self, option: int) -> None:
        """Take an option out, and lay its ballots with the next ones they rank."""
        row = self._rows[self.continuing.index(option)]
        alone = np.flatnonzero(self._alone_with == row)
        is_theirs = self.profile.ranks[row][self._tied] == self._highest[self._tied]
        tied, self._tied = self._tied[is_theirs], self._tied[~is_theirs]
        self._count_tied(tied, self._first(tied)[1], -1)
        if 1 in self.shared:
            self.shared[1][:, row] = 0
        self.continuing.remove(option)
        self._rows.remove(row)
        self._lay(np.concatenate([alone, tied]))

    def by_stratum(self, stratum: int) -> dict[int, Fraction]:
        """How many of a stratum's ballots lie with each continuing option."""
        return {
            option: sum(
                (Fraction(int(own[stratum, row]), among) for among, own in self.shared.items()),
                Fraction(),
            )
            for option, row in zip(self.continuing, self._rows, strict=True)
        }

    def weigh(self, weights: Mapping[Hashable, Fraction]) -> dict[int, Fraction]:
        """The weight on each continuing option's pile; a stratum without a weight has none."""
        unit = math.lcm(*(weight.denominator for weight in weights.values()))
        times = [int(weights.get(name, 0) * unit) for name in self.profile.strata]
        parts = math.lcm(*self.shared)
        totals = [0] * len(self._rows)
        for among, own in self.shared.items():
            for place, counts in enumerate(own[:, self._rows].T.tolist()):
                totals[place] += parts // among * sum(map(int.__mul__, times, counts))
        return {
            option: Fraction(total, unit * parts)
            for option, total in zip(self.continuing, totals, strict=True)
        }

    def _first(self, ballots: Places) -> tuple[Ranks, npt.NDArray[np.bool_]]:
        """The highest rank left on each ballot, and which continuing options (rows) have it."""
        ranks = np.empty((len(self._rows), len(ballots)), dtype=self.profile.ranks.dtype)
        for place, row in enumerate(self._rows):
            ranks[place] = self.profile.ranks[row][ballots]
        highest = ranks.min(axis=0, initial=self.profile.unranked)
        return highest, ranks == highest

    def _lay(self, ballots: Places) -> None:
        """Put ballots on the piles of the highest options that are left on them."""
        highest, is_first = self._first(ballots)
        self._highest[ballots] = highest
        sharing = is_first.sum(axis=0, dtype=self.profile.ranks.dtype)
        lies = highest != self.profile.unranked
        is_alone, is_tied = lies & (sharing == 1), lies & (sharing > 1)
        alone_with = np.full(len(ballots), NOBODY, dtype=np.int32)
        for row, own in zip(self._rows, is_first, strict=True):
            alone_with[own] = row
        alone_with[~is_alone] = NOBODY
        self._alone_with[ballots] = alone_with
        self._count(1, ballots[is_alone], alone_with[is_alone])
        self._count_tied(ballots[is_tied], is_first[:, is_tied], 1)
        self._tied = np.concatenate([self._tied, ballots[is_tied]])

    def _count_tied(self, ballots: Places, is_first: npt.NDArray[np.bool_], times: int) -> None:
        """Count tied ballots with each of the options that share them, or with -1 no longer."""
        sharing = np.count_nonzero(is_first, axis=0)
        for among in np.unique(sharing).tolist():
            alike = sharing == among
            places, whose = np.nonzero(is_first[:, alike])
            rows = np.array(self._rows, dtype=np.intp)[places]
            self._count(among, ballots[alike][whose], rows, times)

    def _count(self, among: int, ballots: Places, rows: npt.NDArray[Any], times: int = 1) -> None:
        """Add the people behind ballots to the piles of options; a ballot may come repeatedly."""
        strata, options = len(self.profile.strata), len(self.profile.options)
        counts = self.shared.setdefault(among, np.zeros((strata, options), dtype=np.int64))
        cells = self._stratum_of[ballots] * options + rows
        np.add.at(counts.reshape(-1), cells, times * self.profile.numbers[ballots])
