"""What the pages of a process show: a design as a form, what contradicts, who may do what when."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from deliberate.actions.deliberations import get_page
from deliberate.actions.designs import Subject, find_design, find_subject
from deliberate.actions.voters import OpenPoll
from deliberate.domain.canonical import fingerprint
from deliberate.domain.contradictions import by_field, contradictions
from deliberate.domain.methods import METHODS, Method
from deliberate.domain.people import VISITOR, Actor, Affiliation, RegionalGroup, Role
from deliberate.domain.people import StakeholderGroup as Group
from deliberate.domain.phases import Phase, PollPhase
from deliberate.domain.process import ProcessDesign, Template, Visibility, read_design, suggest
from deliberate.domain.stages import Stage, list_stages
from deliberate.domain.weighting import Scheme
from deliberate.policy import OVER, Can, may, require, why_not
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import list_rounds
from deliberate.storage.forum import ForumSession
from deliberate.web.database import reader
from deliberate.web.forms import Form
from deliberate.web.login import current_actor
from deliberate.web.ui import when

MOMENTS = ("opens_at", "closes_at", "proposals_close_at", "poll_opens_at", "poll_closes_at")
OF_THE_POLL = {"poll_opens_at", "poll_closes_at", "poll_title"} | {
    "method", "schemes", "primary_scheme", "ballots"
}  # fmt: skip
OF_POLLS = {Can.CAST_BALLOT, Can.SEE_TALLY}
OF_POINTS = {Can.RESPOND, Can.SEE_NAMES}
OF_PROPOSALS = {Can.PROPOSE, Can.RATE}
ACTS: dict[Can, Any] = {
    Can.COMMENT: _l("Comment"),
    Can.RESPOND: _l("Respond to the points"),
    Can.PROPOSE: _l("Make proposals"),
    Can.RATE: _l("Rate proposals"),
    Can.CAST_BALLOT: _l("Rank proposals in the poll"),
    Can.SEE_RESULTS: _l("See results by group"),
    Can.SEE_NAMES: _l("See who took which position"),
    Can.SEE_TALLY: _l("See the counted poll"),
    Can.OPEN_POLL: _l("Open a poll"),
    Can.EDIT_SUMMARY: _l("Write the summary"),
    Can.PUBLISH_SUMMARY: _l("Publish the summary"),
    Can.RESCHEDULE: _l("Move the closing date"),
    Can.ARCHIVE: _l("Archive it, or begin another round"),
}
"""What a process rules on, in the order in which the preview names it."""
ROLES: dict[str, Any] = {
    "visitor": _l("Visitor"),
    "participant": _l("Participant"),
    "other": _l("Participant of another group"),
    "mag_member": _l("MAG member"),
    "facilitator": _l("Facilitator"),
    "secretariat": _l("Secretariat"),
}


@dataclass(frozen=True, slots=True)
class ProcessView:
    """The design page of one subject.

    `template` is None until one is chosen; `running` is the round that is not over, whose process
    is fixed; `problems` are the contradictions of what is saved, by field, in the page's language.
    `is_fresh` says that the form holds a template's suggestions in place of what is saved.
    """

    subject: Subject
    session: ForumSession
    address: str
    template: Template | None
    form: Form[Any]
    saved: ProcessDesign | None
    version: int
    problems: Mapping[str, str]
    running: DeliberationPage | None
    round: int
    is_fresh: bool

    @property
    def is_ready(self) -> bool:
        """Whether the form holds what is saved, and that can be opened."""
        is_saved = self.saved is not None and not self.is_fresh
        return is_saved and not self.problems and not self.form.errors

    @property
    def digest(self) -> str:
        """The fingerprint of the design that is saved."""
        return "" if self.saved is None else fingerprint(self.saved.as_json())

    @property
    def shows_poll(self) -> bool:
        """Whether the form asks for the poll: the template has one, or something is said of it."""
        return (
            self.template is Template.RANKED_CHOICE
            or bool(self.form.value("poll_opens_at") or self.form.value("poll_closes_at"))
            or not OF_THE_POLL.isdisjoint(self.form.errors)
        )

    @property
    def shows_proposals(self) -> bool:
        """Whether the form asks until when proposals are taken."""
        return (
            self.template is not Template.ENDORSEMENT_ROUND
            or bool(self.form.value("proposals_close_at"))
            or not {"proposals_close_at", "ratings"}.isdisjoint(self.form.errors)
        )

    @property
    def shows_points(self) -> bool:
        """Whether the form asks how responses to points are shown."""
        return self.subject.has_points or "responses" in self.form.errors

    @property
    def names_ratings(self) -> bool:
        """Whether ratings would be named, which is refused: the form lets it be taken back."""
        return "ratings" in self.form.errors or self.form.value("ratings") == Visibility.NAMED

    @property
    def names_ballots(self) -> bool:
        """Whether rankings would be named, which is refused as well."""
        return "ballots" in self.form.errors or self.form.value("ballots") == Visibility.NAMED


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage for one role: what they can do, and what not yet or no longer, with reasons."""

    name: str
    stage: Stage
    can: Sequence[str]
    cannot: Sequence[tuple[str, str]]
    sees: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A process as one role will meet it; `never` are acts that no stage gives to the role."""

    role: str
    roles: Sequence[tuple[str, str]]
    rows: Sequence[StageRow]
    never: Sequence[tuple[str, str]]


def view_process(
    ids: Mapping[str, int], asked: str = "", sent: Form[Any] | None = None
) -> ProcessView:
    """The design page. `asked` is a template to fill in anew, `sent` a form that came back."""
    require(current_actor(), Can.DESIGN_PROCESS)
    session = reader()
    subject = find_subject(session, **ids)
    found = find_design(session, subject)
    saved, version = found if found else (None, 0)
    running, number = _rounds(subject)
    moment = now(session)
    problems: dict[str, str] = {}
    if saved is not None:
        told = by_field(contradictions(saved, moment, has_points=subject.has_points))
        problems = {name: _(text) for name, text in told.items()}
    fresh = suggest(Template(asked), moment) if asked in set(Template) else None
    form, template = _form(sent, fresh, saved, problems, version)
    kind = "questions" if subject.question_id is not None else "outputs"
    return ProcessView(
        subject=subject,
        session=session.get_one(ForumSession, subject.session_id),
        address=f"/{kind}/{next(iter(ids.values()))}",
        template=template,
        form=form,
        saved=saved,
        version=version,
        problems=problems,
        running=running,
        round=number,
        is_fresh=fresh is not None and sent is None,
    )


def _form(
    sent: Form[Any] | None,
    fresh: ProcessDesign | None,
    saved: ProcessDesign | None,
    problems: Mapping[str, str],
    version: int,
) -> tuple[Form[Any], Template | None]:
    """What the fields hold: what was sent, else a template's suggestions, else what is saved."""
    if sent is not None:
        posted = str(sent.value("template"))
        return sent, Template(posted) if posted in set(Template) else None
    if fresh is not None:
        return Form(as_fields(fresh, version)), fresh.template
    if saved is not None:
        return Form(as_fields(saved, version), problems), saved.template
    return Form(), None


