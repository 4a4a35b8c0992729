"""Forms that come too late: what was typed in them, and where the question is now."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from deliberate.domain.errors import Conflict
from deliberate.storage.lineage import Place, find_living, find_output_place
from deliberate.web.curate.uploads import in_words
from deliberate.web.database import reader
from deliberate.web.forms import HIDDEN, NOT_INPUT, Form

KEY = re.compile(r"(question|output)-([0-9]+)-")


@dataclass(frozen=True, slots=True)
class Stale:
    """A form that is not offered any more: why, what was typed, and links to go on from."""

    message: str
    texts: Sequence[str]
    places: Sequence[tuple[str, str]]


def stale_of(key: str, form: Form[Any], error: Conflict | None = None) -> Stale:
    """What to say about a form by its key, such as `question-3-split`."""
    message = in_words(error) if error else _("This form is not offered any more.")
    return Stale(str(message), list(typed(form)), places_of(key))


def typed(form: Form[Any]) -> list[str]:
    """The texts that somebody typed into a form and would miss."""
    values = [
        value
        for name, value in form.posted.items()
        if name not in HIDDEN | NOT_INPUT and isinstance(value, str)
    ]
    return [value for value in values if " " in value.strip()]


def places_of(key: str) -> list[tuple[str, str]]:
    """The words and addresses of what the form's question or output has become."""
    match = KEY.match(key)
    if match is None:
        return []
    if match[1] == "output":
        place = find_output_place(reader(), int(match[2]))
        return [(place.text, address_of(place, "output"))] if place else []
    living = find_living(reader(), int(match[2]))
    return [(place.text, address_of(place, "question")) for place in living]


def address_of(place: Place, kind: str) -> str:
    """Where a curator goes on with it: its discussion, else its place on the curation page."""
    if place.deliberation_id is not None:
        return f"/deliberations/{place.deliberation_id}"
    return f"/sessions/{place.slug}/curation#{kind}-{place.id}"
