"""Voting: a poll and its ballot, the receipt, and what the count came to."""

from deliberate.web.vote.blueprint import blueprint

__all__ = ["blueprint"]
