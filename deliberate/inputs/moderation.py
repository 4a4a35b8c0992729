"""What participants and moderators enter: reports, acts, appeals and their answers."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from deliberate.domain.moderation import Act, ItemKind, Rule
from deliberate.inputs.texts import Id, Input, OptionalReason, Reason

MOST_AT_ONCE = 25
ENTRY = r"(comment|proposal)-[1-9][0-9]{0,9}-[0-9]{1,10}-[1-9][0-9]{0,9}"


def _some(entries: list[str]) -> list[str]:
    if not entries:
        raise PydanticCustomError("nothing_ticked_in_queue", "nothing is ticked")
    return list(dict.fromkeys(entries))


Seen = Annotated[int, Field(ge=0)]
"""The newest act that the form showed; 0 for none. Another one since then is a conflict."""
Entry = Annotated[str, Field(pattern=f"^{ENTRY}$")]
"""A row of the queue as its checkbox sends it: kind, id, and the newest act and wording shown."""


class NewFlag(Input):
    """A report: which rule is broken, and a note for moderators."""

    rule: Rule
    note: OptionalReason = ""


class Keeping(Input):
    """An item stays as it is; `words` go to those who reported it."""

    seen: Seen
    words: OptionalReason = ""


class Hiding(Input):
    """An item is hidden by a rule; `words` go to its author."""

    seen: Seen
    rule: Rule
    words: OptionalReason = ""


class Asking(Input):
    """The author is asked to change the text."""

    seen: Seen
    words: Reason


class Releasing(Input):
    """A held comment appears in the wording that the moderator has read, its `version`."""

    seen: Seen
    version: Id


class Unhiding(Input):
    """What was hidden is shown again; `words` say why."""

    seen: Seen
    words: Reason


class BulkAct(Input):
    """One act on several rows of the queue: keep, hide by a rule, or release."""

    entries: Annotated[
        list[Entry],
        AfterValidator(_some),
        Field(default_factory=list, max_length=MOST_AT_ONCE, validate_default=True),
    ]
    rule: Rule = Rule.SPAM

    @property
    def rows(self) -> list[tuple[ItemKind, int, int, int]]:
        """Kind, id, newest act seen and wording seen of every row."""
        return [
            (ItemKind(kind), int(number), int(seen), int(version))
            for kind, number, seen, version in (entry.split("-") for entry in self.entries)
        ]


BULK = frozenset({Act.KEEP, Act.HIDE, Act.RELEASE})


class NewAppeal(Input):
    """Why an author thinks that the hiding was wrong; `act_id` is the hiding."""

    act_id: Id
    text: Reason


class AppealAnswer(Input):
    """Whether an appeal is granted, and why or why not."""

    granted: bool
    words: Reason


class Premoderation(Input):
    """Whether comments wait for a moderator from now on, and the public reason."""

    on: bool
    words: Reason
