"""What a count came to, in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from deliberate.domain.tally import Change
from deliberate.domain.weighting import Scheme
from deliberate.web.ui import percent
from deliberate.web.vote.pages import Count, Difference, Outcome, SchemeCount, Step, Turn, Way

MOST_SENTENCES = 6


def scheme_label(scheme: Scheme) -> str:
    """The name of a scheme in the page's language."""
    if scheme is Scheme.PARTICIPANT:
        return str(_("Each participant counts the same"))
    return str(_("Each group counts the same"))


def listed(words: Iterable[str]) -> str:
    """Words as a list in the page's language: "a, b and c"."""
    return format_list(list(words), locale=get_locale() or "en")


def amount(scheme: Scheme, weight: Fraction, total: Fraction) -> str:
    """How much of the vote that is: ballots where each counts one, else a share in percent."""
    if scheme is Scheme.PARTICIPANT:
        return str(weight)
    return percent(weight / total) if total else percent(0)


@dataclass(frozen=True, slots=True)
class Telling:
    """Sentences about one outcome; `titles` names its options, `minimum` is that of the poll."""

    outcome: Outcome
    titles: Mapping[int, str]
    minimum: int

    def named(self, options: Iterable[int]) -> str:
        """The titles of these options, each in quotation marks."""
        return listed(_("“%(title)s”", title=self.titles[option]) for option in options)

    def order(self, count: Count | None) -> list[str]:
        """An order, one entry for each place; options that are level share an entry."""
        return [self._tier(tier) for tier in count.tiers] if count else []

    def _tier(self, options: tuple[int, ...]) -> str:
        if len(options) == 1:
            return self.titles[options[0]]
        return str(_("%(titles)s (level)", titles=self.named(options)))

    def finding(self) -> str:
        """What the poll came to, in a sentence or two."""
        if not self.outcome.ballots:
            return str(_("No ballot was cast, so nothing is ranked."))
        firsts = [(each.scheme, each.count.first) for each in self.outcome.schemes if each.count]
        if not firsts:
            return self._too_few()
        if len(firsts) > 1 and self.outcome.same_first:
            return self._agreed(firsts[0][1])
        return " ".join(
            _(
                "Ranked first under “%(scheme)s”: %(first)s.",
                scheme=scheme_label(scheme),
                first=self.named(first),
            )
            for scheme, first in firsts
        )

    def _too_few(self) -> str:
        return str(
            ngettext(
                "%(num)d ballot was cast; a result needs at least %(least)d.",
                "%(num)d ballots were cast; a result needs at least %(least)d.",
                self.outcome.ballots,
                least=self.minimum,
            )
        )

    def _agreed(self, first: tuple[int, ...]) -> str:
        titles = self.named(first)
        if len(first) > 1:
            return str(
                _("%(titles)s share the first place under both ways of counting.", titles=titles)
            )
        groups = self.outcome.groups.values()
        agreeing = sum(own.first == first for own in groups)
        if agreeing == len(groups) > 1:
            return str(
                _(
                    "%(title)s is ranked first under both ways of counting, and by every group "
                    "that reports.",
                    title=titles,
                )
            )
        return str(
            ngettext(
                "%(title)s is ranked first under both ways of counting, and by %(num)d of the "
                "%(groups)d groups that report.",
                "%(title)s is ranked first under both ways of counting, and by %(num)d of the "
                "%(groups)d groups that report.",
                agreeing,
                title=titles,
                groups=len(groups),
            )
        )

    def grounds(self, counted: SchemeCount) -> list[str]:
        """Why the first place stands as it does under a scheme."""
        count = counted.count
        if count is None:
            return []
        if count.condorcet is not None:
            return [self._preferred(counted.scheme, count, count.condorcet)]
        told = [self._way(counted.scheme, count, way) for way in count.ways]
        return [self._contested(count), *told[:MOST_SENTENCES]]

    def _preferred(self, scheme: Scheme, count: Count, first: int) -> str:
        rival = count.closest[0]
        return str(
            _(
                "“%(first)s” is preferred to every other proposal. The closest comparison is with "
                "%(rivals)s: %(more)s to %(less)s.",
                first=self.titles[first],
                rivals=self.named(count.closest),
                more=self._amount(scheme, count, count.cells[first, rival]),
                less=self._amount(scheme, count, count.cells[rival, first]),
            )
        )

    def _amount(self, scheme: Scheme, count: Count, weight: Fraction) -> str:
        words = amount(scheme, weight, count.total)
        if scheme is Scheme.PARTICIPANT:
            return str(ngettext("%(num)d ballot", "%(num)d ballots", int(weight)))
        return str(_("%(share)s of the weight", share=words))

    def _contested(self, count: Count) -> str:
        if len(count.first) > 1:
            return str(
                _(
                    "%(titles)s are level: no preference, direct or by way of others, puts one of "
                    "them first. The tie is reported and not broken.",
                    titles=self.named(count.first),
                )
            )
        return str(
            _(
                "No proposal is preferred to every other one. %(title)s stands first because the "
                "chains of preferences that lead from it are stronger than those that lead back.",
                title=self.named(count.first),
            )
        )

    def _way(self, scheme: Scheme, count: Count, way: Way) -> str:
        """Compare the chains of preferences between two options by their weakest links."""
        names = {"first": self.titles[way.first], "other": self.titles[way.other]}
        if way.there is None and way.back is None:
            return str(_("No chain leads from “%(first)s” to “%(other)s” or back.", **names))
        if way.back is None:
            return str(
                _(
                    "From “%(first)s” to “%(other)s” the weakest link is %(link)s; no chain leads "
                    "back.",
                    **names,
                    link=self._link(scheme, count, way.there),
                )
            )
        return str(
            _(
                "From “%(first)s” to “%(other)s” the weakest link is %(link)s. On the way back it "
                "is %(back)s: %(end)s",
                **names,
                link=self._link(scheme, count, way.there),
                back=self._link(scheme, count, way.back),
                end=_verdict(way),
            )
        )

    def _link(self, scheme: Scheme, count: Count, step: Step | None) -> str:
        if step is None:
            return str(_("missing"))
        return str(
            _(
                "“%(upper)s” over “%(lower)s” (%(amount)s)",
                upper=self.titles[step.upper],
                lower=self.titles[step.lower],
                amount=self._amount(scheme, count, step.strength),
            )
        )

    def comparison(self) -> list[str]:
        """What the other scheme would change."""
        told = [self._difference(each) for each in self.outcome.differences]
        return [self._compared(), *told[:MOST_SENTENCES]]

    def _compared(self) -> str:
        if self.outcome.same_order is None:
            return str(_("There are not two orders to compare."))
        if self.outcome.same_order:
            return str(_("The order is the same under both ways of counting."))
        if self.outcome.same_first:
            return str(_("The first place is the same under both ways of counting; others differ."))
        return str(_("The first place depends on the way of counting."))

    def _difference(self, each: Difference) -> str:
        context = {
            "scheme": scheme_label(each.scheme),
            "upper": self.titles[each.upper],
            "lower": self.titles[each.lower],
        }
        if each.change is Change.SWAPPED:
            return str(
                _("Under “%(scheme)s”, “%(lower)s” stands above “%(upper)s” instead.", **context)
            )
        if each.change is Change.LEVELLED:
            return str(_("Under “%(scheme)s”, “%(upper)s” and “%(lower)s” stand level.", **context))
        return str(
            _(
                "Under “%(scheme)s”, “%(upper)s” stands above “%(lower)s”; here they stand level.",
                **context,
            )
        )

    def turning(self) -> list[str]:
        """What weight of one group would turn the first place of the primary count."""
        primary = self.outcome.primary
        if primary.count is None:
            return []
        if primary.count.condorcet is None:
            return [str(_("The first place rests on a cycle or a tie, not on one group's weight."))]
        if not primary.turns:
            return [str(_("No weight of any single group would change the first place."))]
        first = primary.count.condorcet
        return [self._turn(turn, first) for turn in primary.turns[:MOST_SENTENCES]]

    def _turn(self, turn: Turn, first: int) -> str:
        context = {
            "group": _(turn.group),
            "first": self.titles[first],
            "rivals": self.named(turn.rivals),
            "factor": hundredths(turn.factor),
        }
        if not turn.factor:
            return str(
                _("Without %(group)s, “%(first)s” would be level with %(rivals)s.", **context)
            )
        if turn.factor < 1:
            return str(
                _(
                    "If %(group)s counted less than %(factor)s times what it counts now, "
                    "“%(first)s” would fall behind %(rivals)s.",
                    **context,
                )
            )
        return str(
            _(
                "If %(group)s counted more than %(factor)s times what it counts now, “%(first)s” "
                "would fall behind %(rivals)s.",
                **context,
            )
        )


def hundredths(number: Fraction) -> str:
    """A number with two decimals, half up."""
    whole = int(number * 100 + Fraction(1, 2))
    return f"{whole // 100}.{whole % 100:02d}"


def _verdict(way: Way) -> str:
    there = way.there.strength if way.there else Fraction()
    back = way.back.strength if way.back else Fraction()
    if there > back:
        return str(_("the way back is weaker and is set aside."))
    return str(_("both ways are equally strong."))
