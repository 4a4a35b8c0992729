"""Ballots filled in through the forms, by people who are signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from deliberate.domain.ballots import decode, tiers_of
from deliberate.domain.people import Actor
from deliberate.storage.ballots import list_ballots
from deliberate.storage.database import Database
from deliberate.storage.polls import list_options
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
