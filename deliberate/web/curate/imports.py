"""Importing session pages: send many at once, see what each holds, store the clear ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from deliberate.actions.imports import keep_drafts, store_draft
from deliberate.domain.errors import DomainError, Invalid
from deliberate.inputs.texts import LARGEST_ID
from deliberate.policy import Can, require
from deliberate.storage.imports import (
    DraftLine,
    ImportDraft,
    count_clear_drafts,
    count_drafts,
    list_clear_drafts,
    list_drafts,
)
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.fetching import may_fetch
from deliberate.web.curate.uploads import (
    LARGEST_BATCH,
    LARGEST_TEXT,
    MOST_FILES,
    allow_body,
    in_words,
    read_uploads,
)
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank
from deliberate.web.login import current_actor
from deliberate.web.paging import asked_page
from deliberate.web.render import respond, see_other
from deliberate.web.session_values import count_changes

DRAFTS_A_PAGE = 40
MOST_AT_ONCE = 200
"""How many pages one act stores; what is left waits for another click."""
BODIES = {"curate.receive_pages": LARGEST_BATCH, "curate.replace_draft_text": LARGEST_TEXT}


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in the list. `changes` counts values that the stored session gives differently."""

    draft: ImportDraft
    kicker: str
    slug: str | None
    is_unchanged: bool
    changes: int
    copies: int
    message: str


@dataclass(frozen=True, slots=True)
class DraftsPage:
    """A stretch of somebody's drafts; `clear` counts those that can be stored unseen."""

    rows: Sequence[DraftRow]
    total: int
    clear: int
    newest: int
    page: int

    @property
    def has_more(self) -> bool:
        """Whether older drafts follow."""
        return self.page * DRAFTS_A_PAGE < self.total


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page: the session it is stored as, or why it is not."""

    draft_id: int
    title: str
    slug: str | None
    message: str


@blueprint.url_value_preprocessor
def make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Raise the limit on bodies before anything reads the form, the token's check included."""
    if endpoint in BODIES:
        allow_body(BODIES[endpoint])


@blueprint.get("/import")
def show_import() -> ResponseReturnValue:
    """The address that importing had before there were drafts."""
    require(current_actor(), Can.IMPORT_SESSION)
    return see_other("/imports")


@blueprint.get("/imports")
def show_imports() -> ResponseReturnValue:
    """Ask for pages, and list those that wait to be checked."""
    require(current_actor(), Can.IMPORT_SESSION)
    return _show(blank())


@blueprint.post("/imports")
def receive_pages() -> ResponseReturnValue:
    """Read the pages that were sent and keep them as drafts. Nothing becomes public."""
    require(current_actor(), Can.IMPORT_SESSION)
    try:
        readings = read_uploads()
        with writing() as tx:
            kept = keep_drafts(tx, current_actor(), readings)
    except Invalid as error:
        typed = {name: request.form.get(name, "") for name in ("text", "address")}
        form: Form[Any] = Form(typed).reject(error)
        return _show(form, 422)
    if len(readings) == 1:
        if kept.known:
            flash(_("This page was waiting already."), "info")
        draft_id = kept.known[0] if kept.known else kept.drafts[0].id
        return see_other(f"/imports/{draft_id}")
    _tell(len(kept.drafts), kept.repeated)
    return see_other("/imports#drafts")


@blueprint.post("/imports/storing")
def store_clear_pages() -> ResponseReturnValue:
    """Store every page of a new session about which nothing is in doubt, each for itself."""
    actor = current_actor()
    require(actor, Can.IMPORT_SESSION)
    newest = request.form.get("newest", 0, type=int)
    owner = actor.id or 0
    chosen = list_clear_drafts(reader(), owner, min(max(newest, 0), LARGEST_ID), MOST_AT_ONCE)
    outcomes = [_store(draft_id, title) for draft_id, title in chosen]
    stored = sum(one.slug is not None for one in outcomes)
    return respond("curate/stored.html", outcomes=outcomes, stored=stored)


def _store(draft_id: int, title: str) -> Outcome:
    """Store one page in a transaction of its own; one that fails does not stop the others."""
    try:
        with writing() as tx:
            session, _is_new = store_draft(tx, current_actor(), draft_id)
            return Outcome(draft_id, title, session.slug, "")
    except DomainError as error:
        return Outcome(draft_id, title, None, in_words(error))


def _tell(new: int, repeated: int) -> None:
    kind = "ok" if new else "info"
    flash(ngettext("%(num)d page is read.", "%(num)d pages are read.", new), kind)
    if repeated:
        left_out = ngettext(
            "%(num)d page was left out: its words were here already.",
            "%(num)d pages were left out: their words were here already.",
            repeated,
        )
        flash(left_out, "info")


def _show(form: Form[Any], status: int = 200) -> Response:
    return respond(
        "curate/imports.html",
        "import",
        status,
        drafts=_drafts_page(),
        form=form,
        most=MOST_FILES,
        megabytes=LARGEST_BATCH // 1024 // 1024,
        may_fetch=may_fetch(),
    )


def _drafts_page() -> DraftsPage:
    owner, page = current_actor().id or 0, asked_page()
    lines = list_drafts(reader(), owner, (page - 1) * DRAFTS_A_PAGE, DRAFTS_A_PAGE)
    return DraftsPage(
        rows=[_row(line) for line in lines],
        total=count_drafts(reader(), owner),
        clear=min(count_clear_drafts(reader(), owner), MOST_AT_ONCE),
        newest=lines[0].draft.id if lines and page == 1 else LARGEST_ID,
        page=page,
    )


def _row(line: DraftLine) -> DraftRow:
    draft, record = line.draft, line.stored_record
    parts = (str(draft.year) if draft.year else None, _(draft.type) if draft.type else None)
    changed = record is not None and not line.is_unchanged
    return DraftRow(
        draft=draft,
        kicker=" · ".join(part for part in parts if part),
        slug=line.slug,
        is_unchanged=line.is_unchanged,
        changes=count_changes(record or {}, draft.record) if changed else 0,
        copies=line.copies,
        message=" ".join(_(part) for part in (draft.message or "").splitlines()),
    )
