"""What was acknowledged to voters is there after the server was killed under them."""

from flask import Flask

from deliberate.storage.database import Database
from tests.factories import make_person, make_poll
from tests.support.remote_voters import remote_voters, stored_ranking, vote_until_killed
from tests.support.served import free_port

CLIENTS, VOTERS = 16, 48


def test_a_killed_server_has_every_ballot_that_it_acknowledged(
    app: Flask, database_url: str
) -> None:
    """Ensure each voter's ballot is the last one acknowledged, or the one sent when it died.

    `bench/ballots.py` kills ten times and counts.
    """
    db = Database(database_url)
    poll = make_poll(db)
    emails = [f"voter{number}@example.org" for number in range(VOTERS)]
    people = [make_person(db, email=email) for email in emails]
    voters = remote_voters(app, db, emails)
    clients = [voters[number::CLIENTS] for number in range(CLIENTS)]

    acknowledged = vote_until_killed(database_url, free_port(), poll.id, clients, VOTERS)

    assert acknowledged >= VOTERS
    for voter, person in zip(voters, people, strict=True):
        assert stored_ranking(db, poll.id, person) in (voter.acknowledged, voter.attempted)
    db.dispose()
