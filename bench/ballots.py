"""How many ballots a second are cast through HTTP, and whether each acknowledged one is stored.

The product's own server with two processes, every commit waiting for the disk, and 16 clients who
cast and change ballots by the poll's own form. Beside it stands one row changed and committed at a
time in the same database: nothing that is stored can be stored more often. Then the server is
killed ten times under its voters, and every ballot compared with what was acknowledged. `--quick`
takes less time. Ends with 1 when an acknowledged ballot is not there.
"""

import io
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa  # noqa: E402

from deliberate.app import create_app  # noqa: E402
from deliberate.cli.support import log_to_stderr  # noqa: E402
from deliberate.domain.people import Actor  # noqa: E402
from deliberate.settings import Settings  # noqa: E402
from deliberate.storage.database import Database  # noqa: E402
from deliberate.storage.polls import Poll  # noqa: E402
from tests import factories  # noqa: E402
from tests.support.remote_voters import (  # noqa: E402
    RemoteVoter,
    arrive_at_once,
    remote_voters,
    stored_ranking,
    vote_at_once,
    vote_until_killed,
)
from tests.support.scratch import both_databases  # noqa: E402
from tests.support.served import free_port, serving  # noqa: E402

CLIENTS, VOTERS = 16, 640
SECONDS, QUICK_SECONDS = 10.0, 3.0
KILLINGS, QUICK_KILLINGS = 10, 2


@dataclass(frozen=True)
class Electorate:
    """A poll, its voters, and the browsers in which they are signed in, shared among clients."""

    poll: Poll
    people: Sequence[Actor]
    voters: Sequence[RemoteVoter]

    @property
    def clients(self) -> list[Sequence[RemoteVoter]]:
        """The voters of each client: many, since nobody may vote more than 30 times a minute."""
        return [self.voters[number::CLIENTS] for number in range(CLIENTS)]


def gather(db: Database, url: str) -> Electorate:
    """Open a poll and sign everybody in."""
    emails = [f"voter{number}@example.org" for number in range(VOTERS)]
    poll = factories.make_poll(db)
    people = [factories.make_person(db, email=email) for email in emails]
    app = create_app(Settings(database_url=url))
    return Electorate(poll, people, remote_voters(app, db, emails))


def commits_a_second(db: Database, seconds: float) -> float:
    """How often one row is changed and committed, by one writer."""
    change = sa.text("UPDATE polls SET title = title")
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        with db.writing() as tx:
            tx.execute(change)
        done += 1
    return done / (time.perf_counter() - start)


def ballots_a_second(url: str, there: Electorate, seconds: float) -> float:
    """How many ballots are acknowledged in a second, once everybody has the form before them."""
    port = free_port()
    with serving(url, port):
        arrive_at_once(port, there.poll.id, there.clients)
        start = time.perf_counter()
        done = vote_at_once(
            port, there.poll.id, there.clients, lambda _done: time.perf_counter() - start < seconds
        )
        return done / (time.perf_counter() - start)


def missing(db: Database, there: Electorate) -> int:
    """How many voters have another ballot than was acknowledged, or than was on its way."""
    return sum(
        stored_ranking(db, there.poll.id, person) not in (voter.acknowledged, voter.attempted)
        for person, voter in zip(there.people, there.voters, strict=True)
    )


def measure(name: str, db: Database, seconds: float, killings: int) -> int:
    """Print the figures of one database; how many acknowledged ballots are not there."""
    url = db.engine.url.render_as_string(hide_password=False)
    there = gather(db, url)
    commits = commits_a_second(db, seconds / 3)
    ballots = ballots_a_second(url, there, seconds)
    lost = missing(db, there)
    print(name)
    print(f"  one row at a time  {commits:8.0f} commits a second")
    print(f"  16 clients         {ballots:8.0f} ballots a second   ratio {ballots / commits:.3f}")
    acknowledged = 0
    for _ in range(killings):
        acknowledged += vote_until_killed(url, free_port(), there.poll.id, there.clients, VOTERS)
        lost += missing(db, there)
    print(f"  killed {killings} times: {acknowledged} ballots acknowledged, {lost} lost (bound 0)")
    return lost


def main() -> int:
    """Measure and print; 1 when something acknowledged was lost."""
    quick = "--quick" in sys.argv[1:]
    seconds = QUICK_SECONDS if quick else SECONDS
    killings = QUICK_KILLINGS if quick else KILLINGS
    print(f"Ballots cast by {CLIENTS} clients for {VOTERS} voters, {seconds:.0f} seconds")
    lost = 0
    with both_databases() as found:
        for name, db in found.items():
            log = io.StringIO()
            with redirect_stderr(log):
                log_to_stderr("text")
                lost += measure(name, db, seconds, killings)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
