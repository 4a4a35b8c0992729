"""Every table in one import, for migrations and for emptying a test database."""

from deliberate.storage import (
    audit,
    ballots,
    comments,
    conflicts,
    curation,
    deliberations,
    forum,
    jobs,
    people,
    polls,
    proposals,
    responses,
    reviews,
    sign_offs,
    suggestions,
    summaries,
    throttles,
)
from deliberate.storage.base import Base

__all__ = [
    "Base",
    "audit",
    "ballots",
    "comments",
    "conflicts",
    "curation",
    "deliberations",
    "forum",
    "jobs",
    "people",
    "polls",
    "proposals",
    "responses",
    "reviews",
    "sign_offs",
    "suggestions",
    "summaries",
    "throttles",
]
