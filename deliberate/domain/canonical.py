"""One byte string for one value, and its fingerprint, the same on every machine (method.md 6)."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"
LARGEST_INTEGER = 2**53 - 1


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
