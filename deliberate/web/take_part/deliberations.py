"""The page of a deliberation: where it stands, what people said, and what one can do now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.deliberations import get_page
from deliberate.actions.results import PointResult
from deliberate.domain.canonical import canonical_json
from deliberate.domain.forum import OutputKind
from deliberate.domain.phases import Phase
from deliberate.policy import Can, may
from deliberate.storage import responses
from deliberate.storage.comments import Comment
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.forum import OutputPoint
from deliberate.storage.proposal_drafts import OwnDraft
from deliberate.storage.threads import ThreadPage
from deliberate.web.database import reader
from deliberate.web.forms import Form
from deliberate.web.labels import LabelLink, label_links, subject_kind
from deliberate.web.login import current_actor
from deliberate.web.render import respond, wants_part
from deliberate.web.take_part.answers import (
    has_messages,
    is_plain_visit,
    send_kept,
    tag_personal,
)
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.discussions import (
    Discussion,
    Entry,
    asked_reply,
    draw_reply,
    make_discussion,
)
from deliberate.web.take_part.pages import (
    Rows,
    Shared,
    get_own_drafts,
    get_shared,
    get_thread,
    position_rows,
)
from deliberate.web.take_part.stretches import Stretch, asked_stretch

TEMPLATE = "take_part/deliberation.html"


@dataclass(frozen=True, slots=True)
class PointView:
    """A point with what this person said of it and, after closing, what everybody said."""

    point: OutputPoint
    own: responses.Response | None
    form: Form[Any] | None
    result: PointResult | None
    rows: Rows


@dataclass(frozen=True, slots=True)
class Visit:
    """Everything on the page of a deliberation for one reader."""

    page: DeliberationPage
    shared: Shared
    points: list[PointView]
    discussion: Discussion
    kicker: str
    heading: str
    status: str
    stored_point: int | None
    labels: Sequence[LabelLink]
    drafts: Sequence[OwnDraft]


@dataclass(frozen=True, slots=True)
class Responding:
    """What somebody has just done to a point: a form to correct, or a stored response."""

    forms: Mapping[int, Form[Any]]
    stored: int | None = None


@blueprint.get("/deliberations/<int(max=2147483647):deliberation_id>")
def show_deliberation(deliberation_id: int) -> ResponseReturnValue:
    """The page, or for htmx the next stretch of comments or a form to reply."""
    answered = asked_reply(deliberation_id)
    if answered is not None:
        return _show_reply(answered)
    stretch = asked_stretch()
    if wants_part() and (stretch.after or stretch.branch):
        thread = get_thread(deliberation_id, stretch)
        part = _discussion(get_shared(deliberation_id), thread, stretch, Entry(), is_part=True)
        return respond("take_part/_stretch.html", discussion=part)
    if is_plain_visit():
        return send_kept(deliberation_id, stretch, lambda: show(deliberation_id, stretch))
    may_keep = not has_messages()
    visit = _visit(deliberation_id, stretch, Entry(), None)
    answer = respond(TEMPLATE, visit=visit)
    return tag_personal(answer, _keys(visit)) if may_keep else answer


@blueprint.get("/deliberations/<int(max=2147483647):deliberation_id>/frozen.json")
def send_frozen(deliberation_id: int) -> Response:
    """What was fixed at opening, byte for byte as its fingerprint was made (docs/process.md)."""
    own = get_page(reader(), deliberation_id).deliberation
    response = Response(canonical_json(own.frozen), mimetype="application/json")
    response.set_etag(own.fingerprint)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def show(
    deliberation_id: int,
    stretch: Stretch | None = None,
    *,
    entry: Entry | None = None,
    responding: Responding | None = None,
    block: str | None = None,
    status: int = 200,
) -> Response:
    """The page for the current reader, or one of its blocks when htmx asks."""
    visit = _visit(deliberation_id, stretch or Stretch(), entry or Entry(), responding)
    return respond(TEMPLATE, block, status, visit=visit)


def _discussion(
    shared: Shared, thread: ThreadPage, stretch: Stretch, entry: Entry, *, is_part: bool = False
) -> Discussion:
    """A stretch of the whole discussion."""
    return make_discussion(
        shared.page,
        thread,
        entry,
        stretch=stretch,
        titles=shared.titles,
        stubs=shared.stubs,
        is_part=is_part,
    )


def _show_reply(answered: Comment) -> Response:
    """The form under its comment: alone for htmx, else within the stretch it stands in."""
    if wants_part():
        form = draw_reply(get_page(reader(), answered.deliberation_id), answered, None, None)
        return respond("take_part/_reply_part.html", reply=form)
    stretch = Stretch(around=answered.id)
    return show(answered.deliberation_id, stretch, entry=Entry(reply_to=answered.id))


def _visit(
    deliberation_id: int, stretch: Stretch, entry: Entry, responding: Responding | None
) -> Visit:
    thread = get_thread(deliberation_id, stretch)
    shared = get_shared(deliberation_id)
    page = shared.page
    kicker, heading = _headings(page)
    return Visit(
        page=page,
        shared=shared,
        points=_points(page, shared, responding),
        discussion=_discussion(shared, thread, stretch, entry),
        kicker=kicker,
        heading=heading,
        status=_status(page),
        stored_point=responding.stored if responding else None,
        labels=label_links(shared.labels, subject_kind(page.output)),
        drafts=get_own_drafts(page.id),
    )


def _points(
    page: DeliberationPage, shared: Shared, responding: Responding | None
) -> list[PointView]:
    actor = current_actor()
    own: dict[int, responses.Response] = {}
    if shared.points and actor.id is not None:
        own = responses.list_own(reader(), [point.id for point in shared.points], actor.id)
    may_respond = may(actor, Can.RESPOND, page)
    views = []
    for point in shared.points:
        result = shared.results.get(point.id)
        typed = responding.forms.get(point.id) if responding else None
        form = (typed or _form(own.get(point.id))) if may_respond else None
        rows = position_rows(result, page.deliberation.minimum) if result else []
        views.append(PointView(point, own.get(point.id), form, result, rows))
    return views


def _form(own: responses.Response | None) -> Form[Any]:
    """The form filled in with what this person last said."""
    if own is None:
        return Form()
    return Form({"position": own.position.value, "reason": own.reason})


def _keys(visit: Visit) -> list[str]:
    """The submission keys on the page, which differ each time it is drawn."""
    form = visit.discussion.form
    return [form.value("submission_key")] if form else []


def _headings(page: DeliberationPage) -> tuple[str, str]:
    """The line above the heading, and the heading."""
    if page.output is None:
        return _("Policy question"), page.title
    number = page.output.position
    if page.output.kind is OutputKind.KEY_TAKEAWAY:
        return _("Reported by the session"), _("Key takeaway %(number)d", number=number)
    return _("Reported by the session"), _("Call to action %(number)d", number=number)


def _open_status(page: DeliberationPage) -> str:
    """What the process of an open discussion has at this moment."""
    proposes = page.takes_proposals and page.proposals_are_open
    if page.output:
        if proposes:
            return str(_("You can respond to each point, comment and make proposals."))
        return str(_("You can respond to each point and comment."))
    if proposes:
        return str(_("You can comment, make proposals and rate them."))
    return str(_("You can comment and rate the proposals. No more are taken."))


def _status(page: DeliberationPage) -> str:
    """What one can do now."""
    if page.phase is Phase.DRAFT:
        return str(_("You can read the text now and take part from the date above."))
    if page.phase is Phase.VOTING:
        return str(_("You can rank the proposals in the indicative poll, and comment."))
    if page.phase is Phase.OPEN:
        return _open_status(page)
    if page.phase is Phase.CLOSED:
        return str(_("You can read what everybody said. A summary is being written."))
    return str(_("You can read what everybody said, and the summary."))
