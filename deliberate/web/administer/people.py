"""The list of people, and granting and withdrawing roles."""

from urllib.parse import urlencode

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.people import grant_role, withdraw_role
from deliberate.domain.errors import Invalid
from deliberate.domain.people import Role
from deliberate.inputs.people import RoleChange
from deliberate.policy import STAFF, Can, require
from deliberate.storage.people import count_by_group
from deliberate.storage.people_pages import list_people_page
from deliberate.web.administer.blueprint import blueprint
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, read_form
from deliberate.web.login import current_actor
from deliberate.web.paging import asked_before
from deliberate.web.render import respond, see_other


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    """Everybody with groups and roles; `q` looks in names and addresses."""
    require(current_actor(), Can.GRANT_ROLE)
    text, before = _asked_text(), asked_before()
    return respond(
        "administer/people.html",
        listed=list_people_page(reader(), text, before),
        counts=count_by_group(reader()),
        form=Form({"q": text}),
        q=text,
        before=before,
        query=_query(),
    )


@blueprint.post("/people/<int:person_id>/roles")
def grant(person_id: int) -> ResponseReturnValue:
    """Give a person a role."""
    role = _role()
    with writing() as tx:
        grant_role(tx, current_actor(), person_id, role)
    flash(_("The role is granted."), "ok")
    return back_to(person_id)


@blueprint.post("/people/<int:person_id>/roles/withdrawal")
def withdraw(person_id: int) -> ResponseReturnValue:
    """Take a role back from a person."""
    role = _role()
    with writing() as tx:
        withdraw_role(tx, current_actor(), person_id, role)
    flash(_("The role is withdrawn."), "ok")
    return back_to(person_id)


def _role() -> Role:
    """The role that was sent. Raises `Invalid` for anything but one staff role.

    Taking part needs no grant, so it is none of the roles that are granted here.
    """
    require(current_actor(), Can.GRANT_ROLE)
    form = read_form(RoleChange, request.form)
    if form.data is None or form.data.role not in STAFF:
        raise Invalid(_("Choose one of the roles."), _("Go back to the list and choose again."))
    return form.data.role


def _asked_text() -> str:
    return request.args.get("q", "").strip()[:120]


def _query() -> str:
    """The search and the stretch of the list that is shown, for addresses that lead back."""
    asked = {"q": _asked_text(), "before": asked_before()}
    return urlencode({name: value for name, value in asked.items() if value})


def back_to(person_id: int) -> ResponseReturnValue:
    """The person's place in the list, as it was searched."""
    query = _query()
    return see_other(
        f"/people?{query}#person-{person_id}" if query else f"/people#person-{person_id}"
    )
