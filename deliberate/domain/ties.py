"""The order that breaks ties: fixed by rule before opening, known to nobody before closing.

A method that needs an order among options that stand level takes them by SHA-256(seed ‖ 0x00 ‖
option number). The seed hashes three things: what was frozen, a random number that was drawn at
opening and committed to by its hash, and the codes of all counted ballots. Whoever knows the number
cannot know the codes, whoever casts the last ballot does not know the number, and when the poll is
counted both are public, so that anybody can work the order out again (after RFC 3797 and the
commitments of risk-limiting audits; ADR 22 says what this does not prevent).
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence

from deliberate.domain.ballots import display_order

RULE = (
    "Options that stand level stay level. Where a method needs an order they are taken by"
    " SHA-256(seed, 0x00, option number); seed = SHA-256(fingerprint, LF, nonce, LF, digest),"
    " digest = SHA-256(sorted receipts, each followed by LF), all in hexadecimal."
)


def draw_nonce() -> str:
    """A random number of 256 bits, in hexadecimal."""
    return secrets.token_hex(32)


def commitment(nonce: str) -> str:
    """What is published of the number at opening: its SHA-256, in hexadecimal."""
    return hashlib.sha256(nonce.encode()).hexdigest()


def digest_of(receipts: Iterable[str]) -> str:
    """One digest for all counted ballots, whatever their order."""
    lines = "".join(f"{receipt}\n" for receipt in sorted(receipts))
    return hashlib.sha256(lines.encode()).hexdigest()


def seed_of(fingerprint: str, nonce: str, digest: str) -> str:
    """The seed in hexadecimal."""
    return hashlib.sha256(f"{fingerprint}\n{nonce}\n{digest}".encode()).hexdigest()


def tie_order(options: Sequence[int], seed: str) -> tuple[int, ...]:
    """The options in the order in which ties are broken; the first goes before all others."""
    return display_order(options, bytes.fromhex(seed))
