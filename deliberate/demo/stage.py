"""What is going on while the demonstration is loaded: who and what exists under which id."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.domain.people import Actor

_REFERENCE = re.compile(r"\[\[(figure:(?:point|proposal|poll)-|comment:|argument:)([a-z0-9-]+)")


@dataclass(slots=True)
class Stage:
    """The open transaction, and the database's ids by the scenario's.

    A point is called after its output, `main21-cta1-2`; a poll and a deliberation after what
    they are on, `ws220-q2`.
    """

    tx: Session
    actors: dict[str, Actor] = field(default_factory=dict)
    questions: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    deliberations: dict[str, int] = field(default_factory=dict)
    proposals: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)
    polls: dict[str, int] = field(default_factory=dict)
    arguments: dict[str, int] = field(default_factory=dict)

    def resolve(self, text: str) -> str:
        """A summary's text with the database's ids in its references.

        Raises `KeyError` for a name that the scenario does not know.
        """

        def put_id(match: re.Match[str]) -> str:
            kinds = {
                "point": self.points,
                "proposal": self.proposals,
                "poll": self.polls,
                "comment": self.comments,
                "argument": self.arguments,
            }
            ids = kinds[match[1].removeprefix("figure:").rstrip("-:")]
            return f"[[{match[1]}{ids[match[2]]}"

        return _REFERENCE.sub(put_id, text)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a moment."""

    moment: datetime
    act: Callable[[Stage], object]
