"""Ballots as people fill them in: checked, reordered, shown in a fair order, fingerprinted.

A ranked ballot is a tuple of tiers, best first; the options of one tier are tied. Ballots
entered here are strict (one option per tier) and may stop early: an option without a rank
counts as tied last with the other unranked ones (Schulze 2011, section 2.1; the cases of the
counting core use the same convention).
"""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from deliberate.domain.errors import Invalid

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"

TITLE = "This ranking cannot be counted yet."
ADVICE = "Give the ranks 1, 2, 3 and so on, each once. Options may be left without a rank."
EMPTY = "Give at least one option a rank."
UNKNOWN = "This option is not on the ballot."
OUT_OF_RANGE = "Ranks start at 1 and go up to the number of options."
DUPLICATE = "Another option has the same rank."
GAP = "The rank before this one is not given to any option."
"""The messages have no numbers in them, so that each can be translated as it stands."""

LARGEST_INTEGER = 2**53 - 1


class Direction(StrEnum):
    """Where a button moves an option in the voter's order."""

    UP = "up"
    DOWN = "down"


def field_of(option: int) -> str:
    """The form field that carries the rank of an option."""
    return f"rank-{option}"


def check_ranking(
    ranking: Mapping[int, int | None], options: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    """The strict, possibly truncated ballot that numbered selects express.

    `ranking` maps an option id to its rank (1 is best) or to None; options that are missing
    have no rank. Nothing is repaired: a machine that renumbers silently would cast a ballot
    nobody filled in (method.md 1).

    Raises `Invalid` naming every offending option as field `rank-<id>`.
    """
    given = {option: rank for option, rank in ranking.items() if rank is not None}
    problems = _problems(given, options)
    if problems:
        raise Invalid(TITLE, ADVICE, {field_of(option): text for option, text in problems.items()})
    if not given:
        raise Invalid(EMPTY, ADVICE)
    return tuple((option,) for option in put_in_order(given))


def _problems(given: Mapping[int, int], options: Sequence[int]) -> dict[int, str]:
    """What is wrong with each option's rank; the first thing wrong wins."""
    used = Counter(given.values())
    problems = {}
    for option, rank in given.items():
        if option not in options:
            problems[option] = UNKNOWN
        elif not 1 <= rank <= len(options):
            problems[option] = OUT_OF_RANGE
        elif used[rank] > 1:
            problems[option] = DUPLICATE
        elif rank > 1 and rank - 1 not in used:
            problems[option] = GAP
    return problems


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


def canonical_json(value: object) -> bytes:
    """One byte string for one value, after RFC 8785 (JSON Canonicalization Scheme).

    Followed: no white space, property names sorted by UTF-16 code units (3.2.3), the string
    escapes of 3.2.2.2, UTF-8 output (3.2.4). Narrower: of numbers only integers within
    ±(2⁵³ - 1) are taken, so number formatting (3.2.2.3) cannot differ; exact rationals are
    written as strings "p/q". Different on purpose: RFC 8785 leaves strings as they are, here
    they are first put into Unicode normalisation form C, so that the same text typed on two
    systems has one fingerprint.

    Raises `TypeError` for other types and `ValueError` for values out of range, for lone
    surrogates and for names that become equal under normalisation.
    """
    text = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def fingerprint(frozen: Mapping[str, object]) -> str:
    """SHA-256 (FIPS 180-4), in lower-case hexadecimal, of the canonical JSON of what was frozen."""
    return hashlib.sha256(canonical_json(frozen)).hexdigest()


def _plain(value: object) -> Json:
    """The value with names sorted and strings normalised, ready for `json.dumps`."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _whole(value: int) -> int:
    if abs(value) > LARGEST_INTEGER:
        raise ValueError("integers beyond 2^53 - 1 are not read alike everywhere")
    return int(value)


def _object(value: Mapping[object, object]) -> dict[str, Json]:
    """A JSON object with its names in the order of RFC 8785 section 3.2.3."""
    named: dict[str, Json] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError("names in JSON are strings")
        name = unicodedata.normalize("NFC", key)
        if name in named:
            raise ValueError(f"the name {name!r} appears twice")
        named[name] = _plain(item)
    return {name: named[name] for name in sorted(named, key=lambda n: n.encode("utf-16-be"))}
