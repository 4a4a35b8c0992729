"""Claims about moderation: who may act on what, what authors can do, and what stays public."""

import pytest
import sqlalchemy as sa

from deliberate.actions.appeals import answer_appeal
from deliberate.actions.conflicts import declare_for_session
from deliberate.actions.flags import withdraw_flag
from deliberate.actions.moderation import (
    ask_for_edit,
    hide_item,
    keep_item,
    moderate_many,
    release_item,
    unhide_item,
)
from deliberate.actions.premoderation import set_premoderation
from deliberate.domain.errors import Conflict, Refused
from deliberate.domain.moderation import Act, FlagState, ItemKind, Rule, Waits
from deliberate.domain.people import Actor, Role
from deliberate.inputs.moderation import (
    AppealAnswer,
    Asking,
    BulkAct,
    Hiding,
    Keeping,
    Premoderation,
    Releasing,
    Unhiding,
)
from deliberate.storage.comments import Comment, list_by_ids
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.moderation import Flag, ModerationAct
from deliberate.storage.moderation_log import list_log, list_own_flags, list_own_items
from deliberate.storage.moderation_queue import count_waiting, find_cases, list_waiting
from deliberate.storage.people import RoleGrant, find_actor
from tests.factories import make_comment, make_deliberation, make_person, make_proposals
from tests.support.clock import FakeClock
from tests.support.moderating import appeal, hide, report

COMMENT = ItemKind.COMMENT
WORDS = "It answers the question after all."
LINK = "Read [our shop](https://lamps.example) for the price."


@pytest.fixture
def home(db: Database) -> Deliberation:
    """A discussion."""
    return make_deliberation(db)


@pytest.fixture
def author(db: Database) -> Actor:
    """Somebody who writes."""
    return make_person(db)


@pytest.fixture
def comment(db: Database, home: Deliberation, author: Actor) -> Comment:
    """What the author wrote."""
    return make_comment(db, home.id, author)


@pytest.fixture
def moderators(db: Database) -> tuple[Actor, Actor]:
    """Two facilitators."""
    return make_person(db, role=Role.FACILITATOR), make_person(db, role=Role.FACILITATOR)


def stored(db: Database, comment: Comment) -> Comment:
    """The comment as it is now."""
    with db.reading() as reader:
        return reader.get_one(Comment, comment.id)


def test_a_report_is_one_a_person_and_can_be_changed_and_taken_back(
    db: Database, comment: Comment
) -> None:
    """Ensure a second report changes the first, and a withdrawn one waits for nobody."""
    reporter = make_person(db)
    first = report(db, reporter, comment)
    second = report(db, reporter, comment, Rule.SPAM, "Sells lamps.")
    with db.reading() as reader:
        waiting = count_waiting(reader)[Waits.FLAGGED]

    with db.writing() as tx:
        withdraw_flag(tx, reporter, first.id)

    assert (second.id, second.rule, waiting) == (first.id, Rule.SPAM, 1)
    with db.reading() as reader:
        assert count_waiting(reader)[Waits.FLAGGED] == 0


@pytest.mark.one_database
def test_nobody_reports_their_own_text_or_a_hidden_one(
    db: Database, comment: Comment, author: Actor, moderators: tuple[Actor, Actor]
) -> None:
    """Ensure reports are about what others wrote and everybody can read."""
    with pytest.raises(Refused, match="wrote this yourself"):
        report(db, author, comment)
    hide(db, moderators[0], comment)

    with pytest.raises(Conflict):
        report(db, make_person(db), comment)


def test_keeping_declines_every_report_with_words(
    db: Database, comment: Comment, moderators: tuple[Actor, Actor]
) -> None:
    """Ensure those who reported see the answer, and nothing waits any more."""
    reporter = make_person(db)
    report(db, reporter, comment)

    with db.writing() as tx:
        keep_item(tx, moderators[0], COMMENT, comment.id, Keeping(seen=0, words=WORDS))

    with db.reading() as reader:
        (line,) = list_own_flags(reader, reporter.id or 0, 5)
        assert (line.flag.state, line.flag.words) == (FlagState.DECLINED, WORDS)
        assert list_waiting(reader, None, 1) == []
    with pytest.raises(Conflict):
        report(db, reporter, comment)


def test_hiding_upholds_reports_and_leaves_the_rule_in_place_of_the_text(
    db: Database, comment: Comment, moderators: tuple[Actor, Actor]
) -> None:
    """Ensure others read the rule, not the text, and the log has neither text nor names."""
    reporter = make_person(db)
    report(db, reporter, comment, note="He means me.")

    hide(db, moderators[0], comment)

    with db.reading() as reader:
        (line,) = list_by_ids(reader, [comment.id])
        assert (line.body_html, line.hidden_for) == ("", Rule.ATTACK)
        assert reader.scalars(sa.select(Flag.state)).all() == [FlagState.UPHELD]
        (entry,) = list_log(reader)
        assert (entry.act, entry.rule, entry.role) == (Act.HIDE, Rule.ATTACK, Role.FACILITATOR)
        assert comment.body not in repr(entry)
        assert reporter.name not in repr(entry)


