"""Claims about what the demonstration says."""

from collections import Counter

import pytest
import sqlalchemy as sa

from deliberate.actions.results import get_results
from deliberate.actions.summaries import figures_of
from deliberate.demo.scenario import read_scenario
from deliberate.domain.amendments import AmendmentState
from deliberate.domain.contradictions import contradictions
from deliberate.domain.errors import Refused
from deliberate.domain.forum import CurationKind, QuestionState
from deliberate.domain.people import VISITOR, Actor, StakeholderGroup
from deliberate.domain.phases import Phase
from deliberate.domain.positions import Position
from deliberate.domain.process import read_design
from deliberate.domain.recasting import RecastingState
from deliberate.domain.summaries import COMMENT, FIGURE
from deliberate.domain.synthesis import ArgumentKind, progress
from deliberate.policy import STAFF, TAKING_PART
from deliberate.storage.amendments import Amendment
from deliberate.storage.arguments import Argument
from deliberate.storage.ballots import Ballot, Participation, count_turnout
from deliberate.storage.curation import CurationDecision
from deliberate.storage.database import Database, now
from deliberate.storage.deliberation_pages import find_page, list_pages
from deliberate.storage.designs import ProcessDraft
from deliberate.storage.forum import (
    ForumSession,
    Output,
    PolicyQuestion,
    list_outputs,
    list_points,
)
from deliberate.storage.people import RoleGrant, list_people
from deliberate.storage.polls import list_polls
from deliberate.storage.proposal_drafts import ProposalDraft
from deliberate.storage.proposal_story import read_surroundings
from deliberate.storage.proposal_versions import list_versions
from deliberate.storage.proposals import ProposalRating, ProposalVersion
from deliberate.storage.recastings import Recasting, list_made
from deliberate.storage.responses import Response
from deliberate.storage.summaries import Edition, Summary, list_editions
from deliberate.storage.synthesis import count_spread, count_voices, list_answers


def test_the_sessions_are_marked_as_a_demo(demo: Database) -> None:
    """Ensure nobody takes the two sessions for real ones, and that all of them was read."""
    with demo.reading() as reader:
        sessions = reader.scalars(sa.select(ForumSession).order_by(ForumSession.id)).all()
        questions = Counter(reader.scalars(sa.select(PolicyQuestion.session_id)))
        outputs = Counter(reader.scalars(sa.select(Output.session_id)))

        assert [session.is_demo for session in sessions] == [True, True]
        # Three of the second page's came of a split and a merger; one of the first was suggested.
        assert [questions[session.id] for session in sessions] == [3, 13]
        assert [outputs[session.id] for session in sessions] == [0, 5]


def test_the_curation_log_is_alive(demo: Database) -> None:
    """Ensure curators have done what they do most, and have something left to do."""
    with demo.reading() as reader:
        kinds = set(reader.scalars(sa.select(CurationDecision.kind)))
        states = set(reader.scalars(sa.select(PolicyQuestion.state)))

    assert kinds >= {
        CurationKind.IMPORT,
        CurationKind.ACCEPT,
        CurationKind.DECLINE,
        CurationKind.REWORD,
        CurationKind.SPLIT,
        CurationKind.MERGE,
        CurationKind.UNDO,
        CurationKind.SPLIT_OUTPUT,
        CurationKind.OPEN,
    }
    assert states == set(QuestionState)


def test_open_deliberations_give_no_results_away(demo: Database) -> None:
    """Ensure what runs is full of life and shows turnout only, to the secretariat as well."""
    with demo.reading() as reader:
        everybody = [Actor(person.id, person.name, roles) for person, roles in list_people(reader)]
        running = [page for page in list_pages(reader) if page.phase in (Phase.OPEN, Phase.VOTING)]

        for page in running:
            assert page.comment_count >= 3, page.title
            for actor in (VISITOR, *everybody):
                with pytest.raises(Refused):
                    get_results(reader, actor, page)
        voting = next(page for page in running if page.phase is Phase.VOTING)
        turnout = count_turnout(reader, list_polls(reader, voting.id)[0].id)
        assert sum(turnout.values()) >= 30
        assert set(turnout) == set(StakeholderGroup.registrable())


