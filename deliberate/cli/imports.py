"""Importing many session pages, one after the other, none of which can stop the rest."""

import contextlib
import traceback
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy.exc import InterfaceError, OperationalError

from deliberate.actions.forum import Upload, find_stored, import_session
from deliberate.domain.errors import Conflict, DomainError, Invalid
from deliberate.domain.people import Actor
from deliberate.importing import Doubt, SessionPage, read_page
from deliberate.importing.text import LARGEST, decode_page
from deliberate.storage.database import Database


class Outcome(StrEnum):
    """What became of a file, in the order in which the summary tells it."""

    IMPORTED = "imported"  # A session that was not there before.
    REVISED = "revised"  # A session that is stored, in a further revision.
    UNCHANGED = "unchanged"  # A session that is stored just so.
    CHANGED = "changed"  # A session that is stored from a page that says something else.
    REFUSED = "refused"  # Not a session page, or one that cannot be stored.
    FAILED = "failed"  # The program is at fault.

    @property
    def is_fine(self) -> bool:
        """Whether nobody has to do anything."""
        return self in (Outcome.IMPORTED, Outcome.REVISED, Outcome.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was read from a page."""

    questions: int = 0
    takeaways: int = 0
    calls: int = 0
    doubts: int = 0

    @classmethod
    def of(cls, page: SessionPage) -> "Counts":
        """The counts of one page."""
        return cls(
            len(page.policy_questions),
            len(page.key_takeaways),
            len(page.calls_to_action),
            len(page.doubts),
        )

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.questions + other.questions,
            self.takeaways + other.takeaways,
            self.calls + other.calls,
            self.doubts + other.doubts,
        )


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file. What the page said is missing where it could not be read."""

    path: str
    outcome: Outcome
    message: str = ""
    slug: str | None = None
    title: str | None = None
    counts: Counts | None = None
    doubts: tuple[Doubt, ...] = ()
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Importer:
    """Stores pages in the name of `actor`, or with `is_dry` only finds out what would happen.

    Pages that changed become revisions when there is a public `reason`.
    """

    db: Database
    actor: Actor
    reason: str | None = None
    is_dry: bool = False
    seen: dict[str, str] = field(default_factory=dict)
    """Digests by identity of what a dry run would have stored already."""

    def take(self, path: str) -> FileResult:
        """Read one file and store it in a transaction of its own.

        Raises nothing that is the file's fault or the program's, only what makes it useless to
        go on: a database that cannot be reached.
        """
        page: SessionPage | None = None
        try:
            if Path(path).is_dir():
                raise Invalid("This folder holds no file that ends in .txt, .html or .htm.")
            page, upload = load_page(path)
            outcome, slug, message = self._store(page, upload)
        except (OperationalError, InterfaceError):
            raise
        except DomainError as error:
            outcome, slug, message = Outcome.REFUSED, None, in_one_line(error)
        except Exception as error:  # noqa: BLE001  One page must not cost the others.
            outcome, slug, message = Outcome.FAILED, None, _fault(error)
        if page is None:
            return FileResult(path, outcome, message)
        read = (page.title, Counts.of(page), page.doubts, page.digest)
        return FileResult(path, outcome, message, slug, *read)

    def _store(self, page: SessionPage, upload: Upload) -> tuple[Outcome, str | None, str]:
        """Outcome, the session's slug if it is known, and what there is to say about it."""
        if self.is_dry and page.identity in self.seen:
            is_same = self.seen[page.identity] == page.digest
            differs = Outcome.REVISED if self.reason else Outcome.CHANGED
            return (Outcome.UNCHANGED if is_same else differs), page.slug, ""
        try:
            return self._attempt(page, upload)
        except _OvertakenError:
            return self._attempt(page, upload)

    def _attempt(self, page: SessionPage, upload: Upload) -> tuple[Outcome, str | None, str]:
        with contextlib.suppress(_UndoneError), self.db.writing() as tx:
            stored = find_stored(tx, page, {})
            try:
                session, is_new = import_session(tx, self.actor, page, upload, reason=self.reason)
            except Conflict as error:
                if stored is None:
                    raise _OvertakenError(error.title, error.advice) from error
                return Outcome.CHANGED, stored.slug, in_one_line(error)
            came = Outcome.REVISED if stored else Outcome.IMPORTED
            told = (came if is_new else Outcome.UNCHANGED), session.slug, ""
            if self.is_dry:
                self.seen[page.identity] = page.digest
                raise _UndoneError
        return told


class _UndoneError(Exception):
    """The transaction of a dry run is undone by leaving it with an error."""


class _OvertakenError(Conflict):
    """Somebody else stored the same session since this transaction began; try once more."""


def load_page(file: str) -> tuple[SessionPage, Upload]:
    """The page as read and as it came. Raises `Invalid` for anything that is no session page."""
    path = Path(file)
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise Invalid(f"This cannot be read: {why}.") from error
    decoded = decode_page(data)
    return read_page(decoded, path.name), Upload(path.name, decoded.text, original=data)


def in_one_line(error: DomainError) -> str:
    """What was refused and what to do about it."""
    return f"{error.title} {error.advice}".rstrip()


def _fault(error: Exception) -> str:
    """An error nobody expected, with the place where it came up, for whoever will mend it."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    words = " ".join(str(error).split())[:200]
    kind = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return f"This program is at fault ({kind}, in {Path(frame.filename).name}:{frame.lineno})."
