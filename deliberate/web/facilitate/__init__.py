"""The facilitator's journey: polls, threads, arguments, summaries and editions."""

from deliberate.web.facilitate import (
    arguments,
    editions,
    gardening,
    moderation,
    polls,
    premoderation,
    room_ballots,
    running_polls,
    sign_offs,
    summaries,
    synthesis,
)
from deliberate.web.facilitate.blueprint import blueprint

__all__ = [
    "arguments",
    "blueprint",
    "editions",
    "gardening",
    "moderation",
    "polls",
    "premoderation",
    "room_ballots",
    "running_polls",
    "sign_offs",
    "summaries",
    "synthesis",
]
