"""Passwords as argon2id hashes (RFC 9106), with the parameters of OWASP ASVS 5.0 appendix C."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _HASHER.hash("no account has this password")


def hash_password(password: str) -> str:
    """The hash to store. Takes some 70 ms on purpose: never call it inside a transaction."""
    return _HASHER.hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Whether the password fits; without an account it takes as long and does not fit.

    The equal time keeps people from learning which addresses have accounts.
    """
    try:
        return _HASHER.verify(stored or _NOBODY, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False
