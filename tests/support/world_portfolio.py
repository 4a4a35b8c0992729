"""What the world's people did to classify questions and to balance a discussion."""

import uuid
from collections.abc import Mapping

from deliberate.actions.balance import note_invitation
from deliberate.actions.classification import classify_question
from deliberate.domain.people import Actor, RegionalGroup, StakeholderGroup
from deliberate.inputs.balance import NewInvitation
from deliberate.inputs.classification import Classifying
from deliberate.storage.balance import InvitationSent
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
    """A question with labels of every kind, a priority, a facilitator; an invitation sent."""
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
    invite(db, people["facilitator"], int(ids["open"]))


def invite(
    db: Database, person: Actor, deliberation_id: int, key: str | None = None, **fields: object
) -> InvitationSent:
    """Note that governments of Africa were invited, or others."""
    values = {
        "group": StakeholderGroup.GOVERNMENT,
        "region": RegionalGroup.AFRICA,
        "channel": "A mailing list",
        "invited": 12,
        "sent_on": db.clock().date(),
        "submission_key": key or str(uuid.uuid4()),
    }
    with db.writing() as tx:
        form = NewInvitation.model_validate({**values, **fields})
        return note_invitation(tx, person, deliberation_id, form)