def as_fields(design: ProcessDesign, version: int) -> dict[str, Any]:
    """A design as its form would have sent it."""
    fields: dict[str, Any] = {name: _entered(getattr(design, name)) for name in MOMENTS}
    return fields | {
        "template": design.template.value,
        "poll_title": design.poll_title,
        "groups": [group.value for group in design.groups],
        "method": design.method,
        "schemes": [scheme.value for scheme in design.schemes],
        "primary_scheme": design.primary_scheme.value,
        "minimum": str(design.minimum),
        "responses": design.responses.value,
        "ratings": design.ratings.value,
        "ballots": design.ballots.value,
        "quorum": design.quorum,
        "version": str(version),
    }


def differences(theirs: ProcessDesign, mine: ProcessDesign) -> dict[str, str]:
    """What another design says, in words and by field, where one's own says something else."""
    own = read_design(mine.as_json())
    names = [each.name for each in dataclasses.fields(ProcessDesign)]
    return {
        name: _said(getattr(theirs, name))
        for name in names
        if getattr(theirs, name) != getattr(own, name)
    }


def _said(value: Any) -> str:
    """What stands in one field of a design, as its form says it."""
    match value:
        case None:
            return ""
        case datetime():
            return when(value)
        case tuple():
            return " · ".join(map(_said, value))
        case Template() | Scheme():
            return str(_(value.label))
        case Visibility.NAMED:
            return str(_("Named, after closing"))
        case Visibility.CONFIDENTIAL:
            return str(_("Confidential: numbers by group"))
        case Group():
            return str(_(value.value))
    return str(_(Method(value).label)) if value in METHODS else str(value)


