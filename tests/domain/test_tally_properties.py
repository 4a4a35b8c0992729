"""What every count must satisfy, whatever people vote (Schulze 2011 section 4 for his method)."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.tally import (
    Ballot,
    Measure,
    RankedTally,
    Tiers,
    combine,
    condorcet,
    count,
    count_strata,
    profile_of,
    schulze,
)
from deliberate.domain.tally.borda import borda_tiers
from deliberate.domain.tally.copeland import copeland_tiers
from deliberate.domain.tally.instant_runoff import instant_runoff
from deliberate.domain.tally.ranked_pairs import ranked_pairs
from deliberate.domain.weighting import Scheme
from tests.domain.strategies import GROUPS, OPTIONS, cast_polls, polls

schemes = st.sampled_from(Scheme)
measures = st.sampled_from(Measure)


def counted(poll: list[Ballot], scheme: Scheme, measure: Measure = Measure.WINNING) -> RankedTally:
    return count(poll, OPTIONS, scheme, minimum=1, groups=GROUPS, measure=measure)


def placed(tally: RankedTally) -> list[set[int]]:
    return [set(tier) for tier in tally.result.tiers] if tally.result else []


def renamed(tiers: Tiers, names: dict[int, int]) -> Tiers:
    return tuple(tuple(names[option] for option in tier) for tier in tiers)


@given(cast_polls, schemes, measures, st.data())
def test_who_casts_a_ballot_first_does_not_matter(
    poll: list[Ballot], scheme: Scheme, measure: Measure, data: st.DataObject
) -> None:
    """Ensure the served result is the same in any order of ballots (anonymity)."""
    shuffled = data.draw(st.permutations(poll))

    assert counted(shuffled, scheme, measure).as_json() == counted(poll, scheme, measure).as_json()


@given(cast_polls, schemes, measures, st.permutations(OPTIONS))
def test_no_option_is_favoured(
    poll: list[Ballot], scheme: Scheme, measure: Measure, order: list[int]
) -> None:
    """Ensure renaming the options renames the outcome (neutrality)."""
    names = dict(zip(OPTIONS, order, strict=True))
    other = [replace(ballot, tiers=renamed(ballot.tiers, names)) for ballot in poll]

    expected = [
        {names[option] for option in tier} for tier in placed(counted(poll, scheme, measure))
    ]

    assert placed(counted(other, scheme, measure)) == expected


@given(cast_polls, schemes, measures, st.data())
def test_raising_an_option_never_harms_it(
    poll: list[Ballot], scheme: Scheme, measure: Measure, data: st.DataObject
) -> None:
    """Ensure an undominated option stays so when one ballot ranks it first (monotonicity)."""
    first = data.draw(st.sampled_from(counted(poll, scheme, measure).first))
    place = data.draw(st.integers(0, len(poll) - 1))
    raised = list(poll)
    rest = (tuple(o for o in tier if o != first) for tier in poll[place].tiers)
    raised[place] = replace(poll[place], tiers=((first,), *(tier for tier in rest if tier)))

    assert first in counted(raised, scheme, measure).first


@given(polls, schemes)
def test_a_number_of_ballots_is_that_many_ballots(poll: list[Ballot], scheme: Scheme) -> None:
    """Ensure one entry for three people counts as three entries for one."""
    one_by_one = [replace(ballot, number=1) for ballot in poll for _ in range(ballot.number)]

    assert counted(one_by_one, scheme).as_json() == counted(poll, scheme).as_json()


@given(polls, st.dictionaries(st.sampled_from(GROUPS), st.integers(1, 5), min_size=3))
def test_an_integer_weight_is_that_many_ballots(poll: list[Ballot], times: dict[str, int]) -> None:
    """Ensure weighing a group by three equals counting each of its ballots three times."""
    repeated = [replace(ballot, number=ballot.number * times[ballot.stratum]) for ballot in poll]
    ones = dict.fromkeys(GROUPS, Fraction(1))
    weights = {group: Fraction(number) for group, number in times.items()}

    weighed = combine(count_strata(poll, OPTIONS, GROUPS), weights, OPTIONS)

    expected = combine(count_strata(repeated, OPTIONS, GROUPS), ones, OPTIONS)
    assert weighed.as_json() == expected.as_json()


@given(polls, st.fractions(min_value="1/9", max_value=9, max_denominator=9), measures)
def test_the_unit_of_weight_does_not_matter(
    poll: list[Ballot], unit: Fraction, measure: Measure
) -> None:
    """Ensure multiplying all weights by one rational changes no tier."""
    strata = count_strata(poll, OPTIONS, GROUPS)
    weights = {"a": Fraction(1, 3), "b": Fraction(1, 7), "c": Fraction(2)}
    scaled = {group: weight * unit for group, weight in weights.items()}

    one, two = combine(strata, weights, OPTIONS), combine(strata, scaled, OPTIONS)

    assert schulze(one, measure).tiers == schulze(two, measure).tiers


@given(cast_polls, schemes, measures)
def test_the_option_that_beats_all_others_is_first_alone(
    poll: list[Ballot], scheme: Scheme, measure: Measure
) -> None:
    """Ensure Schulze, ranked pairs and Copeland name the Condorcet option where there is one."""
    result = counted(poll, scheme, measure).result
    assert result is not None
    best = result.condorcet

    if best is not None:
        assert result.first == (best,)
        assert ranked_pairs(result.pairwise, measure).tiers[0] == (best,)
        assert copeland_tiers(result.pairwise)[0] == (best,)
        assert best not in borda_tiers(result.pairwise)[-1]


@given(cast_polls, st.sampled_from(GROUPS), st.integers(2, 5))
def test_copying_a_whole_group_gives_it_no_more_voice(
    poll: list[Ballot], group: str, times: int
) -> None:
    """Ensure equal groups count the same however often one group's ballots are repeated."""
    copied = [
        replace(ballot, number=ballot.number * (times if ballot.stratum == group else 1))
        for ballot in poll
    ]

    before, after = counted(poll, Scheme.GROUP).result, counted(copied, Scheme.GROUP).result

    assert before is not None
    assert after is not None
    for one in OPTIONS:
        for two in OPTIONS:
            assert before.pairwise.over(one, two) == after.pairwise.over(one, two)
    assert before.tiers == after.tiers
    assert before.first_preferences == after.first_preferences


