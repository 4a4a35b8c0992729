"""A ballot while it is filled in: read, moved, put in order, explained. Nothing is stored here.

The order in which the options are shown travels in the order of the form's fields. Answers are
never changed unless the voter presses a button that says so, and never while they contain
doubles or gaps: those are explained where they stand.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from deliberate.domain import ballots
from deliberate.domain.ballots import (
    Answer,
    BallotRules,
    Direction,
    Filled,
    Kind,
    field_of,
    put_in_order,
)
from deliberate.domain.errors import Invalid
from deliberate.inputs.ballots import CastBallot
from deliberate.web.forms import MESSAGES, Form
from deliberate.web.vote.answers import Told, tell
from deliberate.web.vote.pages import Option

FIELD = re.compile(r"(mark|reason)_([0-9]{1,18})")
OTHER_FIELDS = {"csrf_token", "submission_key", "step", "move", "blank"}
CHOICE = "choice"
"""The field of a single choice: the option's id, or BLANK."""
BLANK = "blank"
LONG_REASON = "Shorten the reason to 1,000 characters, without invisible signs."
NOT_A_MARK = -1
"""Stands for what is no number; the domain answers that it is not on the ballot."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The ballot as entered, for the options in the order shown. `stray`: fields of no option."""

    rules: BallotRules
    marks: Mapping[int, int | None]
    submission_key: str
    reasons: Mapping[int, str] = field(default_factory=dict)
    is_blank: bool = False
    stray: bool = False

    @property
    def shown(self) -> tuple[int, ...]:
        """The options in the order shown."""
        return tuple(self.marks)

    @property
    def ranked(self) -> tuple[int, ...]:
        """The options that have a rank, best first."""
        return put_in_order(self.marks)

    @property
    def unranked(self) -> tuple[int, ...]:
        """The options without a rank, as shown."""
        return tuple(option for option, rank in self.marks.items() if rank is None)

    @property
    def dots_given(self) -> int:
        """The sum of what is no mistake, for those who share out dots."""
        return sum(mark for mark in self.marks.values() if mark is not None and mark > 0)

    @property
    def told(self) -> Told:
        """The ballot in words."""
        return tell(self.rules, self.marks, self.reasons)

    def problems(self) -> dict[str, str]:
        """What keeps this from being cast, by form field; the empty name stands for the whole."""
        found = {"": str(MESSAGES["extra_forbidden"])} if self.stray else {}
        try:
            self.rules.check(Filled(self.marks, self.reasons, self.is_blank), self.shown)
        except Invalid as error:
            return found | self.explain(error)
        return found

    def explain(self, error: Invalid) -> dict[str, str]:
        """An action's complaint by form field."""
        known = {field_of(option) for option in self.shown}
        told = {name if name in known else "": _(text) for name, text in error.fields.items()}
        return told or {"": _(error.title)}


@dataclass(frozen=True, slots=True)
class Moved:
    """The ballot after a button was pressed: what to say, and which button keeps the focus."""

    entered: Entered
    said: str
    focus: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An option as a row of the ballot."""

    option: Option
    mark: int | None
    reason: str
    error: str | None


def read_ballot(
    posted: MultiDict[str, str], own_order: Sequence[int], rules: BallotRules
) -> Entered:
    """The posted ballot; options that were not sent follow in the voter's own order."""
    marks: dict[int, int | None] = {}
    reasons: dict[int, str] = {}
    stray = False
    for name in posted:
        match = FIELD.fullmatch(name)
        option = int(match[2]) if match is not None else 0
        if match is not None and option in own_order and len(posted.getlist(name)) == 1:
            if match[1] == "mark":
                marks[option] = _mark(posted[name])
            else:
                reasons[option] = posted[name].strip()
        elif name != CHOICE and name not in OTHER_FIELDS:
            stray = True
    for option in own_order:
        marks.setdefault(option, None)
    chosen = posted.getlist(CHOICE) if rules.kind is Kind.CHOICE else []
    stray = stray or (CHOICE in posted and len(chosen) != 1)
    for option in own_order:
        if str(option) in chosen:
            marks[option] = 1
    is_blank = posted.get("blank") == "yes" or chosen == [BLANK]
    return Entered(rules, marks, posted.get("submission_key", ""), reasons, is_blank, stray)


