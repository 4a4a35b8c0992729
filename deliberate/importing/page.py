"""What was read from a session page: values, where each stands, and what remains in doubt."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from deliberate.domain.forum import SessionType
from deliberate.domain.people import RegionalGroup, StakeholderGroup


class Confidence(StrEnum):
    """How a value was recognised."""

    STATED = "stated"  # A label on the page names the field.
    SHAPE = "shape"  # The form or the position of the line gives it away.
    DERIVED = "derived"  # Computed from other words of the page.
    CORRECTED = "corrected"  # Changed or added by a curator; the spans are those of the original.


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line: `line` counts from 1, `start` and `end` are character offsets."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value stands on the page; a value joined from paragraphs has several spans."""

    spans: tuple[Span, ...]
    confidence: Confidence

    @property
    def line(self) -> int:
        """The line where the value begins, counted from 1; 0 for what a curator added."""
        return self.spans[0].line if self.spans else 0


class DoubtKind(StrEnum):
    """The sentences a curator is shown; each is constant, so that it can be translated.

    The names are stored with doubts that were settled.
    """

    QUESTION_IN_AGENDA = "This line looks like a question but stands in the agenda."
    QUESTION_IN_PROSE = "This question stands in running text and was left out."
    QUESTION_ELSEWHERE = "This line looks like a question but stands outside the policy questions."
    NO_QUESTION_MARK = "This was read as a policy question although it has no question mark."
    AFTER_QUESTION = "These words follow a question and were left out."
    FROM_REPORT = "The questions were taken from the report because the proposal has none."
    THEME_QUOTED = "The theme was taken from a sentence that quotes it."
    ENCODING_GUESSED = "The page does not tell its encoding; accented letters may be wrong."
    TITLE_MISSING = "The page gives no title besides the type and the number."
    TITLE_CUT = "The title may have been cut short."
    QUESTIONS_EMPTY = "The policy questions hold words, but none of them was read as a question."
    NOT_A_PERSON = "This line stands among people but does not look like a name."
    BODY_AS_PERSON = "This entry looks like an organisation rather than a person."
    NAMES_IN_A_ROW = "This line was read as a list of names; some of them may be organisations."
    PERSON_LEFT_OUT = "This line looks like a person, but its role is not known; nobody was added."
    MENTIONED_ONLY = "A person named here is not among the people of the session; nobody was added."
    NAME_DIFFERS = "This name is spelled almost like another name on the page."
    ROLE_BY_POSITION = "This person's role was guessed from the position of the line."
    GROUP_CORRECTED = "The group on this line is misspelt; the nearest known group was taken."
    GROUP_UNKNOWN = "The group on this line is not a stakeholder group of the IGF."
    TWO_GROUPS = "This line names several stakeholder groups; the first was taken."
    REGION_UNKNOWN = "The region on this line is not a regional group of the United Nations."
    GOAL_UNKNOWN = "There is no Sustainable Development Goal with this number."
    GOALS_FROM_TARGETS = "The goals were taken from the prose about targets."
    LENGTH_DIFFERS = "The stated duration differs from the length of the time slot."
    LOCAL_TIME = "The time has no offset from UTC, so no UTC time was taken."


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing a curator should look at, with the line it is about (counted from 1)."""

    kind: DoubtKind
    line: int

    @property
    def sentence(self) -> str:
        """The doubt in plain words."""
        return self.kind.value


@dataclass(frozen=True, slots=True)
class Organizer:
    """Who organizes; `name` is null on anonymised pages and may be an organisation's."""

    name: str | None
    stakeholder_group: StakeholderGroup | None = None
    regional_group: RegionalGroup | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A speaker, moderator or rapporteur as the page names them."""

    name: str | None
    affiliation: str | None = None
    stakeholder_group: StakeholderGroup | None = None
    regional_group: RegionalGroup | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A policy question with the heading it stands under, if any."""

    heading: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage:
    """A session page as read. Unknown values are None, missing lists are empty.

    `date` is ISO 8601, in UTC where the page gives UTC; times are `HH:MM` in UTC. `sources`
    maps a field (`title`), a list entry (`speakers/0`) or a part of one
    (`policy_questions/0/heading`) to where it stands in `lines`.
    """

    title: str
    reference: str | None
    year: int | None
    type: SessionType
    format: str | None
    duration_minutes: int | None
    date: str | None
    start_utc: str | None
    end_utc: str | None
    room: str | None
    organizers: tuple[Organizer, ...]
    speakers: tuple[Person, ...]
    moderators: tuple[Person, ...]
    rapporteurs: tuple[Person, ...]
    theme: str | None
    sdgs: tuple[int, ...]
    policy_questions: tuple[Question, ...]
    key_takeaways: tuple[str, ...]
    calls_to_action: tuple[str, ...]
    sources: Mapping[str, Source]
    doubts: tuple[Doubt, ...]
    lines: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The values alone, as JSON types in the order of the fields."""
        return {name: _plain(getattr(self, name)) for name in VALUES}

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of the values as canonical JSON (sorted keys, no spaces)."""
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def identity(self) -> str:
        """A key that two copies of the same session's page share: year, type, number or title."""
        number = re.search(r"\d+$", self.reference or "")
        last = number.group() if number else _slug(self.title)
        return f"{self.year or 'undated'}:{_slug(self.type.value)}:{last}"

    @property
    def slug(self) -> str:
        """The session's part of an address, such as `2020-ws-220`."""
        name = self.reference or f"{self.type.value} {self.title}"
        return _slug(f"{self.year or 'undated'} {name}")


VALUES = tuple(SessionPage.__dataclass_fields__)[:-3]
LONGEST_SLUG = 96


def _plain(value: Any) -> Any:
    """A value as JSON types."""
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Organizer | Person | Question):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value.value if isinstance(value, StrEnum) else value


def _slug(text: str) -> str:
    """Lower-case letters, digits and hyphens; a fingerprint where no letter is Latin."""
    latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", latin.lower()).strip("-")[:LONGEST_SLUG].rstrip("-")
    letters = sum(letter.isalpha() for letter in text)
    if sum(letter.isalpha() for letter in slug) * 2 >= letters or len(slug) == LONGEST_SLUG:
        return slug
    mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug}-{mark}".strip("-")
