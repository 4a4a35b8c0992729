"""Codes for the second step: time-based ones (RFC 6238) and recovery codes for a lost device."""

import hashlib
import hmac
import secrets
from base64 import b32encode
from datetime import datetime

from pyotp import TOTP, random_base32

STEP_SECONDS = 30
WINDOW = 1
"""How many time steps a clock may be off, either way (RFC 6238 section 5.2)."""
RECOVERY_CODES = 10
_RECOVERY_BYTES = 15


def new_secret() -> str:
    """A shared secret of 160 bits, as RFC 4226 section 4 recommends, in base 32."""
    return random_base32()


def app_address(secret: str, email: str, issuer: str) -> str:
    """The `otpauth` address that authenticator apps read from a QR code."""
    return TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def accepted_step(secret: str, code: str, moment: datetime, last_step: int | None) -> int | None:
    """The time step whose code this is, or None.

    Codes of `last_step` and of earlier steps do not count: each is accepted once (RFC 6238
    section 5.2).
    """
    step = int(moment.timestamp()) // STEP_SECONDS
    totp = TOTP(secret)
    for candidate in range(step - WINDOW, step + WINDOW + 1):
        fits = hmac.compare_digest(totp.generate_otp(candidate).encode(), code.encode())
        if fits and (last_step is None or candidate > last_step):
            return candidate
    return None


def new_recovery_codes() -> list[str]:
    """Ten codes of 120 bits, written in groups of four letters and digits."""
    return [_grouped(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def hash_recovery_code(code: str) -> str:
    """What is stored of a recovery code, however it was typed.

    A plain SHA-256 suffices for 112 random bits or more (NIST SP 800-63B section 5.1.2.2).
    """
    plain = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(plain.encode()).hexdigest()


def _grouped(random: bytes) -> str:
    text = b32encode(random).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))
