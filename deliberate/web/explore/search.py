"""Searching everything that everybody may read; all that is asked stands in the address."""

from flask import request
from flask.typing import ResponseReturnValue

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.search import SearchKind, parse_query
from deliberate.inputs.texts import LARGEST_ID
from deliberate.storage.deliberations import find_deliberation
from deliberate.storage.forum import find_session
from deliberate.web.database import reader
from deliberate.web.explore.blueprint import blueprint
from deliberate.web.explore.search_pages import Asked, search_page
from deliberate.web.render import respond, wants_part

LARGEST_KEY = 2**63 - 1
LONGEST_TAG = 20


@blueprint.get("/search")
def search_texts() -> ResponseReturnValue:
    """What the words and filters in the address find; filters that mean nothing are passed over.

    `after` is the key of the last result shown: what htmx asks for behind it is the next results
    alone, and without scripts it is a page of its own.
    """
    after = request.args.get("after", type=int)
    after = after if after is not None and 0 < after <= LARGEST_KEY else None
    view = search_page(reader(), asked(), after)
    if after is not None and wants_part():
        return respond("explore/_more_hits.html", view=view)
    return respond("explore/search.html", "found", view=view)


def asked() -> Asked:
    """The query and the filters of this address."""
    slug, discussion = request.args.get("session", ""), _number("discussion", LARGEST_ID)
    return Asked(
        query=parse_query(request.args.get("q", "")),
        kind=next((kind for kind in SearchKind if kind == request.args.get("kind")), None),
        group=next((one for one in StakeholderGroup if one == request.args.get("group")), None),
        language=_language(),
        year=_number("year", 9999),
        session=find_session(reader(), slug) if slug and slug.isprintable() else None,
        deliberation=find_deliberation(reader(), discussion) if discussion else None,
    )


def _language() -> str | None:
    tag = request.args.get("language", "")
    return tag.lower() if tag.isascii() and tag.isalpha() and len(tag) <= LONGEST_TAG else None


def _number(name: str, most: int) -> int | None:
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number <= most else None
