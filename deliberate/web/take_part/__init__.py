"""Taking part: the page of a deliberation, comments, proposals, ratings and responses."""

from deliberate.web.take_part import (
    amendment_answers,
    amendments,
    comments,
    deliberations,
    edits,
    flags,
    moderated,
    proposal_drafts,
    proposal_versions,
    proposals,
    reading,
    recastings,
    responses,
    sponsor_acts,
    suggestions,
    writing,
)
from deliberate.web.take_part.blueprint import blueprint

__all__ = [
    "amendment_answers",
    "amendments",
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
    "recastings",
    "responses",
    "sponsor_acts",
    "suggestions",
    "writing",
]
