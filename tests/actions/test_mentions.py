"""`#12` and `@name` in comments, and drafts of comments."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from deliberate.actions.comment_drafts import discard_own_draft, save_draft
from deliberate.actions.comments import retract_comment, revise_comment
from deliberate.actions.forgetting import forget_oneself
from deliberate.actions.mentions import mark_up
from deliberate.domain.errors import NotFound, Refused
from deliberate.domain.handles import to_handle
from deliberate.domain.notices import Reason
from deliberate.domain.people import VISITOR, Actor
from deliberate.domain.threads import CommentKind
from deliberate.inputs.contributions import CommentRevision, NewComment
from deliberate.storage.comment_drafts import CommentDraft, find_draft, list_own_writing
from deliberate.storage.comments import Comment, find_comment
from deliberate.storage.database import Database
from deliberate.storage.mentions import Mention, list_comments_naming
from deliberate.storage.notices import Event
from deliberate.storage.proposals import find_proposal
from tests.factories import (
    PAGE,
    make_comment,
    make_deliberation,
    make_person,
    make_proposals,
    make_session,
)
from tests.support.clock import FakeClock


def html_of(db: Database, deliberation_id: int, body: str, answered: int | None = None) -> str:
    """A text as it would be published."""
    with db.reading() as reader:
        return mark_up(reader, deliberation_id, body, answered).html.strip()


def naming(db: Database, proposal_id: int) -> list[int]:
    """The comments that a proposal's page says name it, as many as it says."""
    with db.reading() as reader:
        proposal = find_proposal(reader, proposal_id)
        found = [line.id for line in list_comments_naming(reader, proposal_id)]
    assert proposal is not None
    assert proposal.mention_count == len(found)
    return found


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Ada Lovelace", "ada-lovelace"),
        ("José  Ángel", "Jose_Angel"),
        ("علي حسن", "علي-حَسَن"),
        ("O'Neil, Bo", "o-neil-bo"),
        ("ＡＤＡ", "ada"),
    ],
)
def test_a_handle_is_the_name_as_a_plain_keyboard_types_it(name: str, typed: str) -> None:
    """Ensure capitals, accents, marks and separators make no difference, in any script."""
    assert to_handle(name) == to_handle(typed) != ""


def test_only_what_exists_in_the_discussion_becomes_a_link(db: Database) -> None:
    """Ensure numbers and names lead to proposals and people of the same discussion alone."""
    here = make_deliberation(db)
    elsewhere = make_deliberation(db, make_session(db, page=PAGE.replace("#77", "#78")))
    (own,), (other,) = make_proposals(db, here.id, 1), make_proposals(db, elsewhere.id, 1)
    said = make_comment(db, here.id, make_person(db, name="Ada Lovelace"))
    make_comment(db, elsewhere.id, make_person(db, name="Bo Elsewhere"))

    html = html_of(db, here.id, f"#{own.id} #{other.id} #999 @Ada_Lovelace @bo-elsewhere @nobody")

    assert html == (
        f'<p><a href="/proposals/{own.id}">#{own.id}</a> #{other.id} #999 '
        f'<a href="/comments/{said.id}">@Ada_Lovelace</a> @bo-elsewhere @nobody</p>'
    )


@pytest.mark.parametrize(
    "body",
    [
        "`#1 @ada`",
        "    #1 @ada",
        "[#1 and @ada](https://example.org/#1)",
        "<https://example.org/@ada#1>",
        "ada@ada.example a#1 1#1 &#1; ##1 @@ada",
    ],
)
@pytest.mark.one_database
def test_code_links_and_addresses_stay_as_they_are(db: Database, body: str) -> None:
    """Ensure a link is put into text alone, never into another link, code or word."""
    here = make_deliberation(db)
    make_comment(db, here.id, make_person(db, name="Ada"))
    (first,) = make_proposals(db, here.id, 1)
    assert first.id == 1

    assert "/proposals/1" not in html_of(db, here.id, body)
    assert "/comments/" not in html_of(db, here.id, body)


@pytest.mark.one_database
def test_of_two_with_one_name_the_one_answered_is_meant(db: Database) -> None:
    """Ensure nobody is mentioned by mistake: without an answer the name stays as typed."""
    here = make_deliberation(db)
    first, second = (make_person(db, name="Ada") for _ in range(2))
    make_comment(db, here.id, first)
    said = make_comment(db, here.id, second)

    assert html_of(db, here.id, "@ada") == "<p>@ada</p>"
    link = f'<a href="/comments/{said.id}">@ada</a>'
    assert html_of(db, here.id, "@ada", second.id) == f"<p>{link}</p>"


