"""Claims about searching: both databases find the same, and the index follows every act."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deliberate.actions.comments import retract_comment
from deliberate.actions.curation import reword_question
from deliberate.actions.undoing import undo_decision
from deliberate.demo import load_demo
from deliberate.domain.people import Role, StakeholderGroup
from deliberate.domain.plain_text import plain_text
from deliberate.domain.search import SearchKind, matches, parse_query
from deliberate.domain.threads import CommentKind
from deliberate.inputs.curation import Rewording
from deliberate.markdown import to_html
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database, now
from deliberate.storage.forum import ForumSession, list_questions
from deliberate.storage.proposals import Proposal, ProposalVersion
from deliberate.storage.search import SearchFilter, count_results, find_alike
from deliberate.storage.search_entries import SearchEntry, SearchFormat
from deliberate.storage.search_index import ensure_format
from tests import factories
from tests.support.clock import FakeClock
from tests.support.searching import assert_fresh, entries, found
from tests.support.world import make_world
from tests.support.world_curation import newest_act

CORPUS = (
    "Lanterns need oil, and oil is dear.",
    "The **lantern** keepers of Łódź asked for multi-stakeholder repair.",
    "Un modèle de réparation: l'accès à l'huile, dès l'année 2025.",
    "网络治理很重要, and so is oil.",
    "الأَمْنُ الرقميّ يحتاج إلى مصابيح",
    "Don't repair what is not broken. See <https://example.org/a_b?c=d&e='f'>.",
    "ΟΔΟΣ και φως, Straße und Öl, ﬁne ﬂame",
    "e=mc2 'quoted' \\ back & forth | or ! not : * star ( paren )",
    "カタカナ と ひらがな、ｶﾞｽ灯",
    "वैश्विक इंटरनेट शासन",
)
WORDS = (
    "oil", "lantern", "lanterns", "repair", "lodz", "ŁÓDŹ", "modele", "l'accès", "2025", "网络",
    "治理很", "重", "الامن", "مصابيح", "dont", "don't", "οδος", "strasse", "fine", "e",
    "mc2", "ガス",
    "विश्व", "वैश्विक", "multi-stakeholder", '"oil and"', '"multi stake"', '"oil is dear"',
    "is", "and", "or", "NOT",
    "NEAR(", "*", '"', "-oil", "-repair", '-"oil is"', "rep*", "an*", "\0", "'",
    "g=government", "s=1", "_", "a_b", ":", "|", "!", "&", "\\", "words:oil", "^oil", "{", "+",
)  # fmt: skip


@pytest.fixture
def _corpus(db: Database, clock: FakeClock) -> None:
    """The corpus as comments, a minute apart, in a discussion whose own texts say nothing of it."""
    discussion = factories.make_deliberation(db)
    author = factories.make_person(db)
    clock.advance(hours=25)  # Links of new accounts wait for a moderator.
    for body in CORPUS:
        clock.advance(minutes=1)
        factories.make_comment(db, discussion.id, author, body=body)


COMMENTS = SearchFilter(kind=SearchKind.COMMENT)


@pytest.mark.usefixtures("_corpus")
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
def test_databases_find_what_the_rules_say(db: Database, words: list[str]) -> None:
    """Ensure both databases give what matches by the rules, all of it, the newest first."""
    query = parse_query(" ".join(words))

    answer = found(db, " ".join(words), COMMENTS)

    with db.reading() as reader:
        texts = list(reader.scalars(sa.select(Comment.body_html).order_by(Comment.id.desc())))
    texts = [
        plain for plain in map(plain_text, texts) if query.fault is None and matches(plain, query)
    ]
    assert answer == texts


@pytest.mark.usefixtures("_corpus")
def test_a_text_is_found_however_its_words_are_written(db: Database) -> None:
    """Ensure marks, case, Arabic variants, pairs of letters and beginnings do not matter."""
    for query, place in (
        ("lodz", 1), ("MODELE", 2), ("网络", 3), ("要", 3), ("الامن الرقمي", 4), ("odos", None),
        ("οδος strasse", 6), ("ガス", 8), ("keeper", 1), ('"keeper"', None), ("multi-stake", 1),
    ):  # fmt: skip
        texts = found(db, query, COMMENTS)
        assert texts == ([] if place is None else [plain_text(to_html(CORPUS[place]))]), query


def test_only_what_everybody_may_read_is_found(db: Database) -> None:
    """Ensure what is retracted, hidden, held, withdrawn or replaced is found no more."""
    author = factories.make_person(db)
    discussion = factories.make_deliberation(db)
    for column in ("retracted_at", "hidden_at", "held_at"):
        comment = factories.make_comment(db, discussion.id, author, body="Phosphorus glows")
        assert found(db, "phosphorus") == ["Phosphorus glows"]
        with db.writing() as tx:
            tx.execute(
                sa.update(Comment)
                .where(Comment.body == "Phosphorus glows")
                .values({column: now(tx)})
            )
        assert found(db, "phosphorus") == []
        if column == "hidden_at":
            with db.writing() as tx:
                tx.get_one(Comment, comment.id).hidden_at = None
            assert found(db, "phosphorus") == ["Phosphorus glows"]
            with db.writing() as tx:
                retract_comment(tx, author, comment.id)
    assert_fresh(db)


def test_a_proposal_is_found_by_its_current_version(db: Database) -> None:
    """Ensure a new version replaces the earlier one, and withdrawing takes both away."""
    discussion = factories.make_deliberation(db)
    proposal = factories.make_proposals(db, discussion.id, 1)[0]
    with db.writing() as tx:
        tx.add(
            ProposalVersion(
                proposal_id=proposal.id, number=2, title="Whale oil", body="No.",
                body_html="<p>No.</p>", written_at=now(tx),
            )
        )  # fmt: skip
    assert found(db, "whale") == ["No."]
    assert found(db, '"would do"') == []

    with db.writing() as tx:
        tx.get_one(Proposal, proposal.id).withdrawn_at = now(tx)
    assert found(db, "whale") == []
    assert_fresh(db)


def test_filters_and_counts(db: Database) -> None:
    """Ensure kind, group, language, session, discussion and year narrow what is found."""
    discussion = factories.make_deliberation(db)
    writer = factories.make_person(db, StakeholderGroup.GOVERNMENT)
    factories.make_comment(db, discussion.id, writer, body="The lanterns of the state are many.")
    factories.make_comment(db, discussion.id, body="Les lanternes de la ville sont dans la rue.")
    with db.reading() as reader:
        counts = count_results(reader, parse_query("lanter*"))
    assert counts.by_kind == {
        SearchKind.QUESTION: 2, SearchKind.OUTPUT: 2, SearchKind.SUMMARY: 0,
        SearchKind.PROPOSAL: 0, SearchKind.COMMENT: 2,
    }  # fmt: skip
    for wanted, number in (
        (SearchFilter(group=StakeholderGroup.GOVERNMENT), 1),
        (SearchFilter(language="fr"), 1),
        (SearchFilter(deliberation_id=discussion.id), 2),
        (SearchFilter(session_id=discussion.session_id), 6),
        (SearchFilter(session_id=discussion.session_id + 1), 0),
        (SearchFilter(year=2024), 6),
        (SearchFilter(year=2023), 0),
        (SearchFilter(kind=SearchKind.OUTPUT), 2),
        (SearchFilter(kind=SearchKind.COMMENT, language="fr", year=2024), 1),
    ):
        assert len(found(db, "lanter*", wanted)) == number, wanted


def test_a_question_is_found_by_the_wording_that_holds(db: Database) -> None:
    """Ensure rewording and taking it back are followed in the transactions that do them."""
    curator = factories.make_person(db, role=Role.MAG_MEMBER)
    session = factories.make_session(db, curator)
    with db.writing() as tx:
        question = list_questions(tx, session.id)[1]
        form = Rewording(text="Who buys the tallow?", reason="It is tallow now.", version=1)
        reword_question(tx, curator, question.id, form)
        act = newest_act(tx, curator)
    assert found(db, "tallow") == ["Who buys the tallow?"]

    with db.writing() as tx:
        undo_decision(tx, curator, act, "It was oil after all, they say.")

    assert found(db, "tallow") == []
    assert len(found(db, "burning")) == 1
    assert_fresh(db)


def test_every_act_leaves_the_index_as_a_fresh_one(db: Database, clock: FakeClock) -> None:
    """Ensure everything that the tests' world does is indexed by nothing but being done."""
    make_world(db, clock)

    assert {row[1] for row in entries(db)} == set(SearchKind)
    assert_fresh(db)


