"""What a poll of another kind than a ranking came to: who gave which answer, and the sums."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from deliberate.domain.ballots import BallotRules
from deliberate.domain.small_cells import MERGED_GROUPS
from deliberate.domain.weighting import Scheme, exact
from deliberate.exporting.tables import Cell
from deliberate.storage.polls import Tally
from deliberate.web.ui import percent
from deliberate.web.vote.answers import choices
from deliberate.web.vote.polls import PollView
from deliberate.web.vote.words import amount, hundredths, listed, scheme_label

Json = Mapping[str, Any]
ANSWER_COLUMNS = ("record", "count", "option", "answer", "number", "of", "share", "text")


@dataclass(frozen=True, slots=True)
class Column:
    """A group, or all ballots under a scheme: who it is, and how much its ballots weigh."""

    name: str
    ballots: int
    total: Fraction
    numbers: Mapping[int, Sequence[Fraction]]
    scheme: Scheme | None = None

    def share(self, option: int, mark: int) -> Fraction:
        """The share of the ballots that gave an option this mark."""
        return self.numbers[option][mark] / self.total if self.total else Fraction()

    def points(self, option: int, rules: BallotRules) -> Fraction:
        """What the marks of an option add up to."""
        own = self.numbers[option]
        return sum((rules.points(mark) * each for mark, each in enumerate(own)), Fraction())


@dataclass(frozen=True, slots=True)
class MarkResult:
    """A counted poll as its page shows it: groups side by side first, then all together."""

    tally: Tally
    rules: BallotRules
    titles: Mapping[int, str]
    groups: tuple[Column, ...]
    schemes: tuple[Column, ...]
    orders: Mapping[Scheme, tuple[tuple[int, ...], ...]]
    merged: tuple[str, ...]
    unreported: tuple[str, ...]

    @property
    def tie_break(self) -> Json | None:
        """The order that breaks ties, with what it comes from; sums need none."""
        found: Json | None = self.tally.result.get("tie_break")
        return found

    @property
    def options(self) -> list[int]:
        """The options in the order of the primary count, or as registered."""
        tiers = next(iter(self.orders.values()), ())
        return [option for tier in tiers for option in tier] or list(self.titles)

    @property
    def marks(self) -> list[tuple[int, str]]:
        """The answers whose numbers are shown, with their words."""
        return choices(self.rules)

    @property
    def shows_sums(self) -> bool:
        """Whether one number says it all, such as ticks or dots."""
        return self.rules.adds_up

    def cell(self, column: Column, option: int) -> str:
        """An option's sum in a column: ticks with the ballots they are of, else points."""
        points = column.points(option, self.rules)
        if len(self.marks) == 1:
            share = percent(points / column.total) if column.total else percent(0)
            if column.scheme in (None, Scheme.PARTICIPANT):
                return str(
                    _(
                        "%(num)s of %(total)s (%(share)s)",
                        num=points,
                        total=column.total,
                        share=share,
                    )
                )
            return share
        mean = points / column.total if column.total else Fraction()
        words = hundredths(mean)
        if column.scheme in (None, Scheme.PARTICIPANT):
            return str(_("%(points)s (%(mean)s a ballot)", points=points, mean=words))
        return str(_("%(mean)s a ballot", mean=words))

    def answer(self, column: Column, option: int, mark: int) -> str:
        """How many, or what share of the weight, gave an option one answer."""
        number = column.numbers[option][mark]
        if column.scheme in (None, Scheme.PARTICIPANT):
            return str(number)
        return amount(column.scheme or Scheme.GROUP, number, column.total)

    def finding(self) -> str:
        """What the poll came to, in a sentence."""
        ballots = sum(self.tally.result["turnout"].values())
        if not ballots:
            return str(_("No ballot was cast."))
        if not self.schemes:
            return str(_("Too few ballots were cast for a result."))
        if not self.shows_sums:
            return str(_("How each group answered stands below, option by option."))
        firsts = {scheme: tiers[0] for scheme, tiers in self.orders.items() if tiers}
        if len(set(firsts.values())) == 1:
            names = self._named(next(iter(firsts.values())))
            return str(_("Ranked first under every way of counting: %(names)s.", names=names))
        return " ".join(
            _(
                "Ranked first under “%(scheme)s”: %(first)s.",
                scheme=scheme_label(scheme),
                first=self._named(first),
            )
            for scheme, first in firsts.items()
        )

    def _named(self, options: Sequence[int]) -> str:
        return listed(_("“%(title)s”", title=self.titles[option]) for option in options)

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Every number of the page, one in each row; the words of answers are in English."""
        for column in (*self.groups, *self.schemes):
            name = column.scheme.value if column.scheme else column.name
            total = exact(column.total)
            yield ("ballots", name, None, None, column.ballots, None, None, None)
            for option in self.options:
                for mark, number in enumerate(column.numbers[option]):
                    words = self.rules.labels.get(mark, str(mark)) if mark else "no answer"
                    share = percent(column.share(option, mark)) if column.total else None
                    title = self.titles[option]
                    yield ("answer", name, title, words, exact(number), total, share, None)
                if self.shows_sums:
                    points = exact(column.points(option, self.rules))
                    yield ("points", name, self.titles[option], None, points, None, None, None)


def read_marks(view: PollView, tally: Tally) -> MarkResult:
    """The stored count as numbers."""
    result = tally.result
    published = result["published"]
    voted = [group for group in sorted(published) if result["turnout"][group]]
    counted = [(Scheme(each["scheme"]), each["result"]) for each in result["schemes"]]
    strata = sorted(result["strata"].items(), key=lambda pair: (pair[0] == MERGED_GROUPS, pair[0]))
    return MarkResult(
        tally=tally,
        rules=view.rules,
        titles=view.titles,
        groups=tuple(
            Column(name, own["ballots"], Fraction(own["ballots"]), _numbers(own))
            for name, own in strata
        ),
        schemes=tuple(
            Column(
                scheme_label(scheme), own["ballots"], Fraction(own["total"]), _numbers(own), scheme
            )
            for scheme, own in counted
            if own is not None
        ),
        orders={
            scheme: tuple(tuple(tier) for tier in own["tiers"])
            for scheme, own in counted
            if own is not None
        },
        merged=tuple(group for group in voted if published[group] == MERGED_GROUPS),
        unreported=tuple(group for group in voted if published[group] is None),
    )


def _numbers(stored: Json) -> dict[int, tuple[Fraction, ...]]:
    return {option: tuple(Fraction(each) for each in own) for option, own in stored["numbers"]}
