"""Amendments for tests, made through the product's own actions."""

import uuid
from typing import Any

from deliberate.actions.amendments import suggest_amendment
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import NewAmendment, NewVersion
from deliberate.storage.amendments import Amendment
from deliberate.storage.database import Database
from deliberate.storage.people import Person
from deliberate.storage.proposals import ProposalLine, find_proposal

NOTE = "It should say who pays for it."


def read(db: Database, proposal_id: int) -> ProposalLine:
    """A proposal as it stands."""
    with db.reading() as reader:
        line = find_proposal(reader, proposal_id)
    assert line is not None
    return line


def rewording(line: ProposalLine, **fields: Any) -> dict[str, Any]:
    """Another text than a proposal has, as the fields of a form with a key of its own."""
    return {
        "title": line.title,
        "body": f"{line.body} The city pays.",
        "rationale": line.rationale,
        "note": NOTE,
        "version": line.version_number,
        "submission_key": str(uuid.uuid4()),
    } | fields


def amendment_form(line: ProposalLine, **fields: Any) -> NewAmendment:
    """An amendment to a proposal as it stands."""
    return NewAmendment.model_validate(rewording(line, **fields))


def version_form(line: ProposalLine, **fields: Any) -> NewVersion:
    """A new version of a proposal as it stands."""
    return NewVersion.model_validate(rewording(line, **fields))


def suggest(db: Database, amender: Actor, proposal_id: int, **fields: Any) -> Amendment:
    """Suggest another text of a proposal."""
    form = amendment_form(read(db, proposal_id), **fields)
    with db.writing() as tx:
        return suggest_amendment(tx, amender, proposal_id, form)


def email_of(db: Database, person_id: int) -> str:
    """The address somebody signs in with."""
    with db.reading() as reader:
        return reader.get_one(Person, person_id).email
