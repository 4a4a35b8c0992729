"""What the processes of the races around the review do."""

from deliberate.actions.conflicts import declare_for_session
from deliberate.actions.curation import accept_question
from deliberate.actions.reviews import score_question
from deliberate.actions.suggestions import answer_suggestion
from deliberate.domain.errors import DomainError
from deliberate.domain.people import Actor
from deliberate.inputs.review import NewReview, SuggestionAnswer, Verdict
from deliberate.storage.database import Clock, Database

REASON = "The groups that scored it agree."


def act(url: str, clock: Clock, actor: Actor, name: str, subject_id: int) -> str:
    """Do one thing in a transaction of its own; gives the refusal, "" when it was done."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            if name == "score":
                score_question(tx, actor, subject_id, NewReview(score=4))
            elif name == "accept":
                accept_question(tx, actor, subject_id, REASON)
            elif name == "stand aside":
                declare_for_session(tx, actor, subject_id, "")
            else:
                form = SuggestionAnswer(verdict=Verdict.TAKE_UP, answer=REASON)
                answer_suggestion(tx, actor, subject_id, form)
    except DomainError as error:
        return error.title
    finally:
        db.dispose()
    return ""