def _entered(moment: datetime | None) -> str:
    return "" if moment is None else moment.strftime("%Y-%m-%dT%H:%M")


def _rounds(subject: Subject) -> tuple[DeliberationPage | None, int]:
    """The round that is running, if one is, and the number of the round being designed."""
    rounds = list_rounds(reader(), question_id=subject.question_id, output_id=subject.output_id)
    if not rounds:
        return None, 1
    page = get_page(reader(), rounds[-1].id)
    if page.phase in OVER:
        return None, rounds[-1].round + 1
    return page, rounds[-1].round


def preview(design: ProcessDesign, subject: Subject, role: str) -> Preview:
    """What a role can do in each stage, asked of the policy that will decide it."""
    actor = _actor(role, design)
    acts = [can for can in ACTS if _belongs(can, design, subject)]
    stages = list_stages(design, now(reader()))
    granted = {can for can in acts for stage in stages if may(actor, can, _of(can, stage))}
    rows = [_row(actor, stage, [can for can in acts if can in granted]) for stage in stages]
    never = [
        (str(ACTS[can]), _reason(actor, can, stages[0]))
        for can in acts
        if stages and can not in granted
    ]
    shown = [(key, str(words)) for key, words in ROLES.items() if key != "other" or _other(design)]
    return Preview(role, shown, rows, never)


def _row(actor: Actor, stage: Stage, acts: Sequence[Can]) -> StageRow:
    refused = [can for can in acts if not may(actor, can, _of(can, stage))]
    return StageRow(
        name=stage_name(stage),
        stage=stage,
        can=[str(ACTS[can]) for can in acts if can not in refused],
        cannot=[(str(ACTS[can]), _reason(actor, can, stage)) for can in refused],
        sees=_sees(actor, stage),
    )


def _reason(actor: Actor, can: Can, stage: Stage) -> str:
    return " ".join(_(sentence) for sentence in why_not(actor, can, _of(can, stage)))


def _of(can: Can, stage: Stage) -> Stage | OpenPoll:
    """What policy is asked about: the deliberation, or its poll."""
    if can in OF_POLLS:
        return OpenPoll(stage.poll or PollPhase.SCHEDULED, stage.groups)
    return stage


def _belongs(can: Can, design: ProcessDesign, subject: Subject) -> bool:
    """Whether an act can occur in this process at all."""
    if can in OF_POLLS:
        return design.has_poll
    if can in OF_POINTS:
        return subject.has_points
    return can not in OF_PROPOSALS or design.takes_proposals


def stage_name(stage: Stage) -> str:
    """A stage in a few words."""
    if stage.phase is Phase.DRAFT:
        return str(_("Announced"))
    if stage.phase is Phase.VOTING:
        return str(_("Discussion and poll"))
    if stage.phase is Phase.CLOSED:
        return str(_("Closed"))
    if stage.phase is Phase.SUMMARISED:
        return str(_("Summary published"))
    if not stage.takes_proposals:
        return str(_("Responses and discussion"))
    if stage.proposals_are_open:
        return str(_("Discussion and proposals"))
    return str(_("Discussion"))


def _sees(actor: Actor, stage: Stage) -> str:
    """What of the outcome somebody sees, as policy says."""
    if stage.phase is Phase.DRAFT:
        return str(_("The text and the dates"))
    if may(actor, Can.SEE_RESULTS, stage):
        return str(_("Results of every group"))
    if stage.poll is not None and may(actor, Can.SEE_TALLY, _of(Can.SEE_TALLY, stage)):
        return str(_("What is written, the counted poll, and turnout by group"))
    return str(_("What is written, and turnout by group"))


def _other(design: ProcessDesign) -> tuple[Group, ...]:
    """The groups that were left out."""
    return tuple(group for group in Group.registrable() if group not in design.groups)


def _actor(role: str, design: ProcessDesign) -> Actor:
    """Somebody who has this role and nothing else."""
    if role == "visitor":
        return VISITOR
    group = design.groups[0] if design.groups else Group.CIVIL_SOCIETY
    if role == "other" and _other(design):
        group = _other(design)[0]
    staff = {"mag_member": Role.MAG_MEMBER, "facilitator": Role.FACILITATOR}
    staff["secretariat"] = Role.SECRETARIAT
    roles = frozenset({staff[role]}) if role in staff else frozenset[Role]()
    return Actor(0, roles=roles, affiliation=Affiliation(group, RegionalGroup.AFRICA))
