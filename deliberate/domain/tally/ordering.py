"""Tiers out of scores, or out of a relation that says who is above whom."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from deliberate.domain.tally.profile import Tiers

Relation = npt.NDArray[np.bool_]
"""Whether the row's option is above the column's; a strict partial order."""


def by_score(options: Sequence[int], scores: Mapping[int, Fraction | int]) -> Tiers:
    """The options from the highest score to the lowest; equal scores share a tier.

    Options inside a tier keep the order in which they were given.
    """
    steps = sorted({scores[option] for option in options}, reverse=True)
    return tuple(tuple(each for each in options if scores[each] == step) for step in steps)


def layers(options: Sequence[int], above: Relation) -> Tiers:
    """Options in tiers, best first: each tier is what nothing in the rest is above.

    `above` is a strict partial order (Schulze 2011, section 4.1, proves it for his method), so
    a tier is never empty. Options inside a tier keep the order in which they were given.
    """
    # Whatever is above an option is above all that it is above, so this order puts it first.
    over = above.sum(axis=0)
    depth = np.zeros(len(options), dtype=np.int64)
    for row in np.argsort(over).tolist():
        depth[row] = (depth * above[:, row]).max() + 1
    tiers: list[list[int]] = [[] for _ in range(int(depth.max(initial=0)))]
    for option, place in zip(options, depth.tolist(), strict=True):
        tiers[place - 1].append(option)
    return tuple(map(tuple, tiers))


def is_complete(options: Sequence[int], tiers: Tiers, above: Relation) -> bool:
    """Whether each option is above every option of every lower tier.

    If not, the tiers are one way to draw a partial order and some pair in different tiers is
    in truth level; a page says so.
    """
    place = {option: number for number, tier in enumerate(tiers) for option in tier}
    places = np.array([place[option] for option in options], dtype=np.int64)
    return bool((above == (places[:, None] < places[None, :])).all())
