"""Where to go after signing in: a page of this site, and nothing that could become another's."""

import re

FRONT_PAGE = "/"
LONGEST = 500
# What RFC 3986 allows in a path with query and fragment, beginning with one slash. Everything
# else, such as control characters, spaces and backslashes, browsers may drop or read as a slash.
_SAME_SITE = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*")
# Encoded slashes, backslashes, control characters and per cent signs: a proxy may decode them.
_HIDDEN = re.compile(r"%(?:2f|5c|25|[01][0-9a-f]|7f)", re.IGNORECASE)
# Going back to these would ask again for what was just done.
_ONCE = ("/sign-in", "/sign-in/second-step", "/sign-out", "/register")


def return_path(asked: str | None) -> str:
    """The path asked for in `next` when it leads to a page of this site, else the front page."""
    if not asked or len(asked) > LONGEST or not _SAME_SITE.fullmatch(asked):
        return FRONT_PAGE
    if "//" in asked or _HIDDEN.search(asked):
        return FRONT_PAGE
    path = re.split(r"[?#]", asked)[0]
    return FRONT_PAGE if path.rstrip("/") in _ONCE else asked
