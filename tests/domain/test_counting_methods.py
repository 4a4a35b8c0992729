"""What every registered method must satisfy, whatever people vote, and some of them only."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deliberate.domain.tally import Ballot, Tiers, condorcet, profile_of
from deliberate.domain.tally.method import Outcome, Weighed, weigh_profile
from deliberate.domain.tally.registry import METHODS
from tests.domain.strategies import GROUPS, OPTIONS, rankings

WEIGHTS = {"a": Fraction(1, 3), "b": Fraction(2, 7), "c": Fraction(1)}
STV = "stv_scottish"
MONOTONE = ("schulze", "ranked_pairs", "borda", "copeland", "approval")
"""An instant run-off and STV are not monotone (Smith 1973, "Aggregation of preferences")."""
CONDORCET = ("schulze", "ranked_pairs", "copeland")

each_method = pytest.mark.parametrize("name", METHODS)


def strict(tiers: Tiers) -> Tiers:
    """The ranking with its ties taken apart: STV takes no others."""
    return tuple((option,) for tier in tiers for option in tier)


strict_polls = st.lists(
    st.builds(Ballot, st.sampled_from(GROUPS), rankings().map(strict), st.integers(1, 4)),
    min_size=1,
    max_size=9,
)


def weighed(
    poll: list[Ballot], times: Fraction = Fraction(1), tie_order: tuple[int, ...] = OPTIONS
) -> Weighed:
    weights = {group: weight * times for group, weight in WEIGHTS.items()}
    return weigh_profile(profile_of(poll, OPTIONS, GROUPS), weights, tie_order)


def counted(name: str, ballots: Weighed) -> Outcome[Any]:
    seats = 2 if name == STV else 1
    METHODS[name].check(ballots.profile, seats)
    return METHODS[name].count(ballots, seats)


def places(tiers: Tiers) -> list[set[int]]:
    return [set(tier) for tier in tiers]


@each_method
@settings(max_examples=25)
@given(strict_polls, st.data())
def test_who_casts_a_ballot_first_does_not_matter(
    name: str, poll: list[Ballot], data: st.DataObject
) -> None:
    """Ensure the whole outcome, with its rounds and paths, is the same in any order of ballots."""
    shuffled = data.draw(st.permutations(poll))

    here, there = (counted(name, weighed(each)).as_json() for each in (poll, shuffled))

    assert here == there
    assert json.loads(json.dumps(here)) == here


@each_method
@settings(max_examples=25)
@given(strict_polls, st.permutations(OPTIONS))
def test_no_option_is_favoured(name: str, poll: list[Ballot], order: list[int]) -> None:
    """Ensure renaming the options, in the published order too, renames the outcome."""
    names = dict(zip(OPTIONS, order, strict=True))
    renamed = [
        replace(each, tiers=tuple((names[option],) for (option,) in each.tiers)) for each in poll
    ]

    here = counted(name, weighed(poll)).tiers
    there = counted(name, weighed(renamed, tie_order=tuple(names[each] for each in OPTIONS))).tiers

    assert places(there) == [{names[option] for option in tier} for tier in here]


@each_method
@settings(max_examples=25)
@given(strict_polls, st.fractions(min_value="1/9", max_value=9, max_denominator=9))
def test_the_unit_of_weight_does_not_matter(name: str, poll: list[Ballot], unit: Fraction) -> None:
    """Ensure multiplying all weights by one rational changes no tier and no tie."""
    here, there = counted(name, weighed(poll)), counted(name, weighed(poll, unit))

    assert (here.tiers, here.tie_broken) == (there.tiers, there.tie_broken)


@each_method
@settings(max_examples=60)
@given(strict_polls)
def test_every_option_has_one_place_and_a_reason(name: str, poll: list[Ballot]) -> None:
    """Ensure no option is lost, and that each one behind the first tier is told why."""
    ballots = weighed(poll)

    outcome = counted(name, ballots)
    reasons = METHODS[name].explain(outcome, ballots)

    assert sorted(option for tier in outcome.tiers for option in tier) == list(OPTIONS)
    told = {option for reason in reasons for option in reason.options.values()}
    assert told >= {option for tier in outcome.tiers[1:] for option in tier}


@pytest.mark.parametrize("name", CONDORCET)
@settings(max_examples=40)
@given(strict_polls)
def test_an_option_preferred_to_every_other_is_first(name: str, poll: list[Ballot]) -> None:
    """Ensure the methods that follow Condorcet do."""
    ballots = weighed(poll)
    best = condorcet(ballots.pairwise)
    assume(best is not None)

    assert counted(name, ballots).first == (best,)


@pytest.mark.parametrize("name", MONOTONE)
@settings(max_examples=40)
@given(strict_polls, st.data())
def test_raising_an_option_never_harms_it(
    name: str, poll: list[Ballot], data: st.DataObject
) -> None:
    """Ensure a first option stays one when a ballot puts it first, unless a lot had to choose."""
    before = counted(name, weighed(poll))
    first = data.draw(st.sampled_from(before.first))
    place = data.draw(st.integers(0, len(poll) - 1))
    rest = tuple(tier for tier in poll[place].tiers if tier != (first,))
    raised = [*poll]
    raised[place] = replace(poll[place], tiers=((first,), *rest))

    after = counted(name, weighed(raised))

    assume(not (before.tie_broken or after.tie_broken))
    assert first in after.first


@settings(max_examples=40)
@given(strict_polls, st.integers(1, 4))
def test_stv_fills_every_place_once(poll: list[Ballot], seats: int) -> None:
    """Ensure as many options are chosen as there are places, and no value comes out of nothing."""
    outcome = METHODS[STV].count(weighed(poll), seats)

    assert len(outcome.first) == seats
    whole = sum(ballot.number for ballot in poll)
    for stage in outcome.detail.stages:
        assert sum(stage.votes.values()) <= whole
