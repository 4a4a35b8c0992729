"""Which acts of curation can still be taken back: those on which nothing was built since."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from deliberate.domain.forum import CurationKind

Subject = tuple[Literal["question", "output"], int]
"""A question or an output by its id."""

REVERSIBLE = frozenset(
    {
        CurationKind.ACCEPT,
        CurationKind.DECLINE,
        CurationKind.REWORD,
        CurationKind.SPLIT,
        CurationKind.MERGE,
        CurationKind.SPLIT_OUTPUT,
        CurationKind.ADD,
    }
)
BESIDE = frozenset({CurationKind.UNDO, CurationKind.CLASSIFY, CurationKind.DESIGN})
"""Acts that others are not built on: neither a label nor a plan says anything of the text."""


@dataclass(frozen=True, slots=True)
class Act:
    """An act of curation; `outcome` is what came of it and can be worked on further.

    Of a split these are the parts, of a merger the merged question, of other acts the subject.
    """

    id: int
    kind: CurationKind
    outcome: frozenset[Subject]
    is_undone: bool


def undoable(acts: Iterable[Act], built_on: Collection[Subject]) -> frozenset[int]:
    """The ids of the acts that can be taken back.

    `acts` are all acts on the subjects in question; `built_on` the subjects that were opened
    or that others came of.
    """
    standing = [act for act in acts if not act.is_undone and act.kind not in BESIDE]
    latest = {
        subject: act.id
        for act in sorted(standing, key=lambda act: act.id)
        for subject in act.outcome
    }
    return frozenset(
        act.id
        for act in standing
        if act.kind in REVERSIBLE
        and act.outcome
        and all(latest[one] == act.id and one not in built_on for one in act.outcome)
    )
