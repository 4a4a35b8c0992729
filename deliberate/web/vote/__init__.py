"""Voting: a poll and its ballot, the receipt, and what the count came to."""

from deliberate.web.vote import ballots, polls, results
from deliberate.web.vote.blueprint import blueprint

__all__ = ["ballots", "blueprint", "polls", "results"]
