"""Posted forms as input models: what was meant, or what is wrong with each field."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, get_origin

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from werkzeug.datastructures import MultiDict

from deliberate.domain.errors import Invalid

M = TypeVar("M", bound=BaseModel)
NOT_INPUT = {"csrf_token"}
HIDDEN = {
    *("submission_key", "version", "shown", "version_id", "parent_id", "proposal_id"),
    *("digest", "key", "act", "draft", "saved", "seen", "act_id", "on"),
}
"""Fields that nobody sees: what is wrong with them is said of the whole form."""

MESSAGES = {
    "missing": _l("This is needed."),
    "string_too_short": _l("Write at least %(min_length)s characters."),
    "string_too_long": _l("Shorten this to %(max_length)s characters."),
    "too_short": _l("Give at least %(min_length)s, separated by blank lines where it is text."),
    "too_long": _l("Give at most %(max_length)s."),
    "enum": _l("Choose one of the options."),
    "int_parsing": _l("Enter a whole number."),
    "int_parsing_size": _l("Enter a smaller number."),
    "greater_than_equal": _l("Enter %(ge)s or more."),
    "less_than_equal": _l("Enter %(le)s or less."),
    "extra_forbidden": _l("This form has no such field."),
    "damaged": _l("This form is damaged. Reload the page; your text is kept."),
    "repeated": _l("This was sent twice. Reload the page and try again."),
    "invisible_characters": _l(
        "This contains invisible direction marks. Remove them, or type the text again."
    ),
    "control_characters": _l("This contains control characters. Type the text again."),
    "email": _l("Enter an e-mail address like name@example.org."),
    "day": _l("Enter a day, such as 2026-01-31."),
    "moment": _l("Enter a date and time, such as 2026-01-31T18:00."),
    "clock": _l("Enter hours and minutes, such as 09:30."),
    "goals": _l("Enter numbers from 1 to 17, such as 9, 16."),
    "nobody": _l("Give a name or a group."),
    "nothing_ticked": _l("Tick at least one comment."),
    "comment_number": _l("Enter the number or the address of a comment, such as 12."),
    "parent_missing": _l("Name the comment it should stand under."),
    "home_missing": _l("Name the discussion it should go to."),
    "nothing_ticked_in_queue": _l("Tick at least one line."),
    "own_options": _l("Give at most 50 options, with titles of at most 160 characters."),
    "options_alike": _l("Two options have the same title."),
    "closes_first": _l("Closing has to be later than opening."),
    "discuss_text": _l("Say what to discuss, in at least 10 characters."),
    "reason_asked": _l("Say why, in at least 10 characters: others will read your reason."),
    "password_guessable": _l("This is easy to guess: avoid your name and repeated letters."),
}
OTHER = _l("This cannot be accepted.")
MODEL_FIELDS = {
    "closes_first": "closes_at",
    "nobody": "name",
    "parent_missing": "parent",
    "home_missing": "home",
    "reason_asked": "reason",
    "discuss_text": "text",
    "password_guessable": "password",
}
"""The field at which a rule about several fields is explained."""


@dataclass(frozen=True, slots=True)
class Form(Generic[M]):
    """A form as shown: the posted text by field, the message for each wrong field, and the model.

    `data` is None unless everything is right.
    """

    posted: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Any] = field(default_factory=dict)
    data: M | None = None

    def value(self, name: str, default: str = "") -> Any:
        """What to show in a field: the posted text, else the default."""
        return self.posted.get(name, default)

    def reject(self, error: Invalid) -> "Form[M]":
        """The same form with what an action found wrong, in the page's language."""
        told = error.fields or {"": error.title}
        return Form(self.posted, {**self.errors, **{name: _(text) for name, text in told.items()}})


def read_form(model: type[M], posted: MultiDict[str, str]) -> Form[M]:
    """Validate a posted form.

    A field the model does not know, or one sent twice that is not a list, is an error: nobody
    smuggles in a `role` or a second value. A damaged submission key is replaced, so that the
    form can be sent again.
    """
    lists = {name for name, info in model.model_fields.items() if _is_list(info)}
    values: dict[str, Any] = {}
    repeated: dict[str, Any] = {}
    for name in posted:
        if name in NOT_INPUT:
            continue
        sent = posted.getlist(name)
        values[name] = sent if name in lists else sent[0]
        if len(sent) > 1 and name not in lists:
            repeated["" if name in HIDDEN else name] = MESSAGES["repeated"]
    parsed = {key: _as_parts(value) for key, value in values.items()}
    try:
        data = model.model_validate(parsed)
    except ValidationError as error:
        if any(detail["loc"] == ("submission_key",) for detail in error.errors()):
            values["submission_key"] = new_key()
        return Form(values, _messages(error) | repeated)
    return Form(values, repeated, None if repeated else data)


def blank(**defaults: Any) -> Form[Any]:
    """A form nobody has sent yet, with its suggestions and a fresh key."""
    return Form({"submission_key": new_key(), **defaults})


def new_key() -> str:
    """A key for one rendering of a form; sending that form twice has one effect."""
    return str(uuid.uuid4())


def _is_list(info: FieldInfo) -> bool:
    return get_origin(info.annotation) is list


def _as_parts(value: Any) -> Any:
    """A list field that came as one text area is handed on as that text."""
    if isinstance(value, list) and len(value) == 1 and "\n" in value[0]:
        return value[0]
    return value


def _messages(error: ValidationError) -> dict[str, Any]:
    messages: dict[str, Any] = {}
    for detail in error.errors():
        place = _place(detail)
        is_hidden = bool(detail["loc"]) and detail["loc"][0] in HIDDEN
        messages.setdefault(place, MESSAGES["damaged"] if is_hidden else _message(detail))
    return messages


def _place(detail: ErrorDetails) -> str:
    """The field at which something is explained; "" for the form as a whole."""
    if not detail["loc"]:
        return MODEL_FIELDS.get(detail["type"], "")
    name = str(detail["loc"][0])
    # A link to a field that the page does not have, or does not show, would lead nowhere.
    return "" if name in HIDDEN or detail["type"] == "extra_forbidden" else name


def _message(detail: ErrorDetails) -> Any:
    kind = _kind(detail)
    is_blank = kind == "string_too_short" and not str(detail["input"]).strip()
    message = MESSAGES["missing"] if is_blank else MESSAGES.get(kind, OTHER)
    context = detail.get("ctx", {})
    return message % context if "%(" in str(message) else message


def _kind(detail: ErrorDetails) -> str:
    """Pydantic's name of what is wrong; lengths checked after cleaning lose their "string"."""
    kind = str(detail["type"])
    # Of a list pydantic says "List" here, whether it came as fields or as one text area.
    of_text = detail.get("ctx", {}).get("field_type") == "Value"
    return f"string_{kind}" if of_text else kind
