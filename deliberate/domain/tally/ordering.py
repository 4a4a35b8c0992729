"""Tiers out of a relation: who is above whom, and who is level."""

from collections.abc import Callable, Sequence
from itertools import combinations

Above = Callable[[int, int], bool]


def tiers(options: Sequence[int], above: Above) -> tuple[tuple[int, ...], ...]:
    """Options in layers, best first: each layer is what nothing in the rest is above.

    `above` is a strict partial order (Schulze 2011, section 4.1, proves it for his method), so
    a layer is never empty. Options inside a tier keep the order in which they were given.
    """
    rest, layers = list(options), []
    while rest:
        layer = [option for option in rest if not any(above(other, option) for other in rest)]
        layers.append(tuple(layer))
        rest = [option for option in rest if option not in layer]
    return tuple(layers)


def is_complete(layers: Sequence[Sequence[int]], above: Above) -> bool:
    """Whether each option is above every option of every lower tier.

    If not, the tiers are one way to draw a partial order and some pair in different tiers is
    in truth level; a page says so.
    """
    pairs = combinations(layers, 2)
    return all(above(high, low) for upper, lower in pairs for high in upper for low in lower)
