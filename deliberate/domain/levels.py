"""The names of outcomes: a group's stance, the computed class, the level a person designates."""

from dataclasses import dataclass
from enum import StrEnum


class Stance(StrEnum):
    """Where one group stands (method.md 5.1)."""

    THIN = "thin"
    UNSURE = "unsure"
    SUPPORT = "support"
    OPPOSE = "oppose"
    SPLIT = "split"

    @property
    def label(self) -> str:
        """The words on screen, in English; pages translate them."""
        return _STANCE_LABELS[self]


_STANCE_LABELS = {
    Stance.THIN: "Too few responses",
    Stance.UNSURE: "Most pass",
    Stance.SUPPORT: "Supports",
    Stance.OPPOSE: "Opposes",
    Stance.SPLIT: "Split",
}


class ConsensusClass(StrEnum):
    """Where the groups stand together (method.md 5.2)."""

    INSUFFICIENT = "insufficient"
    ENDORSED_ALL = "endorsed_all"
    ENDORSED_MINORITY = "endorsed_minority"
    REJECTED_ALL = "rejected_all"
    REJECTED_MINORITY = "rejected_minority"
    UNDECIDED = "undecided"
    ENDORSED_DISSENT = "endorsed_dissent"
    REJECTED_DISSENT = "rejected_dissent"
    CONTESTED = "contested"
    DIVIDED_WITHIN = "divided_within"
    NO_CLEAR = "no_clear"

    @property
    def label(self) -> str:
        """The words on screen, in English; pages translate them and name the groups."""
        return _CLASS_LABELS[self]


_CLASS_LABELS = {
    ConsensusClass.INSUFFICIENT: "Not enough participation",
    ConsensusClass.ENDORSED_ALL: "Endorsed across all reporting groups",
    ConsensusClass.ENDORSED_MINORITY: "Majority in every group, a minority objects",
    ConsensusClass.REJECTED_ALL: "Contested across all reporting groups",
    ConsensusClass.REJECTED_MINORITY: "Majority against in every group, a minority supports",
    ConsensusClass.UNDECIDED: "Undecided: most pass",
    ConsensusClass.ENDORSED_DISSENT: "Endorsed with dissent",
    ConsensusClass.REJECTED_DISSENT: "Mostly opposed, with some support",
    ConsensusClass.CONTESTED: "Contested between groups",
    ConsensusClass.DIVIDED_WITHIN: "Divided inside groups, not between them",
    ConsensusClass.NO_CLEAR: "No clear position",
}

_MIRROR = {
    ConsensusClass.ENDORSED_ALL: ConsensusClass.REJECTED_ALL,
    ConsensusClass.ENDORSED_MINORITY: ConsensusClass.REJECTED_MINORITY,
    ConsensusClass.ENDORSED_DISSENT: ConsensusClass.REJECTED_DISSENT,
}
_MIRROR |= {against: towards for towards, against in _MIRROR.items()}


def mirrored(code: ConsensusClass) -> ConsensusClass:
    """The class that the same answers give when agreeing and disagreeing change places."""
    return _MIRROR.get(code, code)


class ConsensusLevel(StrEnum):
    """The levels a facilitator designates.

    Source: ICANN GNSO Operating Procedures, Working Group Guidelines section 3.6, "Standard
    Methodology for Making Decisions". A minority view is recorded by people beside any of the
    others and is never computed.
    """

    FULL_CONSENSUS = "full_consensus"
    CONSENSUS = "consensus"
    STRONG_SUPPORT = "strong_support"
    DIVERGENCE = "divergence"
    MINORITY_VIEW = "minority_view"

    @property
    def label(self) -> str:
        """The name the GNSO gives to the level; pages translate it."""
        return _LEVEL_LABELS[self]


_LEVEL_LABELS = {
    ConsensusLevel.FULL_CONSENSUS: "Full consensus",
    ConsensusLevel.CONSENSUS: "Consensus",
    ConsensusLevel.STRONG_SUPPORT: "Strong support but significant opposition",
    ConsensusLevel.DIVERGENCE: "Divergence",
    ConsensusLevel.MINORITY_VIEW: "Minority view",
}


@dataclass(frozen=True, slots=True)
class NearestLevel:
    """The level nearest to a class, and whether it is reached for or against the text.

    `minority` says that an objecting (or supporting) minority should be recorded with it.
    """

    level: ConsensusLevel
    against: bool = False
    minority: bool = False

    @property
    def label(self) -> str:
        """The words on screen, in English; pages translate them.

        A level reached against the text is never called by the bare name of the level.
        """
        return _NEAREST_LABELS.get((self.level, self.against, self.minority), self.level.label)

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {"level": self.level.value, "against": self.against, "minority": self.minority}


_NEAREST_LABELS = {
    (ConsensusLevel.CONSENSUS, False, True): "Consensus, with a minority view",
    (ConsensusLevel.FULL_CONSENSUS, True, False): "Full consensus against",
    (ConsensusLevel.CONSENSUS, True, False): "Consensus against",
    (ConsensusLevel.CONSENSUS, True, True): "Consensus against, with a minority view",
    (ConsensusLevel.STRONG_SUPPORT, True, False): "Strong opposition but significant support",
}


def nearest_level(code: ConsensusClass, *, unanimous: bool) -> NearestLevel | None:
    """The level nearest to a class, by the last column of the table of method.md 5.2.

    `unanimous` tells full consensus, where nobody speaks against, from consensus. There is
    none when participation is insufficient or most pass.
    """
    if code in (ConsensusClass.INSUFFICIENT, ConsensusClass.UNDECIDED):
        return None
    against = code.value.startswith("rejected")
    if code in (ConsensusClass.ENDORSED_ALL, ConsensusClass.REJECTED_ALL):
        level = ConsensusLevel.FULL_CONSENSUS if unanimous else ConsensusLevel.CONSENSUS
        return NearestLevel(level, against)
    if code in (ConsensusClass.ENDORSED_MINORITY, ConsensusClass.REJECTED_MINORITY):
        return NearestLevel(ConsensusLevel.CONSENSUS, against, minority=True)
    if code in (ConsensusClass.ENDORSED_DISSENT, ConsensusClass.REJECTED_DISSENT):
        return NearestLevel(ConsensusLevel.STRONG_SUPPORT, against)
    return NearestLevel(ConsensusLevel.DIVERGENCE)
