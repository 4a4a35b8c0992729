"""Ballots filled in through the forms, by people who are signed in."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from deliberate.actions.ballots import Receipt, cast_ballot
from deliberate.actions.polls import open_poll
from deliberate.domain.ballots import Kind, decode, tiers_of
from deliberate.domain.people import Actor, Role
from deliberate.domain.weighting import Scheme
from deliberate.inputs.ballots import CastBallot
from deliberate.inputs.polls import NewPoll
from deliberate.storage.ballots import list_ballots
from deliberate.storage.database import Database, now
from deliberate.storage.polls import Poll, list_options
from tests.factories import make_deliberation, make_person, make_proposals
from tests.support.client import PageChecker
from tests.support.pages import Page
from tests.support.signed_in import browser_of

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def rankings_in(db: Database, poll_id: int) -> list[list[int]]:
    """The stored rankings of a ranked poll, each as its options from best to last."""
    with db.reading() as reader:
        options = [option.id for option in list_options(reader, poll_id)]
        answers = [decode(ballot.answer) for ballot in list_ballots(reader, poll_id)]
    return [[each for tier in tiers_of(marks, options) for each in tier] for marks in answers]


def make_kind(db: Database, kind: Kind, **settings: Any) -> Poll:
    """An open poll of a kind, with two proposals and one text of its own."""
    deliberation = make_deliberation(db)
    chosen = make_proposals(db, deliberation.id, 2)
    values = {
        "title": "How should we go on?",
        "kind": kind,
        "proposal_ids": [each.id for each in chosen],
        "own_options": "Publish who took part\nA list by group.",
        "primary_scheme": Scheme.PARTICIPANT,
        "minimum": 2,
    }
    facilitator = make_person(db, role=Role.FACILITATOR)
    with db.writing() as tx:
        form = NewPoll(**{**values, "closes_at": now(tx) + timedelta(days=1), **settings})
        return open_poll(tx, facilitator, deliberation.id, form)


def fill_in(
    db: Database,
    poll: Poll,
    voter: Actor,
    *marks: int | None,
    reasons: Sequence[str] = (),
    is_blank: bool = False,
) -> Receipt:
    """Cast a ballot with these marks for the options in registered order."""
    with db.writing() as tx:
        options = [option.id for option in list_options(tx, poll.id)]
        form = CastBallot(
            marks=dict(zip(options, marks, strict=False)),
            reasons=dict(zip(options, reasons, strict=False)),
            is_blank=is_blank,
            submission_key=str(uuid.uuid4()),
        )
        return cast_ballot(tx, voter, poll.id, form)


@dataclass(frozen=True)
class Booth:
    """One voter's browser at one poll; `options` in their registered order."""

    client: PageChecker
    poll_id: int
    options: tuple[int, ...]

    @property
    def page(self) -> str:
        """The poll's page."""
        return f"/polls/{self.poll_id}"

    @property
    def ballot(self) -> str:
        """Where the ballot is sent."""
        return f"/polls/{self.poll_id}/ballot"

    def ranks(self, *ranks: int | str) -> dict[str, str]:
        """The ballot's fields: a rank, or "", for each option in registered order."""
        return {
            f"mark_{option}": str(rank) for option, rank in zip(self.options, ranks, strict=True)
        }

    def press(self, fields: Mapping[str, Any], **options: Any) -> TestResponse:
        """Fill in the ballot on the poll's page and press a button."""
        return self.client.submit(self.page, self.ballot, fields, **options)

    def review(self, *ranks: int | str) -> Page:
        """The review of these ranks."""
        response = self.press({**self.ranks(*ranks), "step": "review"})
        assert response.status_code == 200, response.text
        return Page(response.text)

    def send(self, page: Page, **buttons: str) -> TestResponse:
        """Press a button of the ballot's form on a page that was rendered before."""
        return self.client.post(self.ballot, data={**page.form(self.ballot).fields, **buttons})

    def cast(self, *ranks: int | str) -> TestResponse:
        """Review these ranks and cast them."""
        return self.send(self.review(*ranks), step="cast")


def booth(app: Flask, db: Database, poll_id: int, voter: Actor) -> Booth:
    """A voter's browser at a poll."""
    with db.reading() as reader:
        options = tuple(option.id for option in list_options(reader, poll_id))
    return Booth(browser_of(app, db, voter), poll_id, options)