@pytest.mark.one_database
def test_the_demonstration_is_indexed_like_everything_else(db: Database) -> None:
    """Ensure a history that is written in one transaction can be searched."""
    load_demo(db)

    assert_fresh(db)


def test_statements_over_many_rows_are_indexed(db: Database) -> None:
    """Ensure inserting, changing and deleting in bulk reaches the index, ids given or not."""
    discussion = factories.make_deliberation(db)
    author = factories.make_person(db)

    def row(number: int) -> dict[str, object]:
        return {
            "deliberation_id": discussion.id, "path": f"{number:010d}", "depth": 0,
            "kind": CommentKind.REMARK, "body": "x", "body_html": f"<p>Tinder {number}</p>",
            "author_id": author.id, "group": StakeholderGroup.TECHNICAL,
            "submission_key": f"key {number}", "written_at": discussion.opened_at,
        }  # fmt: skip

    with db.writing() as tx:
        tx.execute(sa.insert(Comment), [row(1), row(2)])
        tx.execute(sa.insert(Comment), [row(3) | {"id": 2_000_000}, row(4) | {"id": 1_000_000}])
        tx.execute(sa.insert(Comment).values(**row(5), id=900_000))
    assert sorted(found(db, "tinder")) == [f"Tinder {number}" for number in range(1, 6)]
    with db.writing() as tx:
        tx.execute(
            sa.update(Comment),
            [{"id": 2_000_000, "body_html": "Flint"}, {"id": 900_000, "body_html": "Steel"}],
        )
        tx.execute(sa.update(Comment).where(Comment.body_html == "Flint").values(body_html="Flax"))
        tx.execute(sa.delete(Comment).where(Comment.id == 1_000_000))
    assert sorted(found(db, "tinder")) == ["Tinder 1", "Tinder 2"]
    assert (found(db, "flint"), found(db, "flax"), found(db, "steel")) == ([], ["Flax"], ["Steel"])
    assert_fresh(db)


