"""What other methods say of the same ballots, beside each other and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from deliberate.charts.figures import Mark
from deliberate.domain.reasons import REASON_LABELS, Reason, ReasonKind, read_reason
from deliberate.domain.tally.registry import METHOD_HELP_LABELS, METHOD_NAME_LABELS
from deliberate.domain.weighting import Scheme
from deliberate.web.ui import percent
from deliberate.web.vote.words import hundredths

COUNTS = {"round", "places"}


@dataclass(frozen=True, slots=True)
class Round:
    """One round of an instant run-off: what each option has, and nothing once it is out."""

    number: int
    votes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MethodView:
    """One method: how it goes, the place of each option, why, and rounds if it has any."""

    label: str
    help: str
    places: tuple[int, ...]
    is_same_first: bool
    tie_broken: bool
    reasons: tuple[str, ...]
    rounds: tuple[Round, ...]


@dataclass(frozen=True, slots=True)
class Methods:
    """All methods; `marks` are the options with letters, in the order of the registered method."""

    marks: tuple[Mark, ...]
    views: tuple[MethodView, ...]

    def finding(self) -> str:
        """Whether the first place depends on the method."""
        same = sum(view.is_same_first for view in self.views)
        if same == len(self.views):
            return str(_("Each of these methods puts the same first."))
        return str(
            ngettext(
                "%(num)d of %(all)d methods puts the same first as the registered one.",
                "%(num)d of %(all)d methods put the same first as the registered one.",
                same,
                all=len(self.views),
            )
        )


@dataclass(frozen=True, slots=True)
class Wording:
    """How options and numbers of a reason are said: `total` is the weight of all ballots."""

    marks: Mapping[int, Mark]
    scheme: Scheme
    total: Fraction

    def tell(self, reason: Reason) -> str:
        """The sentence in the page's language."""
        named = {name: self._option(name, option) for name, option in reason.options.items()}
        numbers = {
            name: self._number(reason.kind, name, Fraction(number))
            for name, number in reason.numbers.items()
        }
        return str(_(REASON_LABELS[reason.kind], **named, **numbers))

    def _option(self, name: str, option: int) -> str:
        """An option's letter; the one that the sentence is about with its title."""
        mark = self.marks[option]
        if name != "other":
            return mark.letter
        return str(_("%(letter)s “%(title)s”", letter=mark.letter, title=mark.title))

    def _number(self, kind: ReasonKind, name: str, number: Fraction) -> str:
        if name in COUNTS or kind is ReasonKind.FEWER_POINTS:
            return decimal(number)
        return self.amount(number)

    def amount(self, weight: Fraction) -> str:
        """So many ballots where each counts one, else a share of the weight in percent."""
        if self.scheme is Scheme.PARTICIPANT:
            return decimal(weight)
        return percent(weight / self.total) if self.total else percent(0)


def decimal(number: Fraction) -> str:
    """A number with two decimals at most."""
    return str(number) if number.denominator == 1 else hundredths(number)


def read_methods(result: Mapping[str, Any], wording: Wording) -> Methods | None:
    """The stored methods of a count; None where none were registered."""
    stored = result.get("methods") or []
    if not stored:
        return None
    first = set(stored[0]["tiers"][0])
    marks = tuple(wording.marks.values())
    return Methods(marks, tuple(_view(each, first, wording) for each in stored))


def _view(stored: Mapping[str, Any], first: set[int], wording: Wording) -> MethodView:
    place = {option: n for n, tier in enumerate(stored["tiers"], start=1) for option in tier}
    return MethodView(
        label=str(_(METHOD_NAME_LABELS[stored["method"]])),
        help=str(_(METHOD_HELP_LABELS[stored["method"]])),
        places=tuple(place[option] for option in wording.marks),
        is_same_first=set(stored["tiers"][0]) == first,
        tie_broken=stored["tie_broken"],
        reasons=tuple(wording.tell(read_reason(each)) for each in stored["reasons"]),
        rounds=tuple(_rounds(stored["detail"].get("rounds", []), wording)),
    )


def _rounds(stored: Sequence[Mapping[str, Any]], wording: Wording) -> list[Round]:
    found = []
    for number, each in enumerate(stored, start=1):
        votes = {option: wording.amount(Fraction(weight)) for option, weight in each["votes"]}
        found.append(Round(number, tuple(votes.get(option, "") for option in wording.marks)))
    return found
