"""What moderation knows: the published rules, reports of participants, and moderators' acts."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

NEWCOMER_FOR = timedelta(hours=24)
"""How long an account is new: it writes less often, and its links wait for a moderator."""


class Rule(StrEnum):
    """The reasons for which something is reported and hidden; there are no others."""

    OFF_TOPIC = "off_topic"
    ATTACK = "attack"
    SPAM = "spam"
    PRIVATE_DATA = "private_data"
    UNLAWFUL = "unlawful"
    DUPLICATE = "duplicate"
    FLOOD = "flood"

    @property
    def label(self) -> str:
        """The rule in a few words."""
        return RULE_LABELS[self]

    @property
    def sentence(self) -> str:
        """The rule in a sentence."""
        return RULE_SENTENCES[self]


RULE_LABELS = {
    Rule.OFF_TOPIC: "off topic",
    Rule.ATTACK: "personal attack",
    Rule.SPAM: "spam or advertising",
    Rule.PRIVATE_DATA: "private data of others",
    Rule.UNLAWFUL: "against the law",
    Rule.DUPLICATE: "a duplicate",
    Rule.FLOOD: "unreadable, or a flood of texts",
}
RULE_SENTENCES = {
    Rule.OFF_TOPIC: "It is about something else than the question or output discussed here.",
    Rule.ATTACK: "It attacks or demeans people instead of answering what they say.",
    Rule.SPAM: "It advertises, or sends readers elsewhere for somebody's gain.",
    Rule.PRIVATE_DATA: "It shows private data of others, such as an address or a private message.",
    Rule.UNLAWFUL: "It threatens, incites violence, or breaks the law in another plain way.",
    Rule.DUPLICATE: "The same person has said the same here before.",
    Rule.FLOOD: "It cannot be read as a text, or is one of many made by a machine.",
}


class ItemKind(StrEnum):
    """What can be reported."""

    COMMENT = "comment"
    PROPOSAL = "proposal"

    @property
    def plural(self) -> str:
        """The word as it stands in addresses."""
        return f"{self.value}s"


class FlagState(StrEnum):
    """What became of a report."""

    OPEN = "open"
    UPHELD = "upheld"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What a moderator did. `CONFIRM` and `GRANT` answer an appeal."""

    KEEP = "keep"
    HIDE = "hide"
    ASK = "ask"
    RELEASE = "release"
    UNHIDE = "unhide"
    CONFIRM = "confirm"
    GRANT = "grant"
    PREMODERATE = "premoderate"
    STOP_PREMODERATION = "stop_premoderation"

    @property
    def label(self) -> str:
        """The act as the public log names it."""
        return ACT_LABELS[self]


ACT_LABELS = {
    Act.KEEP: "Kept after a report",
    Act.HIDE: "Hidden",
    Act.ASK: "Author asked to edit",
    Act.RELEASE: "Released",
    Act.UNHIDE: "Shown again",
    Act.CONFIRM: "Appeal answered: stays hidden",
    Act.GRANT: "Appeal answered: shown again",
    Act.PREMODERATE: "Pre-moderation switched on",
    Act.STOP_PREMODERATION: "Pre-moderation switched off",
}
PUBLIC_WORDS = frozenset({Act.PREMODERATE, Act.STOP_PREMODERATION})
"""Acts whose words are a public reason; the words of all others are for the author alone."""


class Waits(StrEnum):
    """Why something is in the moderators' queue."""

    FLAGGED = "flagged"
    HELD = "held"
    APPEALED = "appealed"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Item:
    """A comment or proposal as policy asks about it.

    `recused` declared a conflict in its session, `flagged_by` reported it and `hidden_by` hid it.
    """

    author_id: int
    recused: Collection[int] = field(default=())
    flagged_by: Collection[int] = field(default=())
    hidden_by: int | None = None


def new_until(registered_at: datetime, moment: datetime) -> datetime | None:
    """When an account stops being new; None when that is over."""
    end = registered_at + NEWCOMER_FOR
    return end if moment < end else None
