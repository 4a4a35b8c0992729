"""Claims about collecting comments into arguments, on both databases."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from deliberate.actions.arguments import (
    begin_argument,
    choose_excerpt,
    cite_comments,
    edit_argument,
    waive_comments,
    withdraw_argument,
)
from deliberate.actions.comments import retract_comment
from deliberate.actions.regrouping import (
    mark_answered,
    merge_arguments,
    remove_citations,
    split_argument,
    unmark_answered,
)
from deliberate.domain.errors import Conflict, DomainError, Invalid, NotFound, Refused
from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.domain.synthesis import ArgumentKind, Sorted, Spread, progress
from deliberate.domain.threads import CommentKind, CommentState
from deliberate.inputs.synthesis import ArgumentEdit, CitationsToSplit, NewAnswer
from deliberate.storage.arguments import find_argument, list_arguments
from deliberate.storage.audit import AuditEvent
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database, now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.synthesis import (
    count_spread,
    count_voices,
    list_answers,
    list_citations,
    list_sorted,
)
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.arguing import citations_of, make_argument, new_argument
from tests.support.rows import count_rows

TECHNICAL, GOVERNMENT = StakeholderGroup.TECHNICAL, StakeholderGroup.GOVERNMENT
KEY = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def facilitator(db: Database) -> Actor:
    """A facilitator."""
    return make_person(db, role=Role.FACILITATOR)


@pytest.fixture
def home(db: Database) -> Deliberation:
    """A discussion."""
    return make_deliberation(db)


def state_of(db: Database, home: Deliberation) -> tuple[int, int, int]:
    """How many comments there are, are cited, and are waived."""
    with db.reading() as reader:
        found = progress(count_voices(reader, home.id))
    return found.comments, found.cited, found.waived


def test_the_spread_counts_people_and_forgets_what_is_taken_back(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure two comments of one person count once, and tombstones keep nothing but their place."""
    author, other = make_person(db, TECHNICAL), make_person(db, GOVERNMENT)
    twice = [make_comment(db, home.id, author).id for _ in range(2)]
    gone = make_comment(db, home.id, other).id
    argument = make_argument(db, facilitator, home.id, [*twice, gone])
    with db.reading() as reader:
        before = count_spread(reader, home.id)[argument.id]
    with db.writing() as tx:
        citation = citations_of(db, argument.id)[2]
        choose_excerpt(tx, facilitator, citation.id, "Remark")

    with db.writing() as tx:
        retract_comment(tx, other, gone)

    with db.reading() as reader:
        after = count_spread(reader, home.id)[argument.id]
        last = list_citations(reader, [argument.id], 10)[argument.id][-1]
    assert before == Spread({GOVERNMENT: 1, TECHNICAL: 1}, 3, 0)
    assert after == Spread({TECHNICAL: 1}, 2, 1)
    assert (last.comment_id, last.state) == (gone, CommentState.RETRACTED)
    assert (last.excerpt, last.body_html) == ("", "")
    assert state_of(db, home) == (2, 2, 0)


