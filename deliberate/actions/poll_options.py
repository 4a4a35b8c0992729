"""What is put on the ballot of a poll: proposals in today's wording, and texts for it alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from deliberate.domain.ballots import BallotRules
from deliberate.domain.errors import Invalid
from deliberate.inputs.polls import OwnOption
from deliberate.storage.polls import Poll, PollOption
from deliberate.storage.proposals import ProposalLine

TITLE = "This poll cannot open yet."
GONE = "Choose proposals that are not withdrawn."
TOO_FEW = "Choose at least two options: proposals, or texts of your own."
NONE = "Choose at least one option: a proposal, or a text of your own."
ALIKE = "Two options have the same title."
TOO_MANY = "A ballot holds at most 50 options."
MOST = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """An option before the poll has it; what names a proposal is None for a text of its own."""

    title: str
    text: str
    rationale: str = ""
    proposal_id: int | None = None
    version_id: int | None = None
    version_number: int | None = None

    def as_json(self) -> dict[str, Any]:
        """What of it is frozen."""
        return {
            "proposal": self.proposal_id,
            "version": self.version_number,
            "title": self.title,
            "text": self.text,
            "rationale": self.rationale,
        }


def choose(
    lines: Sequence[ProposalLine],
    chosen: Sequence[int],
    own: Sequence[OwnOption],
    ballot: BallotRules,
) -> list[Offer]:
    """The options in the order chosen, the proposals first.

    Raises `Invalid` for proposals that are not there or withdrawn, for two options with one
    title, and for too few or too many options.
    """
    current = {line.id: line for line in lines if line.stands}
    wanted = list(dict.fromkeys(chosen))
    if not current.keys() >= set(wanted):
        raise Invalid(TITLE, fields={"proposal_ids": GONE})
    offers = [offer_of(current[each]) for each in wanted]
    titles = {offer.title.casefold() for offer in offers}
    if any(each.title.casefold() in titles for each in own):
        raise Invalid(TITLE, fields={"own_options": ALIKE})
    offers += [Offer(each.title, each.text) for each in own]
    if len(offers) < ballot.fewest_options:
        field = "proposal_ids" if current else "own_options"
        raise Invalid(TITLE, fields={field: NONE if ballot.fewest_options == 1 else TOO_FEW})
    if len(offers) > MOST and own:
        raise Invalid(TITLE, fields={"own_options": TOO_MANY})
    ballot.check_settings(len(offers))
    return offers


def offer_of(line: ProposalLine) -> Offer:
    """A proposal in its current wording."""
    return Offer(
        line.title, line.body, line.rationale, line.id, line.version_id, line.version_number
    )


def store_options(tx: Session, poll: Poll, offers: Sequence[Offer]) -> None:
    """Keep the options of a poll in their registered order."""
    tx.add_all(
        PollOption(
            poll_id=poll.id,
            version_id=offer.version_id,
            position=position,
            title=offer.title,
            text="" if offer.version_id else offer.text,
        )
        for position, offer in enumerate(offers, start=1)
    )
