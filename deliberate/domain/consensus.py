"""Where the stakeholder groups stand on a text: stances, class and nearest consensus level.

An indicator is input to a facilitator's designation and never replaces it: RFC 7282 asks that
objections be addressed and not only counted, and in the ICANN GNSO Working Group Guidelines
(section 3.6) a chair designates the level and the group may challenge it. Every rule below is
from method.md 5, with its thresholds as parameters.

That every group supports a text is an intersection-union test: with each group tested at 10 %
the whole claim keeps 10 % without correction (Berger, Technometrics 24, 1982, 295-300).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from deliberate.domain.bridging import Scores, scores
from deliberate.domain.intervals import ONE_SIDED_90, finite_factor, wilson
from deliberate.domain.levels import (
    ConsensusClass,
    ConsensusLevel,
    NearestLevel,
    Stance,
    mirrored,
    nearest_level,
)
from deliberate.domain.positions import Counts

__all__ = [
    "ConsensusClass",
    "ConsensusLevel",
    "Fact",
    "FactKind",
    "GroupIndicator",
    "Indicator",
    "Majorities",
    "NearestLevel",
    "Parameters",
    "Scores",
    "Stance",
    "classify",
    "group_indicator",
    "indicate",
]


@dataclass(frozen=True, slots=True)
class Parameters:
    """The thresholds of method.md 5.1 and 5.2; frozen before opening.

    `min_votes` and `min_turnout` (share of the eligible) are a group's quorum; `strong` the
    support share it must show and `lean` the share its lower limit must exceed; `pass_max` the
    share of passes above which it is unsure; `minority` the share against that counts as a
    minority's objection; `min_groups` how many groups must report. A group in `required` must
    report for any class to be given (the "important part" of ISO/IEC Guide 2, 1.7).
    """

    min_votes: int = 5
    min_turnout: Fraction = Fraction(1, 5)
    strong: Fraction = Fraction(3, 5)
    lean: Fraction = Fraction(1, 2)
    z: float = ONE_SIDED_90
    pass_max: Fraction = Fraction(1, 2)
    minority: Fraction = Fraction(1, 4)
    min_groups: int = 3
    finite_population: bool = True
    required: frozenset[str] = field(default_factory=frozenset)

    def quorum(self, eligible: int) -> int:
        """How many people of a group of that size must take part for it to report."""
        return max(self.min_votes, math.ceil(self.min_turnout * eligible))


@dataclass(frozen=True, slots=True)
class GroupIndicator:
    """One group: its counts, its support share with the range given the votes, its stance."""

    group: str
    counts: Counts
    eligible: int
    quorum: int
    low: float
    high: float
    stance: Stance

    @property
    def reports(self) -> bool:
        """Whether enough of the group took part."""
        return self.stance is not Stance.THIN

    def as_json(self, *, with_counts: bool) -> dict[str, object]:
        """Plain data; without counts only turnout and stance remain."""
        support = self.counts.support
        shown: dict[str, object] = {
            "group": self.group,
            "taking_part": self.counts.taking_part,
            "eligible": self.eligible,
            "quorum": self.quorum,
            "stance": self.stance.value,
        }
        if with_counts:
            share = None if support is None else round(float(support), 6)
            shown |= {"counts": self.counts.as_json(), "support": share}
            shown |= {"low": round(self.low, 6), "high": round(self.high, 6)}
        return shown


class FactKind(StrEnum):
    """What a fact is about; pages make the sentences."""

    REPORTING = "reporting"
    TOO_FEW = "too_few"
    REQUIRED_MISSING = "required_missing"
    SUPPORT = "support"
    OPPOSE = "oppose"
    SPLIT = "split"
    UNSURE = "unsure"
    OBJECTING_MINORITY = "objecting_minority"
    SUPPORTING_MINORITY = "supporting_minority"
    PARTIAL = "partial"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Fact:
    """A countable statement: `number` of `of`, and the groups meant.

    For the group facts these are numbers of groups; for `PARTIAL` (of those who support) and
    `UNCLEAR` (of those who answered) numbers of people in the reporting groups.
    """

    kind: FactKind
    groups: tuple[str, ...]
    number: int
    of: int

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "kind": self.kind.value,
            "groups": list(self.groups),
            "number": self.number,
            "of": self.of,
        }


@dataclass(frozen=True, slots=True)
class Majorities:
    """Ticks beside the class, never merged into it (method.md 5.2, overlays).

    `people`: the lower limit of support among all people of the reporting groups exceeds one
    half; `groups`: more than half of all groups support; `double`: both (as for the Swiss
    people and cantons); `qualified`: at least 55 % of groups and 65 % of people (after
    TFEU article 238); `concurrent`: every group supports.
    """

    people: bool
    groups: bool
    qualified: bool
    concurrent: bool

    @property
    def double(self) -> bool:
        """Both the people's and the groups' majority."""
        return self.people and self.groups

    def as_json(self) -> dict[str, bool]:
        """Plain data."""
        return {
            "people": self.people,
            "groups": self.groups,
            "double": self.double,
            "qualified": self.qualified,
            "concurrent": self.concurrent,
        }


@dataclass(frozen=True, slots=True)
class Indicator:
    """Where the groups stand on one text; `nearest` and `scores` are None without a class."""

    code: ConsensusClass
    nearest: NearestLevel | None
    groups: tuple[GroupIndicator, ...]
    facts: tuple[Fact, ...]
    majorities: Majorities | None
    scores: Scores | None
    parameters: Parameters

    @property
    def label(self) -> str:
        """The class in English words; pages translate them."""
        return self.code.label

    @property
    def too_few(self) -> tuple[str, ...]:
        """The groups with too few responses."""
        return tuple(each.group for each in self.groups if not each.reports)

    @property
    def is_complete(self) -> bool:
        """Whether every group reports."""
        return not self.too_few

    def with_stance(self, stance: Stance) -> tuple[str, ...]:
        """The groups that have a stance."""
        return tuple(each.group for each in self.groups if each.stance is stance)

    def as_json(self, *, confidential: bool) -> dict[str, object]:
        """Plain data. When confidential, small cells are left out (method.md 4).

        All totals are over reporting groups only, so a hidden cell cannot be had by
        subtraction.
        """
        k = self.parameters.min_votes
        return {
            "class": self.code.value,
            "complete": self.is_complete,
            "nearest": self.nearest.as_json() if self.nearest else None,
            "groups": [
                each.as_json(with_counts=not confidential or min(each.counts.n, each.eligible) >= k)
                for each in self.groups
            ],
            "too_few": list(self.too_few),
            "facts": [fact.as_json() for fact in self.facts],
            "majorities": self.majorities.as_json() if self.majorities else None,
            "scores": self.scores.as_json() if self.scores else None,
        }


def indicate(
    counts_by_group: Mapping[str, Counts],
    eligible_by_group: Mapping[str, int],
    parameters: Parameters | None = None,
) -> Indicator:
    """The indicator for positions on an output point or for ratings of a proposal.

    `eligible_by_group` gives the registered eligible people of every group that is asked; a
    group without counts has not answered. Raises `ValueError` for counts of a group that is
    not asked.
    """
    rules = parameters or Parameters()
    if not counts_by_group.keys() <= eligible_by_group.keys():
        raise ValueError("there are answers of a group that was not asked")
    groups = tuple(
        group_indicator(group, counts_by_group.get(group, Counts()), eligible, rules)
        for group, eligible in eligible_by_group.items()
    )
    code = classify(groups, rules)
    reporting = [each for each in groups if each.reports]
    classed = code is not ConsensusClass.INSUFFICIENT
    return Indicator(
        code=code,
        nearest=nearest_level(code, unanimous=_is_unanimous(code, groups)),
        groups=groups,
        facts=_facts(groups, reporting, rules),
        majorities=_majorities(groups, reporting, rules) if classed else None,
        scores=scores([each.counts for each in reporting], rules.z) if classed else None,
        parameters=rules,
    )


def group_indicator(group: str, counts: Counts, eligible: int, rules: Parameters) -> GroupIndicator:
    """The stance of one group by the table of method.md 5.1, first rule that applies.

    Who chose "no position" passes, but does not help the group to its quorum.
    """
    share = counts.support
    factor = finite_factor(counts.n, eligible) if rules.finite_population else Fraction(1)
    low, high = wilson(float(share or 0), counts.positions, rules.z, float(factor))
    quorum = rules.quorum(eligible)
    if counts.taking_part < quorum:
        stance = Stance.THIN
    elif share is None or Fraction(counts.passed, counts.n) > rules.pass_max:
        stance = Stance.UNSURE
    elif share >= rules.strong and low > rules.lean:
        stance = Stance.SUPPORT
    elif 1 - share >= rules.strong and high < 1 - rules.lean:
        stance = Stance.OPPOSE
    else:
        stance = Stance.SPLIT
    return GroupIndicator(group, counts, eligible, quorum, low, high, stance)


def classify(groups: Sequence[GroupIndicator], rules: Parameters) -> ConsensusClass:
    """The class by the table of method.md 5.2, first rule that applies."""
    reporting = [each for each in groups if each.reports]
    number = len(reporting)
    thin_required = any(not each.reports and each.group in rules.required for each in groups)
    too_few = number < min(rules.min_groups, len(groups)) or 2 * number <= len(groups)
    if too_few or thin_required:
        return ConsensusClass.INSUFFICIENT
    stances = [each.stance for each in reporting]
    support, oppose = stances.count(Stance.SUPPORT), stances.count(Stance.OPPOSE)
    if support == number:
        objecting = _minorities(reporting, rules, Stance.SUPPORT)
        return ConsensusClass.ENDORSED_MINORITY if objecting else ConsensusClass.ENDORSED_ALL
    if oppose == number:
        supporting = _minorities(reporting, rules, Stance.OPPOSE)
        return mirrored(
            ConsensusClass.ENDORSED_MINORITY if supporting else ConsensusClass.ENDORSED_ALL
        )
    return _mixed(stances, support, oppose)


def _mixed(stances: Sequence[Stance], support: int, oppose: int) -> ConsensusClass:
    """Rows 5 to 10 of the table of method.md 5.2, for groups that are not all of one stance."""
    number = len(stances)
    if 2 * stances.count(Stance.UNSURE) > number:
        return ConsensusClass.UNDECIDED
    if 2 * support > number and 3 * oppose < number:
        return ConsensusClass.ENDORSED_DISSENT
    if 2 * oppose > number and 3 * support < number:
        return ConsensusClass.REJECTED_DISSENT
    if support and oppose:
        return ConsensusClass.CONTESTED
    if 2 * stances.count(Stance.SPLIT) > number:
        return ConsensusClass.DIVIDED_WITHIN
    return ConsensusClass.NO_CLEAR


def _minorities(
    reporting: Sequence[GroupIndicator], rules: Parameters, stance: Stance
) -> tuple[str, ...]:
    """The groups of a stance in which a minority of notable size takes the other side."""
    found = []
    for each in reporting:
        support = each.counts.support
        if each.stance is stance and support is not None:
            other = 1 - support if stance is Stance.SUPPORT else support
            found += [each.group] if other >= rules.minority else []
    return tuple(found)


def _is_unanimous(code: ConsensusClass, groups: Sequence[GroupIndicator]) -> bool:
    """Whether every group reports and nobody takes the other side than the class does.

    A silent group may object, and to look into a group with too few responses would give them
    away, so with one of those consensus is never called full.
    """
    against = code is ConsensusClass.REJECTED_ALL
    return all(
        each.reports and not (each.counts.agree if against else each.counts.disagree)
        for each in groups
    )


def _facts(
    groups: Sequence[GroupIndicator], reporting: Sequence[GroupIndicator], rules: Parameters
) -> tuple[Fact, ...]:
    """The facts that have something to say; who reports is always said."""
    thin = tuple(each.group for each in groups if not each.reports)
    named = {
        FactKind.TOO_FEW: thin,
        FactKind.REQUIRED_MISSING: tuple(group for group in thin if group in rules.required),
        FactKind.OBJECTING_MINORITY: _minorities(reporting, rules, Stance.SUPPORT),
        FactKind.SUPPORTING_MINORITY: _minorities(reporting, rules, Stance.OPPOSE),
    }
    for stance in (Stance.SUPPORT, Stance.OPPOSE, Stance.SPLIT, Stance.UNSURE):
        alike = tuple(each.group for each in reporting if each.stance is stance)
        named[FactKind(stance.value)] = alike
    people = sum((each.counts for each in reporting), Counts())
    reports = tuple(each.group for each in reporting)
    facts = [
        Fact(FactKind.REPORTING, reports, len(reports), len(groups)),
        *(
            Fact(kind, members, len(members), len(groups))
            for kind in FactKind
            if (members := named.get(kind, ()))
        ),
        Fact(FactKind.PARTIAL, (), people.partly, people.agree),
        Fact(FactKind.UNCLEAR, (), people.unclear, people.n),
    ]
    return tuple(fact for fact in facts if fact.number or fact.kind is FactKind.REPORTING)


def _majorities(
    groups: Sequence[GroupIndicator], reporting: Sequence[GroupIndicator], rules: Parameters
) -> Majorities:
    people = sum((each.counts for each in reporting), Counts())
    everybody = group_indicator("", people, sum(each.eligible for each in reporting), rules)
    supporting = sum(each.stance is Stance.SUPPORT for each in groups)
    share = people.support or Fraction()
    return Majorities(
        people=people.positions > 0 and everybody.low > 0.5,
        groups=2 * supporting > len(groups),
        qualified=100 * supporting >= 55 * len(groups) and share >= Fraction(65, 100),
        concurrent=supporting == len(groups),
    )