def test_what_is_rolled_back_is_not_found(db: Database) -> None:
    """Ensure a savepoint that is given up takes its entries with it, and no others."""
    discussion = factories.make_deliberation(db)
    kept = factories.make_comment(db, discussion.id, body="Wick")
    with db.writing() as tx:
        tx.get_one(Comment, kept.id).body_html = "<p>Wax</p>"
        with tx.begin_nested():
            tx.flush()
        nested = tx.begin_nested()
        tx.get_one(Comment, kept.id).body_html = "<p>Soot</p>"
        tx.flush()
        nested.rollback()
    assert (found(db, "wax"), found(db, "soot"), found(db, "wick")) == (["Wax"], [], [])


def test_a_corrected_year_moves_everything_of_its_session(db: Database) -> None:
    """Ensure what hangs on the session is found by the year that it has now."""
    discussion = factories.make_deliberation(db)
    factories.make_comment(db, discussion.id, body="Ember")
    with db.writing() as tx:
        tx.get_one(ForumSession, discussion.session_id).year = 2021
    assert found(db, "ember", SearchFilter(year=2021)) == ["Ember"]
    with db.writing() as tx:
        tx.execute(sa.update(ForumSession).values(year=2020))
    assert found(db, "ember", SearchFilter(year=2021)) == []
    assert found(db, "ember", SearchFilter(year=2020)) == ["Ember"]
    assert_fresh(db)


def test_a_longest_text_is_found_by_the_same_words_on_both(db: Database) -> None:
    """Ensure what PostgreSQL cannot number is left out on both, and nothing breaks."""
    discussion = factories.make_deliberation(db)
    body = " ".join(["again"] * 300 + ["last words"] + ["x" * 2_000] + ["灯"] * 500)
    factories.make_comment(db, discussion.id, body=body)

    assert len(found(db, '"again again"')) == 1
    assert len(found(db, '"last words"')) == 1
    assert found(db, '"again last"') == []
    assert len(found(db, "x" * 190)) == 1


def test_an_index_of_another_format_is_made_anew(db: Database) -> None:
    """Ensure a version that folds otherwise does not find half of what there is."""
    discussion = factories.make_deliberation(db)
    factories.make_comment(db, discussion.id, body="Kindling")
    with db.writing() as tx:
        tx.execute(sa.delete(SearchFormat))
        tx.execute(sa.delete(SearchEntry))
    told: list[tuple[int, int]] = []

    ensure_format(db, lambda done, total: told.append((done, total)))
    ensure_format(db, lambda done, total: told.append((done + 1, total)))

    assert found(db, "kindling") == ["Kindling"]
    assert told[-1] == (5, 5)


def test_similar_texts_are_told_by_what_they_say(db: Database) -> None:
    """Ensure a proposal that says much the same is found, in its own discussion only."""
    discussion = factories.make_deliberation(db)
    other = factories.make_deliberation(
        db, factories.make_session(db, page=factories.PAGE.replace("77", "78"))
    )
    for place, title in (
        (discussion, "Publish a public map of every lantern"),
        (other, "A map of all lanterns, published"),
        (discussion, "Pay those who light them"),
    ):
        proposal = factories.make_proposals(db, place.id, 1)[0]
        with db.writing() as tx:
            tx.execute(
                sa.update(ProposalVersion)
                .where(ProposalVersion.proposal_id == proposal.id)
                .values(title=title)
            )
    with db.reading() as reader:
        asked = "We should publish a map of the lanterns"
        here = find_alike(reader, asked, SearchKind.PROPOSAL, discussion.id)
        anywhere = find_alike(reader, asked, SearchKind.PROPOSAL)
        nothing = find_alike(reader, "…", SearchKind.PROPOSAL)

    assert [one.result.title for one in here] == ["Publish a public map of every lantern"]
    assert len(anywhere) == 2
    assert nothing == []
