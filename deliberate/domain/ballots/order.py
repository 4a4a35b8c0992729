"""The order of options: as a voter sees them, and as the voter moves them while ranking."""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum


class Direction(StrEnum):
    """Where a button moves an option in the voter's order."""

    UP = "up"
    DOWN = "down"


def put_in_order(ranks: Mapping[int, int | None]) -> tuple[int, ...]:
    """The ranked options from best to last; options with equal ranks keep the mapping's order.

    A page offers this as a button, so the voter sees the new order before casting it.
    """
    given = [(rank, option) for option, rank in ranks.items() if rank is not None]
    return tuple(option for _, option in sorted(given, key=lambda pair: pair[0]))


def move(order: Sequence[int], option: int, direction: Direction) -> tuple[int, ...]:
    """The order with one option moved by one place; at either end it stays where it is.

    Raises `ValueError` if the option is not in the order.
    """
    moved = list(order)
    place = moved.index(option)
    other = place - 1 if direction is Direction.UP else place + 1
    if 0 <= other < len(moved):
        moved[place], moved[other] = moved[other], moved[place]
    return tuple(moved)


def display_order(options: Sequence[int], seed: bytes) -> tuple[int, ...]:
    """The options in an order that depends on nothing but the seed and the option ids.

    Options are sorted by SHA-256(seed ‖ 0x00 ‖ option id). With one seed per voter no option is
    favoured by its place on the page (order effects: Miller and Krosnick 1998), and the page
    looks the same each time that voter returns. With one published seed per poll the same
    order serves to break ties (RFC 3797 is the model; method.md 2).
    """
    return tuple(sorted(options, key=lambda option: _digest(seed, option)))


def _digest(seed: bytes, option: int) -> tuple[bytes, int]:
    return hashlib.sha256(seed + b"\x00" + str(option).encode("ascii")).digest(), option
