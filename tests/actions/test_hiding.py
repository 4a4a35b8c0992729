"""Claims about what others see of a moderated text, and who is told of what moderators did."""

import pytest
import sqlalchemy as sa

from deliberate.actions.comments import revise_comment
from deliberate.actions.follows import follow
from deliberate.actions.moderation import ask_for_edit, hide_item, release_item
from deliberate.actions.polls import open_poll
from deliberate.actions.premoderation import set_premoderation
from deliberate.actions.proposals import rate_proposal
from deliberate.domain.errors import Conflict, Invalid
from deliberate.domain.moderation import ItemKind, Rule, Waits
from deliberate.domain.notices import EventKind, Reason, Subject
from deliberate.domain.people import Actor, Role
from deliberate.domain.positions import Rating
from deliberate.domain.search import SearchKind
from deliberate.domain.threads import CommentState
from deliberate.domain.weighting import Scheme
from deliberate.inputs.contributions import CommentRevision, NewRating
from deliberate.inputs.moderation import Asking, Hiding, Premoderation, Releasing
from deliberate.inputs.polls import NewPoll
from deliberate.jobs.letters import compose
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.comments import Comment, list_by_ids
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.follows import proposal_titles
from deliberate.storage.moderation_queue import count_waiting
from deliberate.storage.notices import list_events, list_notices
from deliberate.storage.outbox import Mail
from deliberate.storage.polls import list_options
from deliberate.storage.proposals import find_proposal, list_proposals
from deliberate.storage.search import find_alike
from tests.factories import make_comment, make_deliberation, make_person, make_poll, make_proposals
from tests.support.clock import FakeClock
from tests.support.moderating import hide
from tests.support.post import office_at
from tests.support.searching import found

COMMENT = ItemKind.COMMENT


@pytest.fixture
def home(db: Database) -> Deliberation:
    """A discussion."""
    return make_deliberation(db)


@pytest.fixture
def moderator(db: Database) -> Actor:
    """A facilitator."""
    return make_person(db, role=Role.FACILITATOR)


def told(db: Database, person: Actor | int | None) -> list[tuple[EventKind, Reason]]:
    """What somebody was told of and why, oldest first."""
    run_due_jobs(db)
    person_id = person.id if isinstance(person, Actor) else person
    with db.reading() as reader:
        lines, _ = list_notices(reader, person_id or 0)
    return [(line.event.kind, line.reason) for line in reversed(lines)]


def mailed(db: Database, person: Actor) -> str:
    """The text of the only mail in the outbox for somebody."""
    with db.reading() as reader:
        mail = reader.scalars(sa.select(Mail).where(Mail.person_id == person.id)).one()
        composed = compose(reader, office_at(25), mail)
    assert composed is not None
    return composed[1].text


def premoderate(db: Database, moderator: Actor, home: Deliberation) -> None:
    """Let the comments of the discussion wait."""
    with db.writing() as tx:
        form = Premoderation(on=True, words="There is a flood.")
        set_premoderation(tx, moderator, home.id, form)


def hide_proposal(db: Database, moderator: Actor, proposal_id: int) -> None:
    """Hide a proposal as a duplicate."""
    with db.writing() as tx:
        form = Hiding(seen=0, rule=Rule.DUPLICATE)
        hide_item(tx, moderator, ItemKind.PROPOSAL, proposal_id, form)


def test_the_author_alone_is_told_which_rule_was_applied(
    db: Database, home: Deliberation, moderator: Actor
) -> None:
    """Ensure mail and inbox name the rule and the words, never the text, the moderator, others."""
    author, follower = make_person(db), make_person(db)
    with db.writing() as tx:
        follow(tx, follower, Subject.parse(f"discussion:{home.id}") or pytest.fail("no subject"))
    comment = make_comment(db, home.id, author, body="Smith is a lamplighter without a soul.")
    run_due_jobs(db)

    hide(db, moderator, comment)

    assert told(db, author) == [(EventKind.TEXT_HIDDEN, Reason.AUTHOR)]
    assert told(db, follower) == []
    assert "By the rule: personal attack." in mailed(db, author)
    with db.reading() as reader:
        (line,), _ = list_notices(reader, author.id or 0)
        assert line.event.rule is Rule.ATTACK
        assert line.event.address == f"/comments/{comment.id}/moderation"
        assert all(not event.kind.is_moderation for event in list_events(reader))
        assert (line.event.excerpt, line.event.actor_name) == ("Please answer the argument.", None)


def test_a_released_comment_is_told_like_a_new_one(
    db: Database, home: Deliberation, moderator: Actor
) -> None:
    """Ensure nobody hears of a comment that waits, and everybody concerned once it appears."""
    asker = make_person(db)
    question = make_comment(db, home.id, asker, kind="question")
    premoderate(db, moderator, home)
    author = make_person(db)
    held = make_comment(db, home.id, author, parent_id=question.id)
    before = told(db, asker)

    with db.writing() as tx:
        release_item(tx, moderator, COMMENT, held.id, Releasing(seen=0, version=1))

    assert before == []
    assert told(db, asker) == [(EventKind.COMMENT, Reason.ANSWER)]
    assert told(db, author) == [(EventKind.TEXT_SHOWN, Reason.AUTHOR)]


