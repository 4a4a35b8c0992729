"""The versions of a proposal at their permanent addresses, and what changed between any two."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from deliberate.domain.errors import NotFound
from deliberate.inputs.texts import LARGEST_ID
from deliberate.storage.amendments import find_credit
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.proposal_versions import VersionLine, list_texts, list_versions
from deliberate.storage.proposals import ProposalLine, ProposalVersion
from deliberate.web.database import reader
from deliberate.web.render import respond
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.proposal_writing import Changes, compare, get_place


@dataclass(frozen=True, slots=True)
class History:
    """Every version of a proposal, and how two of them differ, if there are two."""

    page: DeliberationPage
    proposal: ProposalLine
    versions: Sequence[VersionLine]
    first: int
    second: int
    changes: Changes | None


@dataclass(frozen=True, slots=True)
class OneVersion:
    """One version as it was published, and what it changed."""

    page: DeliberationPage
    proposal: ProposalLine
    text: ProposalVersion
    body: Markup
    rationale: Markup
    changes: Changes | None
    credit: tuple[int, str] | None


@blueprint.get("/proposals/<int(max=2147483647):proposal_id>/versions")
def show_versions(proposal_id: int) -> ResponseReturnValue:
    """Every version, and the difference of the two in the address, else of the newest two."""
    place = get_place(proposal_id)
    assert place.proposal is not None, "the place of a proposal has one"  # noqa: S101
    if place.proposal.is_hidden:
        return redirect(f"/proposals/{proposal_id}")
    versions = list_versions(reader(), proposal_id)
    last = versions[-1].number
    second = _asked("to", last, last)
    first = _asked("from", max(1, second - 1), last)
    texts = {text.number: text for text in list_texts(reader(), proposal_id, [first, second])}
    changes = compare(texts[first], texts[second]) if first != second else None
    history = History(place.page, place.proposal, versions, first, second, changes)
    return respond("take_part/versions.html", history=history)


@blueprint.get("/proposals/<int(max=2147483647):proposal_id>/versions/<int(max=2147483647):number>")
def show_version(proposal_id: int, number: int) -> ResponseReturnValue:
    """One version, word for word, for as long as there is the proposal."""
    place = get_place(proposal_id)
    assert place.proposal is not None, "the place of a proposal has one"  # noqa: S101
    if place.proposal.is_hidden:
        return redirect(f"/proposals/{proposal_id}")
    texts = list_texts(reader(), proposal_id, [number - 1, number])
    if not texts or texts[-1].number != number:
        raise NotFound(_("There is no such version."))
    text = texts[-1]
    shown = OneVersion(
        page=place.page,
        proposal=place.proposal,
        text=text,
        body=Markup(text.body_html),  # noqa: S704 - cleaned when it was written.
        rationale=Markup(text.rationale_html),  # noqa: S704 - cleaned when it was written.
        changes=compare(texts[0], text) if len(texts) == 2 else None,
        credit=find_credit(reader(), text.id),
    )
    return respond("take_part/version.html", shown=shown)


def _asked(name: str, usual: int, last: int) -> int:
    """A number in the address, as long as there is such a version."""
    number = request.args.get(name, usual, type=int)
    return number if 1 <= number <= min(last, LARGEST_ID) else usual
