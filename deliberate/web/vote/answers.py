"""What a ballot says, in words: on the review, on the receipt, and when it came too late."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from deliberate.domain.ballots import Answer, Approval, BallotRules, Dots, Kind

LISTS_REST = {Kind.RANKED, Kind.APPROVAL, Kind.SCORE, Kind.DOTS}
"""The kinds in which an option may be left without an answer; a review names those left."""
METHODS: Mapping[Kind, object] = {
    Kind.RANKED: _l(
        "You rank the options; each is compared with each other one, and the strongest "
        "preferences decide (Schulze)."
    ),
    Kind.CHOICE: _l("It is counted how many chose each option."),
    Kind.APPROVAL: _l("It is counted how many approve each option."),
    Kind.SCORE: _l("The steps are added up; the lowest adds nothing, each higher one more."),
    Kind.DOTS: _l("The dots on each option are added up."),
    Kind.AGREEMENT: _l("It is counted how many gave each answer, for each option by itself."),
    Kind.CONSENT: _l("It is counted how many gave each answer, and the reasons are published."),
}
"""How the ballots of each kind are counted, in a sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One option with what was said about it."""

    option: int
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """A whole ballot in words; `rest` are the options left without an answer."""

    lines: tuple[Line, ...]
    rest: tuple[int, ...]
    is_ranked: bool


def tell(rules: BallotRules, marks: Mapping[int, int | None], reasons: Mapping[int, str]) -> Told:
    """A ballot in the order of `marks`, a ranking in the order of its ranks."""
    given = {option: mark for option, mark in marks.items() if mark}
    order = list(given)
    if rules.kind is Kind.RANKED:
        order.sort(key=lambda option: given[option])
    lines = tuple(
        Line(option, mark_words(rules, given[option]), reasons.get(option, "")) for option in order
    )
    rest = tuple(option for option in marks if option not in given)
    return Told(lines, rest if rules.kind in LISTS_REST else (), rules.kind is Kind.RANKED)


def tell_answer(rules: BallotRules, order: tuple[int, ...], answer: Answer) -> Told:
    """A recorded answer; `order` are the options as registered."""
    return tell(rules, dict(zip(order, answer.marks, strict=True)), answer.reasons)


def mark_words(rules: BallotRules, mark: int) -> str:
    """A mark in words, or as the number it is."""
    if rules.kind is Kind.DOTS:
        return str(ngettext("%(num)d dot", "%(num)d dots", mark))
    if rules.kind is Kind.SCORE:
        # Whoever opened the poll wrote the steps, so there is nothing to translate.
        return rules.labels.get(mark, str(mark))
    return str(_(rules.labels[mark])) if mark in rules.labels else str(mark)


def choices(rules: BallotRules) -> list[tuple[int, str]]:
    """Every mark of a scale with its words."""
    return [(mark, mark_words(rules, mark)) for mark in rules.labels]


def limits(rules: BallotRules) -> str:
    """What a ballot may hold, with the numbers that were set; empty where nothing is limited."""
    if isinstance(rules, Dots):
        return str(ngettext("You have %(num)d dot.", "You have %(num)d dots.", rules.budget))
    if not isinstance(rules, Approval) or (rules.least == 1 and rules.most is None):
        return ""
    if rules.most is None:
        return str(
            ngettext("Tick at least %(num)d option.", "Tick at least %(num)d options.", rules.least)
        )
    if rules.least == rules.most:
        return str(ngettext("Tick %(num)d option.", "Tick exactly %(num)d options.", rules.most))
    return str(
        ngettext(
            "Tick at least %(least)d and at most %(num)d option.",
            "Tick at least %(least)d and at most %(num)d options.",
            rules.most,
            least=rules.least,
        )
    )