def test_a_mention_is_told_once_and_a_proposal_knows_who_named_it(db: Database) -> None:
    """Ensure an edit replaces what is mentioned, and hidden or retracted comments do not count."""
    here = make_deliberation(db)
    ada, author = make_person(db, name="Ada"), make_person(db)
    make_comment(db, here.id, ada)
    first, second = make_proposals(db, here.id, 2)
    written = make_comment(db, here.id, author, body=f"@ada, look at #{first.id} and #{first.id}")

    with db.reading() as reader:
        event = reader.scalars(sa.select(Event).where(Event.comment_id == written.id)).one()
    assert naming(db, first.id) == [written.id]
    assert event.directed == {str(ada.id): Reason.MENTION.value}

    form = CommentRevision(body=f"Look at #{second.id}", kind=CommentKind.REMARK, version=1)
    with db.writing() as tx:
        revise_comment(tx, author, written.id, form)
    assert naming(db, first.id) == []
    assert naming(db, second.id) == [written.id]
    with db.reading() as reader:
        assert reader.scalars(sa.select(Mention)).all() == []
    with db.writing() as tx:
        retract_comment(tx, author, written.id)
    assert naming(db, second.id) == []


def test_a_forgotten_persons_handle_goes_too(db: Database) -> None:
    """Ensure a mention does not keep the name of somebody who deleted their account."""
    here = make_deliberation(db)
    ada = make_person(db, name="Quirina Zabal")
    make_comment(db, here.id, ada)
    written = make_comment(db, here.id, body="As @Quirina-Zabal, says: see @quirina_zabal.")

    with db.writing() as tx:
        forget_oneself(tx, ada)

    with db.reading() as reader:
        comment = find_comment(reader, written.id)
        assert comment is not None
    kept = "As @former-participant, says: see @former-participant."
    assert (comment.body, comment.body_html.strip()) == (kept, f"<p>{kept}</p>")


def new(body: str, **place: object) -> NewComment:
    """A form with this text."""
    return NewComment.model_validate({"body": body, "submission_key": str(uuid.uuid4()), **place})


def keep(db: Database, actor: Actor, deliberation_id: int, form: NewComment) -> int:
    """Save a draft in a transaction of its own."""
    with db.writing() as tx:
        return save_draft(tx, actor, deliberation_id, form).id


def test_there_is_one_draft_for_a_person_and_a_place(db: Database) -> None:
    """Ensure saving again replaces, other places and people have their own, publishing ends it."""
    here, author, other = make_deliberation(db), make_person(db), make_person(db)
    parent = make_comment(db, here.id)
    first = keep(db, author, here.id, new("begun"))
    keep(db, other, here.id, new("somebody else's"))
    reply = keep(db, author, here.id, new("a reply", parent_id=parent.id))

    assert keep(db, author, here.id, new("gone on with")) == first
    make_comment(db, here.id, author, body="published")

    with db.reading() as reader:
        author_id = author.id or 0
        assert find_draft(reader, author_id, here.id, "") is None
        kept = find_draft(reader, author_id, here.id, f"parent_id={parent.id}")
        drafts, comments = list_own_writing(reader, author_id)
    assert kept is not None
    assert (kept.id, kept.body) == (reply, "a reply")
    assert [draft.body for draft in drafts] == ["a reply"]
    assert [comment.body for comment in comments] == ["published"]


def test_a_draft_saved_in_two_tabs_at_once_is_one(db: Database) -> None:
    """Ensure neither tab fails and one draft is left."""
    here, author = make_deliberation(db), make_person(db)

    with ThreadPoolExecutor(4) as threads:
        saved = list(threads.map(lambda n: keep(db, author, here.id, new(f"tab {n}")), range(4)))

    assert len(set(saved)) == 1
    with db.reading() as reader:
        assert reader.scalar(sa.select(sa.func.count(CommentDraft.id))) == 1
        assert reader.scalar(sa.select(sa.func.count(Comment.id))) == 0


@pytest.mark.one_database
def test_drafts_are_their_authors_alone(db: Database, clock: FakeClock) -> None:
    """Ensure nobody else reaches one, visitors and late writers keep none."""
    here, author, other = make_deliberation(db), make_person(db), make_person(db)
    draft = keep(db, author, here.id, new("mine"))

    with pytest.raises(NotFound), db.writing() as tx:
        discard_own_draft(tx, other, draft)
    with pytest.raises(Refused, match="Sign in"):
        keep(db, VISITOR, here.id, new("nobody's"))
    with db.writing() as tx:
        discard_own_draft(tx, author, draft)
    clock.advance(days=30)
    with pytest.raises(Refused, match="not open"):
        keep(db, author, here.id, new("late"))
