"""The form of a comment as its author left it: drafts are offered again wherever it is opened."""

from typing import Any

from deliberate.inputs.contributions import PLACES, place_of
from deliberate.storage.comment_drafts import CommentDraft, find_draft
from deliberate.web.database import reader
from deliberate.web.forms import Form, blank
from deliberate.web.login import current_actor


def begin_form(deliberation_id: int, **anchors: Any) -> Form[Any]:
    """The form as its author left it for this place, else an empty one."""
    person_id = current_actor().id
    if person_id is None:
        return blank(**anchors)
    place = place_of({name: anchors.get(name) for name in PLACES})
    draft = find_draft(reader(), person_id, deliberation_id, place)
    return draft_form(draft, **anchors) if draft else blank(**anchors)


def draft_form(draft: CommentDraft, **anchors: Any) -> Form[Any]:
    """The form filled in with a draft, and when that was saved."""
    kept = {
        "body": draft.body,
        "kind": draft.kind.value,
        "language": draft.language or "",
        "capacity": draft.capacity.value,
        "draft_saved_at": draft.saved_at,
    }
    return blank(**(anchors | kept))


def draft_address(deliberation_id: int, place: str) -> str:
    """Where the form for this place is."""
    query = f"?{place}" if place else ""
    return f"/deliberations/{deliberation_id}/comments/new{query}"
