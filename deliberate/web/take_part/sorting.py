"""What the control for sorting and filtering a discussion offers, in the reader's language."""

from functools import lru_cache

from flask_babel import get_locale
from flask_babel import gettext as _

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.threads import CommentKind, Order, Selection
from deliberate.web.labels import language_choices

Choice = tuple[str, str, str, list[tuple[str, str]]]
"""Name and label of a field, what is chosen now, and what can be, as values with their words."""


def list_choices(selection: Selection) -> list[Choice]:
    """The fields of the control."""
    everything = [("", _("All"))]
    return [
        ("order", _("Order"), selection.order.value, _orders()),
        ("group", _("Group"), selection.group or "", everything + _groups()),
        ("kind", _("Kind of comment"), selection.kind or "", everything + _kinds()),
        (
            "language",
            _("Language"),
            selection.language or "",
            everything + _languages(str(get_locale())),
        ),
    ]


def _orders() -> list[tuple[str, str]]:
    return [
        (Order.OLDEST.value, _("Oldest first")),
        (Order.NEWEST.value, _("Newest first")),
        (Order.UNANSWERED.value, _("Not answered yet")),
        (Order.SUPPORT.value, _("Support across groups")),
    ]


def _groups() -> list[tuple[str, str]]:
    return [(group.value, _(group.value)) for group in StakeholderGroup.registrable()]


def _kinds() -> list[tuple[str, str]]:
    return [
        (CommentKind.REMARK.value, _("Remark")),
        (CommentKind.SUPPORT.value, _("Supports")),
        (CommentKind.OPPOSE.value, _("Opposes")),
        (CommentKind.CONDITIONAL.value, _("On condition")),
        (CommentKind.QUESTION.value, _("Asks")),
        (CommentKind.EVIDENCE.value, _("Evidence")),
        (CommentKind.MISSING.value, _("Missing point")),
    ]


@lru_cache(maxsize=16)
def _languages(_language: str) -> list[tuple[str, str]]:
    return language_choices()
