"""The security headers that every answer carries (OWASP ASVS 5.0, section 3.4)."""

from collections.abc import Mapping

REQUIRED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
REQUIRED_DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def check_headers(headers: Mapping[str, str]) -> list[str]:
    """What is missing or too lax among the headers, in words; empty when nothing is."""
    problems = [
        f"{name} is {headers.get(name)!r} instead of {value!r}"
        for name, value in REQUIRED.items()
        if headers.get(name) != value
    ]
    if not headers.get("Permissions-Policy"):
        problems.append("no Permissions-Policy")
    policy = headers.get("Content-Security-Policy", "")
    directives = dict(
        part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip()
    )
    problems += [
        f"{name} is {directives.get(name)!r} instead of {value!r}"
        for name, value in REQUIRED_DIRECTIVES.items()
        if directives.get(name) != value
    ]
    problems += [
        f"the policy allows {word}" for word in ("unsafe-", "http:", "*") if word in policy
    ]
    return problems
