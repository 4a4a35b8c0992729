"""The MAG member's journey: import a session page, curate its questions, open them."""

from deliberate.web.curate import (
    additions,
    addresses,
    balance,
    classification,
    drafts,
    imports,
    outputs,
    questions,
    similar,
    undoing,
)
from deliberate.web.curate.blueprint import blueprint

__all__ = [
    "additions",
    "addresses",
    "balance",
    "blueprint",
    "classification",
    "drafts",
    "imports",
    "outputs",
    "questions",
    "similar",
    "undoing",
]
