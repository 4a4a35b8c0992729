"""Stances, classes and scores reproduce the public cases; the rest follows stated rules."""

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.consensus import (
    ConsensusClass,
    ConsensusLevel,
    FactKind,
    Indicator,
    NearestLevel,
    Parameters,
    Stance,
    indicate,
)
from deliberate.domain.levels import mirrored
from deliberate.domain.positions import Counts

CASES = json.loads(
    (Path(__file__).parent.parent / "cases" / "opinion" / "classification.json").read_text("utf-8")
)
GROUPS: list[str] = CASES["groups"]
ELIGIBLE = dict(zip(GROUPS, CASES["eligible"], strict=True))
BY_NAME = {case["name"]: case for case in CASES["cases"]}


def parameters() -> Parameters:
    stated = CASES["parameters"]
    return Parameters(
        min_votes=stated["min_votes"],
        min_turnout=Fraction(str(stated["min_turnout"])),
        strong=Fraction(str(stated["strong"])),
        lean=Fraction(str(stated["lean"])),
        z=stated["z"],
        pass_max=Fraction(str(stated["pass_max"])),
        minority=Fraction(str(stated["minority"])),
        min_groups=stated["min_groups"],
        finite_population=stated["finite_population"],
    )


def counts(case: Mapping[str, Any]) -> dict[str, Counts]:
    return {group: Counts(*votes) for group, votes in zip(GROUPS, case["votes"], strict=True)}


def indicator(name: str) -> Indicator:
    return indicate(counts(BY_NAME[name]), ELIGIBLE, parameters())


def alike(agree: int, disagree: int, passed: int, **more: int) -> Indicator:
    """Four groups of twenty that answer alike."""
    each = Counts(agree, disagree, passed, **more)
    return indicate(dict.fromkeys("wxyz", each), dict.fromkeys("wxyz", 20))


def test_the_defaults_are_the_stated_parameters() -> None:
    """Ensure the defaults are those of the public cases."""
    assert Parameters() == parameters()


@pytest.mark.parametrize("name", BY_NAME)
def test_stances_and_class_are_the_expected_ones(name: str) -> None:
    """Ensure every public case gets its stances, its class and its completeness."""
    case = BY_NAME[name]

    found = indicator(name)

    assert [each.stance.value for each in found.groups] == case["expected_stances"]
    assert found.code.value == case["expected_class"]
    assert found.is_complete == case["complete"]


@pytest.mark.parametrize("name", BY_NAME)
def test_scores_are_the_expected_ones(name: str) -> None:
    """Ensure the scores agree to the four decimals given; no class, no scores."""
    case = BY_NAME[name]

    found = indicator(name).scores

    assert (found is None) == (case["bridging"] is None)
    if found is not None:
        rounded = {key: round(value, 4) for key, value in found.as_json().items()}
        assert rounded == {key: case[key] for key in rounded}


@pytest.mark.parametrize(
    ("name", "level", "against", "minority"),
    [
        ("no objection, 40 percent pass", ConsensusLevel.FULL_CONSENSUS, False, False),
        ("strong everywhere", ConsensusLevel.CONSENSUS, False, False),
        ("62 percent everywhere", ConsensusLevel.CONSENSUS, False, True),
        ("one group opposes", ConsensusLevel.STRONG_SUPPORT, False, False),
        ("two groups oppose", ConsensusLevel.DIVERGENCE, False, False),
        ("even split everywhere", ConsensusLevel.DIVERGENCE, False, False),
        ("rejected everywhere", ConsensusLevel.CONSENSUS, True, False),
        ("mirror of one group opposes", ConsensusLevel.STRONG_SUPPORT, True, False),
    ],
)
def test_nearest_level_follows_the_class(
    name: str, level: ConsensusLevel, against: bool, minority: bool
) -> None:
    """Ensure the last column of the table of classes is reproduced."""
    assert indicator(name).nearest == NearestLevel(level, against, minority)


@pytest.mark.parametrize("name", ["mostly pass", "nobody voted", "only one group votes"])
def test_no_level_is_near_when_people_pass_or_stay_away(name: str) -> None:
    """Ensure undecided and insufficient answers suggest nothing."""
    assert indicator(name).nearest is None


def test_a_level_against_a_text_never_bears_the_name_of_support() -> None:
    """Ensure a page cannot print "Consensus" under a text that every group rejects."""
    nearest = indicator("rejected everywhere").nearest

    assert nearest is not None
    assert nearest.label == "Consensus against"


def test_consensus_is_not_full_while_a_group_has_too_few_responses() -> None:
    """Ensure a group that nobody has heard is not counted among those without objection."""
    answered = dict.fromkeys("wxyz", Counts(12, 0, 0))

    heard = indicate(answered, dict.fromkeys("wxyz", 20)).nearest
    silent = indicate(answered, dict.fromkeys("vwxyz", 20)).nearest

    assert heard == NearestLevel(ConsensusLevel.FULL_CONSENSUS)
    assert silent == NearestLevel(ConsensusLevel.CONSENSUS)


