"""Claims about designs: what can be opened, what contradicts itself, and what a digest covers."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain import contradictions as told
from deliberate.domain.canonical import fingerprint
from deliberate.domain.contradictions import by_field, contradictions
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.phases import Phase, PollPhase
from deliberate.domain.process import (
    SHORTEST,
    ProcessDesign,
    Template,
    Visibility,
    read_design,
    suggest,
)
from deliberate.domain.stages import list_stages
from deliberate.domain.weighting import Scheme

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
RANKED = suggest(Template.RANKED_CHOICE, NOW)
CONSULTATION = suggest(Template.CONSULTATION, NOW)
ROUND = suggest(Template.ENDORSEMENT_ROUND, NOW)

moments = st.one_of(st.none(), st.integers(-48, 24 * 40).map(lambda h: NOW + timedelta(hours=h)))
designs = st.builds(
    ProcessDesign,
    template=st.sampled_from(Template),
    opens_at=moments,
    closes_at=moments,
    proposals_close_at=moments,
    poll_opens_at=moments,
    poll_closes_at=moments,
    poll_title=st.sampled_from(["", "short", "Which one first?"]),
    groups=st.lists(st.sampled_from(StakeholderGroup), unique=True).map(tuple),
    method=st.sampled_from(["schulze-winning-votes", "by-lot"]),
    schemes=st.lists(st.sampled_from(Scheme), unique=True).map(tuple),
    primary_scheme=st.sampled_from(Scheme),
    minimum=st.integers(0, 6),
    responses=st.sampled_from(Visibility),
    ratings=st.sampled_from(Visibility),
    ballots=st.sampled_from(Visibility),
    quorum=st.text(max_size=20),
)


def said(design: ProcessDesign, *, has_points: bool = False) -> set[tuple[str, str]]:
    """What contradicts, as field and sentence."""
    return {(each.field, each.text) for each in contradictions(design, NOW, has_points=has_points)}


@pytest.mark.parametrize("template", Template)
def test_a_suggestion_can_be_opened_as_it_is(template: Template) -> None:
    """Ensure whoever takes the suggestions has nothing to correct."""
    assert said(suggest(template, NOW), has_points=template is Template.ENDORSEMENT_ROUND) == set()


@pytest.mark.parametrize(
    ("design", "changes", "field", "sentence"),
    [
        (RANKED, {"opens_at": NOW - DAY}, "opens_at", told.PASSED),
        (RANKED, {"closes_at": None}, "closes_at", told.NO_CLOSING),
        (RANKED, {"closes_at": NOW}, "closes_at", told.CLOSES_FIRST),
        (CONSULTATION, {"closes_at": NOW + 1.5 * DAY}, "closes_at", told.TOO_SHORT),
        (ROUND, {"proposals_close_at": NOW + 9 * DAY}, "proposals_close_at", told.NO_PROPOSALS),
        (RANKED, {"proposals_close_at": None}, "proposals_close_at", told.PROPOSALS_MISSING),
        (RANKED, {"proposals_close_at": NOW + DAY}, "proposals_close_at", told.PROPOSALS_SHORT),
        (
            CONSULTATION,
            {"proposals_close_at": NOW + 90 * DAY},
            "proposals_close_at",
            told.PROPOSALS_LATE,
        ),
        (CONSULTATION, {"poll_opens_at": NOW + 9 * DAY}, "poll_opens_at", told.NO_POLL),
        (ROUND, {"poll_closes_at": NOW + 9 * DAY}, "poll_closes_at", told.NO_POLL),
        (RANKED, {"poll_opens_at": None}, "poll_opens_at", told.POLL_OPENING_MISSING),
        (RANKED, {"poll_closes_at": None}, "poll_closes_at", told.POLL_CLOSING_MISSING),
        (RANKED, {"poll_opens_at": NOW}, "poll_opens_at", told.POLL_FIRST),
        (RANKED, {"poll_opens_at": NOW + 3 * DAY}, "poll_opens_at", told.POLL_BEFORE_PROPOSALS),
        (RANKED, {"poll_closes_at": NOW + 17 * DAY}, "poll_closes_at", told.POLL_SHORT),
        (RANKED, {"poll_closes_at": NOW + 90 * DAY}, "poll_closes_at", told.POLL_OUTLASTS),
        (RANKED, {"poll_title": "Which?"}, "poll_title", told.POLL_UNTITLED),
        (RANKED, {"method": "by-lot"}, "method", told.UNKNOWN_METHOD),
        (RANKED, {"schemes": ()}, "schemes", told.NO_SCHEME),
        (RANKED, {"schemes": (Scheme.GROUP,)}, "primary_scheme", told.PRIMARY_MISSING),
        (
            RANKED,
            {"groups": (StakeholderGroup.TECHNICAL,)},
            "schemes",
            told.NOTHING_TO_BALANCE,
        ),
        (RANKED, {"groups": ()}, "groups", told.NOBODY),
        (RANKED, {"groups": (StakeholderGroup.ACADEMIA,)}, "groups", told.UNREGISTRABLE),
        (CONSULTATION, {"minimum": 1}, "minimum", told.MINIMUM_TELLS),
        (ROUND, {"minimum": 0}, "minimum", told.MINIMUM_ZERO),
        (ROUND, {"minimum": 1, "responses": Visibility.CONFIDENTIAL}, "minimum",
         told.MINIMUM_TELLS),
        (CONSULTATION, {"ratings": Visibility.NAMED}, "ratings", told.RATINGS_NAMED),
        (RANKED, {"ballots": Visibility.NAMED}, "ballots", told.BALLOTS_NAMED),
    ],
)  # fmt: skip
def test_each_contradiction_is_explained_at_its_field(
    design: ProcessDesign, changes: dict[str, Any], field: str, sentence: str
) -> None:
    """Ensure one wrong thing is told where it can be put right."""
    has_points = design.template is Template.ENDORSEMENT_ROUND

    assert (field, sentence) in said(replace(design, **changes), has_points=has_points)


def test_a_question_has_no_points_to_endorse() -> None:
    """Ensure an endorsement round is for outputs."""
    assert said(ROUND) == {("template", told.NO_POINTS)}


def test_everything_that_contradicts_is_told_at_once() -> None:
    """Ensure a form shows all there is to correct, one message at each field."""
    wrong = replace(
        RANKED, closes_at=NOW + 2 * DAY, groups=(), poll_title="", ballots=Visibility.NAMED
    )

    found = by_field(contradictions(wrong, NOW, has_points=False))

    assert {"proposals_close_at", "poll_closes_at", "groups", "poll_title", "ballots"} <= set(found)


def test_a_named_round_may_show_single_answers() -> None:
    """Ensure the small-cell rule binds what is confidential and nothing else."""
    assert said(replace(ROUND, minimum=1), has_points=True) == set()


@given(design=designs, has_points=st.booleans())
def test_what_contradicts_nothing_is_sound(design: ProcessDesign, has_points: bool) -> None:
    """Ensure a design without contradictions keeps every promise of its template."""
    if contradictions(design, NOW, has_points=has_points):
        return
    start, end = design.opens_at or NOW, design.closes_at
    assert end is not None
    assert start >= NOW
    assert end - start >= SHORTEST
    assert design.groups
    if design.has_poll:
        times = (design.proposals_close_at, design.poll_opens_at, design.poll_closes_at)
        proposals, opens, closes = (each or NOW for each in times)
        assert start < proposals <= opens < closes <= end
        assert closes - opens >= SHORTEST
        assert design.primary_scheme in design.schemes
        assert design.ballots is Visibility.CONFIDENTIAL
    if design.takes_proposals:
        assert design.minimum >= 2


@given(design=designs)
def test_a_design_reads_back_as_it_was_written(design: ProcessDesign) -> None:
    """Ensure nothing is lost on the way into the database, and order means nothing."""
    again = read_design(json.loads(json.dumps(design.as_json())))

    assert again.as_json() == design.as_json()
    assert replace(again, groups=(), schemes=()) == replace(design, groups=(), schemes=())


@given(design=designs, data=st.data())
def test_the_fingerprint_does_not_depend_on_the_order_of_keys(
    design: ProcessDesign, data: st.DataObject
) -> None:
    """Ensure two machines that store the same design show the same fingerprint."""
    plain = design.as_frozen()
    shuffled = {key: plain[key] for key in data.draw(st.permutations(list(plain)))}

    assert fingerprint(shuffled) == fingerprint(plain)
    assert fingerprint({**plain, "minimum": plain["minimum"] + 1}) != fingerprint(plain)


def test_the_stages_of_a_ranked_choice_follow_each_other() -> None:
    """Ensure the preview shows each stretch in which something changes, once."""
    stages = list_stages(RANKED, NOW)

    assert [(each.phase, each.proposals_are_open, each.poll) for each in stages] == [
        (Phase.DRAFT, True, PollPhase.SCHEDULED),
        (Phase.OPEN, True, PollPhase.SCHEDULED),
        (Phase.OPEN, False, PollPhase.SCHEDULED),
        (Phase.VOTING, False, PollPhase.OPEN),
        (Phase.OPEN, False, PollPhase.CLOSED),
        (Phase.CLOSED, False, PollPhase.CLOSED),
        (Phase.SUMMARISED, False, PollPhase.CLOSED),
    ]
    for one, other in pairwise(stages[1:-1]):
        assert one.ends_at == other.starts_at


def test_what_opens_at_once_is_not_announced() -> None:
    """Ensure a stage that will never be is not previewed, and a design without an end has none."""
    at_once = replace(CONSULTATION, opens_at=None)

    assert list_stages(at_once, NOW)[0].phase is Phase.OPEN
    assert list_stages(replace(at_once, closes_at=None), NOW) == []
