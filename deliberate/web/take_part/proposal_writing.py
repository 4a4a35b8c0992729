"""What the pages for writing a proposal show: the form, what stands beside it, the preview."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from deliberate.actions.deliberations import get_page
from deliberate.actions.proposals import Authored, authored, backed, require_changeable
from deliberate.domain.differences import Stretch, compare_prose
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.search import SearchKind
from deliberate.inputs.contributions import DraftedProposal, NewProposal, NewVersion
from deliberate.markdown import to_html
from deliberate.policy import Can, require, why_not
from deliberate.storage.amendments import Amendment
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.forum import OutputPoint, list_points
from deliberate.storage.proposal_drafts import (
    OwnDraft,
    ProposalDraft,
    find_draft_by_submission,
    list_own_drafts,
)
from deliberate.storage.proposal_versions import find_own_version, list_texts
from deliberate.storage.proposals import (
    ProposalLine,
    ProposalVersion,
    find_by_submission,
    find_proposal,
)
from deliberate.storage.search import Alike, find_alike
from deliberate.web.database import reader
from deliberate.web.forms import Form, new_key, read_form
from deliberate.web.login import current_actor

HERE, ELSEWHERE, MOST_COMPARED = 4, 2, 20
"""Similar proposals shown of the same discussion and of others, and how many are compared."""

HasText = ProposalLine | ProposalVersion | ProposalDraft | Amendment
"""What has a title, a text and a rationale."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text is written: for a discussion, or for a proposal in it."""

    page: DeliberationPage
    proposal: ProposalLine | None

    @property
    def address(self) -> str:
        """Where the form is sent."""
        if self.proposal is not None:
            return f"/proposals/{self.proposal.id}/versions"
        return f"/deliberations/{self.page.id}/proposals"

    @property
    def back(self) -> str:
        """The page that one came from."""
        if self.proposal is not None:
            return f"/proposals/{self.proposal.id}"
        return f"/deliberations/{self.page.id}"

    @property
    def authored(self) -> Authored:
        """The proposal as policy sees it."""
        return authored(self.page, self.proposal.author_id if self.proposal else 0)

    @property
    def backed(self) -> Authored:
        """The proposal with its co-sponsors, as policy sees it."""
        assert self.proposal is not None, "co-sponsors are those of a proposal"  # noqa: S101
        return backed(reader(), self.page, self.proposal)

    @property
    def refusals(self) -> Sequence[str]:
        """Why nothing can be published here now; empty when it can."""
        if self.proposal is None:
            return why_not(current_actor(), Can.PROPOSE, self.page)
        told = why_not(current_actor(), Can.REVISE_PROPOSAL, self.authored)
        try:
            require_changeable(reader(), self.proposal)
        except Conflict as error:
            return (*told, error.title, error.advice)
        return told

    def require_open(self) -> None:
        """Raise `Refused` when nothing can be published here now."""
        if self.proposal is None:
            require(current_actor(), Can.PROPOSE, self.page)
        else:
            require(current_actor(), Can.REVISE_PROPOSAL, self.authored)

    def is_outdated(self, draft: ProposalDraft | None) -> bool:
        """Whether a draft was begun on a version that is no longer the current one."""
        if draft is None or self.proposal is None:
            return False
        return draft.base_number != self.proposal.version_number


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text that somebody else, or another tab, stored in the meantime."""

    heading: str
    text: HasText


@dataclass(frozen=True, slots=True)
class Desk:
    """The page with the form. `refusals` say what changed while somebody was writing."""

    place: Place
    form: Form[Any]
    points: Sequence[OutputPoint]
    draft: ProposalDraft | None
    drafts: Sequence[OwnDraft]
    refusals: Sequence[str]
    theirs: StoredText | None

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The points that a proposal can answer, as options of a list."""
        return [
            (str(point.id), f"{point.position}. {textwrap.shorten(point.text, 90)}")
            for point in self.points
        ]


@dataclass(frozen=True, slots=True)
class Preview:
    """A draft as it will read, what changed since the version before, and what is like it."""

    place: Place
    draft: ProposalDraft
    body: Markup
    rationale: Markup
    point: OutputPoint | None
    changes: "Changes | None"
    here: Sequence[Alike]
    elsewhere: Sequence[Alike]
    refusals: Sequence[str]


@dataclass(frozen=True, slots=True)
class Changes:
    """How two wordings differ, field by field; a field that is the same is empty."""

    title: Sequence[Stretch]
    body: Sequence[Stretch]
    rationale: Sequence[Stretch]


def compare(before: HasText, after: HasText) -> Changes:
    """What changed from one wording to another, word by word."""
    return Changes(
        *(
            compare_prose(old, new) if old != new else []
            for old, new in (
                (before.title, after.title),
                (before.body, after.body),
                (before.rationale, after.rationale),
            )
        )
    )


def get_place(proposal_id: int) -> Place:
    """A proposal with its discussion, or `NotFound`."""
    proposal = find_proposal(reader(), proposal_id)
    if proposal is None:
        raise NotFound(_("There is no such proposal."))
    return Place(get_page(reader(), proposal.deliberation_id), proposal)


