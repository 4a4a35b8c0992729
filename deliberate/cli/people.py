"""Accounts and roles from the command line."""

from typing import TypeVar

import click
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from deliberate.actions.forgetting import forget_person
from deliberate.actions.invitations import make_invitation
from deliberate.actions.mailboxes import ALL_STREAMS, end_stream
from deliberate.actions.passwords import hash_password
from deliberate.actions.people import add_person, give_role
from deliberate.actions.second_steps import reset_second_step
from deliberate.cli.support import open_database, plain_errors
from deliberate.domain.errors import Invalid, NotFound
from deliberate.domain.people import VISITOR, RegionalGroup, Role, StakeholderGroup
from deliberate.inputs.people import NewInvitation, Registration
from deliberate.storage.mailboxes import get_mailbox
from deliberate.storage.people import Person, find_person_by_email, list_people

ROLES = click.Choice([role.value for role in Role])
STAFF_ROLES = click.Choice([role.value for role in Role if role is not Role.STAKEHOLDER])
M = TypeVar("M", bound=BaseModel)


@click.group()
def people() -> None:
    """People and their roles."""


@people.command()
@click.option("--name", prompt=True)
@click.option("--email", prompt=True)
@click.password_option(help="At least 12 characters; asked for when not given.")
@click.option(
    "--group",
    type=click.Choice([group.value for group in StakeholderGroup.registrable()]),
    required=True,
)
@click.option(
    "--region", type=click.Choice([region.value for region in RegionalGroup]), required=True
)
@click.option("--organisation", default=None)
@click.option("--role", type=ROLES, default=None, help="A role beyond taking part.")
def add(
    name: str,
    email: str,
    password: str,
    group: str,
    region: str,
    organisation: str | None,
    role: str | None,
) -> None:
    """Add a person."""
    with plain_errors(), open_database() as db:
        form = _checked(
            Registration,
            "This person cannot be added.",
            name=name,
            email=email,
            password=password,
            stakeholder_group=group,
            regional_group=region,
            organisation=organisation,
        )
        password_hash = hash_password(form.password)
        with db.writing() as tx:
            person = add_person(tx, form, password_hash, Role(role) if role else None)
        click.echo(f"Added {person.name} <{person.email}>.")


@people.command()
@click.argument("email")
@click.argument("role", type=ROLES)
def grant(email: str, role: str) -> None:
    """Grant ROLE to the person with EMAIL."""
    with plain_errors(), open_database() as db, db.writing() as tx:
        person = _find(tx, email)
        give_role(tx, VISITOR, person.id, Role(role))
        click.echo(f"{person.name} now has the role {role}.")


@people.command()
@click.argument("email")
@click.option("--role", type=STAFF_ROLES, required=True, help="The role to hold.")
@click.option(
    "--site",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Where this site stands; the link begins with it.",
)
def invite(email: str, role: str, site: str) -> None:
    """Invite EMAIL to hold a role, and print the link to send."""
    with plain_errors(), open_database() as db:
        form = _checked(NewInvitation, "Nobody can be invited so.", email=email, role=role)
        with db.writing() as tx:
            invitation, token = make_invitation(tx, VISITOR, form)
        until = f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"Send this link to {invitation.email}. It works once, until {until}.", err=True)
        click.echo(f"{site.rstrip('/')}/invitations/{token}")


@people.command(name="reset-second-step")
@click.argument("email")
def reset_second_step_of(email: str) -> None:
    """Switch off the second step of the person with EMAIL, who lost it, and sign them out."""
    with plain_errors(), open_database() as db, db.writing() as tx:
        person = _find(tx, email)
        reset_second_step(tx, person.id)
        click.echo(f"{person.name} signs in with the password alone, until setting it up again.")


@people.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(email: str, *, yes: bool) -> None:
    """Delete the account of EMAIL: name and address go, contributions stay without them."""
    with plain_errors(), open_database() as db:
        with db.reading() as reader:
            person = _find(reader, email)
        if not yes:
            click.confirm(f"Delete the account of {person.name}? This cannot be undone", abort=True)
        with db.writing() as tx:
            forget_person(tx, VISITOR, person.id)
        click.echo("The account is deleted. What it contributed stays, without a name.")


@people.command(name="stop-mail")
@click.argument("email")
def stop_mail(email: str) -> None:
    """End all mail to EMAIL that can be ended, for somebody who asked for it by mail."""
    with plain_errors(), open_database() as db, db.writing() as tx:
        person = _find(tx, email)
        end_stream(tx, get_mailbox(tx, person.id).stop_key, ALL_STREAMS)
        click.echo(f"{person.name} gets no more mail, except about the account itself.")


@people.command(name="list")
def list_all() -> None:
    """List everybody with their groups and roles."""
    with open_database() as db, db.reading() as reader:
        for person, roles in list_people(reader):
            held = ", ".join(sorted(roles)) or "stakeholder"
            click.echo(f"{person.name} <{person.email}>  {person.stakeholder_group}  {held}")


def _find(tx: Session, email: str) -> Person:
    person = find_person_by_email(tx, email)
    if person is None:
        raise NotFound(f"Nobody is registered as {email}.")
    return person


def _checked(model: type[M], refusal: str, **values: object) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        fields = {
            str(detail["loc"][0] if detail["loc"] else "password"): detail["msg"]
            for detail in error.errors()
        }
        wrong = {name: f"{name}: {message}" for name, message in fields.items()}
        raise Invalid(refusal, fields=wrong) from error