@pytest.mark.one_database
@pytest.mark.parametrize("why", ["wrote", "reported", "recused"])
def test_a_second_person_decides_where_a_moderator_is_concerned(
    db: Database, home: Deliberation, moderators: tuple[Actor, Actor], why: str
) -> None:
    """Ensure nobody moderates what they wrote or reported, or where they declared a conflict."""
    concerned, other = moderators
    comment = make_comment(db, home.id, concerned if why == "wrote" else None)
    if why == "reported":
        report(db, concerned, comment)
    if why == "recused":
        with db.writing() as tx:
            tx.add(
                RoleGrant(person_id=concerned.id, role=Role.MAG_MEMBER, granted_at=tx.info["now"])
            )
            tx.flush()
            member = find_actor(tx, concerned.id or 0)
            assert member is not None
            declare_for_session(tx, member, home.session_id, "")

    with pytest.raises(Refused, match=r"yourself|declared a conflict"):
        hide(db, concerned, comment)

    hide(db, other, comment)
    assert stored(db, comment).hidden_at is not None


def test_an_appeal_is_answered_by_another_moderator_for_good(
    db: Database, comment: Comment, author: Actor, moderators: tuple[Actor, Actor]
) -> None:
    """Ensure the one who hid does not answer, and nobody acts after the answer."""
    hider, other = moderators
    hiding = hide(db, hider, comment)
    appeal(db, author, comment, hiding)
    form = AppealAnswer(granted=True, words=WORDS)

    with pytest.raises(Refused, match="hid this"), db.writing() as tx:
        answer_appeal(tx, hider, COMMENT, comment.id, form)
    with db.writing() as tx:
        granted = answer_appeal(tx, other, COMMENT, comment.id, form)

    assert (granted.act, stored(db, comment).hidden_at) == (Act.GRANT, None)
    with pytest.raises(Conflict, match="appeal was answered"):
        hide(db, other, comment, seen=granted.id)
    with db.reading() as reader:
        assert [line.act for line in list_log(reader)] == [Act.GRANT, Act.HIDE]


def test_a_lost_appeal_is_the_last(
    db: Database, comment: Comment, author: Actor, moderators: tuple[Actor, Actor]
) -> None:
    """Ensure there is one appeal, and what it confirmed is not shown again by anybody."""
    hider, other = moderators
    hiding = hide(db, hider, comment)
    appeal(db, author, comment, hiding)
    with pytest.raises(Conflict, match="appealed already"):
        appeal(db, author, comment, hiding, "Another text, because I was angry.")
    with db.writing() as tx:
        form = AppealAnswer(granted=False, words="It names a neighbour.")
        act = answer_appeal(tx, other, COMMENT, comment.id, form)

    with pytest.raises(Conflict, match="appeal was answered"), db.writing() as tx:
        unhide_item(tx, hider, COMMENT, comment.id, Unhiding(seen=act.id, words=WORDS))

    with db.reading() as reader:
        (own,) = list_own_items(reader, author.id or 0, 5)
    assert own.is_hidden


@pytest.mark.one_database
def test_only_the_author_appeals(
    db: Database, comment: Comment, moderators: tuple[Actor, Actor]
) -> None:
    """Ensure nobody appeals in another's name."""
    hiding = hide(db, moderators[0], comment)

    with pytest.raises(Refused, match="Only the author"):
        appeal(db, make_person(db), comment, hiding)


@pytest.mark.one_database
def test_a_form_that_others_overtook_changes_nothing(
    db: Database, comment: Comment, moderators: tuple[Actor, Actor]
) -> None:
    """Ensure a stale form is a conflict, and one's own sent twice is one act."""
    report(db, make_person(db), comment)
    hiding = hide(db, moderators[0], comment)

    assert hide(db, moderators[0], comment).id == hiding.id
    with pytest.raises(Conflict, match="quicker"), db.writing() as tx:
        keep_item(tx, moderators[1], COMMENT, comment.id, Keeping(seen=0))