def place_of_draft(draft: ProposalDraft) -> Place:
    """Where a draft is written."""
    if draft.proposal_id is not None:
        return get_place(draft.proposal_id)
    return Place(get_page(reader(), draft.deliberation_id), None)


def write(
    place: Place, form: Form[Any], draft: ProposalDraft | None, theirs: StoredText | None
) -> Desk:
    """Everything on the page with the form."""
    proposal = place.proposal
    if theirs is None and proposal is not None and place.is_outdated(draft):
        heading = _("Version %(number)d, published in the meantime", number=proposal.version_number)
        theirs = StoredText(heading, proposal)
        form = Form({**form.posted, "version": str(proposal.version_number)}, form.errors)
    person_id = current_actor().id
    drafts = list_own_drafts(reader(), person_id, place.page.id) if person_id else []
    return Desk(
        place=place,
        form=form,
        points=points_to_answer(place.page),
        draft=draft,
        drafts=[each for each in drafts if draft is None or each.id != draft.id],
        refusals=place.refusals,
        theirs=theirs,
    )


def make_preview(place: Place, draft: ProposalDraft) -> Preview:
    """A draft beside what is like it."""
    here, elsewhere = _find_similar(draft, place.page.id)
    points = points_to_answer(place.page)
    return Preview(
        place=place,
        draft=draft,
        body=_html(draft.body),
        rationale=_html(draft.rationale),
        point=next((point for point in points if point.id == draft.point_id), None),
        changes=compare(place.proposal, draft) if place.proposal else None,
        here=here,
        elsewhere=elsewhere,
        refusals=place.refusals,
    )


def _find_similar(
    draft: ProposalDraft, deliberation_id: int
) -> tuple[Sequence[Alike], Sequence[Alike]]:
    """Proposals much like a draft, in its own discussion and in others."""
    text, kind = f"{draft.title}. {draft.body}", SearchKind.PROPOSAL
    here = find_alike(reader(), text, kind, deliberation_id, HERE + 1)
    everywhere = find_alike(reader(), text, kind, limit=MOST_COMPARED)
    elsewhere = [one for one in everywhere if one.result.deliberation_id != deliberation_id]
    others = [one for one in here if one.result.subject_id != draft.proposal_id]
    return others[:HERE], elsewhere[:ELSEWHERE]


def points_to_answer(page: DeliberationPage) -> Sequence[OutputPoint]:
    """The points that a proposal can answer; none where there is but one."""
    if page.output is None:
        return []
    points = list_points(reader(), [page.output.id], page.deliberation.round)
    return points if len(points) > 1 else []


def text_form(line: ProposalLine) -> Form[Any]:
    """A form for a new version with the text as it stands."""
    return Form(
        {
            "title": line.title,
            "body": line.body,
            "rationale": line.rationale,
            "version": str(line.version_number),
            "saved": "0",
            "submission_key": new_key(),
        }
    )


def draft_form(draft: ProposalDraft) -> Form[Any]:
    """A form with what was kept."""
    return Form(_fields(draft))


def check_draft(draft: ProposalDraft) -> Form[Any]:
    """A draft read as what it will be published as; `data` is None while something is wrong."""
    fields = _fields(draft)
    read = read_text_of(draft.proposal_id is not None, MultiDict(fields))
    return Form(fields, read.errors, read.data)


def read_text(place: Place, posted: MultiDict[str, str]) -> Form[Any]:
    """A posted form read as what it will be published as; all that was posted is shown again."""
    read = read_text_of(place.proposal is not None, posted)
    return Form({**posted.to_dict(), **read.posted}, read.errors, read.data)


def read_text_of(is_version: bool, posted: MultiDict[str, str]) -> Form[Any]:
    """The fields of a new version, or of a proposal, without those of a draft."""
    model: Any = NewVersion if is_version else NewProposal
    known = MultiDict(
        (name, value) for name, value in posted.items(True) if name in model.model_fields
    )
    return read_form(model, known)


def stored_draft(person_id: int | None, submission_key: str) -> ProposalDraft | None:
    """The draft that a form with this key saved."""
    if person_id is None:
        return None
    return find_draft_by_submission(reader(), person_id, submission_key)


def find_same(person_id: int | None, text: DraftedProposal) -> tuple[int, bool] | None:
    """The proposal that a form with this key became already, and whether it says the same."""
    proposal = find_by_submission(reader(), person_id, text.submission_key)
    version = find_own_version(reader(), person_id, text.submission_key)
    if proposal is not None:
        (version,) = list_texts(reader(), proposal.id, [1])
    if version is None:
        return None
    published = version.title, version.body, version.rationale
    return version.proposal_id, published == (text.title, text.body, text.rationale)


def _fields(draft: ProposalDraft) -> dict[str, str]:
    fields = {
        "title": draft.title,
        "body": draft.body,
        "rationale": draft.rationale,
        "saved": str(draft.version),
        "submission_key": draft.submission_key,
    }
    if draft.proposal_id is None:
        point = str(draft.point_id or "")
        return {**fields, "point_id": point, "capacity": draft.capacity.value}
    return {**fields, "note": draft.note, "version": str(draft.base_number or "")}


def _html(text: str) -> Markup:
    return Markup(to_html(text)) if text else Markup()  # noqa: S704 - cleaned by `to_html`.
