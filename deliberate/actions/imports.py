"""Drafts of session pages: kept as sent, corrected value by value, then stored or discarded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.forum import Upload, find_stored, import_session
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.people import Actor
from deliberate.importing import Doubt, SessionPage, doubts, read_page
from deliberate.importing.corrections import (
    LISTS,
    NEEDED,
    Correction,
    apply,
    as_json,
    find_entry,
    from_json,
    next_key,
    refit,
)
from deliberate.importing.text import LARGEST, decode_page
from deliberate.policy import Can, require
from deliberate.storage.database import now
from deliberate.storage.forum import ForumSession
from deliberate.storage.imports import (
    ImportDraft,
    count_drafts,
    find_draft,
    lock_draft,
    map_read_digests,
)

MOST_DRAFTS = 500
MOST_ADDED = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as it was sent and as it was read: the page, or why it cannot be read."""

    name: str
    data: bytes
    page: SessionPage | None
    error: Invalid | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of pages that were sent: new drafts, and how many were sent twice.

    `known` are drafts that said the same already.
    """

    drafts: Sequence[ImportDraft]
    repeated: int
    known: Sequence[int]


def read_sent(name: str, data: bytes) -> Reading:
    """Read what was sent, outside any transaction."""
    try:
        return Reading(name, data, read_page(data, name))
    except Invalid as error:
        # What is too large is not kept: nobody could correct it here.
        return Reading(name, data if len(data) <= LARGEST else b"", None, error)


def keep_drafts(tx: Session, actor: Actor, readings: Sequence[Reading]) -> Kept:
    """Keep pages as drafts of the actor; one that says what another draft says is left out.

    The corrections of a session that is stored already come along where they still fit.
    """
    require(actor, Can.IMPORT_SESSION)
    owner = actor.id or 0
    if count_drafts(tx, owner) + len(readings) > MOST_DRAFTS:
        raise Invalid("You have too many pages waiting.", "Store or discard some of them first.")
    known = map_read_digests(tx, owner)
    sent: dict[str, Reading] = {}
    for place, one in enumerate(readings):
        # A page that cannot be read is like no other.
        sent.setdefault(one.page.digest if one.page else f"unread {place}", one)
    drafts = [_new_draft(tx, owner, one) for key, one in sent.items() if key not in known]
    tx.add_all(drafts)
    tx.flush()
    return Kept(drafts, len(readings) - len(drafts), [known[key] for key in sent if key in known])


def get_draft(session: Session, actor: Actor, draft_id: int) -> ImportDraft:
    """The actor's own draft, or `NotFound`: nobody learns of another's."""
    require(actor, Can.IMPORT_SESSION)
    return _own(find_draft(session, draft_id), actor)


def read_draft(draft: ImportDraft) -> SessionPage:
    """The draft's page as read, before corrections. Raises `Invalid` when it cannot be read."""
    return read_page(draft.original, draft.source_name)


def settled_doubts(draft: ImportDraft) -> list[doubts.Settled]:
    """The doubts of a draft that its owner found fine as they are."""
    return doubts.from_json(draft.settled or [])


def shown_version(draft: ImportDraft, key: str) -> int:
    """The version of one value, which a form to change it carries along."""
    made = draft.corrections.get(key)
    return int(made["version"]) if made else draft.read_at


def correct_value(
    tx: Session, actor: Actor, draft_id: int, key: str, version: int, value: Any
) -> str:
    """Let a value be what the curator says (None: not in the page). Gives its key.

    Raises `Conflict` when it was changed since the form was shown, and `NotFound` for a key that
    the page does not have.
    """
    draft, page = _lock(tx, actor, draft_id)
    made = from_json(draft.corrections)
    entry = find_entry(page, key, made)
    if entry is None:
        raise NotFound("There is no such value on this page.")
    _compare(draft, key, version)
    if value is None and key in NEEDED:
        raise Invalid("Every session has this.", fields={"value": "Every session has this."})
    made.pop(key, None)
    if value != entry.was:
        made[key] = Correction(value, entry.was, draft.version + 1)
    _describe(tx, draft, page, made)
    return key


