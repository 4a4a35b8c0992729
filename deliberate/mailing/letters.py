"""The words of a letter, from the templates in `templates/mail/`, in the reader's language.

A kind of letter has two templates, `<kind>.txt` with the blocks `subject` and `body`, and
`<kind>.html` with the block `body`. The text says everything; the HTML adds links and headings
and needs no style, image or script.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from deliberate.domain.languages import RIGHT_TO_LEFT

ROOT = Path(__file__).resolve().parent.parent
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be put into an envelope."""

    subject: str
    text: str
    html: str
    language: str


def write_letter(kind: str, language: str, zone: str | None, **words: Any) -> Letter:
    """Fill in the templates of a kind of letter.

    Times are given as aware moments and shown in UTC, and in `zone` too when there is one.
    """
    environment = _environment(language)

    def when(moment: datetime) -> str:
        return tell_time(moment, language, zone)

    shared = {"locale": language, "direction": _direction(language), "when": when, **words}
    plain = environment.get_template(f"mail/{kind}.txt")
    subject = " ".join(_block(plain, "subject", shared).split())
    text = _BLANK_LINES.sub("\n\n", plain.render(subject=subject, **shared)).strip() + "\n"
    html = environment.get_template(f"mail/{kind}.html").render(subject=subject, **shared)
    return Letter(subject, text, html, language)


def tell_time(moment: datetime, language: str, zone: str | None) -> str:
    """A moment in words, in UTC and in the reader's zone."""
    shown = "EEEE d MMMM y, HH:mm"
    utc = f"{format_datetime(moment, shown, tzinfo=UTC, locale=language)} UTC"
    if not zone or zone == "UTC":
        return utc
    local = format_datetime(moment, "EEE HH:mm", tzinfo=ZoneInfo(zone), locale=language)
    place = zone.rpartition("/")[2].replace("_", " ")
    return f"{utc} ({place}: {local})"


def _direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def _block(template: Template, name: str, words: dict[str, Any]) -> str:
    block: Callable[..., Any] = template.blocks[name]
    return "".join(block(template.new_context(words)))


@lru_cache
def _environment(language: str) -> Environment:
    """The templates with this language's words; English ones where a translation is missing."""
    environment = Environment(
        loader=FileSystemLoader(ROOT.parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    words: NullTranslations = Translations.load(ROOT / "translations", [language])
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    return environment
