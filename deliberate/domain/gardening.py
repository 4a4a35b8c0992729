"""What facilitators do to threads so that words stand where readers look for them."""

from enum import StrEnum


class Aspect(StrEnum):
    """What of a thread an act changes; acts on one aspect are undone from the last one back."""

    PLACE = "place"
    PIN = "pin"
    ANSWER = "answer"
    LOCK = "lock"


class GardenAct(StrEnum):
    """An act on a comment and everything under it; authors and texts are never changed.

    `SPLIT` makes a reply the beginning of a thread, `MERGE` puts a comment under another one of
    its discussion, and `MOVE` takes it to another discussion.
    """

    SPLIT = "split"
    MERGE = "merge"
    MOVE = "move"
    PIN = "pin"
    UNPIN = "unpin"
    SETTLE = "settle"
    REOPEN = "reopen"
    LOCK = "lock"
    UNLOCK = "unlock"

    @property
    def aspect(self) -> Aspect:
        """What it changes."""
        return _ASPECTS[self]


_ASPECTS = {
    GardenAct.SPLIT: Aspect.PLACE,
    GardenAct.MERGE: Aspect.PLACE,
    GardenAct.MOVE: Aspect.PLACE,
    GardenAct.PIN: Aspect.PIN,
    GardenAct.UNPIN: Aspect.PIN,
    GardenAct.SETTLE: Aspect.ANSWER,
    GardenAct.REOPEN: Aspect.ANSWER,
    GardenAct.LOCK: Aspect.LOCK,
    GardenAct.UNLOCK: Aspect.LOCK,
}