def restore_value(tx: Session, actor: Actor, draft_id: int, key: str, version: int) -> str:
    """Take a correction back: the value is again what the page says."""
    draft, page = _lock(tx, actor, draft_id)
    _compare(draft, key, version)
    made = from_json(draft.corrections)
    made.pop(key, None)
    _describe(tx, draft, page, made)
    return key


def add_value(tx: Session, actor: Actor, draft_id: int, name: str, value: Any) -> str:
    """Add an entry to a list. Gives its key."""
    draft, page = _lock(tx, actor, draft_id)
    if name not in LISTS:
        raise NotFound("There is no such value on this page.")
    made = from_json(draft.corrections)
    if sum("/added-" in key for key in made) >= MOST_ADDED:
        raise Invalid("This is more than a page can take.")
    key = next_key(name, made)
    made[key] = Correction(value, None, draft.version + 1)
    _describe(tx, draft, page, made)
    return key


def settle_doubts(
    tx: Session, actor: Actor, draft_id: int, found: Sequence[Doubt], version: int
) -> None:
    """Find doubts fine as they are; they no longer count. Doing so twice changes nothing.

    Raises `Conflict` when the text was replaced since the doubt was shown, and `NotFound` for a
    doubt that the page does not raise.
    """
    draft, page, settled = _lock_doubts(tx, actor, draft_id, found, version)
    known = {one.doubt for one in settled}
    added = [doubts.Settled(one, page.lines[one.line - 1]) for one in found if one not in known]
    _note_settled(tx, draft, page, [*settled, *added])


def reopen_doubts(
    tx: Session, actor: Actor, draft_id: int, found: Sequence[Doubt], version: int
) -> None:
    """Take back that doubts were settled. Raises as `settle_doubts` does."""
    draft, page, settled = _lock_doubts(tx, actor, draft_id, found, version)
    _note_settled(tx, draft, page, [one for one in settled if one.doubt not in found])


def dismiss_unfit(tx: Session, actor: Actor, draft_id: int) -> None:
    """Leave out the corrections that found no place on the text as it is now."""
    draft, page = _lock(tx, actor, draft_id)
    draft.unfit = []
    _describe(tx, draft, page, from_json(draft.corrections))


def replace_text(tx: Session, actor: Actor, draft_id: int, text: str, version: int) -> ImportDraft:
    """Put another text in place of the draft's and read it again.

    Corrections are kept where they fit; the others are listed until the curator has seen them.
    Raises `Conflict` when the text was replaced since the form was shown, and `Invalid` when
    the new text is no session page.
    """
    require(actor, Can.IMPORT_SESSION)
    draft = _own(lock_draft(tx, draft_id), actor)
    if version < draft.read_at:
        raise Conflict(
            "This text was changed in another window.", "Compare both texts, then send yours again."
        )
    decoded = decode_page(text)
    page = read_page(decoded, draft.source_name)
    kept, lost = refit(from_json(draft.corrections), page, draft.version + 1)
    draft.original = decoded.text.encode()
    draft.unfit = [*draft.unfit, *(_unfit(key, one) for key, one in lost)]
    draft.settled = doubts.as_json(doubts.refit(settled_doubts(draft), page))
    draft.read_at = draft.version + 1
    draft.message = None
    _describe(tx, draft, page, kept)
    return draft


def discard_draft(tx: Session, actor: Actor, draft_id: int) -> str:
    """Throw a draft away; what is stored already stays. Gives its title."""
    require(actor, Can.IMPORT_SESSION)
    draft = _own(lock_draft(tx, draft_id), actor)
    tx.delete(draft)
    return draft.title


