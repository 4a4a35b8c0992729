"""Amendments accepted and consents given by processes at the same moment."""

from collections import Counter

from deliberate.domain.people import Role
from deliberate.storage.database import Database
from deliberate.storage.people import find_actor
from deliberate.storage.proposal_versions import list_versions
from deliberate.storage.proposals import list_proposals
from deliberate.storage.recastings import list_made
from tests.factories import make_deliberation, make_person, make_proposals
from tests.races.amenders import accept, agree, revise
from tests.races.voters import take_part
from tests.support.amending import read, suggest, version_form
from tests.support.clock import FakeClock
from tests.support.processes import run_together
from tests.support.recasting import propose, suggest_recasting


def test_an_amendment_accepted_in_several_tabs_while_its_author_revises_has_one_effect(
    db: Database, database_url: str, clock: FakeClock
) -> None:
    """Ensure whichever comes first is the one new version, and the others are told of it."""
    (proposal,) = make_proposals(db, make_deliberation(db).id, 1)
    line = read(db, proposal.id)
    with db.reading() as reader:
        author = find_actor(reader, line.author_id)
    assert author is not None
    amendment = suggest(db, make_person(db), line.id)

    told = run_together(
        take_part,
        [
            (revise, database_url, clock, author, line.id, version_form(line, body="Lamps.")),
            *(
                (accept, database_url, clock, author, amendment.id, version_form(line))
                for _ in range(3)
            ),
        ],
    )

    counts = Counter(told)
    assert counts.pop("published") == 1
    assert set(counts) <= {
        "This proposal was changed in the meantime.",
        "This amendment was answered or withdrawn already.",
    }
    with db.reading() as reader:
        versions = list_versions(reader, line.id)
    assert [each.number for each in versions] == [1, 2]
    assert (versions[1].amendment_id == amendment.id) == (told[0] != "published")


def test_consents_given_at_once_publish_one_combination(
    db: Database, database_url: str, clock: FakeClock
) -> None:
    """Ensure two authors, each in two tabs, make one proposal of theirs."""
    place, authors = make_deliberation(db).id, [make_person(db), make_person(db)]
    ids = [propose(db, person, place, f"Lamps by {person.name}") for person in authors]
    facilitator = make_person(db, role=Role.FACILITATOR)
    recasting = suggest_recasting(db, facilitator, ids, "Lamps by both of us")

    told = run_together(
        agree, [(database_url, clock, person, recasting.id) for person in authors * 2]
    )

    assert "published" in told
    assert set(told) <= {"open", "published"}
    with db.reading() as reader:
        assert len(list_made(reader, recasting.id)) == 1
        assert len(list_proposals(reader, place)) == 3
