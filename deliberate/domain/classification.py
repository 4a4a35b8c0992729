"""What questions and outputs are labelled with, so that they are found again across years.

A label is a kind and a value. Goals are the Sustainable Development Goals by number, because the
wording differs between the IGF's forms and the United Nations; languages are BCP 47 tags.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class LabelKind(StrEnum):
    """What a label says about a question or an output."""

    THEME = "theme"
    GOAL = "goal"
    TAG = "tag"
    LANGUAGE = "language"
    ACTOR = "actor"

    @property
    def label(self) -> str:
        """The kind in a word or two, as pages show it."""
        return LABEL_KIND_LABELS[self]


LABEL_KIND_LABELS = {
    LabelKind.THEME: "Theme",
    LabelKind.GOAL: "Goal",
    LabelKind.TAG: "Tag",
    LabelKind.LANGUAGE: "Language",
    LabelKind.ACTOR: "Addressed to",
}


class Priority(StrEnum):
    """How soon curators mean to take a question up."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def label(self) -> str:
        """The priority in a word, as pages show it."""
        return PRIORITY_LABELS[self]


PRIORITY_LABELS = {
    Priority.HIGH: "High",
    Priority.NORMAL: "Normal",
    Priority.LOW: "Low",
}

GOAL_LABELS = {
    1: "No Poverty",
    2: "Zero Hunger",
    3: "Good Health and Well-being",
    4: "Quality Education",
    5: "Gender Equality",
    6: "Clean Water and Sanitation",
    7: "Affordable and Clean Energy",
    8: "Decent Work and Economic Growth",
    9: "Industry, Innovation and Infrastructure",
    10: "Reduced Inequalities",
    11: "Sustainable Cities and Communities",
    12: "Responsible Consumption and Production",
    13: "Climate Action",
    14: "Life Below Water",
    15: "Life on Land",
    16: "Peace, Justice and Strong Institutions",
    17: "Partnerships for the Goals",
}
"""The United Nations' short names of the Sustainable Development Goals (A/RES/70/1)."""

ACTOR_LABELS = {
    "MAG": "Multistakeholder Advisory Group (MAG)",
    "Secretariat": "IGF Secretariat",
    "Leadership Panel": "IGF Leadership Panel",
    "Governments": "Governments",
    "Intergovernmental organizations": "Intergovernmental organizations",
    "Private sector": "Private sector",
    "Civil society": "Civil society",
    "Technical community": "Technical community",
    "Academia": "Academia",
    "NRIs": "National, regional and youth IGFs (NRIs)",
    "Donors": "Donors",
}
"""Whom questions and calls usually address; any other actor can be named as well."""

_TAGS = (
    "ar zh en fr ru es am az bg bn cs da de el et fa fi fil ha he hi hr hu hy id ig it ja ka kk km"
    " ko ku lo lt lv mr ms my nb ne nl pl ps pt ro si sk sl so sq sr sv sw ta te th tr uk ur uz vi"
    " yo zu"
)
LANGUAGES = tuple(_TAGS.split())
"""Languages to choose from (BCP 47), the six official ones of the United Nations first."""


@dataclass(frozen=True, slots=True)
class Classification:
    """All labels of one question or output; priority and facilitator are a question's only."""

    labels: frozenset[tuple[LabelKind, str]] = frozenset()
    priority: Priority | None = None
    facilitator_id: int | None = None

    def values(self, kind: LabelKind) -> list[str]:
        """The values of one kind: goals by number, everything else by letter."""
        found = [value for each, value in self.labels if each is kind]
        return sorted(found, key=int) if kind is LabelKind.GOAL else sorted(found)

    @property
    def version(self) -> str:
        """What this classification is recognised by, so that no edit is lost unseen."""
        plain = [sorted(self.labels), self.priority, self.facilitator_id]
        return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:32]

    def in_words(self, people: Mapping[int, str]) -> list[str]:
        """One line for each label, as the public log keeps it; `people` are names by id."""
        lines = [
            f"{kind.label}: {_value_in_words(kind, value)}"
            for kind in LabelKind
            for value in self.values(kind)
        ]
        if self.priority is not None:
            lines.append(f"Priority: {self.priority.label}")
        if self.facilitator_id is not None:
            lines.append(f"Facilitator: {people.get(self.facilitator_id, '?')}")
        return lines


def changed_lines(before: Iterable[str], after: Iterable[str]) -> tuple[list[str], list[str]]:
    """What went and what came; what stayed is in neither."""
    old, new = list(before), list(after)
    return [line for line in old if line not in new], [line for line in new if line not in old]


def session_labels(theme: str | None, goals: Iterable[int]) -> frozenset[tuple[LabelKind, str]]:
    """What a question takes over from its session; goals that do not exist are left out."""
    labels = {(LabelKind.GOAL, str(goal)) for goal in goals if goal in GOAL_LABELS}
    return frozenset(labels | ({(LabelKind.THEME, theme)} if theme else set()))


def _value_in_words(kind: LabelKind, value: str) -> str:
    return f"{value} {GOAL_LABELS[int(value)]}" if kind is LabelKind.GOAL else value