def test_what_waits_for_its_author_comes_back_when_edited(
    db: Database, clock: FakeClock, comment: Comment, moderators: tuple[Actor, Actor]
) -> None:
    """Ensure asking for an edit takes a report out of the queue until the text changes."""
    report(db, make_person(db), comment)
    with db.writing() as tx:
        form = Asking(seen=0, words="Please leave out the name.")
        ask_for_edit(tx, moderators[0], COMMENT, comment.id, form)
    with db.reading() as reader:
        asked = count_waiting(reader)
        assert list_waiting(reader, None, 1) == []

    clock.advance(hours=1)
    with db.writing() as tx:
        tx.get_one(Comment, comment.id).edited_at = clock()

    assert (asked[Waits.ASKED], asked[Waits.FLAGGED]) == (1, 0)
    with db.reading() as reader:
        assert [each.key for each in list_waiting(reader, None, 1)] == [(COMMENT, comment.id)]


def test_comments_wait_while_a_discussion_is_premoderated(
    db: Database, home: Deliberation, moderators: tuple[Actor, Actor]
) -> None:
    """Ensure a new comment is held, stays held when that ends, and appears when released."""
    with db.writing() as tx:
        set_premoderation(
            tx, moderators[0], home.id, Premoderation(on=True, words="There is a flood.")
        )
    held = make_comment(db, home.id)
    with db.writing() as tx:
        off = Premoderation(on=False, words="The flood is over.")
        set_premoderation(tx, moderators[0], home.id, off)
    later = make_comment(db, home.id)

    assert (held.held_at is not None, later.held_at) == (True, None)
    with db.reading() as reader:
        assert count_waiting(reader)[Waits.HELD] == 1
        assert [line.reason for line in list_log(reader)] == [
            "The flood is over.",
            "There is a flood.",
        ]
    with db.writing() as tx:
        release_item(tx, moderators[1], COMMENT, held.id, Releasing(seen=0, version=1))
    assert stored(db, held).held_at is None


@pytest.mark.one_database
def test_links_of_new_accounts_wait(
    db: Database, clock: FakeClock, home: Deliberation, author: Actor
) -> None:
    """Ensure an account's first day lets no advertising through, and no longer than that."""
    fresh = make_comment(db, home.id, author, body=LINK)
    plain = make_comment(db, home.id, author)
    clock.advance(hours=25)

    settled = make_comment(db, home.id, author, body=LINK)

    assert [each.held_at is None for each in (fresh, plain, settled)] == [False, True, True]


@pytest.mark.one_database
def test_many_are_hidden_at_once_but_not_ones_own(
    db: Database, home: Deliberation, moderators: tuple[Actor, Actor]
) -> None:
    """Ensure a bulk act does what it may and says how much was left."""
    acting = moderators[0]
    reporter = make_person(db)
    comments = [make_comment(db, home.id) for _ in range(3)]
    comments.append(make_comment(db, home.id, acting))
    for each in comments:
        report(db, reporter, each, Rule.SPAM)
    form = BulkAct(entries=[f"comment-{each.id}-0-1" for each in comments], rule=Rule.SPAM)

    with db.writing() as tx:
        counted = moderate_many(tx, acting, Act.HIDE, form)

    assert counted == (3, 1)
    with db.reading() as reader:
        assert reader.scalar(sa.select(sa.func.count(ModerationAct.id))) == 3


@pytest.mark.one_database
def test_a_moderator_sees_what_a_text_answers_and_who_reports_it(
    db: Database, home: Deliberation, moderators: tuple[Actor, Actor]
) -> None:
    """Ensure the context stands beside the text, and facilitators who write are named as such."""
    parent = make_comment(db, home.id, body="Lamps need oil.")
    reply = make_comment(db, home.id, moderators[1], parent_id=parent.id)
    report(db, make_person(db, name="Reporter One"), reply, note="Look at the tone.")

    with db.reading() as reader:
        case = find_cases(reader, [(COMMENT, reply.id)], moderators[1].id or 0)[COMMENT, reply.id]

    assert "Lamps need oil." in (case.line.answers_html or "")
    assert case.flags[0].person_name == "Reporter One"
    assert (case.line.author_is_facilitator, case.line.reader_takes_part) == (True, True)


def test_a_proposal_is_hidden_and_shown_again(
    db: Database, home: Deliberation, moderators: tuple[Actor, Actor]
) -> None:
    """Ensure proposals are moderated like comments."""
    (proposal,) = make_proposals(db, home.id, 1)
    with db.writing() as tx:
        form = Hiding(seen=0, rule=Rule.DUPLICATE)
        act = hide_item(tx, moderators[0], ItemKind.PROPOSAL, proposal.id, form)
    with db.reading() as reader:
        assert list_own_items(reader, proposal.author_id, 5)[0].is_hidden

    with db.writing() as tx:
        words = Unhiding(seen=act.id, words=WORDS)
        unhide_item(tx, moderators[0], ItemKind.PROPOSAL, proposal.id, words)

    with db.reading() as reader:
        assert not list_own_items(reader, proposal.author_id, 5)[0].is_hidden
