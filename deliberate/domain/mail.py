"""Words about mail: the streams it comes in, how often it may come, and what its links are for."""

from enum import StrEnum


class Stream(StrEnum):
    """Kinds of mail that are kept apart, so that each can be ended alone."""

    ACCOUNT = "account"
    ACTIVITY = "activity"
    DIGEST = "digest"
    OFFICIAL = "official"

    @property
    def can_be_ended(self) -> bool:
        """Whether one can do without: mail about the account itself comes when it is asked for."""
        return self is not Stream.ACCOUNT


class Rhythm(StrEnum):
    """How often somebody wants mail about what they follow."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


class MailState(StrEnum):
    """What became of a mail; `dropped` ones had nothing to say any more or nobody to say it to."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Purpose(StrEnum):
    """What the secret link in a mail is good for, and nothing else."""

    CONFIRM_ADDRESS = "confirm_address"
    NEW_PASSWORD = "new_password"  # noqa: S105 (The name of a purpose.)


HARD_FAILURES = 3
"""After so many refusals of an address in a row, no mail is sent to it any more."""
