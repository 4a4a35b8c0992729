"""Saving and publishing summaries."""

import pytest

from deliberate.actions.summaries import publish_summary, save_summary
from deliberate.domain.canonical import fingerprint
from deliberate.domain.errors import Conflict, Invalid, Refused
from deliberate.domain.forum import OutputKind
from deliberate.domain.levels import ConsensusLevel
from deliberate.domain.people import VISITOR, Actor, Role, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.inputs.summaries import SummaryDraft
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import list_points
from deliberate.storage.summaries import Edition, Summary, find_edition
from tests.factories import (
    PAGE,
    make_comment,
    make_deliberation,
    make_person,
    make_session,
    respond,
)
from tests.support.clock import FakeClock

OTHER_PAGE = PAGE.replace("WS #77", "WS #78")
TEXT = "Every group that took part wants the places of lanterns to be published."


def draft(body: str = TEXT, version: int = 0, level: str | None = "consensus") -> SummaryDraft:
    """A complete draft unless something is left out on purpose."""
    return SummaryDraft.model_validate(
        {"body": body, "level": level, "level_reason": "Nobody objected.", "version": version}
    )


@pytest.fixture
def facilitator(db: Database) -> Actor:
    """Somebody who may write summaries."""
    return make_person(db, role=Role.FACILITATOR)


@pytest.fixture
def call(db: Database, clock: FakeClock) -> Deliberation:
    """A call to action with six endorsements, closed."""
    deliberation = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    for _ in range(6):
        respond(db, deliberation, make_person(db), Position.ENDORSE)
    clock.advance(days=31)
    return deliberation


def save(db: Database, actor: Actor, deliberation: Deliberation, form: SummaryDraft) -> Summary:
    """Save a draft in a transaction of its own."""
    with db.writing() as tx:
        return save_summary(tx, actor, deliberation.id, form)


def publish(db: Database, actor: Actor, summary: Summary) -> Edition:
    """Publish what was saved in a transaction of its own."""
    with db.writing() as tx:
        return publish_summary(tx, actor, summary.id, summary.version)


def test_only_facilitators_write_summaries(db: Database, call: Deliberation) -> None:
    """Ensure visitors, stakeholders, MAG members and the secretariat are refused."""
    others = [VISITOR, make_person(db)]
    others += [make_person(db, role=role) for role in (Role.MAG_MEMBER, Role.SECRETARIAT)]

    for actor in others:
        with pytest.raises(Refused):
            save(db, actor, call, draft())


def test_nothing_is_published_before_closing(db: Database, facilitator: Actor) -> None:
    """Ensure an open deliberation has no edition, however complete the draft is."""
    deliberation = make_deliberation(db)
    summary = save(db, facilitator, deliberation, draft())

    with pytest.raises(Refused):
        publish(db, facilitator, summary)


def test_a_second_editor_is_told_of_the_first(
    db: Database, call: Deliberation, facilitator: Actor
) -> None:
    """Ensure a save that starts from an older version changes nothing."""
    first = save(db, facilitator, call, draft())
    save(db, facilitator, call, draft("A newer text that was saved first.", first.version))

    with pytest.raises(Conflict):
        save(db, facilitator, call, draft("An older text, sent later.", first.version))

    with db.reading() as reader:
        assert reader.get_one(Summary, first.id).body == "A newer text that was saved first."


@pytest.mark.parametrize("missing", ["body", "level"])
def test_an_incomplete_summary_is_not_published(
    db: Database, call: Deliberation, facilitator: Actor, missing: str
) -> None:
    """Ensure text and designation are asked for at their fields."""
    form = draft(body="Too short." if missing == "body" else TEXT, level=None)
    summary = save(db, facilitator, call, form)

    with pytest.raises(Invalid) as refusal:
        publish(db, facilitator, summary)

    assert missing in refusal.value.fields


def test_an_edition_freezes_its_figures(
    db: Database, call: Deliberation, facilitator: Actor
) -> None:
    """Ensure the document holds the figure's words and its digest covers them."""
    with db.reading() as reader:
        point = list_points(reader, [call.output_id or 0])[0]
    text = f"{TEXT} Support: [[figure:point-{point.id}.civ]]."
    summary = save(db, facilitator, call, draft(text))

    edition = publish(db, facilitator, summary)

    with db.reading() as reader:
        stored = find_edition(reader, summary.id, 1)
    assert stored is not None
    assert "6 of 6 (100%)" in stored.document["body_html"]
    assert stored.document["figures"][f"point-{point.id}.civ"]["text"] == "6 of 6 (100%)"
    assert edition.digest == stored.digest == fingerprint(stored.document)


def test_a_later_edition_leaves_the_earlier_one_as_it_was(
    db: Database, call: Deliberation, facilitator: Actor
) -> None:
    """Ensure a correction is a new number and edition 1 keeps its text and digest."""
    summary = save(db, facilitator, call, draft())
    first = publish(db, facilitator, summary)
    again = save(db, facilitator, call, draft(f"{TEXT} Corrected.", summary.version))

    second = publish(db, facilitator, again)

    with db.reading() as reader:
        kept = find_edition(reader, summary.id, 1)
    assert kept is not None
    assert (kept.digest, kept.document["body"]) == (first.digest, TEXT)
    assert (second.number, second.document["body"]) == (2, f"{TEXT} Corrected.")


def test_a_reference_to_a_comment_elsewhere_stops_publishing(
    db: Database, call: Deliberation, facilitator: Actor
) -> None:
    """Ensure a summary cites only comments of its own deliberation."""
    foreign = make_comment(db, make_deliberation(db, make_session(db, page=OTHER_PAGE)).id)
    summary = save(db, facilitator, call, draft(f"{TEXT} [[comment:{foreign.id}]]"))

    with pytest.raises(Invalid) as refusal:
        publish(db, facilitator, summary)

    assert f"[[comment:{foreign.id}]]" in refusal.value.fields["body"]


def test_groups_that_did_not_answer_are_named_as_too_few(
    db: Database, call: Deliberation, facilitator: Actor
) -> None:
    """Ensure a document never shows a class that rests on one group alone."""
    summary = save(db, facilitator, call, draft())

    document = publish(db, facilitator, summary).document

    result = document["results"]["points"][0]
    thin = {row["group"] for row in result["groups"] if row["stance"] == "thin"}
    assert result["class"] == "insufficient"
    assert StakeholderGroup.GOVERNMENT.value in thin
    assert document["level"] == ConsensusLevel.CONSENSUS
