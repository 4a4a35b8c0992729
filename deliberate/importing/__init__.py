"""Reading saved session pages: no database, no web, no network."""

from deliberate.importing.page import (
    Confidence,
    Doubt,
    DoubtKind,
    Organizer,
    Person,
    Question,
    SessionPage,
    Source,
    Span,
)
from deliberate.importing.session_page import read_lines, read_page
from deliberate.importing.text import normalise

__all__ = [
    "Confidence",
    "Doubt",
    "DoubtKind",
    "Organizer",
    "Person",
    "Question",
    "SessionPage",
    "Source",
    "Span",
    "normalise",
    "read_lines",
    "read_page",
]