def store_draft(
    tx: Session, actor: Actor, draft_id: int, digest: str | None = None, reason: str | None = None
) -> tuple[ForumSession, bool]:
    """Store a draft's page with its corrections; the draft is then done with.

    The second value says whether anything was stored, as for `import_session`. Raises
    `Conflict` when `digest` is given and the page says something else by now.
    """
    draft, page = _lock(tx, actor, draft_id)
    if digest is not None and draft.digest != digest:
        raise Conflict(
            "This page was changed since you were shown it.", "Check it once more, then store it."
        )
    upload = Upload(
        draft.source_name,
        decode_page(draft.original).text,
        original=draft.original,
        corrections=from_json(draft.corrections),
    )
    found = import_session(tx, actor, page, upload, reason=reason)
    tx.delete(draft)
    return found


def _new_draft(tx: Session, owner: int, reading: Reading) -> ImportDraft:
    draft = ImportDraft(
        owner_id=owner,
        source_name=reading.name,
        original=reading.data,
        corrections={},
        unfit=[],
        settled=[],
        title=reading.name,
        record={},
        doubts=0,
        read_at=1,
        created_at=now(tx),
        updated_at=now(tx),
    )
    if reading.page is None:
        draft.message = "\n".join(_words(reading.error)) if reading.error else ""
        return draft
    stored = find_stored(tx, reading.page, {})
    kept, lost = refit(from_json(stored.corrections if stored else {}), reading.page, 1)
    draft.unfit = [_unfit(key, one) for key, one in lost]
    _note(draft, reading.page, kept)
    return draft


def _words(error: Invalid) -> list[str]:
    return [part for part in (error.title, error.advice) if part]


def _lock(tx: Session, actor: Actor, draft_id: int) -> tuple[ImportDraft, SessionPage]:
    """The actor's own draft, kept from other windows, and its page as read."""
    require(actor, Can.IMPORT_SESSION)
    draft = _own(lock_draft(tx, draft_id), actor)
    return draft, read_draft(draft)


def _lock_doubts(
    tx: Session, actor: Actor, draft_id: int, found: Sequence[Doubt], version: int
) -> tuple[ImportDraft, SessionPage, list[doubts.Settled]]:
    """The draft, its page and its settled doubts, if it raises all of these."""
    draft, page = _lock(tx, actor, draft_id)
    if draft.read_at != version:
        raise Conflict(
            "This text was changed in another window.", "Look at the doubts of the new text."
        )
    if not set(found) <= set(page.doubts):
        raise NotFound("There is no such doubt about this page.")
    return draft, page, settled_doubts(draft)


def _note_settled(
    tx: Session, draft: ImportDraft, page: SessionPage, settled: list[doubts.Settled]
) -> None:
    draft.settled = doubts.as_json(settled)
    _describe(tx, draft, page, from_json(draft.corrections))


def _own(draft: ImportDraft | None, actor: Actor) -> ImportDraft:
    if draft is None or draft.owner_id != actor.id:
        raise NotFound("There is no such page waiting.", "It may have been stored or discarded.")
    return draft


def _compare(draft: ImportDraft, key: str, version: int) -> None:
    if shown_version(draft, key) != version:
        raise Conflict(
            "This value was changed in another window.", "Compare both, then send yours again."
        )


def _describe(
    tx: Session, draft: ImportDraft, page: SessionPage, made: Mapping[str, Correction]
) -> None:
    """Note the corrections and what the page says with them."""
    _note(draft, page, made)
    draft.updated_at = now(tx)
    tx.flush()


def _note(draft: ImportDraft, page: SessionPage, made: Mapping[str, Correction]) -> None:
    shown = apply(page, made)
    draft.corrections = as_json(made)
    draft.title, draft.year, draft.type = shown.title, shown.year, shown.type.value
    draft.identity, draft.page_identity = shown.identity, page.identity
    draft.digest, draft.page_digest = shown.digest, page.digest
    draft.record = shown.as_json()
    draft.doubts = doubts.count_open(page, made, settled_doubts(draft))


def _unfit(key: str, one: Correction) -> dict[str, Any]:
    return {"key": key, "value": one.value, "was": one.was}
