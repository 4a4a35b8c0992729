"""Taking part: the page of a deliberation, comments, proposals, ratings and responses."""

from deliberate.web.take_part import (
    comments,
    deliberations,
    edits,
    flags,
    moderated,
    proposal_drafts,
    proposal_versions,
    proposals,
    reading,
    responses,
    suggestions,
    writing,
)
from deliberate.web.take_part.blueprint import blueprint

__all__ = [
    "blueprint",
    "comments",
    "deliberations",
    "edits",
    "flags",
    "moderated",
    "proposal_drafts",
    "proposal_versions",
    "proposals",
    "reading",
    "responses",
    "suggestions",
    "writing",
]
