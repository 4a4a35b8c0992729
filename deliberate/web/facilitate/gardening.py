"""The page on which a facilitator tends a thread, and the public log of what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from deliberate.actions.deliberations import get_page
from deliberate.actions.gardening import tend, undo
from deliberate.domain.errors import Invalid, NotFound
from deliberate.domain.gardening import GardenAct
from deliberate.domain.synthesis import visible_text
from deliberate.inputs.gardening import Tending
from deliberate.policy import Can, require
from deliberate.storage.comments import CommentLine, list_by_ids
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.gardening import (
    ActLine,
    count_under,
    list_acts,
    list_acts_on,
    list_homes,
    list_targets,
)
from deliberate.web.database import reader, writing
from deliberate.web.facilitate.blueprint import blueprint
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.paging import asked_page
from deliberate.web.render import respond, see_other

ACTS_A_PAGE = 30
OFFERED = 8
DONE = {
    GardenAct.SPLIT: _l("It is a thread of its own now."),
    GardenAct.MERGE: _l("It stands here now."),
    GardenAct.MOVE: _l("It stands in this discussion now."),
    GardenAct.PIN: _l("The thread is pinned on top."),
    GardenAct.UNPIN: _l("The thread is no longer pinned."),
    GardenAct.SETTLE: _l("It is marked as answered."),
    GardenAct.REOPEN: _l("It is no longer marked as answered."),
    GardenAct.LOCK: _l("The thread takes no more replies."),
    GardenAct.UNLOCK: _l("The thread takes replies again."),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A place that a thread could go to: its number, and words to know it by."""

    id: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Bed:
    """A comment with what a facilitator may do to it. `under` counts what goes along with it.

    `opened` is the act whose form is open.
    """

    page: DeliberationPage
    comment: CommentLine
    text: str
    under: int
    acts: Sequence[ActLine]
    targets: Sequence[Offer]
    homes: Sequence[Offer]
    opened: str
    words: str
    form: Form[Any]

    def form_of(self, act: str) -> Form[Any]:
        """What was typed for an act; nothing for those that were left alone."""
        return self.form if act == self.opened else Form()


@blueprint.get("/comments/<int(max=2147483647):comment_id>/gardening")
def show_bed(comment_id: int) -> Response:
    """The forms for one comment, with places to choose from."""
    suggested = {
        "parent": request.args.get("under", ""),
        "home": request.args.get("to", ""),
        "act": request.args.get("act", ""),
    }
    return _show(comment_id, blank(**suggested))


@blueprint.post("/comments/<int(max=2147483647):comment_id>/gardening")
def tend_thread(comment_id: int) -> ResponseReturnValue:
    """Do one act to a comment and show it in its place."""
    form = read_form(Tending, request.form)
    if form.data is None:
        return _show(comment_id, form, 422)
    try:
        with writing() as tx:
            tend(tx, current_actor(), comment_id, form.data)
    except Invalid as error:
        return _show(comment_id, form.reject(error), 422)
    flash(str(DONE[form.data.act]), "ok")
    return see_other(f"/comments/{comment_id}")


@blueprint.post("/thread-acts/<int(max=2147483647):act_id>/undoing")
def undo_act(act_id: int) -> ResponseReturnValue:
    """Take an act back."""
    with writing() as tx:
        comment_id = undo(tx, current_actor(), act_id).comment_id
    flash(_("It is as it was before."), "ok")
    return see_other(f"/comments/{comment_id}")


@blueprint.get("/deliberations/<int(max=2147483647):deliberation_id>/gardening")
def show_log(deliberation_id: int) -> Response:
    """What facilitators did to the threads of a discussion, and why."""
    page, number = get_page(reader(), deliberation_id), asked_page()
    first = (number - 1) * ACTS_A_PAGE
    acts = list_acts(reader(), page.id, ACTS_A_PAGE + 1, first)
    return respond(
        "facilitate/garden_log.html",
        page=page,
        acts=acts[:ACTS_A_PAGE],
        number=number,
        has_more=len(acts) > ACTS_A_PAGE,
    )


def _show(comment_id: int, form: Form[Any], status: int = 200) -> Response:
    found = list_by_ids(reader(), [comment_id])
    if not found:
        raise NotFound(_("There is no such comment."))
    comment = found[0]
    page = get_page(reader(), comment.deliberation_id)
    require(current_actor(), Can.TEND, page)
    words = request.args.get("q", "")[:100].strip()
    form = _at_fields(form, comment)
    act = str(form.value("act"))
    targets, homes = _offer_targets(comment, words, act), _offer_homes(page, words, act)
    bed = Bed(
        page=page,
        comment=comment,
        text=visible_text(comment.body_html),
        under=count_under(reader(), comment),
        acts=list_acts_on(reader(), comment.id),
        targets=targets,
        homes=homes,
        opened=act,
        words=words,
        form=form,
    )
    return respond("facilitate/garden_bed.html", status=status, bed=bed)


def _at_fields(form: Form[Any], comment: CommentLine) -> Form[Any]:
    """The form with its mistakes told at its fields, or as a whole where the page has none."""
    act = form.value("act")
    offered = {
        GardenAct.MERGE,
        GardenAct.MOVE,
        GardenAct.REOPEN if comment.is_settled else GardenAct.SETTLE,
        GardenAct.UNLOCK if comment.is_locked else GardenAct.LOCK,
    }
    if comment.parent_id is not None:
        offered.add(GardenAct.SPLIT)
    if comment.is_pinned or comment.depth == 0:
        offered.add(GardenAct.UNPIN if comment.is_pinned else GardenAct.PIN)
    if act in offered or not form.errors:
        return form
    return Form(form.posted, {"": next(iter(form.errors.values()))})


def _offer_targets(comment: CommentLine, words: str, act: str) -> list[Offer]:
    """Comments to go under; those that hold the words when they were searched."""
    asked = words if act == GardenAct.MERGE else ""
    found = list_targets(reader(), comment, asked, OFFERED)
    return [Offer(each.id, each.author_name, visible_text(each.body_html)) for each in found]


def _offer_homes(page: DeliberationPage, words: str, act: str) -> list[Offer]:
    """Open discussions to go to."""
    asked = words if act == GardenAct.MOVE else ""
    return [Offer(each, "", title) for each, title in list_homes(reader(), page.id, asked, OFFERED)]
