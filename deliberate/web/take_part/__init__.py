"""Taking part: the page of a deliberation, comments, proposals, ratings and responses."""

from deliberate.web.take_part import (
    comments,
    deliberations,
    proposal_drafts,
    proposal_versions,
    proposals,
    responses,
    suggestions,
)
from deliberate.web.take_part.blueprint import blueprint

__all__ = [
    "blueprint",
    "comments",
    "deliberations",
    "proposal_drafts",
    "proposal_versions",
    "proposals",
    "responses",
    "suggestions",
]
