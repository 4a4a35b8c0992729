"""Processes designed and opened for tests, through the product's own actions."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from deliberate.actions.curation import accept_question
from deliberate.actions.deliberations import open_output, open_question
from deliberate.actions.designs import find_subject, save_design
from deliberate.domain.forum import OutputKind, QuestionState
from deliberate.domain.people import Actor, Role
from deliberate.domain.process import POLL_TITLE, ProcessDesign, Template
from deliberate.inputs.process import Freezing, ProcessForm
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import PolicyQuestion, list_outputs, list_questions
from tests.factories import make_person, make_session


def ranked(moment: datetime, **changes: Any) -> ProcessDesign:
    """Proposals for five days, a poll on days six to nine, closing on the tenth."""
    design = ProcessDesign(
        Template.RANKED_CHOICE,
        proposals_close_at=moment + timedelta(days=5),
        poll_opens_at=moment + timedelta(days=6),
        poll_closes_at=moment + timedelta(days=9),
        closes_at=moment + timedelta(days=10),
        poll_title=POLL_TITLE,
        minimum=2,
    )
    return replace(design, **changes)


def as_form(design: ProcessDesign, version: int = 0) -> ProcessForm:
    """The form that would have been sent for a design."""
    names = ProcessForm.model_fields.keys() - {"version"}
    fields = {name: getattr(design, name) for name in names}
    lists = {name: list(fields[name]) for name in ("groups", "schemes")}
    return ProcessForm(**{**fields, **lists, "version": version})


def make_question(db: Database, curator: Actor | None = None) -> PolicyQuestion:
    """An accepted question of a session of its own."""
    actor = curator or make_person(db, role=Role.MAG_MEMBER)
    session = make_session(db, actor)
    with db.writing() as tx:
        first = list_questions(tx, session.id)[0]
        if first.state is QuestionState.ACCEPTED:
            return first
        return accept_question(tx, actor, first.id, "A good question to begin with.")


def make_output(db: Database, curator: Actor) -> int:
    """The id of a call to action of a session of its own."""
    session = make_session(db, curator)
    with db.reading() as reader:
        calls = [
            each
            for each in list_outputs(reader, session.id)
            if each.kind is OutputKind.CALL_TO_ACTION
        ]
        return int(calls[0].id)


def open_designed(
    db: Database, design: ProcessDesign, reason: str = "", **subject: int
) -> Deliberation:
    """Save a design for a question (a new one unless named) or an output, and open it."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    ids = subject or {"question_id": make_question(db, curator).id}
    with db.writing() as tx:
        draft = save_design(tx, curator, find_subject(tx, **ids), as_form(design))
        form = Freezing(version=draft.version, reason=reason)
        if "output_id" in ids:
            return open_output(tx, curator, ids["output_id"], form)
        return open_question(tx, curator, ids["question_id"], form)
