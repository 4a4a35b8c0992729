"""The accounts of the demonstration: one for each invented person, all with one password."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from deliberate.actions.people import add_person
from deliberate.demo.calendar import Calendar
from deliberate.demo.scenario import Participant, Scenario
from deliberate.demo.stage import Event, Stage
from deliberate.domain.people import Role
from deliberate.inputs.people import Registration
from deliberate.storage.people import find_actor

PASSWORD = "welcome to the demo"  # noqa: S105 (It is printed for everybody who starts the demo.)
FIRST_DAY, LAST_DAY = -43, -40


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to try a role with, and what there is to do in it on the first visit."""

    role: str
    participant_id: str
    to_do: str

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return email_of(self.participant_id)


SIGN_INS = (
    DemoAccount("stakeholder", "cs01", "respond, comment, rate, rank in the open poll"),
    DemoAccount("MAG member", "mag02", "review and curate questions, import session pages"),
    DemoAccount("facilitator", "fac02", "finish a summary, publish it, open a poll"),
    DemoAccount("secretariat", "sec01", "grant and withdraw roles"),
)


def email_of(participant_id: str) -> str:
    """A participant's address, under a domain that no mail reaches (RFC 2606, section 2)."""
    return f"{participant_id}@demo.example"


def registrations(scenario: Scenario, calendar: Calendar, password_hash: str) -> Iterator[Event]:
    """Everybody makes an account before the first question opens."""
    window = calendar.at(FIRST_DAY, 9), calendar.at(LAST_DAY, 18)
    for person in scenario.participants:
        yield Event(
            calendar.within(window, f"registration of {person.id}"),
            partial(_register, person, password_hash),
        )


def _register(person: Participant, password_hash: str, stage: Stage) -> None:
    form = Registration(
        name=person.display_name,
        email=email_of(person.id),
        password=PASSWORD,
        stakeholder_group=person.stakeholder_group,
        regional_group=person.regional_group,
    )
    role = None if person.role is Role.STAKEHOLDER else person.role
    made = add_person(stage.tx, form, password_hash, role)
    actor = find_actor(stage.tx, made.id)
    assert actor is not None, "who was added a moment ago is not suspended"  # noqa: S101
    stage.actors[person.id] = actor