def test_processes_are_designed_opened_and_repeated(demo: Database) -> None:
    """Ensure members find a planned poll, a waiting design, and a round after an archived one."""
    with demo.reading() as reader:
        pages = list_pages(reader)
        drafts = reader.scalars(sa.select(ProcessDraft)).all()
        (planned,) = [page for page in pages if page.design and page.design.has_poll]
        (archived,) = [page for page in pages if page.is_archived]
        (second,) = [page for page in pages if page.deliberation.round == 2]
        (waiting,) = [draft for draft in drafts if draft.output_id is not None]
        design = read_design(waiting.document)

        assert planned.phase is Phase.OPEN
        assert planned.proposal_count >= 2
        assert list_polls(reader, planned.id) == []
        assert archived.deliberation.question_id == second.deliberation.question_id
        assert archived.phase is Phase.SUMMARISED
        assert second.phase is Phase.DRAFT
        assert contradictions(design, now(reader), has_points=True) == []
        assert all(page.deliberation.output_id != waiting.output_id for page in pages)


def test_proposals_are_reworded_and_drafted(demo: Database) -> None:
    """Ensure three have a second version with ratings on both, and somebody keeps a draft."""
    with demo.reading() as reader:
        revised = reader.scalars(
            sa.select(ProposalVersion.proposal_id).where(ProposalVersion.number == 2)
        ).all()
        histories = [list_versions(reader, proposal_id) for proposal_id in revised]
        drafts = reader.scalars(sa.select(ProposalDraft)).all()

    assert len(revised) == 3
    for first, second in histories:
        assert second.note
        assert first.rating_count >= 3
        assert second.rating_count >= 3
    assert len(drafts) == 1


def test_proposals_are_amended_co_sponsored_and_combined(demo: Database) -> None:
    """Ensure each can be looked at: open and accepted, three groups, and where it came from."""
    with demo.reading() as reader:
        amendments = reader.scalars(sa.select(Amendment).order_by(Amendment.id)).all()
        (recasting,) = reader.scalars(sa.select(Recasting)).all()
        (made,) = list_made(reader, recasting.id)
        combined = read_surroundings(reader, made)
        scorecard = reader.scalars(
            sa.select(ProposalVersion.proposal_id).where(
                ProposalVersion.title.contains("scorecard")
            )
        ).first()
        sponsors = read_surroundings(reader, scorecard or 0).sponsors

    assert [each.state for each in amendments] == [AmendmentState.ACCEPTED, AmendmentState.OPEN]
    assert amendments[0].made_version_id is not None
    assert len({each.group for each in sponsors}) == 3
    assert recasting.state is RecastingState.PUBLISHED
    assert len(combined.kin.originals) == 2
    assert len(combined.sponsors) == 1


def test_a_closed_question_waits_for_its_summary(demo: Database) -> None:
    """Ensure facilitators find a counted poll with a draft, and an output without one."""
    with demo.reading() as reader:
        closed = {page.id for page in list_pages(reader) if page.phase is Phase.CLOSED}
        drafted = set(reader.scalars(sa.select(Summary.deliberation_id)))

        assert len(closed) == 2
        assert len(closed & drafted) == 1
        (waiting,) = closed & drafted
        assert [poll.closed_at is not None for poll in list_polls(reader, waiting)] == [True]


def test_every_figure_of_an_edition_resolves(demo: Database) -> None:
    """Ensure published numbers are those that anybody gets by counting again."""
    with demo.reading() as reader:
        editions = reader.scalars(sa.select(Edition)).all()
        for edition in editions:
            document = edition.document
            page = find_page(reader, document["deliberation"])
            assert page is not None
            recounted = figures_of(reader, VISITOR, page)
            text = f"{document['body']} {document['minority_views']}"
            html = document["body_html"] + document["minority_html"]

            assert "[[" not in html
            assert FIGURE.findall(text)
            for key in FIGURE.findall(text):
                assert document["figures"][key] == recounted[key].as_json()
            cited = {int(number) for number in COMMENT.findall(text)}
            assert cited == {comment["id"] for comment in document["comments"]}
            assert cited
            assert document["level_reason"]


