"""How a curator classifies a question, an output, or all that a session left behind."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from deliberate.domain.classification import (
    GOAL_LABELS,
    LANGUAGES,
    Classification,
    LabelKind,
    Priority,
)
from deliberate.inputs.texts import Input, OptionalId, OptionalReason, clean_line

MOST_TAGS = 20
LONGEST_TAG = 60
_COMMAS = re.compile(r"[,;\n\u060c\u3001\uff0c]")
"""Commas in Latin, Arabic and East Asian writing."""


def split_list(text: str) -> list[str]:
    """The entries of a comma-separated list, each once, in order."""
    entries = (clean_line(part) for part in _COMMAS.split(text))
    return list(dict.fromkeys(entry for entry in entries if entry))


def _short_list(text: str) -> str:
    entries = split_list(text)
    if len(entries) > MOST_TAGS:
        raise PydanticCustomError("too_long", "too many", {"max_length": MOST_TAGS})
    if any(len(entry) > LONGEST_TAG for entry in entries):
        raise PydanticCustomError("string_too_long", "too long", {"max_length": LONGEST_TAG})
    return text


def _known_language(tag: str | None) -> str | None:
    if tag is not None and tag not in LANGUAGES:
        raise PydanticCustomError("enum", "not a language of the list")
    return tag


def _blank_to_none(value: Any) -> Any:
    return None if value == "" else value


Theme = Annotated[str, AfterValidator(clean_line), Field(min_length=1, max_length=160)]
OptionalTheme = Annotated[
    Annotated[str, AfterValidator(clean_line), Field(max_length=160)] | None,
    BeforeValidator(_blank_to_none),
]
Goal = Annotated[int, Field(ge=1, le=max(GOAL_LABELS))]
Actor = Annotated[str, AfterValidator(clean_line), Field(min_length=1, max_length=LONGEST_TAG)]
ShortList = Annotated[str, Field(max_length=2_000), AfterValidator(_short_list)]
Language = Annotated[str | None, BeforeValidator(_blank_to_none), AfterValidator(_known_language)]
OptionalPriority = Annotated[Priority | None, BeforeValidator(_blank_to_none)]


class Labelling(Input):
    """Labels as a form gives them: boxes ticked, and lists with commas for what has no box."""

    themes: Annotated[list[Theme], Field(max_length=20)] = []
    other_theme: OptionalTheme = None
    goals: Annotated[list[Goal], Field(max_length=len(GOAL_LABELS))] = []
    tags: ShortList = ""
    language: Language = None
    actors: Annotated[list[Actor], Field(max_length=30)] = []
    other_actors: ShortList = ""
    priority: OptionalPriority = None
    facilitator_id: OptionalId = None
    reason: OptionalReason = ""

    def classification(self) -> Classification:
        """What the form says; tags are compared in lower case."""
        labels = {(LabelKind.THEME, theme) for theme in (*self.themes, self.other_theme) if theme}
        labels |= {(LabelKind.GOAL, str(goal)) for goal in self.goals}
        labels |= {(LabelKind.TAG, tag.lower()) for tag in split_list(self.tags)}
        labels |= {
            (LabelKind.ACTOR, actor) for actor in (*self.actors, *split_list(self.other_actors))
        }
        if self.language:
            labels.add((LabelKind.LANGUAGE, self.language))
        return Classification(frozenset(labels), self.priority, self.facilitator_id)


class Classifying(Labelling):
    """Everything one question or output is labelled with from now on.

    `version` is that of the classification which the form showed.
    """

    version: Annotated[str, Field(max_length=64)]


class SessionLabelling(Labelling):
    """Labels to add to all questions of a session, and on request to its outputs."""

    with_outputs: bool = False
