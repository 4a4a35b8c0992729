"""A ballot while it is filled in: read, moved, put in order, explained. Nothing is stored here.

The order in which the options are shown travels in the order of the form's fields. Ranks are
never changed unless the voter presses a button that says so, and never while they contain
doubles or gaps: those are explained where they stand.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from deliberate.domain import ballots
from deliberate.domain.ballots import Direction, check_ranking, put_in_order
from deliberate.domain.errors import Invalid
from deliberate.inputs.polls import RankedBallot
from deliberate.web.forms import MESSAGES, Form
from deliberate.web.vote.pages import Option

RANK = re.compile(r"rank_([0-9]{1,18})")
OTHER_FIELDS = {"csrf_token", "submission_key", "step", "move"}
NOT_A_RANK = 0
"""Stands for what is no number; the domain answers that ranks start at 1."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The ranks as entered, for the options in the order shown. `stray`: fields of no option."""

    ranks: Mapping[int, int | None]
    submission_key: str
    stray: bool = False

    @property
    def shown(self) -> tuple[int, ...]:
        """The options in the order shown."""
        return tuple(self.ranks)

    @property
    def ranked(self) -> tuple[int, ...]:
        """The options that have a rank, best first."""
        return put_in_order(self.ranks)

    @property
    def unranked(self) -> tuple[int, ...]:
        """The options without a rank, as shown."""
        return tuple(option for option, rank in self.ranks.items() if rank is None)

    def problems(self) -> dict[str, str]:
        """What keeps this from being cast, by form field; the empty name stands for the whole."""
        found = {"": str(MESSAGES["extra_forbidden"])} if self.stray else {}
        try:
            check_ranking(self.ranks, self.shown)
        except Invalid as error:
            return found | self.explain(error)
        return found

    def explain(self, error: Invalid) -> dict[str, str]:
        """An action's complaint by form field."""
        fields = {ballots.field_of(option): f"rank_{option}" for option in self.shown}
        told = {fields.get(name, ""): _(text) for name, text in error.fields.items()}
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
    rank: int | None
    error: str | None


def read_ballot(posted: MultiDict[str, str], own_order: Sequence[int]) -> Entered:
    """The posted ballot; options that were not sent follow in the voter's own order."""
    ranks: dict[int, int | None] = {}
    stray = False
    for name in posted:
        match = RANK.fullmatch(name)
        known = match is not None and int(match[1]) in own_order
        if match is not None and known and len(posted.getlist(name)) == 1:
            ranks[int(match[1])] = _rank(posted[name])
        elif name not in OTHER_FIELDS:
            stray = True
    for option in own_order:
        ranks.setdefault(option, None)
    return Entered(ranks, posted.get("submission_key", ""), stray)


def _rank(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else NOT_A_RANK


def fill(ranking: Sequence[int], own_order: Sequence[int], key: str) -> Entered:
    """A ballot that shows a ranking made before, in the voter's own order."""
    places = {option: rank for rank, option in enumerate(ranking, start=1)}
    return Entered({option: places.get(option) for option in own_order}, key)


def in_order(entered: Entered) -> Moved:
    """The options in the order of the ranks entered; the ranks stay as they are."""
    shown = (*entered.ranked, *entered.unranked)
    ranks = {option: entered.ranks[option] for option in shown}
    return Moved(replace(entered, ranks=ranks), _("The options stand in the order of your ranks."))


def move(entered: Entered, posted: str, titles: Mapping[int, str]) -> Moved:
    """Move one option by one place, as "<option id>:up" or "<option id>:down" asks.

    With no rank given yet, the options get ranks in the order shown. With some given, the
    ranked ones change places among each other, and an unranked one joins behind them.
    """
    name, _colon, word = posted.partition(":")
    option = int(name) if name.isdecimal() and len(name) < 19 else -1
    if option not in entered.ranks or word not in list(Direction):
        return Moved(entered, _("Nothing was moved."))
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
    after = replace(entered, ranks=ranks)
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
        Row(options[option], rank, errors.get(f"rank_{option}"))
        for option, rank in entered.ranks.items()
    ]


def name_problem(title: str, problem: str) -> str:
    """What is wrong with an option, for a list in which it does not stand beside that option."""
    return str(_("“%(title)s”: %(problem)s", title=title, problem=problem))


def as_input(entered: Entered) -> RankedBallot:
    """The ballot as the action takes it. Raises `Invalid` for a damaged form."""
    try:
        return RankedBallot(ranks=dict(entered.ranks), submission_key=entered.submission_key)
    except ValidationError as error:
        raise Invalid("This form is damaged. Reload the page; your text is kept.") from error


def as_form(entered: Entered, errors: Mapping[str, Any] | None = None) -> Form[Any]:
    """The form around the rows: its key and what is wrong."""
    return Form({"submission_key": entered.submission_key}, errors or {})
