"""What the world's people did to classify questions and to balance a discussion."""

from collections.abc import Mapping

from deliberate.actions.classification import classify_question
from deliberate.domain.people import Actor
from deliberate.inputs.classification import Classifying
from deliberate.storage.database import Database
from deliberate.storage.forum import find_question
from deliberate.storage.labels import find_classification


def classify(db: Database, curator: Actor, question_id: int, **fields: object) -> bool:
    """Classify a question anew, as the form would that shows what is stored now."""
    with db.writing() as tx:
        question = find_question(tx, question_id)
        assert question is not None
        version = find_classification(tx, question).version
        form = Classifying.model_validate({"version": version, **fields})
        return classify_question(tx, curator, question_id, form)


def label_things(db: Database, people: Mapping[str, Actor], ids: Mapping[str, int | str]) -> None:
    """A question with labels of every kind, a priority and a facilitator."""
    classify(
        db,
        people["mag_member"],
        int(ids["accepted"]),
        themes=["Lamps"],
        goals=[9],
        tags="oil, harbours",
        language="en",
        actors=["MAG"],
        priority="high",
        facilitator_id=people["facilitator"].id,
    )
