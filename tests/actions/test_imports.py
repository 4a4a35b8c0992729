"""Drafts: kept as sent, corrected by their owner alone, stored or discarded."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from deliberate.actions import imports
from deliberate.actions.conflicts import declare_for_session
from deliberate.actions.imports import (
    add_value,
    correct_value,
    discard_draft,
    dismiss_unfit,
    get_draft,
    keep_drafts,
    read_draft,
    read_sent,
    reopen_doubts,
    replace_text,
    restore_value,
    settle_doubts,
    settled_doubts,
    shown_version,
    store_draft,
)
from deliberate.domain.errors import Conflict, Invalid, NotFound, Refused
from deliberate.domain.people import VISITOR, Actor, Role
from deliberate.importing import Doubt, DoubtKind, read_page
from deliberate.storage.database import Database
from deliberate.storage.imports import ImportDraft, list_clear_drafts, list_drafts
from tests.factories import PAGE, make_person, make_session
from tests.support.rows import count_rows

OTHER = PAGE.replace("#77", "#78").replace("Lanterns on the network", "Torches at the pier")
DOUBTFUL = OTHER.replace("#78", "#79").replace("burning?", "burning.")


@pytest.fixture
def curator(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


def keep(db: Database, actor: Actor, *texts: str | bytes) -> list[ImportDraft]:
    """Send pages, each as a file."""
    data = [text.encode() if isinstance(text, str) else text for text in texts]
    with db.writing() as tx:
        return list(keep_drafts(tx, actor, [read_sent("page.txt", each) for each in data]).drafts)


def load(db: Database, actor: Actor, draft_id: int) -> ImportDraft:
    """The draft as it is now."""
    with db.reading() as reader:
        return get_draft(reader, actor, draft_id)


def change(db: Database, actor: Actor, draft: ImportDraft, key: str, value: Any) -> ImportDraft:
    """Correct a value as a form that was just shown would."""
    with db.writing() as tx:
        version = shown_version(get_draft(tx, actor, draft.id), key)
        correct_value(tx, actor, draft.id, key, version, value)
    return load(db, actor, draft.id)


def test_a_draft_keeps_the_bytes_and_what_was_read(db: Database, curator: Actor) -> None:
    """Ensure odd line ends and encodings stay as they came, and lists need not read again."""
    data = PAGE.replace("Ada", "Åse").replace("\n", "\r\n").encode("cp1252")

    [draft] = keep(db, curator, data)

    found = load(db, curator, draft.id)
    assert found.original == data
    assert found.record == read_draft(found).as_json()
    assert (found.title, found.year, found.doubts) == ("Lanterns on the network", 2024, 1)


def test_a_page_sent_twice_is_kept_once(db: Database, curator: Actor) -> None:
    """Ensure a batch with copies, sent again, makes one draft of each page."""
    readings = [read_sent(name, PAGE.encode()) for name in ("a.txt", "b.txt")]
    readings.append(read_sent("c.txt", OTHER.encode()))

    with db.writing() as tx:
        first = keep_drafts(tx, curator, readings)
    with db.writing() as tx:
        second = keep_drafts(tx, curator, readings)

    assert (len(first.drafts), first.repeated) == (2, 1)
    assert (len(second.drafts), second.repeated) == (0, 3)
    assert list(second.known) == [draft.id for draft in first.drafts]


def test_a_page_that_cannot_be_read_waits_with_its_message(db: Database, curator: Actor) -> None:
    """Ensure it stops nothing, can be put right, and nobody keeps huge files here."""
    broken, good = keep(db, curator, b"Dear all,\n\nthank you.\n", PAGE)
    [large] = keep(db, curator, PAGE.encode() + b"\n" * (2 * 1024 * 1024))

    assert broken.message
    assert broken.message.splitlines()[0] == "This is not a session page."
    assert good.message is None
    assert load(db, curator, large.id).original == b""
    with db.writing() as tx:
        replace_text(tx, curator, broken.id, OTHER, broken.version)
    assert load(db, curator, broken.id).message is None


def test_the_list_knows_what_is_stored(db: Database, curator: Actor) -> None:
    """Ensure new, changed and unchanged pages are told apart in one query, copies as well."""
    make_session(db)
    changed = PAGE.replace("Room 3", "Room 4")
    keep(db, curator, PAGE, changed, OTHER, DOUBTFUL)

    with db.reading() as reader:
        lines = list_drafts(reader, curator.id or 0)
        clear = list_clear_drafts(reader, curator.id or 0, 2**31 - 1, 10)

    states = [(line.slug, line.is_unchanged, line.copies) for line in reversed(lines)]
    stored = "2024-ws-77"
    assert states == [(stored, True, 1), (stored, False, 1), (None, False, 0), (None, False, 0)]
    assert [title for _id, title in clear] == ["Torches at the pier"]


def test_corrections_are_kept_beside_the_page_and_can_be_taken_back(
    db: Database, curator: Actor
) -> None:
    """Ensure changing, removing, adding and restoring leave the original as it was."""
    [draft] = keep(db, curator, PAGE)
    change(db, curator, draft, "title", "Lanterns, networked")
    change(db, curator, draft, "speakers/0", None)
    with db.writing() as tx:
        key = add_value(tx, curator, draft.id, "key_takeaways", "Light is cheap.")
    made = load(db, curator, draft.id)

    assert key == "key_takeaways/added-1"
    assert made.title == "Lanterns, networked"
    assert [each["name"] for each in made.record["speakers"]] == ["Bo Example"]
    assert made.record["key_takeaways"][-1] == "Light is cheap."
    assert read_draft(made).as_json() == read_page(PAGE).as_json()
    for each in list(made.corrections):
        with db.writing() as tx:
            version = shown_version(get_draft(tx, curator, draft.id), each)
            restore_value(tx, curator, draft.id, each, version)
    assert load(db, curator, draft.id).record == read_page(PAGE).as_json()


def test_a_value_changed_elsewhere_is_not_overwritten(db: Database, curator: Actor) -> None:
    """Ensure the second of two windows is told, value by value, and after every kind of change."""
    [draft] = keep(db, curator, PAGE)
    shown = shown_version(draft, "title")
    change(db, curator, draft, "title", "Lanterns, networked")
    change(db, curator, draft, "room", "Room 12")

    for value in ("Lanterns in nets", None):
        with pytest.raises(Conflict), db.writing() as tx:
            correct_value(tx, curator, draft.id, "title", shown, value)
    with pytest.raises(Conflict), db.writing() as tx:
        restore_value(tx, curator, draft.id, "title", shown)
    assert load(db, curator, draft.id).title == "Lanterns, networked"
    with db.writing() as tx:
        correct_value(tx, curator, draft.id, "theme", shown, "Light")


@pytest.mark.parametrize("key", ["title", "type"])
def test_what_every_session_has_cannot_be_left_out(db: Database, curator: Actor, key: str) -> None:
    """Ensure a page cannot be corrected into something that is no session."""
    [draft] = keep(db, curator, PAGE)

    with pytest.raises(Invalid):
        change(db, curator, draft, key, None)


@pytest.mark.parametrize("key", ["speakers/9", "speakers/added-4", "policy_questions/2"])
def test_a_value_that_the_page_does_not_have_is_missing(
    db: Database, curator: Actor, key: str
) -> None:
    """Ensure a form of another text cannot write beside the page."""
    [draft] = keep(db, curator, PAGE)

    with pytest.raises(NotFound):
        change(db, curator, draft, key, "x")


def test_another_text_keeps_what_fits_and_reports_the_rest(db: Database, curator: Actor) -> None:
    """Ensure no correction is lost silently, old forms are refused, and the note can go."""
    [draft] = keep(db, curator, PAGE)
    shown = draft.version
    change(db, curator, draft, "room", "Room 12")
    change(db, curator, draft, "title", "Lanterns, networked")
    text = PAGE.replace("Lanterns on the network", "Lamps on the network")

    with db.writing() as tx:
        replace_text(tx, curator, draft.id, text, load(db, curator, draft.id).version)

    after = load(db, curator, draft.id)
    assert (after.title, after.record["room"]) == ("Lamps on the network", "Room 12")
    assert [one["key"] for one in after.unfit] == ["title"]
    assert after.original == text.encode()
    with pytest.raises(Conflict), db.writing() as tx:
        replace_text(tx, curator, draft.id, PAGE, shown)
    with pytest.raises(Conflict), db.writing() as tx:
        correct_value(tx, curator, draft.id, "theme", 1, "Light")
    with db.writing() as tx:
        dismiss_unfit(tx, curator, draft.id)
    assert load(db, curator, draft.id).unfit == []


def test_a_doubt_is_settled_once_and_can_be_opened_again(db: Database, curator: Actor) -> None:
    """Ensure the count follows, and a page without open doubts can be stored unseen."""
    [draft] = keep(db, curator, DOUBTFUL)
    [doubt] = read_draft(load(db, curator, draft.id)).doubts
    counts = [draft.doubts]

    for act in (settle_doubts, settle_doubts, reopen_doubts, reopen_doubts, settle_doubts):
        with db.writing() as tx:
            act(tx, curator, draft.id, [doubt], draft.read_at)
        counts.append(load(db, curator, draft.id).doubts)

    assert counts == [1, 0, 0, 1, 1, 0]
    with db.reading() as reader:
        clear = list_clear_drafts(reader, curator.id or 0, 2**31 - 1, 10)
    assert [draft_id for draft_id, _title in clear] == [draft.id]


def test_a_settled_doubt_survives_another_text_as_long_as_its_line_does(
    db: Database, curator: Actor
) -> None:
    """Ensure it moves with its line, is open again when that changes, and old forms are refused."""
    [draft] = keep(db, curator, DOUBTFUL)
    [doubt] = read_draft(load(db, curator, draft.id)).doubts
    with db.writing() as tx:
        settle_doubts(tx, curator, draft.id, [doubt], draft.read_at)
    counts = []

    for text in (DOUBTFUL.replace("Room 3", "Room 3\n\nHello"), DOUBTFUL.replace("burn", "turn")):
        with db.writing() as tx:
            version = get_draft(tx, curator, draft.id).version
            replace_text(tx, curator, draft.id, text, version)
        counts.append(load(db, curator, draft.id).doubts)
        if not counts[-1]:
            moved = [one.doubt.line for one in settled_doubts(load(db, curator, draft.id))]

    assert (counts, moved) == ([0, 1], [doubt.line + 2])
    with pytest.raises(Conflict), db.writing() as tx:
        settle_doubts(tx, curator, draft.id, [doubt], draft.read_at)
    shown = load(db, curator, draft.id).read_at
    with pytest.raises(NotFound), db.writing() as tx:
        settle_doubts(tx, curator, draft.id, [Doubt(DoubtKind.TITLE_CUT, 1)], shown)


def test_storing_ends_the_draft(db: Database, curator: Actor) -> None:
    """Ensure the session has bytes and corrections, and the page no longer waits."""
    data = PAGE.replace("\n", "\r\n").encode()
    [draft] = keep(db, curator, data)
    digest = draft.digest
    made = change(db, curator, draft, "room", "Room 12")

    with pytest.raises(Conflict), db.writing() as tx:
        store_draft(tx, curator, draft.id, digest)
    with db.writing() as tx:
        session, is_new = store_draft(tx, curator, draft.id, made.digest)

    assert (is_new, session.original, session.source_text) == (True, data, PAGE)
    assert (session.record["room"], session.corrections["room"]["was"]) == ("Room 12", "Room 3")
    with pytest.raises(NotFound):
        load(db, curator, draft.id)


def test_corrections_come_along_when_a_stored_page_is_sent_again(
    db: Database, curator: Actor
) -> None:
    """Ensure the same page needs no correcting twice and counts as unchanged."""
    [draft] = keep(db, curator, PAGE)
    change(db, curator, draft, "room", "Room 12")
    with db.writing() as tx:
        store_draft(tx, curator, draft.id)

    [again] = keep(db, curator, PAGE)
    [moved] = keep(db, curator, PAGE.replace("Room 3", "Room 4"))

    with db.reading() as reader:
        lines = {line.draft.id: line for line in list_drafts(reader, curator.id or 0)}
    assert lines[again.id].is_unchanged
    assert (moved.corrections, [one["value"] for one in moved.unfit]) == ({}, ["Room 12"])


def test_who_stands_aside_cannot_revise_the_session(db: Database, curator: Actor) -> None:
    """Ensure a page sent again is no way around a conflict of interest, and nothing is stored."""
    session = make_session(db)
    with db.writing() as tx:
        declare_for_session(tx, curator, session.id, "")
    [draft] = keep(db, curator, PAGE.replace("Room 3", "Room 4"))
    before = count_rows(db)

    with pytest.raises(Refused, match="conflict of interest"), db.writing() as tx:
        store_draft(tx, curator, draft.id, reason="The room changed.")

    assert count_rows(db) == before


@pytest.mark.parametrize("role", [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT])
def test_only_mag_members_have_drafts(db: Database, curator: Actor, role: Role | None) -> None:
    """Ensure everybody else is refused every act and nothing changes."""
    actor = make_person(db, role=role) if role else VISITOR
    [draft] = keep(db, curator, PAGE)
    before = count_rows(db)

    acts: list[Callable[[Session], object]] = [
        lambda tx: keep_drafts(tx, actor, [read_sent("x", OTHER.encode())]),
        lambda tx: get_draft(tx, actor, draft.id),
        lambda tx: correct_value(tx, actor, draft.id, "title", 1, "Mine"),
        lambda tx: restore_value(tx, actor, draft.id, "title", 1),
        lambda tx: add_value(tx, actor, draft.id, "key_takeaways", "Mine"),
        lambda tx: settle_doubts(tx, actor, draft.id, [Doubt(DoubtKind.TITLE_CUT, 1)], 1),
        lambda tx: reopen_doubts(tx, actor, draft.id, [Doubt(DoubtKind.TITLE_CUT, 1)], 1),
        lambda tx: dismiss_unfit(tx, actor, draft.id),
        lambda tx: replace_text(tx, actor, draft.id, OTHER, 1),
        lambda tx: store_draft(tx, actor, draft.id),
        lambda tx: discard_draft(tx, actor, draft.id),
    ]

    for act in acts:
        with pytest.raises(Refused), db.writing() as tx:
            act(tx)
    assert count_rows(db) == before


def test_nobody_learns_of_anothers_draft(db: Database, curator: Actor) -> None:
    """Ensure another MAG member neither sees, changes, stores nor discards it."""
    other = make_person(db, role=Role.MAG_MEMBER)
    [draft] = keep(db, curator, PAGE)

    for act in (get_draft, store_draft, discard_draft, dismiss_unfit):
        with pytest.raises(NotFound), db.writing() as tx:
            act(tx, other, draft.id)
    with db.reading() as reader:
        assert list_drafts(reader, other.id or 0) == []


def test_nobody_keeps_pages_without_end(
    db: Database, curator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure drafts have to be stored or discarded before more are taken."""
    monkeypatch.setattr(imports, "MOST_DRAFTS", 2)
    keep(db, curator, PAGE, OTHER)

    with pytest.raises(Invalid, match="too many"):
        keep(db, curator, DOUBTFUL)
