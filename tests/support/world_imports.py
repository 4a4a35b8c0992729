"""Pages that wait to be checked, for the forum in which everything exists at once."""

from deliberate.actions.imports import keep_drafts, read_sent
from deliberate.domain.people import Actor
from deliberate.storage.database import Database
from tests.factories import PAGE


def leave_drafts(db: Database, curator: Actor) -> dict[str, int | str]:
    """A draft with a doubt, and one that can be thrown away."""
    texts = [
        PAGE.replace("Lanterns", "Candles").replace("#77", "#78").replace("burning?", "burning."),
        PAGE.replace("Lanterns", "Torches").replace("#77", "#79"),
    ]
    readings = [read_sent("page.txt", text.encode()) for text in texts]
    with db.writing() as tx:
        draft, spare = keep_drafts(tx, curator, readings).drafts
        return {"draft": draft.id, "spare_draft": spare.id}