def test_partial_support_is_counted_as_support_and_shown_by_itself() -> None:
    """Ensure endorsements in part make an endorsement whose partial share is a fact."""
    found = alike(12, 0, 0, partly=9)

    facts = {fact.kind: fact for fact in found.facts}
    assert found.code is ConsensusClass.ENDORSED_ALL
    assert (facts[FactKind.PARTIAL].number, facts[FactKind.PARTIAL].of) == (36, 48)


def test_no_position_does_not_help_a_group_to_its_quorum() -> None:
    """Ensure three endorsements and two of no position are still too few."""
    answered = {"a": Counts(3, 0, 2, no_position=2), "b": Counts(3, 0, 2, unclear=2)}

    found = indicate(answered, {"a": 20, "b": 20})

    assert found.too_few == ("a",)
    assert found.groups[1].stance is Stance.SUPPORT


def test_facts_name_groups_that_are_thin_and_that_object() -> None:
    """Ensure the facts hold the groups a sentence needs."""
    thin = {fact.kind: fact for fact in indicator("smallest group thin").facts}
    objecting = {fact.kind: fact for fact in indicator("30 percent minority in one group").facts}

    assert thin[FactKind.TOO_FEW].groups == ("Intergovernmental Organization",)
    assert (thin[FactKind.REPORTING].number, thin[FactKind.REPORTING].of) == (4, 5)
    assert objecting[FactKind.OBJECTING_MINORITY].groups == ("Civil Society",)


def test_a_required_group_that_is_thin_prevents_a_class() -> None:
    """Ensure nothing is concluded without a group that was named as required."""
    rules = Parameters(required=frozenset({"Intergovernmental Organization"}))

    found = indicate(counts(BY_NAME["smallest group thin"]), ELIGIBLE, rules)

    assert found.code is ConsensusClass.INSUFFICIENT
    assert FactKind.REQUIRED_MISSING in {fact.kind for fact in found.facts}


def test_majorities_are_ticks_beside_the_class() -> None:
    """Ensure dissent of one group leaves the double majority but not the concurrent one."""
    ticks = indicator("one group opposes").majorities

    assert ticks is not None
    assert ticks.as_json() == {
        "people": True,
        "groups": True,
        "double": True,
        "qualified": True,
        "concurrent": False,
    }


def test_confidential_figures_leave_small_cells_out() -> None:
    """Ensure a group of three is shown by turnout alone and no total contains it."""
    found = indicator("smallest group thin")

    hidden = found.as_json(confidential=True)
    named = found.as_json(confidential=False)

    assert "counts" not in _group(hidden, 4)
    assert _group(hidden, 4)["taking_part"] == 3
    assert "counts" in _group(named, 4)
    assert json.loads(json.dumps(hidden)) == hidden


def _group(served: dict[str, object], place: int) -> dict[str, object]:
    groups = served["groups"]
    assert isinstance(groups, list)
    group = groups[place]
    assert isinstance(group, dict)
    return group


def test_half_of_the_groups_are_not_enough() -> None:
    """Ensure more than half must report, whatever the minimum number of groups."""
    rules = Parameters(min_groups=2)
    answered = dict.fromkeys("ab", Counts(10, 1, 0))

    half = indicate(answered, dict.fromkeys("abcd", 20), rules)
    most = indicate(answered, dict.fromkeys("abc", 20), rules)

    assert half.code is ConsensusClass.INSUFFICIENT
    assert most.code is ConsensusClass.ENDORSED_ALL


def test_answers_of_a_group_that_was_not_asked_are_refused() -> None:
    """Ensure a mistake in the caller is not counted."""
    with pytest.raises(ValueError, match="not asked"):
        indicate({"a": Counts(1)}, {"b": 10})


answers = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 20)), min_size=1, max_size=6
)


@given(answers)
def test_agreeing_and_disagreeing_are_treated_alike(votes: list[tuple[int, int, int]]) -> None:
    """Ensure exchanging the two sides gives the mirrored class."""
    groups = [str(place) for place in range(len(votes))]
    eligible = dict.fromkeys(groups, 120)

    found = indicate(dict(zip(groups, (Counts(*each) for each in votes), strict=True)), eligible)
    other = indicate(
        dict(zip(groups, (Counts(d, a, p) for a, d, p in votes), strict=True)), eligible
    )

    assert other.code is mirrored(found.code)


@given(answers)
def test_an_added_group_that_did_not_answer_only_weakens(votes: list[tuple[int, int, int]]) -> None:
    """Ensure a silent group never turns a class into another, except into none."""
    groups = [str(place) for place in range(len(votes))]
    answered = dict(zip(groups, (Counts(*each) for each in votes), strict=True))
    eligible = dict.fromkeys(groups, 120)

    before = indicate(answered, eligible).code
    after = indicate(answered, eligible | {"silent": 120}).code

    if before is not ConsensusClass.INSUFFICIENT:
        assert after in (before, ConsensusClass.INSUFFICIENT)
