"""The facilitator's journey: polls, arguments, summaries and editions."""

from deliberate.web.facilitate import (
    arguments,
    editions,
    polls,
    sign_offs,
    summaries,
    synthesis,
)
from deliberate.web.facilitate.blueprint import blueprint

__all__ = ["arguments", "blueprint", "editions", "polls", "sign_offs", "summaries", "synthesis"]
