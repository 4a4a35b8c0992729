"""The MAG's work in the world: a question in review, conflicts, suggestions, a sign-off."""

import uuid
from collections.abc import Mapping

from deliberate.actions.conflicts import declare_for_session, declare_for_theme
from deliberate.actions.reviews import score_question, send_to_review
from deliberate.actions.sign_offs import ask_for_sign_off, draft_fingerprint, sign_off
from deliberate.actions.suggestions import suggest_question
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.domain.review import Stance
from deliberate.inputs.review import NewReview, NewSignOff, NewSuggestion, ThemeConflict
from deliberate.storage.database import Database
from deliberate.storage.forum import PolicyQuestion
from deliberate.storage.sign_offs import SignOff
from deliberate.storage.suggestions import Suggestion
from deliberate.storage.summaries import Summary
from tests import factories

SUGGESTED = "Which lanterns should be lit first when oil is short?"


def add_reviews(
    db: Database, people: Mapping[str, Actor], ids: Mapping[str, int | str]
) -> dict[str, int]:
    """Rows for every table of the MAG's review, with the ids that stand in addresses.

    Other members score and stand aside, so that nothing keeps the world's own from acting; the
    theme it declared belongs to a session of no other use.
    """
    question_id = int(ids["question"]) + 1
    other = factories.make_person(db, StakeholderGroup.TECHNICAL, Role.MAG_MEMBER)
    with db.writing() as tx:
        send_to_review(tx, people["mag_member"], question_id)
        score_question(tx, other, question_id, NewReview(score=4, note="Clear enough."))
        session_id = tx.get_one(PolicyQuestion, question_id).session_id
    page = factories.PAGE.replace("#77", "#78")
    apart = factories.make_session(db, people["mag_member"], page)
    with db.writing() as tx:
        tx.merge(apart).theme = "Oil"
    with db.writing() as tx:
        declare_for_session(tx, other, apart.id, "I advise its organisers.")
        form = ThemeConflict(theme="Oil")
        conflict, _voided = declare_for_theme(tx, people["mag_member"], form)
    return {
        "in_review": question_id,
        "conflict": conflict.id,
        "suggestion": add_suggestion(db, people["stakeholder"], session_id).id,
        "discuss": add_sign_off(db, people["facilitator"], other, int(ids["summary"])).id,
    }


def add_suggestion(db: Database, author: Actor, session_id: int) -> Suggestion:
    """A suggestion nobody has answered."""
    form = NewSuggestion(
        text=SUGGESTED, reason="Oil was short last winter.", submission_key=str(uuid.uuid4())
    )
    with db.writing() as tx:
        return suggest_question(tx, author, session_id, form)


def add_sign_off(
    db: Database,
    facilitator: Actor,
    member: Actor,
    summary_id: int,
    stance: Stance = Stance.DISCUSS,
    text: str = "Who lights them is not said.",
) -> SignOff:
    """A member's stance on the summary as it stands, after sign-off was asked for."""
    with db.writing() as tx:
        ask_for_sign_off(tx, facilitator, summary_id)
        draft = draft_fingerprint(tx.get_one(Summary, summary_id))
        form = NewSignOff(stance=stance, text=text, draft=draft)
        return sign_off(tx, member, summary_id, form)
