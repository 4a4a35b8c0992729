"""Numbers in addresses that say where a list goes on, within what a database can compare."""

from flask import request

from deliberate.inputs.texts import LARGEST_ID

MOST_PAGES = 10_000


def asked_page() -> int:
    """The page of a list, counted from 1; anything that is no page is the first."""
    return min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)


def asked_before() -> int | None:
    """The id before which a list goes on; none at its beginning."""
    before = request.args.get("before", type=int)
    return before if before is not None and 0 < before <= LARGEST_ID else None
