"""Things of a session as policy sees them: who stands aside there."""

from sqlalchemy.orm import Session

from deliberate.domain.forum import QuestionState
from deliberate.domain.review import Matter
from deliberate.storage.conflicts import list_recused


def matter_of(
    session: Session,
    session_id: int,
    state: QuestionState | None = None,
    *,
    is_asked: bool = False,
) -> Matter:
    """A question, an output or a draft of a forum session, as policy asks about it."""
    return Matter(list_recused(session, session_id), state, is_asked)
