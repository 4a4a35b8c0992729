"""Co-sponsors: people who stand behind a proposal beside its author."""

from enum import StrEnum


class InvitationState(StrEnum):
    """What became of an invitation to co-sponsor a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LEFT = "left"

    @property
    def is_done(self) -> bool:
        """Whether the person would have to be invited anew."""
        return self not in (InvitationState.OPEN, InvitationState.ACCEPTED)
