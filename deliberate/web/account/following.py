"""Following one thing: a discussion, a proposal, a thread or a stakeholder group."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from deliberate.actions.follows import follow, mute, unfollow
from deliberate.domain.errors import NotFound
from deliberate.domain.notices import Subject, SubjectKind
from deliberate.inputs.following import FollowAct, Following
from deliberate.policy import Can, require
from deliberate.storage.deliberations import find_deliberation
from deliberate.storage.follows import Follow, find_follow, find_place, proposal_titles
from deliberate.web.account.blueprint import blueprint
from deliberate.web.database import reader, writing
from deliberate.web.forms import read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other, wants_part

ACTS = {FollowAct.FOLLOW: follow, FollowAct.MUTE: mute, FollowAct.UNFOLLOW: unfollow}
TOLD = {
    FollowAct.FOLLOW: _l("You follow this now."),
    FollowAct.MUTE: _l("You hear no more of this."),
    FollowAct.UNFOLLOW: _l("You follow this no more."),
}


@dataclass(frozen=True, slots=True)
class FollowPage:
    """A thing with its title and page, and how the reader follows it."""

    subject: Subject
    title: str
    address: str
    follow: Follow | None

    @property
    def action(self) -> str:
        """Where its forms are sent."""
        return follow_address(self.subject)


@blueprint.get("/following/<subject>")
def show_follow(subject: str) -> ResponseReturnValue:
    """Whether one follows a thing, with what can be changed; htmx puts it in place of its link."""
    thing = _parse(subject)
    if not current_actor().is_authenticated:
        return see_other(f"/sign-in?next={quote(follow_address(thing), safe='/:')}")
    return respond("account/follow.html", "follow", page=_page(thing))


@blueprint.post("/following/<subject>")
def change_follow(subject: str) -> ResponseReturnValue:
    """Follow a thing, mute it, or follow it no more."""
    require(current_actor(), Can.FOLLOW)
    thing = _parse(subject)
    form = read_form(Following, request.form)
    if form.data is None:
        return respond("account/follow.html", "follow", 422, page=_page(thing))
    with writing() as tx:
        ACTS[form.data.act](tx, current_actor(), thing)
    if wants_part():
        return respond("account/follow.html", "follow", page=_page(thing))
    flash(TOLD[form.data.act], "ok")
    return see_other(follow_address(thing))


def follow_address(subject: Subject) -> str:
    """The page on which a thing is followed."""
    return f"/following/{quote(str(subject), safe=':')}"


def subject_address(subject: Subject) -> str:
    """The page of a thing itself."""
    parents = {
        SubjectKind.DISCUSSION: "/deliberations/",
        SubjectKind.PROPOSAL: "/proposals/",
        SubjectKind.THREAD: "/comments/",
    }
    return f"{parents[subject.kind]}{subject.key}" if subject.kind in parents else "/about"


def _parse(text: str) -> Subject:
    subject = Subject.parse(text)
    if subject is None:
        raise NotFound("There is nothing of this kind to follow.")
    return subject


def _page(subject: Subject) -> FollowPage:
    found = find_follow(reader(), current_actor().id or 0, subject)
    return FollowPage(subject, _title(subject), subject_address(subject), found)


def _title(subject: Subject) -> str:
    if subject.kind is SubjectKind.GROUP:
        return str(_(subject.key))
    place = find_place(reader(), subject)
    deliberation = find_deliberation(reader(), place) if place is not None else None
    if deliberation is None:
        raise NotFound("There is nothing of this kind to follow.")
    if subject.kind is SubjectKind.PROPOSAL:
        titles = proposal_titles(reader(), [int(subject.key)])
        return titles[int(subject.key)] or _("Hidden proposal")
    return deliberation.title
