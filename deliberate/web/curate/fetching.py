"""A session page taken from the address that was entered, where the operator permits it."""

from flask import current_app

from deliberate.importing.addresses import check_address
from deliberate.importing.fetch import fetch_page
from deliberate.web.database import writing
from deliberate.web.throttle import limit

FETCHES, MINUTES = 10, 10
"""How many pages one person may fetch in how many minutes."""


def may_fetch() -> bool:
    """Whether an address may be entered at all, so that the form offers a field for it."""
    return bool(permitted_hosts())


def permitted_hosts() -> tuple[str, ...]:
    """The hosts whose pages may be fetched, `*.` standing for every name below."""
    hosts: tuple[str, ...] = current_app.config["IMPORT_HOSTS"]
    return hosts


def fetch_upload(address: str) -> tuple[bytes, str]:
    """The page at an address, as bytes, and a name for it as a file.

    An address that may be asked is counted in a transaction of its own, which has ended before the
    other site is asked. Raises `TooMany` beyond the limit, and `Invalid`, to be explained at the
    field, for an address that may not be asked and for an answer that is no page.
    """
    check_address(address, permitted_hosts())
    with writing() as tx:
        limit(tx, "fetch", burst=FETCHES, minutes=MINUTES)
    return fetch_page(address, permitted_hosts())