def test_groups_take_turns_in_a_long_list_of_citations(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure the first citations shown are not all of the group that wrote most."""
    many = [make_comment(db, home.id, make_person(db, TECHNICAL)).id for _ in range(3)]
    few = make_comment(db, home.id, make_person(db, GOVERNMENT)).id
    argument = make_argument(db, facilitator, home.id, [*many, few])
    with db.writing() as tx:
        choose_excerpt(tx, facilitator, citations_of(db, argument.id)[2].id, "Remark")

    with db.reading() as reader:
        first = list_citations(reader, [argument.id], 2)[argument.id]
        rest = list_citations(reader, [argument.id], 9, first=2)[argument.id]

    assert [line.comment_id for line in first] == [few, many[2]]
    assert [line.comment_id for line in rest] == many[:2]


def test_comments_are_sorted_once_and_paged_in_thread_order(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure each state lists its own comments, filtered by group and kind, behind a cursor."""
    root = make_comment(db, home.id, make_person(db, TECHNICAL))
    late = make_comment(db, home.id, kind=CommentKind.QUESTION)
    reply = make_comment(db, home.id, parent_id=root.id)
    cited, aside = make_comment(db, home.id), make_comment(db, home.id)
    make_argument(db, facilitator, home.id, [cited.id])
    with db.writing() as tx:
        assert waive_comments(tx, facilitator, home.id, [aside.id, cited.id], "Off the point.") == 1

    with db.reading() as reader:

        def ids(*wanted: object) -> list[int]:
            return [each.id for each in list_sorted(reader, home.id, *wanted)]  # type: ignore[arg-type]

        assert ids(Sorted.NOT_YET) == [root.id, reply.id, late.id]
        assert ids(Sorted.NOT_YET, None, None, root.id) == [reply.id, late.id]
        assert ids(Sorted.NOT_YET, TECHNICAL) == [root.id]
        assert ids(Sorted.NOT_YET, None, CommentKind.QUESTION) == [late.id]
        assert ids(Sorted.CITED) == [cited.id]
        (waived,) = list_sorted(reader, home.id, Sorted.WAIVED)
        (answering,) = [
            each for each in list_sorted(reader, home.id, Sorted.NOT_YET) if each.answers
        ]
    assert (waived.id, waived.reason) == (aside.id, "Off the point.")
    assert (waived.waived_by, answering.id) == (facilitator.name, reply.id)
    assert state_of(db, home) == (5, 1, 1)


def test_a_waived_comment_that_is_cited_is_waived_no_more(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure a comment is in one state, and the same form sent again changes nothing."""
    comment = make_comment(db, home.id)
    with db.writing() as tx:
        waive_comments(tx, facilitator, home.id, [comment.id], "Off the point.")
    form = new_argument([comment.id])

    with db.writing() as tx:
        first, told = begin_argument(tx, facilitator, home.id, form)
        again, told_again = begin_argument(tx, facilitator, home.id, form)
        assert first.id == again.id
    assert (told.added, told_again.added) == (1, 0)
    assert state_of(db, home) == (1, 1, 0)
    assert count_rows(db)["citations"] == 1


def test_merging_keeps_every_comment_excerpt_and_answer(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure nothing is lost, nothing answers itself, and splitting takes it back."""
    both, own, answering = [make_comment(db, home.id).id for _ in range(3)]
    into = make_argument(db, facilitator, home.id, [both])
    merged = make_argument(db, facilitator, home.id, [both, own], text="Owners care for lanterns.")
    excerpted = citations_of(db, merged.id)[0]
    with db.writing() as tx:
        choose_excerpt(tx, facilitator, excerpted.id, "Remark")
        mark_answered(tx, facilitator, merged.id, NewAnswer(comment_id=answering))
        mark_answered(tx, facilitator, into.id, NewAnswer(comment_id=answering))
        mark_answered(tx, facilitator, merged.id, NewAnswer(argument_id=into.id))

    with db.writing() as tx:
        merge_arguments(tx, facilitator, merged.id, into.id)

    kept = {each.comment_id: each for each in citations_of(db, into.id)}
    with db.reading() as reader:
        answers = list_answers(reader, home.id)
        gone = find_argument(reader, merged.id)
        standing = [line.id for line in list_arguments(reader, home.id)]
    assert set(kept) == {both, own}
    assert kept[both].excerpt == "Remark"
    assert [(each.asking_argument_id, each.comment_id) for each in answers] == [
        (into.id, answering)
    ]
    assert gone is not None
    assert gone.merged_into_id == into.id
    assert standing == [into.id]
    with db.writing() as tx:
        form = CitationsToSplit(
            citation_ids=[kept[own].id], kind=ArgumentKind.FOR, text=merged.text,
            submission_key=KEY,
        )  # fmt: skip
        part = split_argument(tx, facilitator, into.id, form)
        assert split_argument(tx, facilitator, into.id, form).id == part.id
    assert [each.comment_id for each in citations_of(db, part.id)] == [own]


def test_an_answer_stands_as_long_as_it_is_shown(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure a comment that asks is answered for its group, until the answer is taken back."""
    asking = make_comment(db, home.id, make_person(db, TECHNICAL), kind=CommentKind.QUESTION).id
    author = make_person(db)
    answering = make_comment(db, home.id, author, parent_id=asking).id
    argument = make_argument(db, facilitator, home.id, [asking], kind=ArgumentKind.QUESTION)
    with db.writing() as tx:
        form = NewAnswer(asking=asking, comment_id=answering)
        marked = mark_answered(tx, facilitator, argument.id, form)
        assert mark_answered(tx, facilitator, argument.id, form).id == marked.id
    with db.reading() as reader:
        (line,) = list_answers(reader, home.id)
    assert (line.cited_in, line.asking_group, line.stands) == (argument.id, TECHNICAL, True)

    with db.writing() as tx:
        retract_comment(tx, author, answering)

    with db.reading() as reader:
        assert [each.stands for each in list_answers(reader, home.id)] == [False]
    with db.writing() as tx:
        unmark_answered(tx, facilitator, marked.id)
    assert count_rows(db)["answers"] == 0


@pytest.mark.one_database
def test_facilitators_leave_their_names_and_a_trail(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure who wrote and who reworded is shown, and the trail keeps both texts."""
    other = make_person(db, role=Role.FACILITATOR)
    argument = make_argument(db, facilitator, home.id, [make_comment(db, home.id).id])
    form = ArgumentEdit(kind=ArgumentKind.AGAINST, text="Owners forget their lanterns.", version=1)

    with db.writing() as tx:
        edit_argument(tx, other, argument.id, form)
    with pytest.raises(Conflict), db.writing() as tx:
        edit_argument(tx, facilitator, argument.id, form)

    with db.reading() as reader:
        line = find_argument(reader, argument.id)
        events = reader.scalars(
            sa.select(AuditEvent).where(AuditEvent.subject_type == "argument")
        ).all()
    assert line is not None
    assert (line.written_by, line.edited_by, line.version) == (facilitator.name, other.name, 2)
    assert [event.act for event in events] == ["began", "cited", "edited"]
    assert events[2].details["before"]["text"] == argument.text


@pytest.mark.one_database
def test_an_argument_is_withdrawn_once_it_cites_nothing(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure removed comments are to be sorted again, and only an empty argument goes."""
    argument = make_argument(db, facilitator, home.id, [make_comment(db, home.id).id])
    with pytest.raises(Conflict), db.writing() as tx:
        withdraw_argument(tx, facilitator, argument.id)

    with db.writing() as tx:
        numbers = [each.id for each in citations_of(db, argument.id)]
        remove_citations(tx, facilitator, argument.id, numbers)
        withdraw_argument(tx, facilitator, argument.id)

    assert state_of(db, home) == (1, 0, 0)
    with pytest.raises(Conflict), db.writing() as tx:
        cite_comments(tx, facilitator, argument.id, [1])


Act = Callable[["Setting"], object]


class Setting:
    """What an act that has to be refused may be tried on."""

    def __init__(self, db: Database, facilitator: Actor, home: Deliberation) -> None:
        self.facilitator, self.home, self.db = facilitator, home, db
        self.comment, self.hidden = make_comment(db, home.id), make_comment(db, home.id)
        self.elsewhere = make_comment(db, make_deliberation(db, output=OutputKind.KEY_TAKEAWAY).id)
        self.argument = make_argument(db, facilitator, home.id, [self.comment.id])
        self.foreign = make_argument(
            db, facilitator, self.elsewhere.deliberation_id, [self.elsewhere.id]
        )
        with db.writing() as tx:
            tx.get_one(Comment, self.hidden.id).hidden_at = now(tx)

    def cite(self, comment_id: int, actor: Actor | None = None) -> None:
        """Try to cite a comment."""
        with self.db.writing() as tx:
            cite_comments(tx, actor or self.facilitator, self.argument.id, [comment_id])

    def merge(self, argument_id: int) -> None:
        """Try to merge into another argument."""
        with self.db.writing() as tx:
            merge_arguments(tx, self.facilitator, self.argument.id, argument_id)

    def answer(self, **form: int) -> None:
        """Try to mark an answer."""
        with self.db.writing() as tx:
            mark_answered(tx, self.facilitator, self.argument.id, NewAnswer(**form))

    def excerpt(self, text: str) -> None:
        """Try to choose an excerpt."""
        with self.db.writing() as tx:
            number = citations_of(self.db, self.argument.id)[0].id
            choose_excerpt(tx, self.facilitator, number, text)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda at: at.cite(at.hidden.id), Conflict),
        (lambda at: at.cite(at.elsewhere.id), NotFound),
        (lambda at: at.cite(10_000), NotFound),
        (lambda at: at.cite(at.comment.id, make_person(at.db, role=Role.MAG_MEMBER)), Refused),
        (lambda at: at.merge(at.argument.id), Invalid),
        (lambda at: at.merge(at.foreign.id), Invalid),
        (lambda at: at.answer(argument_id=at.argument.id), Invalid),
        (lambda at: at.answer(argument_id=at.foreign.id), Invalid),
        (lambda at: at.answer(comment_id=at.elsewhere.id), Invalid),
        (lambda at: at.answer(comment_id=at.hidden.id), Conflict),
        (lambda at: at.answer(asking=at.comment.id, comment_id=at.comment.id), Invalid),
        (lambda at: at.excerpt("Words nobody wrote."), Invalid),
    ],
)
def test_what_does_not_belong_is_refused(
    db: Database, facilitator: Actor, home: Deliberation, act: Act, error: type[DomainError]
) -> None:
    """Ensure hidden, foreign and missing things stay out, and nothing is written."""
    setting = Setting(db, facilitator, home)
    before = count_rows(db)

    with pytest.raises(error):
        act(setting)

    after = count_rows(db)
    assert {name: rows for name, rows in after.items() if name in ("citations", "answers")} == {
        name: before[name] for name in ("citations", "answers")
    }


def test_a_comment_that_is_moved_away_is_sorted_again_there(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure another discussion's arguments do not make a comment look sorted in this one."""
    comment = make_comment(db, home.id)
    make_argument(db, facilitator, home.id, [comment.id])
    other = make_deliberation(db, output=OutputKind.KEY_TAKEAWAY)

    with db.writing() as tx:
        tx.get_one(Comment, comment.id).deliberation_id = other.id

    assert state_of(db, other) == (1, 0, 0)
    with db.reading() as reader:
        assert [each.id for each in list_sorted(reader, other.id, Sorted.NOT_YET)] == [comment.id]
