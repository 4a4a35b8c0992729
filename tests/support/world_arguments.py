"""What the world has of arguments: two that cite comments, an answer, and a comment set aside."""

from collections.abc import Mapping

from deliberate.actions.arguments import waive_comments
from deliberate.actions.regrouping import mark_answered
from deliberate.domain.people import Actor
from deliberate.domain.synthesis import ArgumentKind
from deliberate.inputs.synthesis import NewAnswer
from deliberate.storage.arguments import list_waivers
from deliberate.storage.database import Database
from tests.factories import make_comment
from tests.support.arguing import citations_of, make_argument


def add_arguments(
    db: Database, people: Mapping[str, Actor], deliberation_id: int
) -> dict[str, int]:
    """The ids of an argument, its citation, its answer and a waiver."""
    facilitator = people["facilitator"]
    said, asked, aside = [make_comment(db, deliberation_id).id for _ in range(3)]
    argument = make_argument(db, facilitator, deliberation_id, [said])
    other = make_argument(
        db,
        facilitator,
        deliberation_id,
        [asked],
        kind=ArgumentKind.QUESTION,
        text="Who pays for it?",
    )
    citation = citations_of(db, argument.id)[0]
    with db.writing() as tx:
        answer = mark_answered(tx, facilitator, other.id, NewAnswer(argument_id=argument.id))
        waive_comments(tx, facilitator, deliberation_id, [aside], "About another question.")
        tx.flush()
        (waiver,) = list_waivers(tx, [aside])
        return {
            "argument": argument.id,
            "citation": citation.id,
            "answer": answer.id,
            "waiver": waiver.id,
        }
