"""What people are told of: kinds of events, why somebody is told, and when digests are due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from deliberate.domain.mail import Rhythm
from deliberate.domain.people import StakeholderGroup

DIGEST_HOUR = time(8)
MONDAY = 0


class EventKind(StrEnum):
    """What happened in a discussion that others may want to know."""

    COMMENT = "comment"
    PROPOSAL = "proposal"
    PROPOSAL_VERSION = "proposal_version"
    AMENDMENT = "amendment"
    AMENDMENT_ANSWERED = "amendment_answered"
    RECASTING = "recasting"
    RECASTING_DECLINED = "recasting_declined"
    PROPOSAL_RECAST = "proposal_recast"
    POLL_OPENED = "poll_opened"
    POLL_CLOSING = "poll_closing"
    POLL_REMINDER = "poll_reminder"
    POLL_COUNTED = "poll_counted"
    POLL_INVALIDATED = "poll_invalidated"
    SUMMARY = "summary"
    DATES_MOVED = "dates_moved"
    INVITATION = "invitation"
    TEXT_HIDDEN = "text_hidden"
    TEXT_SHOWN = "text_shown"
    TEXT_STAYS_HIDDEN = "text_stays_hidden"
    EDIT_ASKED = "edit_asked"

    @property
    def is_moderation(self) -> bool:
        """Whether a moderator acted on a text: its author alone is told, in any case."""
        return self in _MODERATION

    @property
    def is_official(self) -> bool:
        """Whether it is a notice about the process, for everybody who takes part in it."""
        return self in _OFFICIAL

    @property
    def is_public(self) -> bool:
        """Whether it concerns everybody, and stands in feeds."""
        return not self.is_personal and self not in _REMINDERS

    @property
    def is_personal(self) -> bool:
        """Whether it is told to those alone whom it concerns, whoever follows the place."""
        return self in _PERSONAL or self.is_moderation


_OFFICIAL = {
    EventKind.POLL_OPENED,
    EventKind.POLL_CLOSING,
    EventKind.POLL_REMINDER,
    EventKind.POLL_COUNTED,
    EventKind.POLL_INVALIDATED,
    EventKind.SUMMARY,
    EventKind.DATES_MOVED,
}
_REMINDERS = {EventKind.POLL_CLOSING, EventKind.POLL_REMINDER}
_MODERATION = {
    EventKind.TEXT_HIDDEN,
    EventKind.TEXT_SHOWN,
    EventKind.TEXT_STAYS_HIDDEN,
    EventKind.EDIT_ASKED,
}
_PERSONAL = {
    EventKind.INVITATION,
    EventKind.AMENDMENT_ANSWERED,
    EventKind.RECASTING,
    EventKind.RECASTING_DECLINED,
}


class Reason(StrEnum):
    """Why somebody is told; a direct reason holds whether or not they follow anything."""

    FOLLOWED = "followed"
    TAKES_PART = "takes_part"
    REPLY = "reply"
    ANSWER = "answer"
    MENTION = "mention"
    INVITATION = "invitation"
    AUTHOR = "author"

    @property
    def is_direct(self) -> bool:
        """Whether it is about the person, who may want to answer."""
        return self not in (Reason.FOLLOWED, Reason.TAKES_PART)


KIND_LABELS: Mapping[EventKind, str] = {
    EventKind.COMMENT: "%(name)s wrote a comment",
    EventKind.PROPOSAL: "%(name)s made a proposal",
    EventKind.PROPOSAL_VERSION: "%(name)s changed a proposal",
    EventKind.AMENDMENT: "%(name)s suggested an amendment to a proposal",
    EventKind.AMENDMENT_ANSWERED: "%(name)s answered your amendment",
    EventKind.RECASTING: "%(name)s asks for your consent to combine or split proposals",
    EventKind.RECASTING_DECLINED: "%(name)s did not consent to combine or split proposals",
    EventKind.PROPOSAL_RECAST: "A proposal was combined or split",
    EventKind.POLL_OPENED: "An indicative poll opened",
    EventKind.POLL_CLOSING: "An indicative poll closes soon",
    EventKind.POLL_REMINDER: "You can vote in an indicative poll",
    EventKind.POLL_COUNTED: "An indicative poll was counted",
    EventKind.POLL_INVALIDATED: "An indicative poll was declared invalid",
    EventKind.SUMMARY: "A summary was published",
    EventKind.DATES_MOVED: "Closing dates moved",
    EventKind.INVITATION: "%(name)s invited you to support a proposal as co-sponsor",
    EventKind.TEXT_HIDDEN: "A moderator hid what you wrote",
    EventKind.TEXT_SHOWN: "What you wrote is shown to everybody",
    EventKind.TEXT_STAYS_HIDDEN: "Your appeal was answered: your text stays hidden",
    EventKind.EDIT_ASKED: "A moderator asks you to change what you wrote",
}
"""The sentence for each kind of event, unless the reason has one of its own."""

REASON_LABELS: Mapping[Reason, str] = {
    Reason.REPLY: "%(name)s answered you",
    Reason.ANSWER: "%(name)s answered your question",
    Reason.MENTION: "%(name)s mentioned you",
}


def sentence(kind: EventKind, reason: Reason) -> str:
    """What to say of an event to somebody told for this reason; `%(name)s` is who acted."""
    return REASON_LABELS.get(reason) or KIND_LABELS[kind]


class SubjectKind(StrEnum):
    """What can be followed."""

    DISCUSSION = "discussion"
    PROPOSAL = "proposal"
    THREAD = "thread"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that can be followed; `key` is an id, or the name of a stakeholder group."""

    kind: SubjectKind
    key: str

    def __str__(self) -> str:
        """The subject as one word, as it is stored."""
        return f"{self.kind}:{self.key}"

    @classmethod
    def parse(cls, text: str) -> "Subject | None":
        """The subject that was written so, or None."""
        kind, _, key = text.partition(":")
        if kind not in set(SubjectKind):
            return None
        is_group = kind == SubjectKind.GROUP
        known = key in set(StakeholderGroup) if is_group else key.isascii() and key.isdecimal()
        return cls(SubjectKind(kind), key) if known and len(key) <= 40 else None


def next_digest(moment: datetime, rhythm: Rhythm, zone: str | None) -> datetime | None:
    """When the next digest is due after a moment: at 08:00 where the reader is, in UTC.

    Weekly ones come on Mondays. None for those who want no digests.
    """
    if rhythm not in (Rhythm.DAILY, Rhythm.WEEKLY):
        return None
    place = ZoneInfo(zone or "UTC")
    day = moment.astimezone(place).date()
    if rhythm is Rhythm.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    step = timedelta(days=7 if rhythm is Rhythm.WEEKLY else 1)
    due = datetime.combine(day, DIGEST_HOUR, place).astimezone(UTC)
    if due <= moment:
        due = datetime.combine(day + step, DIGEST_HOUR, place).astimezone(UTC)
    return due
