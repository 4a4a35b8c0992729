"""Labels as pages show them: words in the reader's language, each a link into the portfolio."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale
from flask_babel import gettext as _

from deliberate.domain.classification import (
    ACTOR_LABELS,
    GOAL_LABELS,
    LANGUAGES,
    Classification,
    LabelKind,
    Priority,
)
from deliberate.domain.forum import OutputKind
from deliberate.storage.forum import Output


@dataclass(frozen=True, slots=True)
class LabelLink:
    """A label in words, and everything else that has it."""

    kind: LabelKind
    text: str
    href: str


def label_links(
    labels: Iterable[tuple[LabelKind, str]], subject: str = "question"
) -> list[LabelLink]:
    """Links by kind in a fixed order; `subject` is question, takeaway or call."""
    classification = Classification(frozenset(labels))
    kept = {} if subject == "question" else {"kind": subject}
    return [
        LabelLink(
            kind, in_words(kind, value), f"/questions?{urlencode({**kept, kind.value: value})}"
        )
        for kind in LabelKind
        for value in classification.values(kind)
    ]


def subject_kind(output: Output | None) -> str:
    """What something is called in addresses: question, takeaway or call."""
    if output is None:
        return "question"
    return "takeaway" if output.kind is OutputKind.KEY_TAKEAWAY else "call"


def in_words(kind: LabelKind, value: str) -> str:
    """One value as a reader sees it, without its kind; what is no value of the kind as it is."""
    if kind is LabelKind.GOAL:
        return goal_name(value)
    if kind is LabelKind.LANGUAGE:
        return language_name(value)
    if kind is LabelKind.ACTOR and value in ACTOR_LABELS:
        return str(_(ACTOR_LABELS[value]))
    return value


def goal_name(number: str) -> str:
    """Number and name of a Sustainable Development Goal."""
    name = GOAL_LABELS.get(int(number)) if number.isascii() and number.isdigit() else None
    return f"{number} {_(name)}" if name else number


def language_name(tag: str) -> str:
    """The language in the reader's words, or the tag where it has no name."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name(get_locale())
    except (ValueError, UnknownLocaleError):
        name = None
    return name[:1].upper() + name[1:] if name else tag


def language_choices() -> list[tuple[str, str]]:
    """Languages to choose from: the six of the United Nations, then the others by name."""
    named = [(tag, language_name(tag)) for tag in LANGUAGES]
    return named[:6] + sorted(named[6:], key=lambda pair: pair[1].casefold())


def priority_choices() -> list[tuple[str, str]]:
    """Priorities to choose from, the most urgent first."""
    return [(priority.value, str(_(priority.label))) for priority in Priority]
