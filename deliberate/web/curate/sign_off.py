"""The MAG's sign-off on a draft summary: reading it, and saying where one stands."""

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from deliberate.actions.deliberations import get_page
from deliberate.actions.sign_offs import draft_fingerprint, draft_matter, get_summary, sign_off
from deliberate.actions.summaries import render_draft
from deliberate.domain.errors import Conflict
from deliberate.domain.review import Matter
from deliberate.inputs.review import NewSignOff
from deliberate.policy import Can, require
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.sign_offs import SignOff, list_sign_offs
from deliberate.storage.summaries import Summary
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.uploads import in_words
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft as members read it; `rows` are the stances given so far, with who gave them."""

    summary: Summary
    page: DeliberationPage
    matter: Matter
    body: Markup
    minority: Markup
    draft: str
    rows: Any
    mine: SignOff | None


@blueprint.get("/summaries/<int:summary_id>/sign-off")
def show_sign_off(summary_id: int) -> ResponseReturnValue:
    """The draft, where the members stand, and the form to say where oneself does."""
    return _show(summary_id)


@blueprint.post("/summaries/<int:summary_id>/sign-off")
def give_sign_off(summary_id: int) -> ResponseReturnValue:
    """Say where one stands on the draft as it was shown."""
    form = read_form(NewSignOff, request.form)
    if form.data is None:
        return _show(summary_id, form, 422)
    try:
        with writing() as tx:
            sign_off(tx, current_actor(), summary_id, form.data)
    except Conflict as error:
        kept: Form[Any] = Form(form.posted, {"": in_words(error)})
        return _show(summary_id, kept, 409)
    flash(_("Saved. You can change it until the summary is published."), "ok")
    return see_other(f"/summaries/{summary_id}/sign-off#stances")


def _show(summary_id: int, form: Form[Any] | None = None, status: int = 200) -> Response:
    """The draft as it is now; a form that was sent comes back meant for this text."""
    view = _draft_page(summary_id)
    shown = _own_form(view)
    if form is not None:
        shown = Form({**form.posted, "draft": view.draft}, form.errors)
    return respond("curate/sign_off.html", "sign_off", status, view=view, form=shown)


def _draft_page(summary_id: int) -> DraftPage:
    actor = current_actor()
    require(actor, Can.READ_DRAFT, Matter(is_asked=True))
    summary = get_summary(reader(), summary_id)
    page = get_page(reader(), summary.deliberation_id)
    matter = draft_matter(reader(), summary, page)
    require(actor, Can.READ_DRAFT, matter)
    rows = list_sign_offs(reader(), summary_id)
    body, minority = render_draft(reader(), actor, page, summary)
    return DraftPage(
        summary=summary,
        page=page,
        matter=matter,
        # Both texts were cleaned when they were rendered.
        body=Markup(body),  # noqa: S704
        minority=Markup(minority),  # noqa: S704
        draft=draft_fingerprint(summary),
        rows=rows,
        mine=next((given for given, person in rows if person.id == actor.id), None),
    )


def _own_form(view: DraftPage) -> Form[Any]:
    if view.mine is None:
        return blank(draft=view.draft)
    stance = view.mine.stance.value
    return blank(draft=view.draft, stance=stance, text=view.mine.text)
