"""The figures of a result and the rows of its pairwise table."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from deliberate.charts.figures import Chart, Mark, letter, places, preferences
from deliberate.domain.weighting import Scheme
from deliberate.web.vote.pages import Count, Outcome, SchemeCount
from deliberate.web.vote.words import amount, scheme_label


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two options: a sentence under the primary scheme, and the amounts under each by name."""

    sentence: str
    amounts: tuple[tuple[str, str], ...]
    level: str


def pair_rows(outcome: Outcome, titles: Mapping[int, str]) -> list[PairRow]:
    """Every pair worth a line, in words."""
    count = outcome.primary.count
    return [
        _pair(outcome, count, upper, lower, titles)
        for upper, lower in outcome.pairs()
        if count is not None
    ]


def _pair(outcome: Outcome, count: Count, one: int, two: int, titles: Mapping[int, str]) -> PairRow:
    margin = count.cells[one, two] - count.cells[two, one]
    upper, lower = (one, two) if margin >= 0 else (two, one)
    names = {"upper": titles[upper], "lower": titles[lower]}
    sentence = (
        _("“%(upper)s” is preferred to “%(lower)s”", **names)
        if margin
        else _("“%(upper)s” and “%(lower)s” are level", **names)
    )
    amounts = tuple(
        (scheme_label(each.scheme), _amounts(each, upper, lower)) for each in outcome.schemes
    )
    return PairRow(sentence, amounts, _level(outcome, upper, lower))


def _amounts(scheme: SchemeCount, upper: int, lower: int) -> str:
    count = scheme.count
    if count is None:
        return str(_("no result"))
    return str(
        _(
            "%(more)s to %(less)s",
            more=amount(scheme.scheme, count.cells[upper, lower], count.total),
            less=amount(scheme.scheme, count.cells[lower, upper], count.total),
        )
    )


def _level(outcome: Outcome, upper: int, lower: int) -> str:
    """How many ballots prefer neither, because they rank neither."""
    count = next(
        (each.count for each in outcome.schemes if each.scheme is Scheme.PARTICIPANT), None
    )
    if count is None:
        return ""
    neither = int(count.total - count.cells[upper, lower] - count.cells[lower, upper])
    if not neither:
        return ""
    return str(ngettext("%(num)d ballot ranks neither.", "%(num)d ballots rank neither.", neither))


def places_chart(outcome: Outcome, titles: Mapping[int, str]) -> Chart | None:
    """Each option's place in every reporting group, then under every scheme."""
    marks = marks_of(outcome, titles)
    named = [(str(_(group)), own) for group, own in outcome.groups.items()]
    named += [(scheme_label(each.scheme), each.count) for each in outcome.schemes if each.count]
    if not marks:
        return None
    counts = [(name, [own.place(option) for option in marks]) for name, own in named]
    return places(list(marks.values()), counts)


def preferences_chart(outcome: Outcome, titles: Mapping[int, str]) -> Chart | None:
    """The share that prefers the option ranked first to each other one; None when it is shared."""
    primary = outcome.primary.count
    if primary is None or len(primary.first) != 1:
        return None
    first = primary.first[0]
    rivals = {option: mark for option, mark in marks_of(outcome, titles).items() if option != first}
    shares = [
        (scheme_label(each.scheme), [each.count.share(first, rival) for rival in rivals])
        for each in outcome.schemes
        if each.count
    ]
    return preferences(list(rivals.values()), shares)


def marks_of(outcome: Outcome, titles: Mapping[int, str]) -> dict[int, Mark]:
    """The options with letters in the order of the primary count; nothing without a result."""
    tiers = outcome.primary.count.tiers if outcome.primary.count else ()
    order = [option for tier in tiers for option in tier]
    return {option: Mark(letter(index), titles[option]) for index, option in enumerate(order)}
