"""The MAG member's journey: import a session page, curate its questions, open them."""

from deliberate.web.curate import (
    addresses,
    balance,
    classification,
    drafts,
    imports,
    outputs,
    questions,
)
from deliberate.web.curate.blueprint import blueprint

__all__ = [
    "addresses",
    "balance",
    "blueprint",
    "classification",
    "drafts",
    "imports",
    "outputs",
    "questions",
]
