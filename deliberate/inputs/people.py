"""Registering, signing in, and roles."""

import re
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from deliberate.domain.mail import Rhythm
from deliberate.domain.people import RegionalGroup, Role, StakeholderGroup
from deliberate.inputs.texts import Input, Name, OptionalLine, SubmissionKey, clean_line

# The shape of RFC 5321 section 4.1.2 that people really use: something, "@", a dotted domain.
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def _address(text: str) -> str:
    address = clean_line(text).lower()
    if not _ADDRESS.fullmatch(address) or len(address) > 254:
        raise PydanticCustomError("email", "not an e-mail address")
    return address


def _registrable(group: StakeholderGroup) -> StakeholderGroup:
    if group not in StakeholderGroup.registrable():
        raise PydanticCustomError("enum", "not a group to register with")
    return group


def _granted(role: Role) -> Role:
    if role is Role.STAKEHOLDER:
        raise PydanticCustomError("enum", "not a role that is granted")
    return role


def _zone(name: str) -> str:
    if name and name not in available_timezones():
        raise PydanticCustomError("enum", "not a time zone")
    return name


Email = Annotated[str, AfterValidator(_address)]
Password = Annotated[str, Field(min_length=12, max_length=128)]
Code = Annotated[str, AfterValidator(clean_line), Field(min_length=1, max_length=60)]
OwnGroup = Annotated[StakeholderGroup, AfterValidator(_registrable)]


def is_guessable(password: str, email: str, name: str) -> bool:
    """Whether a password is made of what everybody knows of its person, or of few letters."""
    chosen = password.lower()
    known = (email, email.split("@", maxsplit=1)[0], name.lower())
    return any(len(word) > 3 and word in chosen for word in known) or len(set(chosen)) < 5


class Registration(Input):
    """A new account. The groups are self-declared and shown as such."""

    name: Name
    email: Email
    password: Password
    stakeholder_group: OwnGroup
    regional_group: RegionalGroup
    organisation: OptionalLine = None

    @model_validator(mode="after")
    def _password_is_not_the_name(self) -> "Registration":
        if is_guessable(self.password, self.email, self.name):
            raise PydanticCustomError("password_guessable", "easily guessed")
        return self


class Credentials(Input):
    """What somebody signs in with."""

    email: Annotated[str, AfterValidator(clean_line), Field(max_length=254)]
    password: Annotated[str, Field(max_length=128)]


class NewInvitation(Input):
    """Whom to invite to hold which role; the key is missing on the command line."""

    email: Email
    role: Annotated[Role, AfterValidator(_granted)]
    submission_key: SubmissionKey | None = None


class OrganisationChange(Input):
    """The organisation one speaks for from now on; empty for none."""

    organisation: OptionalLine = None


class PasswordAgain(Input):
    """The password, asked for once more before something that protects the account changes."""

    password: Annotated[str, Field(max_length=128)]


class ForgottenPassword(Input):
    """The address of an account whose password was forgotten."""

    email: Email


class NewPassword(Input):
    """A password to sign in with from now on."""

    password: Password


class PasswordChange(NewPassword):
    """A new password, and the old one so that nobody else changes it."""

    old_password: Annotated[str, Field(max_length=128)]


class SecondStepCode(Input):
    """A code from the app, or a recovery code."""

    code: Code


class SecondStepRemoval(PasswordAgain):
    """What it takes to switch the second step off."""

    code: Code


class MailChoices(Input):
    """What comes by mail and how; an empty time zone stands for UTC."""

    rhythm: Rhythm
    official: bool = False
    follows_own: bool = False
    language: Annotated[str, Field(max_length=20)]
    time_zone: Annotated[str, AfterValidator(_zone)] = ""


class RoleChange(Input):
    """Granting or withdrawing a role."""

    role: Role
