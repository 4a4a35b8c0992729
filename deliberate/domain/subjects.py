"""What policy asks of a thing before it permits an act, whatever the thing is."""

from datetime import datetime
from typing import Protocol

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.phases import Phase, PollPhase


class HasPhase(Protocol):
    """A deliberation as policy sees it."""

    @property
    def phase(self) -> Phase:
        """Where the deliberation stands."""

    @property
    def opens_at(self) -> datetime:
        """When taking part begins."""


class HasGroups(Protocol):
    """A deliberation or a poll with the groups that were named at its opening."""

    @property
    def groups(self) -> frozenset[StakeholderGroup] | None:
        """The groups that may take positions; None when all may."""


class HasProposals(HasPhase, Protocol):
    """A deliberation with what its process says of proposals."""

    @property
    def takes_proposals(self) -> bool:
        """Whether the process has proposals at all."""

    @property
    def proposals_are_open(self) -> bool:
        """Whether the time for proposals lasts."""


class HasLock(HasPhase, Protocol):
    """A comment as somebody who replies sees it."""

    @property
    def is_locked(self) -> bool:
        """Whether it, or one it stands under, takes no more replies."""


class HasVisibility(HasPhase, Protocol):
    """A deliberation with what its process says of names."""

    @property
    def positions_are_named(self) -> bool:
        """Whether positions on points are published with names."""


class HasPollPhase(Protocol):
    """A poll as policy sees it."""

    @property
    def phase(self) -> PollPhase:
        """Where the poll stands."""

    @property
    def is_on_roll(self) -> bool:
        """Whether the actor is on the poll's list of voters."""


class HasValidity(Protocol):
    """A poll as policy sees those who run it."""

    @property
    def is_valid(self) -> bool:
        """Whether nobody has declared it invalid."""

    @property
    def proposed_by(self) -> int | None:
        """Who proposes to declare it invalid."""


class HasAuthor(HasPhase, Protocol):
    """Something written in a deliberation."""

    @property
    def author_id(self) -> int:
        """Who wrote it."""


class HasBackers(HasAuthor, Protocol):
    """A proposal with those who stand behind its current text beside its author."""

    @property
    def sponsor_ids(self) -> frozenset[int]:
        """The co-sponsors of the current version."""


class HasAuthors(HasProposals, Protocol):
    """Proposals of which others would be made."""

    @property
    def author_ids(self) -> frozenset[int]:
        """Who wrote them."""


class HasInvitee(HasPhase, Protocol):
    """A proposal as somebody sees it who was asked to stand behind it."""

    @property
    def invitee_id(self) -> int | None:
        """Who was asked; None when nobody was."""


class HasState(HasAuthor, Protocol):
    """A comment as those see it who react to it."""

    @property
    def is_shown(self) -> bool:
        """Whether everybody may read it."""


class HasAnswer(Protocol):
    """A suggestion as policy sees it."""

    @property
    def author_id(self) -> int:
        """Who suggested it."""

    @property
    def is_open(self) -> bool:
        """Whether an answer is still due."""


class HasAddressee(Protocol):
    """An invitation as policy sees it."""

    @property
    def addressee_id(self) -> int | None:
        """Who has an account with the invited address; None when nobody has."""
