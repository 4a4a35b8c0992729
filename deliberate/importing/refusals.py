"""Why a page that reads well is still no session page, in words that say what to do."""

import re

from deliberate.domain.errors import Invalid
from deliberate.importing.lines import Line

PASSWORD = re.compile(r"<input\b[^<>]{0,300}\btype\s?=\s?[\"']?password", re.IGNORECASE)
MISSING = re.compile(
    r"(?:error )?(?:404\b|not found\b|"
    r"(?:the )?(?:requested )?page (?:was |could )?not (?:be )?found)",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"(?:error )?(?:403\b|access denied|forbidden\b|you are not authori[sz]ed|"
    r"checking your browser|just a moment|attention required)",
    re.IGNORECASE,
)
FEWEST_LINES = 2
LINES_READ = 12
SAVE_AGAIN = "Open the session page in your browser and save it again."


def refusal(lines: tuple[Line, ...], markup: str) -> Invalid:
    """The refusal for these lines; `markup` is the source of a web page, empty for plain text."""
    texts = [line.text for line in lines if line.text]
    if any(MISSING.match(text) for text in texts[:LINES_READ]):
        return Invalid("This is the answer for a page that was not found.", SAVE_AGAIN)
    if any(DENIED.match(text) for text in texts[:LINES_READ]):
        return Invalid("This is the answer of a site that refused to show the page.", SAVE_AGAIN)
    if markup and PASSWORD.search(markup):
        return Invalid(
            "This is a page that asks to sign in.",
            "Sign in to the site, open the session page and save it again.",
        )
    if markup and len(texts) < FEWEST_LINES:
        return Invalid("This web page holds only menus, or builds its text by script.", SAVE_AGAIN)
    return Invalid(
        "This is not a session page.",
        "Paste the whole page, with the line that begins with the year and session type.",
    )