def test_editions_rest_on_a_poll_and_on_a_call(demo: Database) -> None:
    """Ensure one summary tells of a ranking and one of a call answered point by point."""
    with demo.reading() as reader:
        editions = reader.scalars(sa.select(Edition)).all()
        subjects = {edition.document["subject"]["subject"] for edition in editions}
        polls = [edition for edition in editions if edition.document["results"]["polls"]]
        points = [len(edition.document["results"]["points"]) for edition in editions]

        assert subjects == {"question", "call_to_action"}
        assert len(polls) == 1
        assert max(points) == 3
        for edition in editions:
            assert len(list_editions(reader, edition.summary_id)) == 1


def test_groups_answer_as_the_scenario_says(demo: Database) -> None:
    """Ensure the people who were given positions add up to the scenario's numbers."""
    with demo.reading() as reader:
        main = reader.scalars(sa.select(ForumSession.id).where(ForumSession.year == 2021)).one()
        names = {"key_takeaway": "kt", "call_to_action": "cta"}
        points = {
            (f"main21-{names[output.kind.value]}{output.position}", point.position): point.id
            for output in list_outputs(reader, main)
            for point in list_points(reader, [output.id])
        }
        rows = reader.execute(sa.select(Response.point_id, Response.group, Response.position))
        found = Counter((point, group, position) for point, group, position in rows)

    for answers in read_scenario().answers:
        point_id = points[answers.output_id, answers.point]
        for group, numbers in answers.groups.items():
            stated = (numbers.endorse, numbers.partly, numbers.contest)
            sides = (Position.ENDORSE, Position.PARTLY, Position.CONTEST)
            assert tuple(found[point_id, group, side] for side in sides) == stated


def test_reasons_vary(demo: Database) -> None:
    """Ensure people give reasons where asked, and hardly ever the same."""
    with demo.reading() as reader:
        rows = reader.execute(sa.select(Response.position, Response.reason)).all()

    given = Counter(reason for position, reason in rows if position.asks_reason)
    assert "" not in given
    assert max(given.values()) <= 3
    assert sum(given.values()) >= 80


def test_those_who_run_things_take_no_positions(demo: Database) -> None:
    """Ensure curators, facilitators and the secretariat rate, answer and rank nothing."""
    with demo.reading() as reader:
        staff = set(
            reader.scalars(sa.select(RoleGrant.person_id).where(RoleGrant.role.in_(list(STAFF))))
        )
        took_part = {
            person_id
            for table in (ProposalRating, Response, Participation)
            for person_id in reader.scalars(sa.select(table.person_id))
        }
        ballots = reader.scalars(sa.select(sa.func.count(Ballot.id))).one()

    assert len(staff) == 7
    assert not staff & took_part
    assert len(took_part) == 43
    assert ballots > 100


def test_arguments_of_every_kind_stand_on_comments(demo: Database) -> None:
    """Ensure facilitators have collected what was said, and left something to do and to answer."""
    with demo.reading() as reader:
        homes = Counter(reader.scalars(sa.select(Argument.deliberation_id)))
        kinds = set(reader.scalars(sa.select(Argument.kind)))
        cited = [
            home for home in homes for each in count_spread(reader, home).values() if each.comments
        ]
        states = {home: progress(count_voices(reader, home)) for home in homes}
        phases = {home: find_page(reader, home) for home in homes}
        answers = [each for home in homes for each in list_answers(reader, home)]

    assert kinds == set(ArgumentKind)
    assert Counter(cited) == homes
    running = [home for home, page in phases.items() if page and page.phase in TAKING_PART]
    assert len(homes) == 2
    assert len(running) == 1
    assert states[running[0]].waived == 1
    assert all((state.left > 0) == (home in running) for home, state in states.items())
    assert 0 < len(answers) < sum(homes.values())


def test_an_edition_cites_an_argument(demo: Database) -> None:
    """Ensure a newcomer finds an argument frozen with the people behind it."""
    with demo.reading() as reader:
        documents = reader.scalars(sa.select(Edition.document)).all()

    (argument,) = [each for document in documents for each in document["arguments"]]
    assert argument["people"] == {"Private Sector": 1}
    assert argument["comments"]
