"""Comments posted and edited by processes at the same moment."""

import uuid
from collections import Counter

from deliberate.domain.threads import CommentKind
from deliberate.inputs.contributions import CommentRevision, NewComment
from deliberate.storage.comment_versions import list_versions
from deliberate.storage.comments import find_comment
from deliberate.storage.database import Database
from tests.factories import make_comment, make_deliberation, make_person
from tests.races.writers import edit, post
from tests.support.clock import FakeClock
from tests.support.processes import run_together
from tests.support.rows import count_rows

PROCESSES = 4


def test_a_double_click_and_a_retry_post_one_comment(
    db: Database, database_url: str, clock: FakeClock
) -> None:
    """Ensure copies of one form, at once and after a timeout, lead to one and the same comment."""
    deliberation_id, author = make_deliberation(db).id, make_person(db)
    form = NewComment(body="Two towns share one lamp.", submission_key=str(uuid.uuid4()))
    shared = (database_url, clock, author, deliberation_id, form)

    posted = run_together(post, [shared] * PROCESSES)
    written = count_rows(db)
    again = post(*shared)

    assert {*posted, again} == {posted[0]}
    assert written["comments"] == 1
    assert count_rows(db) == written


def test_tabs_that_edit_one_comment_leave_one_new_wording(
    db: Database, database_url: str, clock: FakeClock
) -> None:
    """Ensure the others are told, and the earlier wording is kept once."""
    author = make_person(db)
    comment = make_comment(db, make_deliberation(db).id, author, body="As it was first.")
    forms = [
        CommentRevision(
            body=f"As tab {number} says.", kind=CommentKind.REMARK, language=None, version=1
        )
        for number in range(PROCESSES)
    ]

    told = run_together(edit, [(database_url, clock, author, comment.id, form) for form in forms])

    changed = "This comment was edited since you opened it."
    assert Counter(told) == {"edited": 1, changed: PROCESSES - 1}
    with db.reading() as reader:
        now_stored = find_comment(reader, comment.id)
        versions = list_versions(reader, comment.id)
    assert now_stored is not None
    assert (now_stored.body, now_stored.version) == (forms[told.index("edited")].body, 2)
    assert [each.body for each in versions] == ["As it was first."]