def _mark(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else NOT_A_MARK


def fill(
    answer: Answer | None,
    view_order: Sequence[int],
    own_order: Sequence[int],
    rules: BallotRules,
    key: str,
) -> Entered:
    """A ballot that shows an answer given before, or none, in the voter's own order.

    `view_order` holds the options as registered, as the marks of the answer are.
    """
    if answer is None:
        return Entered(rules, dict.fromkeys(own_order), key)
    given = dict(zip(view_order, answer.marks, strict=True))
    marks = {option: given[option] or None for option in own_order}
    return Entered(rules, marks, key, answer.reasons, answer.is_blank)


def in_order(entered: Entered) -> Moved:
    """The options in the order of the ranks entered; the ranks stay as they are."""
    shown = (*entered.ranked, *entered.unranked)
    ranks = {option: entered.marks[option] for option in shown}
    return Moved(replace(entered, marks=ranks), _("The options stand in the order of your ranks."))


def move(entered: Entered, posted: str, titles: Mapping[int, str]) -> Moved:
    """Move one option by one place, as "<option id>:up" or "<option id>:down" asks.

    With no rank given yet, the options get ranks in the order shown. With some given, the
    ranked ones change places among each other, and an unranked one joins behind them.
    """
    name, _colon, word = posted.partition(":")
    option = int(name) if name.isdecimal() and len(name) < 19 else -1
    if option not in entered.marks or word not in list(Direction):
        return Moved(entered, _("Nothing was moved."))
    if len(set(entered.marks.values()) - {None}) < len(entered.ranked):
        return Moved(entered, _("Options share a rank, so nothing was moved. Change the numbers."))
    ranked = list(entered.ranked or entered.shown)
    direction = Direction(word)
    if option in ranked:
        order = ballots.move(ranked, option, direction)
    else:
        order = (*ranked, option) if direction is Direction.UP else tuple(ranked)
    return _moved(entered, order, option, direction, titles[option])


def _moved(
    entered: Entered, order: tuple[int, ...], option: int, direction: Direction, title: str
) -> Moved:
    rest = [each for each in entered.shown if each not in order]
    ranks = {each: rank for rank, each in enumerate(order, start=1)} | dict.fromkeys(rest)
    after = replace(entered, marks=ranks)
    rank = ranks[option]
    if rank is None:
        said = _("“%(title)s” has no rank.", title=title)
    else:
        said = _(
            "“%(title)s” is now %(rank)d of %(size)d.", title=title, rank=rank, size=len(ranks)
        )
    return Moved(after, said, f"{direction.value}-{option}")


def rows(entered: Entered, options: Mapping[int, Option], errors: Mapping[str, Any]) -> list[Row]:
    """The rows of the ballot, as shown."""
    return [
        Row(options[option], mark, entered.reasons.get(option, ""), errors.get(field_of(option)))
        for option, mark in entered.marks.items()
    ]


def name_problem(title: str, problem: str) -> str:
    """What is wrong with an option, for a list in which it does not stand beside that option."""
    return str(_("“%(title)s”: %(problem)s", title=title, problem=problem))


def as_input(entered: Entered) -> CastBallot:
    """The ballot as the action takes it. Raises `Invalid` for a damaged form."""
    try:
        return CastBallot(
            marks=dict(entered.marks),
            reasons=dict(entered.reasons),
            is_blank=entered.is_blank,
            submission_key=entered.submission_key,
        )
    except ValidationError as error:
        raise Invalid(*_damage(error)) from error


def _damage(error: ValidationError) -> tuple[str, str, dict[str, str]]:
    """What to say of a form that is damaged, or of a reason that is too long."""
    places = [each["loc"] for each in error.errors() if each["loc"][0] == "reasons"]
    fields = {field_of(str(place[1])): LONG_REASON for place in places}
    return ("This form is damaged. Reload the page; your text is kept.", "", fields)


def as_form(entered: Entered, errors: Mapping[str, Any] | None = None) -> Form[Any]:
    """The form around the rows: its key and what is wrong."""
    return Form({"submission_key": entered.submission_key}, errors or {})
