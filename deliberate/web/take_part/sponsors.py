"""The co-sponsors of a proposal, as its page shows them to one reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from deliberate.actions.sponsors import Invited
from deliberate.domain.people import StakeholderGroup
from deliberate.policy import Can, may
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.proposal_story import InvitedSponsor, Sponsor, Surroundings
from deliberate.storage.proposals import ProposalLine
from deliberate.web.forms import Form
from deliberate.web.login import current_actor


@dataclass(frozen=True, slots=True)
class Sponsors:
    """Who stands behind a proposal, and what one reader may do about it.

    `earlier` stood behind a version before and did not confirm the current one; `own` is the
    reader's own such co-sponsorship. `form` is one that was sent and is not finished.
    """

    current: Sequence[Sponsor]
    earlier: Sequence[Sponsor]
    invited: Sequence[InvitedSponsor]
    own: Sponsor | None
    may_answer: bool
    may_leave: bool
    may_invite: bool
    form: Form[Any]

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to read or to do."""
        may_act = self.may_answer or self.may_invite
        return bool(self.current or self.earlier or may_act)

    @property
    def by_group(self) -> list[tuple[StakeholderGroup, list[Sponsor]]]:
        """The co-sponsors of the current version under their groups."""
        ordered = sorted(self.current, key=lambda each: (each.group.value, each.name))
        return [(group, list(own)) for group, own in groupby(ordered, key=lambda each: each.group)]


def see_sponsors(
    page: DeliberationPage,
    proposal: ProposalLine,
    around: Surroundings,
    typed: Form[Any] | None,
    *,
    may_invite: bool,
) -> Sponsors:
    """The co-sponsors of a proposal for the current reader."""
    actor = current_actor()
    newest = {each.person_id: each for each in around.sponsors}
    current = [each for each in newest.values() if each.number == proposal.version_number]
    earlier = [each for each in newest.values() if each.number < proposal.version_number]
    asked = actor.id in newest or actor.id in {each.person_id for each in around.invited}
    invited = Invited(page.phase, page.opens_at, actor.id if asked else None)
    may_act = asked and proposal.stands and may(actor, Can.SPONSOR, invited)
    is_current = actor.id in {each.person_id for each in current}
    return Sponsors(
        current=current,
        earlier=earlier,
        invited=around.invited,
        own=next((each for each in earlier if each.person_id == actor.id), None),
        may_answer=may_act and not is_current,
        may_leave=may_act and is_current,
        may_invite=may_invite and proposal.stands,
        form=typed or Form({"handle": "", "capacity": "personal"}),
    )
