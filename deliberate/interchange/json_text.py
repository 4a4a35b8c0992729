"""JSON read by line and to the letter: numbers stay as they are written, and no key is there twice.

The standard library's parser rounds numbers, keeps the last of several equal keys and does not
tell where a value stood; each would change or hide what a ballot says (RFC 8259, sections 4
and 6, leave all three to the parser).
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from deliberate.interchange.problems import Malformed, unreadable

SPACE = re.compile(r"[ \t\n\r]*")


class Literal(str):
    """A number as the file writes it."""

    __slots__ = ()


def members(content: str, listed: str) -> tuple[dict[str, Any], list[tuple[int, Any]]]:
    """The members of the one object in the text, without the list of that name.

    The items of the list come second, each with its line. Raises `Unreadable`.
    """
    scanner = _Scanner(content)
    found: dict[str, Any] = {}
    items: list[tuple[int, Any]] = []
    scanner.expect("{")
    while not found or scanner.take(","):
        key = scanner.value()
        if type(key) is not str or key in found:
            scanner.fail("a key that is no text or is there twice")
        scanner.expect(":")
        if key == listed:
            items = list(scanner.items())
        found[key] = None if key == listed else scanner.value()
    scanner.expect("}")
    scanner.end()
    return found, items


class _Scanner:
    """Goes through the text, value by value."""

    def __init__(self, content: str) -> None:
        self.content = content
        self.at = 0
        self.counted, self.line = 0, 1
        self.decoder = json.JSONDecoder(
            parse_int=Literal,
            parse_float=Literal,
            parse_constant=Literal,
            object_pairs_hook=_object,
        )

    def take(self, mark: str) -> bool:
        """Whether the mark comes next; then it is passed."""
        self._skip()
        if not self.content.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def expect(self, mark: str) -> None:
        """Pass the mark. Raises `Unreadable` if something else comes next."""
        if not self.take(mark):
            self.fail(f"{mark} is expected")

    def value(self) -> Any:
        """The value that comes next. Raises `Unreadable`."""
        self._skip()
        try:
            value, self.at = self.decoder.raw_decode(self.content, self.at)
        except json.JSONDecodeError as error:
            raise unreadable(f"this is no JSON: {error.msg}", error.lineno) from error
        except Malformed as error:
            self.fail(str(error))
        except RecursionError:
            self.fail("lists are nested too deeply")
        return value

    def items(self) -> Iterator[tuple[int, Any]]:
        """The items of a list with their lines. Raises `Unreadable`."""
        self.expect("[")
        if self.take("]"):
            return
        while True:
            self._skip()
            yield self._line(), self.value()
            if not self.take(","):
                break
        self.expect("]")

    def end(self) -> None:
        """Raise `Unreadable` if anything follows."""
        self._skip()
        if self.at < len(self.content):
            self.fail("something follows the end of the object")

    def fail(self, reason: str) -> None:
        """Raise `Unreadable` at this line."""
        raise unreadable(f"this is no JSON for ballots: {reason}", self._line())

    def _skip(self) -> None:
        found = SPACE.match(self.content, self.at)
        self.at = found.end() if found else self.at

    def _line(self) -> int:
        self.line += self.content.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object, none of whose keys is there twice. Raises `Malformed`."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Malformed("a key is there twice")
    return found
