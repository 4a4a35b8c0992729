"""What this process keeps in memory between requests, bounded in number and in time.

Every key names the revision of the deliberation, which grows with every change, so that
several processes agree without talking to each other. What changes with time alone, such as a
phase, ends at a stated moment.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Generic, TypeVar

from flask import current_app

V = TypeVar("V")


class Kept(Generic[V]):
    """At most `size` values, each until its moment; the one longest unused falls first."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._entries: OrderedDict[Hashable, tuple[V, datetime]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, now: datetime) -> V | None:
        """The value under this key, unless its moment has come."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or now >= entry[1]:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: Hashable, value: V, until: datetime) -> None:
        """Keep a value until a moment."""
        with self._lock:
            self._entries[key] = (value, until)
            self._entries.move_to_end(key)
            while len(self._entries) > self.size:
                self._entries.popitem(last=False)

    def __len__(self) -> int:
        """How many values are kept."""
        return len(self._entries)


@dataclass(frozen=True, slots=True)
class Memory:
    """What one application keeps: pages for visitors, what pages share, and results."""

    pages: Kept[Any] = field(default_factory=lambda: Kept(128))
    shared: Kept[Any] = field(default_factory=lambda: Kept(64))
    threads: Kept[Any] = field(default_factory=lambda: Kept(64))
    results: Kept[Any] = field(default_factory=lambda: Kept(32))


def memory() -> Memory:
    """The memory of the current application."""
    found: Memory = current_app.extensions["deliberate.take_part"]
    return found
