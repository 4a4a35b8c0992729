"""Proposals that say much the same as a text, in its own discussion and in others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.similarity import Index, Likeness, likeness_of
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.people import Person
from deliberate.storage.proposals import Proposal, ProposalVersion, stands

THRESHOLD = 0.22
"""Proposals are longer than questions and share fewer of their words: in the demonstration what
asks for the same scores above 0.28, and what only speaks of the same thing below 0.19."""
BEGINNING = 600
MOST_READ = 1_000
HERE, ELSEWHERE = 4, 2


@dataclass(frozen=True, slots=True)
class SimilarProposal:
    """A proposal that says much the same; `beginning` is the first of its text."""

    id: int
    title: str
    beginning: str
    author_name: str
    group: StakeholderGroup
    deliberation_id: int
    deliberation_title: str
    score: float

    @property
    def likeness(self) -> Likeness:
        """How alike, in a word."""
        return likeness_of(self.score)


def list_similar_proposals(
    session: Session, text: str, deliberation_id: int, but: int | None = None
) -> tuple[list[SimilarProposal], list[SimilarProposal]]:
    """The most alike of the same discussion, and of others; one proposal can be left out.

    Of a great many, those of the same discussion and then the newest are compared.
    """
    rows = {row[0]: row for row in session.execute(_candidates(deliberation_id)) if row[0] != but}
    index = Index({id_: f"{row[1]}. {row[2]}" for id_, row in rows.items()})
    matches = index.find(text, THRESHOLD)
    found = [SimilarProposal(*(*rows[match.key], match.score)) for match in matches]
    here = [each for each in found if each.deliberation_id == deliberation_id]
    elsewhere = [each for each in found if each.deliberation_id != deliberation_id]
    return here[:HERE], elsewhere[:ELSEWHERE]


def beginning_of(title: str, body: str) -> str:
    """The part of a text that is compared."""
    return f"{title}. {body[:BEGINNING]}"


def _candidates(deliberation_id: int) -> sa.Select[Any]:
    """The current wording of every proposal that stands."""
    newest = (
        sa.select(sa.func.max(ProposalVersion.number))
        .where(ProposalVersion.proposal_id == Proposal.id)
        .correlate(Proposal)
        .scalar_subquery()
    )
    columns: Sequence[Any] = (
        Proposal.id,
        ProposalVersion.title,
        sa.func.substr(ProposalVersion.body, 1, BEGINNING).label("beginning"),
        Person.name,
        Proposal.group,
        Proposal.deliberation_id,
        Deliberation.title,
    )
    return (
        sa.select(*columns)
        .join(ProposalVersion, ProposalVersion.proposal_id == Proposal.id)
        .join(Person, Person.id == Proposal.author_id)
        .join(Deliberation, Deliberation.id == Proposal.deliberation_id)
        .where(ProposalVersion.number == newest, stands())
        .order_by(Proposal.deliberation_id != deliberation_id, Proposal.id.desc())
        .limit(MOST_READ)
    )
