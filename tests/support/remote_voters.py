"""Voters who are connected to a running server by sockets and cast one ballot after another."""

import random
import subprocess
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from urllib.parse import urlencode

from flask import Flask

from deliberate.actions.ballots import find_own_ballot
from deliberate.actions.polls import get_poll
from deliberate.domain.ballots import tiers_of
from deliberate.domain.people import Actor
from deliberate.storage.database import Database
from deliberate.storage.polls import list_options
from tests.support.pages import Page
from tests.support.served import kill, serving
from tests.support.signed_in import cookie_of

Ranks = tuple[int, ...]
TIMEOUT_SECONDS = 30


@dataclass
class RemoteVoter:
    """One voter's browser: `acknowledged` is the last ranking that the server said it recorded.

    `attempted` is the last one sent; it differs when no answer came.
    """

    email: str
    cookie: str
    rolls: random.Random
    fields: dict[str, str] = field(default_factory=dict)
    acknowledged: Ranks | None = None
    attempted: Ranks | None = None

    def arrive(self, connection: HTTPConnection, poll_id: int) -> None:
        """Open the poll's page and keep what its form would send."""
        connection.request("GET", f"/polls/{poll_id}", headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        self.cookie = (answer.getheader("Set-Cookie") or self.cookie).partition(";")[0]
        page = Page(answer.read().decode())
        self.fields = {
            name: values[0] for name, values in page.form(f"/polls/{poll_id}/ballot").fields.items()
        }

    def cast(self, connection: HTTPConnection, poll_id: int) -> bool:
        """Cast a ranking drawn by lot; whether it was recorded, or came too soon after others.

        Raises what a broken connection raises.
        """
        options = sorted(name for name in self.fields if name.startswith("mark_"))
        order = self.rolls.sample(options, self.rolls.randint(1, len(options)))
        sent = self.fields | {name: str(rank) for rank, name in enumerate(order, start=1)}
        sent |= {"step": "cast", "submission_key": str(uuid.uuid4())}
        self.attempted = tuple(int(name.removeprefix("mark_")) for name in order)
        headers = {
            "Cookie": self.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://127.0.0.1:{connection.port}/polls/{poll_id}",
        }
        connection.request("POST", f"/polls/{poll_id}/ballot", urlencode(sent), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.attempted = self.acknowledged
            return False
        assert answer.status == HTTPStatus.SEE_OTHER, f"{answer.status}: {text[:400]}"
        self.acknowledged = self.attempted
        return True


Clients = Sequence[Sequence[RemoteVoter]]
"""The voters for whom each client votes in turn."""


def remote_voters(app: Flask, db: Database, emails: Sequence[str]) -> list[RemoteVoter]:
    """Browsers in which these people are signed in; each draws rankings of its own."""
    cookies = ["=".join(cookie_of(app, db, email)) for email in emails]
    return [
        RemoteVoter(email, cookie, random.Random(number))  # noqa: S311
        for number, (email, cookie) in enumerate(zip(emails, cookies, strict=True))
    ]


def arrive_at_once(port: int, poll_id: int, clients: Clients) -> None:
    """Let each client open the form for each of its voters."""

    def arrive(connection: HTTPConnection, voters: Sequence[RemoteVoter]) -> None:
        for voter in voters:
            voter.arrive(connection, poll_id)

    _at_once(port, clients, arrive)


def vote_at_once(port: int, poll_id: int, clients: Clients, goes_on: Callable[[int], bool]) -> int:
    """Let each client vote for its voters in turn; how many ballots were acknowledged.

    `goes_on` is asked with that number before each ballot. A client whose connection breaks stops:
    its server is gone.
    """
    done: list[int] = []

    def vote(connection: HTTPConnection, voters: Sequence[RemoteVoter]) -> None:
        with suppress(OSError, HTTPException):
            for voter in cycle(voters):
                if not goes_on(len(done)):
                    break
                if not voter.fields:
                    voter.arrive(connection, poll_id)
                if voter.cast(connection, poll_id):
                    done.append(1)

    _at_once(port, clients, vote)
    return len(done)


def _at_once(
    port: int, clients: Clients, work: Callable[[HTTPConnection, Sequence[RemoteVoter]], None]
) -> None:
    """Let all clients work at the same time; what goes wrong in one is raised here."""
    connections = [HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS) for _ in clients]
    with ThreadPoolExecutor(len(clients)) as pool:
        for _ in pool.map(work, connections, clients):
            pass
    for connection in connections:
        connection.close()


def vote_until_killed(
    database_url: str, port: int, poll_id: int, clients: Clients, enough: int
) -> int:
    """Kill a server under its voters after so many ballots; how many it had acknowledged."""
    is_enough = threading.Event()

    def goes_on(done: int) -> bool:
        if done >= enough:
            is_enough.set()
        return True

    with serving(database_url, port) as server:
        killer = threading.Thread(target=_kill_after, args=(is_enough, server))
        killer.start()
        acknowledged = vote_at_once(port, poll_id, clients, goes_on)
        is_enough.set()
        killer.join()
    return acknowledged


def _kill_after(moment: threading.Event, server: subprocess.Popen[bytes]) -> None:
    moment.wait()
    kill(server)


def stored_ranking(db: Database, poll_id: int, voter: Actor) -> Ranks | None:
    """The ranking on the voter's ballot; None without one."""
    with db.reading() as reader:
        receipt = find_own_ballot(reader, voter, get_poll(reader, poll_id))
        options = [option.id for option in list_options(reader, poll_id)]
    if receipt is None:
        return None
    return tuple(option for (option,) in tiers_of(receipt.answer.marks, options))
