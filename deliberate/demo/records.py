"""Entries of the data files: what all share, and what others do with proposals."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """One entry of a data file. Days count from the day of loading, which is day 0."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AmendmentText(Record):
    """What somebody would add to a proposal, and whether its author takes it over."""

    proposal_id: str
    author_id: str
    text: str
    note: str
    is_accepted: bool


class OriginalText(Record):
    """A proposal that is combined with another one."""

    author_id: str
    title: str
    text: str


class PlannedCombination(Record):
    """Proposals on one subject, and the text that they become."""

    subject: str
    facilitator_id: str
    originals: tuple[OriginalText, ...]
    title: str
    text: str
    rationale: str
    reason: str


class Shepherding(Record):
    """What others do with proposals; `sponsors` has the people behind each."""

    amendments: tuple[AmendmentText, ...]
    sponsors: dict[str, tuple[str, ...]]
    combination: PlannedCombination
