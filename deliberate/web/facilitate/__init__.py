"""The facilitator's journey: open a poll, write the summary, publish editions."""

from deliberate.web.facilitate import editions, polls, sign_offs, summaries
from deliberate.web.facilitate.blueprint import blueprint

__all__ = ["blueprint", "editions", "polls", "sign_offs", "summaries"]
