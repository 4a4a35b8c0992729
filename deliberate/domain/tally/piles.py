"""On whose pile each ballot lies, as options drop out one after another.

A ballot lies with the highest continuing options it ranks, in equal parts when they are tied; one
that ranks none of them is exhausted. Ballots are counted as integers by stratum and by how many
options share them, so that any weighting of the piles is exact.
"""

import math
from collections.abc import Hashable, Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from deliberate.domain.tally.profile import Profile

Places = npt.NDArray[np.intp]
Counts = npt.NDArray[np.int64]

NOBODY = -1
"""On the pile of no option alone: tied, or exhausted."""


class Piles:
    """The piles of all continuing options.

    `shared[k][s, i]` is the number of people in stratum `s` whose ballot lies with option `i` and
    `k - 1` others.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.continuing = list(profile.options)
        self.shared: dict[int, Counts] = {}
        self._left = np.array(profile.ranks.T, order="C")
        self._stratum_of = profile.stratum_of
        # Where a ballot lies with one option alone, which; few ballots are tied at the top.
        self._alone_with = np.full(len(self._left), NOBODY)
        self._tied = np.empty(0, dtype=np.intp)
        self._lay(np.arange(len(self._left)))

    def drop(self, option: int) -> None:
        """Take an option out, and lay its ballots with the next ones they rank."""
        row = self.profile.options.index(option)
        alone = np.flatnonzero(self._alone_with == row)
        tied, others = self._tied_with(row)
        self._count_tied(tied, -1)
        if 1 in self.shared:
            self.shared[1][:, row] = 0
        self.continuing.remove(option)
        self._left[:, row] = self.profile.unranked
        self._tied = others
        self._lay(np.concatenate([alone, tied]))

    def by_stratum(self, stratum: int) -> dict[int, Fraction]:
        """How many of a stratum's ballots lie with each continuing option."""
        options = self.profile.options
        return {
            options[row]: sum(
                (Fraction(int(own[stratum, row]), among) for among, own in self.shared.items()),
                Fraction(),
            )
            for row in self._rows()
        }

    def weigh(self, weights: Mapping[Hashable, Fraction]) -> dict[int, Fraction]:
        """The weight on each continuing option's pile; a stratum without a weight has none."""
        unit = math.lcm(*(weight.denominator for weight in weights.values()))
        times = [int(weights.get(name, 0) * unit) for name in self.profile.strata]
        parts = math.lcm(*self.shared)
        found: dict[int, Fraction] = {}
        for row in self._rows():
            total = sum(
                parts // among * sum(map(int.__mul__, times, own[:, row].tolist()))
                for among, own in self.shared.items()
            )
            found[self.profile.options[row]] = Fraction(total, unit * parts)
        return found

    def _rows(self) -> list[int]:
        """The rows of the continuing options."""
        return [self.profile.options.index(option) for option in self.continuing]

    def _lay(self, ballots: Places) -> None:
        """Put ballots on the piles of the highest options that are left on them."""
        left = self._left[ballots]
        first = left.argmin(axis=1) if left.size else np.empty(0, dtype=np.intp)
        highest = np.take_along_axis(left, first[:, None], axis=1)
        lies = highest[:, 0] != self.profile.unranked
        is_tied = lies & (np.count_nonzero(left == highest, axis=1) > 1)
        is_alone = lies & ~is_tied
        self._alone_with[ballots] = np.where(is_alone, first, NOBODY)
        self._count(1, ballots[is_alone], first[is_alone])
        self._count_tied(ballots[is_tied], 1)
        self._tied = np.concatenate([self._tied, ballots[is_tied]])

    def _tied_with(self, row: int) -> tuple[Places, Places]:
        """The tied ballots that lie with this option among others, and those that do not."""
        left = self._left[self._tied]
        is_theirs = left[:, row] == left.min(axis=1, initial=self.profile.unranked)
        return self._tied[is_theirs], self._tied[~is_theirs]

    def _count_tied(self, ballots: Places, times: int) -> None:
        """Count tied ballots with each of the options that share them, or with -1 no longer."""
        left = self._left[ballots]
        is_theirs = left == left.min(axis=1, initial=self.profile.unranked)[:, None]
        sharing = np.count_nonzero(is_theirs, axis=1)
        for among in np.unique(sharing).tolist():
            whose, rows = np.nonzero(is_theirs[sharing == among])
            self._count(among, ballots[sharing == among][whose], rows, times)

    def _count(self, among: int, ballots: Places, rows: Places, times: int = 1) -> None:
        """Add the people behind ballots to the piles of options; a ballot may come repeatedly."""
        size = len(self.profile.strata), len(self.profile.options)
        counts = self.shared.setdefault(among, np.zeros(size, dtype=np.int64))
        np.add.at(counts, (self._stratum_of[ballots], rows), times * self.profile.numbers[ballots])
