"""Accounts and roles from the command line."""

import click
from pydantic import ValidationError

from deliberate.actions.passwords import hash_password
from deliberate.actions.people import add_person, give_role
from deliberate.cli.support import open_database, plain_errors
from deliberate.domain.errors import Invalid, NotFound
from deliberate.domain.people import VISITOR, RegionalGroup, Role, StakeholderGroup
from deliberate.inputs.people import Registration
from deliberate.storage.people import find_person_by_email, list_people

ROLES = click.Choice([role.value for role in Role])


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
        form = _registration(
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
        person = find_person_by_email(tx, email)
        if person is None:
            raise NotFound(f"Nobody is registered as {email}.")
        give_role(tx, VISITOR, person.id, Role(role))
        click.echo(f"{person.name} now has the role {role}.")


@people.command(name="list")
def list_all() -> None:
    """List everybody with their groups and roles."""
    with open_database() as db, db.reading() as reader:
        for person, roles in list_people(reader):
            held = ", ".join(sorted(roles)) or "stakeholder"
            click.echo(f"{person.name} <{person.email}>  {person.stakeholder_group}  {held}")


def _registration(**values: object) -> Registration:
    try:
        return Registration.model_validate(values)
    except ValidationError as error:
        fields = {
            str(detail["loc"][0] if detail["loc"] else "password"): detail["msg"]
            for detail in error.errors()
        }
        wrong = {name: f"{name}: {message}" for name, message in fields.items()}
        raise Invalid("This person cannot be added.", fields=wrong) from error
