"""The MAG member's journey: import a session page, curate and review its questions, open them."""

from deliberate.web.curate import (
    additions,
    addresses,
    awaiting,
    balance,
    classification,
    conflicts,
    drafts,
    imports,
    outputs,
    questions,
    reviews,
    sign_off,
    similar,
    suggestions,
    undoing,
    welcome,
)
from deliberate.web.curate.blueprint import blueprint

__all__ = [
    "additions",
    "addresses",
    "awaiting",
    "balance",
    "blueprint",
    "classification",
    "conflicts",
    "drafts",
    "imports",
    "outputs",
    "questions",
    "reviews",
    "sign_off",
    "similar",
    "suggestions",
    "undoing",
    "welcome",
]
