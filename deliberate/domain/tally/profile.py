"""Ranked ballots as integers in an array: what every method counts.

A *profile* is the literature's word for the ballots of a poll. Here an option is a row and a
distinct ballot a column, so that comparing two options reads two rows. A *stratum* holds the
ballots that weigh the same under every scheme; its key may be anything hashable, for nothing here
looks into it. Inside a stratum ballots are counted as integers, and only then weighed.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

Tiers = tuple[tuple[int, ...], ...]
Ranks = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

MOST_OPTIONS = np.iinfo(np.uint16).max - 1


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ranking, best tier first, cast by `number` people of one stratum."""

    stratum: Any
    tiers: Tiers
    number: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """The ballots of a poll, stratum after stratum.

    `ranks[i, b]` is the place of `options[i]` on ballot `b`: 0 for the best, and the largest
    number there is for options without a rank, which are so level with each other below all
    ranked ones (Schulze 2011, section 2.1). `numbers[b]` people cast it. The ballots of
    `strata[s]` are the columns from `starts[s]` up to `starts[s + 1]`.
    """

    options: tuple[int, ...]
    strata: tuple[Hashable, ...]
    ranks: Ranks
    numbers: npt.NDArray[np.int64]
    starts: tuple[int, ...]

    @property
    def unranked(self) -> int:
        """The place of an option that has no rank."""
        return int(np.iinfo(self.ranks.dtype).max)

    @property
    def stratum_of(self) -> npt.NDArray[np.int64]:
        """The place in `strata` of each ballot's stratum."""
        return np.repeat(np.arange(len(self.strata)), np.diff(self.starts))

    def weigh(self, weights: Mapping[Any, Fraction]) -> Fraction:
        """The weight of all ballots, blank ones included; a stratum without a weight has none."""
        sizes = {name: self.size(place) for place, name in enumerate(self.strata)}
        return sum(
            (weights.get(name, Fraction()) * size for name, size in sizes.items()), Fraction()
        )

    def columns(self, stratum: int) -> slice:
        """The ballots of the stratum at this place."""
        return slice(self.starts[stratum], self.starts[stratum + 1])

    def size(self, stratum: int) -> int:
        """How many people cast the ballots of the stratum at this place."""
        return int(self.numbers[self.columns(stratum)].sum())


def profile_of(
    ballots: Iterable[Ballot], options: Sequence[int], strata: Iterable[Hashable] = ()
) -> Profile:
    """The profile of ballots given one by one; `strata` names those that may be empty.

    Raises `ValueError` for a ballot that ranks an option twice or one that is not offered, and
    for a negative number of ballots.
    """
    sorted_out: dict[Hashable, Counter[Tiers]] = {name: Counter() for name in strata}
    for ballot in ballots:
        if ballot.number < 0:
            raise ValueError("a number of ballots cannot be negative")
        sorted_out.setdefault(ballot.stratum, Counter())[ballot.tiers] += ballot.number
    cast = [(tiers, number) for own in sorted_out.values() for tiers, number in own.items()]
    return Profile(
        options=tuple(options),
        strata=tuple(sorted_out),
        ranks=_places([tiers for tiers, _ in cast], tuple(options)),
        numbers=np.array([number for _, number in cast], dtype=np.int64),
        starts=_starts([len(own) for own in sorted_out.values()]),
    )


def profile_of_bytes(
    answers: bytes,
    options: Sequence[int],
    stratum_of: Sequence[int] | npt.NDArray[np.int64],
    strata: Sequence[Hashable],
) -> Profile:
    """The profile of stored ballots, one after another, with a byte for each option.

    A byte is a rank, 1 for the best, or 0 for no rank. `stratum_of` gives for each ballot the
    place of its stratum in `strata`. Raises `ValueError` when lengths do not fit together or a
    rank is beyond the number of options.
    """
    size = len(options)
    matrix = np.frombuffer(answers, dtype=np.uint8)
    if matrix.size != len(stratum_of) * size or size >= np.iinfo(np.uint8).max:
        raise ValueError("each ballot has one byte for each option, and at most 254 of them")
    if matrix.size and int(matrix.max()) > size:
        raise ValueError("a ballot has a rank beyond the number of options")
    places = np.asarray(stratum_of, dtype=np.int64)
    # Numbers of 16 bits are sorted by counting, which is several times as fast.
    few = len(strata) <= np.iinfo(np.uint16).max
    order = np.argsort(places.astype(np.uint16) if few else places, kind="stable")
    # Taking one away puts the best at 0, and no rank, by wrapping round, at the very end.
    ranks = np.ascontiguousarray(matrix.reshape(-1, size)[order].T) - np.uint8(1)
    sizes = np.bincount(places, minlength=len(strata))
    numbers = np.ones(len(places), dtype=np.int64)
    return Profile(tuple(options), tuple(strata), ranks, numbers, _starts(sizes.tolist()))


def _places(rankings: Sequence[Tiers], options: tuple[int, ...]) -> Ranks:
    """The place of each option (row) on each ranking (column)."""
    kind = np.uint8 if len(options) < np.iinfo(np.uint8).max else np.uint16
    if len(options) > MOST_OPTIONS:
        raise ValueError("there are too many options to be counted")
    rows = {option: row for row, option in enumerate(options)}
    ranks = np.full((len(options), len(rankings)), np.iinfo(kind).max, dtype=kind)
    for column, tiers in enumerate(rankings):
        listed = [option for tier in tiers for option in tier]
        if len(set(listed)) < len(listed) or not rows.keys() >= set(listed):
            raise ValueError("a ballot ranks an option twice or one that is not offered")
        for place, tied in enumerate(tiers):
            for option in tied:
                ranks[rows[option], column] = place
    return ranks


def _starts(sizes: Sequence[int]) -> tuple[int, ...]:
    """Where each stratum begins, and where the last one ends."""
    return (0, *np.cumsum(np.asarray(sizes, dtype=np.int64)).tolist())