def test_a_change_waits_where_comments_do(
    db: Database, home: Deliberation, moderator: Actor
) -> None:
    """Ensure nobody smuggles a text past the moderators by editing, not even while one is at it."""
    author = make_person(db)
    comment = make_comment(db, home.id, author)
    reply = make_comment(db, home.id, parent_id=comment.id)
    premoderate(db, moderator, home)

    with db.writing() as tx:
        form = CommentRevision(body="Buy lamps.", kind="remark", version=1)
        revise_comment(tx, author, comment.id, form)

    with db.reading() as reader:
        line, below = list_by_ids(reader, [comment.id, reply.id])
        assert (line.state, line.body_html, line.hidden_for) == (CommentState.HIDDEN, "", None)
        assert below.is_shown
        assert count_waiting(reader)[Waits.HELD] == 1
    with pytest.raises(Conflict, match="changed it since"), db.writing() as tx:
        release_item(tx, moderator, COMMENT, comment.id, Releasing(seen=0, version=1))
    with db.writing() as tx:
        release_item(tx, moderator, COMMENT, comment.id, Releasing(seen=0, version=2))
    with db.reading() as reader:
        assert list_by_ids(reader, [comment.id])[0].body_html == "<p>Buy lamps.</p>\n"
        assert count_waiting(reader)[Waits.HELD] == 0


def test_a_change_that_was_asked_for_is_hidden_or_shown_like_any_other(
    db: Database, clock: FakeClock, home: Deliberation, moderator: Actor
) -> None:
    """Ensure the author hears of the request, and what waits can still be hidden by a rule."""
    author = make_person(db)
    comment = make_comment(db, home.id, author)
    premoderate(db, moderator, home)
    with db.writing() as tx:
        asked = ask_for_edit(
            tx, moderator, COMMENT, comment.id, Asking(seen=0, words="Leave the name out.")
        )
    clock.advance(minutes=5)
    with db.writing() as tx:
        revise_comment(
            tx, author, comment.id, CommentRevision(body="Smith!", kind="remark", version=1)
        )

    hide(db, moderator, comment, seen=asked.id)

    with db.reading() as reader:
        assert reader.get_one(Comment, comment.id).hidden_for is Rule.ATTACK
        assert count_waiting(reader)[Waits.HELD] == 0
    kinds = [kind for kind, _reason in told(db, author)]
    assert kinds == [EventKind.EDIT_ASKED, EventKind.TEXT_HIDDEN]


def test_a_hidden_proposal_has_no_text_anywhere(
    db: Database, home: Deliberation, moderator: Actor
) -> None:
    """Ensure lists, search, likeness, feeds and follows are silent, and its number stays."""
    hidden, other = make_proposals(db, home.id, 2)
    with db.reading() as reader:
        line = find_proposal(reader, hidden.id)
        assert line is not None
        title = line.title
    assert len(found(db, f'"{title}"')) == 1

    hide_proposal(db, moderator, hidden.id)

    assert found(db, f'"{title}"') == []
    with db.reading() as reader:
        first, last = list_proposals(reader, home.id)
        assert (first.id, last.id) == (other.id, hidden.id)
        assert (last.title, last.body, last.body_html, last.stands) == ("", "", "", False)
        asked = f"{title}. What we would do"
        alike = find_alike(reader, asked, SearchKind.PROPOSAL, home.id)
        assert [one.result.subject_id for one in alike] == [other.id]
        assert proposal_titles(reader, [hidden.id]) == {hidden.id: ""}
        assert title not in repr(list_events(reader))


def test_a_hidden_proposal_is_not_rated_nor_put_on_a_ballot(
    db: Database, home: Deliberation, moderator: Actor
) -> None:
    """Ensure nobody takes a position on what nobody can read."""
    hidden, other = make_proposals(db, home.id, 2)
    with db.reading() as reader:
        line = find_proposal(reader, hidden.id)
    assert line is not None
    hide_proposal(db, moderator, hidden.id)
    voter = make_person(db)

    rating = NewRating(version_id=line.version_id, rating=Rating.AGREEMENT)
    poll = NewPoll(
        title="Which proposal should come first?",
        closes_at=home.closes_at,
        proposal_ids=[hidden.id, other.id],
        primary_scheme=Scheme.PARTICIPANT,
        minimum=2,
    )

    with pytest.raises(Conflict), db.writing() as tx:
        rate_proposal(tx, voter, hidden.id, rating)
    with pytest.raises(Invalid), db.writing() as tx:
        open_poll(tx, moderator, home.id, poll)


def test_what_stands_on_a_ballot_is_not_hidden(db: Database, moderator: Actor) -> None:
    """Ensure a poll asks about what people can read, from its opening on."""
    poll = make_poll(db)
    with db.reading() as reader:
        lines = list_proposals(reader, poll.deliberation_id)
        before = [option.version_id for option in list_options(reader, poll.id)]

    with pytest.raises(Conflict, match="stands on a ballot"):
        hide_proposal(db, moderator, lines[0].id)

    with db.reading() as reader:
        assert [option.version_id for option in list_options(reader, poll.id)] == before
        assert all(line.stands for line in list_proposals(reader, poll.deliberation_id))