@given(polls, schemes)
def test_two_options_that_every_ballot_ties_stay_tied(poll: list[Ballot], scheme: Scheme) -> None:
    """Ensure a tie is reported as one tier, whatever the ids of the options."""
    level = [
        replace(ballot, tiers=tuple(t for tier in ballot.tiers if (t := _without_three(tier))))
        for ballot in poll
    ] + [Ballot("a", ())]

    result = counted(level, scheme).result

    assert result is not None
    assert any({3, 4} <= set(tier) for tier in result.tiers)
    assert result.pairwise.margin(3, 4) == 0


def _without_three(tier: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(option for option in tier if option not in (3, 4))


@given(cast_polls, measures)
def test_every_order_is_explained_by_its_paths(poll: list[Ballot], measure: Measure) -> None:
    """Ensure each route is made of preferences at least as strong as the path it explains."""
    result = counted(poll, Scheme.PARTICIPANT, measure).result
    assert result is not None

    for first, other, there, back in result.schulze.explanation():
        forward = there.strength if there else Fraction()
        backward = back.strength if back else Fraction()
        assert forward >= backward
        assert (forward > backward) == (other not in result.first) or not result.schulze.complete
        for route, ends in ((there, (first, other)), (back, (other, first))):
            if route:
                links = [
                    result.schulze.link(a, b)
                    for a, b in zip(route.options, route.options[1:], strict=False)
                ]
                assert (route.options[0], route.options[-1]) == ends
                assert min(links) == route.strength


@given(cast_polls, schemes)
def test_at_a_turning_point_the_first_option_is_level(poll: list[Ballot], scheme: Scheme) -> None:
    """Ensure the exact factor gives an exact tie, and half way to it nothing has changed."""
    tally = counted(poll, scheme)
    strata = count_strata(poll, OPTIONS, GROUPS)

    for point in tally.turning:
        for turn in (point.less, point.more):
            if turn:
                for factor, holds in ((turn.factor, False), ((turn.factor + 1) / 2, True)):
                    weights = dict(tally.weights.per_group)
                    weights[point.group] *= factor
                    moved = combine(strata, weights, OPTIONS)
                    assert (condorcet(moved) == tally.first[0]) is holds
                    level = all(moved.margin(tally.first[0], rival) == 0 for rival in turn.rivals)
                    assert level is not holds


@given(cast_polls)
def test_without_a_turning_point_no_weight_changes_the_first_place(poll: list[Ballot]) -> None:
    """Ensure a group said to be unable to turn the first place is unable to."""
    tally = counted(poll, Scheme.GROUP)
    strata = count_strata(poll, OPTIONS, GROUPS)

    for point in tally.turning:
        for turn, factor in ((point.less, Fraction(0)), (point.more, Fraction(10**6))):
            if turn is None:
                weights = dict(tally.weights.per_group)
                weights[point.group] *= factor
                assert condorcet(combine(strata, weights, OPTIONS)) == tally.first[0]


@given(cast_polls, schemes)
def test_no_weight_is_lost_in_a_run_off(poll: list[Ballot], scheme: Scheme) -> None:
    """Ensure votes and exhausted ballots of each round add up to the whole weight."""
    tally = counted(poll, scheme)
    assert tally.result is not None

    outcome = instant_runoff(profile_of(poll, OPTIONS), tally.weights.per_group)

    assert sorted(outcome.order) == list(OPTIONS)
    for each in outcome.rounds:
        assert sum(each.votes.values()) + each.exhausted == tally.result.pairwise.weight


@given(polls, schemes)
def test_results_are_plain_data(poll: list[Ballot], scheme: Scheme) -> None:
    """Ensure a served tally survives JSON unchanged."""
    served = counted(poll, scheme).as_json()

    assert json.loads(json.dumps(served)) == served


@pytest.mark.parametrize("tiers", [((1,), (1,)), ((1, 1),), ((9,),)])
def test_a_ballot_that_does_not_fit_the_options_is_refused(tiers: Tiers) -> None:
    """Ensure an option ranked twice or not offered is never counted."""
    with pytest.raises(ValueError, match="not offered"):
        count([Ballot("a", tiers)], OPTIONS, Scheme.PARTICIPANT)
