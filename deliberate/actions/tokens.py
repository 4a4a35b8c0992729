"""Secret tokens: what a cookie or a link carries, and the hash that is stored of it."""

import hashlib
import secrets


def new_link_token() -> str:
    """128 random bits for a link in a mail (OWASP ASVS 5.0, 6.4.1), in URL-safe letters."""
    return secrets.token_urlsafe(16)


def hash_token(token: str) -> str:
    """What is stored of a token: SHA-256 suffices for 128 random bits and more."""
    return hashlib.sha256(token.encode()).hexdigest()
