"""The product counts as votelib does, an exact library by other people, on any ballots.

Where votelib makes an order out of a tie (it names one option where several are undominated, and
breaks equal preferences by the order of its dictionaries) only what it claims for certain is
compared. pref_voting, 750 MB with everything, is compared in `bench/tally.py`.
"""

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings
from votelib.component.rankscore import Borda
from votelib.convert import RankedToCondorcetVotes, RankedToPositionalVotes
from votelib.evaluate.condorcet import CondorcetWinner, Copeland, Schulze
from votelib.evaluate.sequential import TransferableVoteSelector

from deliberate.domain.tally import (
    Ballot,
    Tiers,
    combine,
    condorcet,
    count_profile,
    profile_of,
    schulze,
)
from deliberate.domain.tally.borda import borda_scores
from deliberate.domain.tally.copeland import copeland_tiers
from deliberate.domain.tally.instant_runoff import instant_runoff
from tests.domain.strategies import GROUPS, OPTIONS, polls

WEIGHTS = {"a": Fraction(1, 3), "b": Fraction(2, 7), "c": Fraction(1)}
"""Weights that no binary fraction holds."""


def votes_of(poll: list[Ballot]) -> dict[tuple[int | frozenset[int], ...], Fraction]:
    """The ballots as votelib takes them; a blank one, which it does not know, is left out."""
    votes: dict[tuple[int | frozenset[int], ...], Fraction] = {}
    for ballot in poll:
        ranking = tuple(
            tier[0] if len(tier) == 1 else frozenset(tier) for tier in ballot.tiers if tier
        )
        if ranking:
            votes[ranking] = (
                votes.get(ranking, Fraction()) + WEIGHTS[ballot.stratum] * ballot.number
            )
    return votes


def ranks_everything(poll: list[Ballot]) -> bool:
    """Whether each option is on some ballot; votelib forgets the others."""
    return {option for ballot in poll for tier in ballot.tiers for option in tier} == set(OPTIONS)


full_polls = polls.filter(ranks_everything)


@settings(max_examples=60)
@given(full_polls)
def test_pairwise_totals_equal_those_of_votelib(poll: list[Ballot]) -> None:
    """Ensure ties, truncation and weights add up to the same rationals for every pair."""
    theirs = RankedToCondorcetVotes().convert(votes_of(poll))

    ours = combine(count_profile(profile_of(poll, OPTIONS, GROUPS)), WEIGHTS, OPTIONS)

    for one in OPTIONS:
        for two in OPTIONS:
            if one != two:
                assert ours.over(one, two) == theirs.get((one, two), 0)


@settings(max_examples=60)
@given(full_polls)
def test_orders_from_pairs_agree_with_votelib(poll: list[Ballot]) -> None:
    """Ensure the Condorcet option, Schulze's only first one and Copeland's are the same."""
    theirs = RankedToCondorcetVotes().convert(votes_of(poll))

    ours = combine(count_profile(profile_of(poll, OPTIONS, GROUPS)), WEIGHTS, OPTIONS)

    best = condorcet(ours)
    assert CondorcetWinner().evaluate(theirs) == ([] if best is None else [best])
    for order, evaluator in ((schulze(ours).tiers, Schulze()), (copeland_tiers(ours), Copeland())):
        if len(order[0]) == 1 and best is not None:
            assert evaluator.evaluate(theirs, 1) == list(order[0])


@settings(max_examples=60)
@given(polls)
def test_borda_scores_equal_those_of_votelib(poll: list[Ballot]) -> None:
    """Ensure complete rankings give the same points; votelib shares those of ties otherwise."""
    complete = [replace(each, tiers=_completed(each.tiers)) for each in poll]
    theirs = RankedToPositionalVotes(Borda(base=0)).convert(votes_of(complete))

    ours = combine(count_profile(profile_of(complete, OPTIONS, GROUPS)), WEIGHTS, OPTIONS)

    assert borda_scores(ours) == {option: theirs.get(option, 0) for option in OPTIONS}


@settings(max_examples=60)
@given(full_polls)
def test_a_run_off_without_ties_ends_as_in_votelib(poll: list[Ballot]) -> None:
    """Ensure the same option is left when ballots stop early; votelib moves on parts of a tie."""
    strict = [replace(each, tiers=_strict(each.tiers)) for each in poll]
    outcome = instant_runoff(profile_of(strict, OPTIONS, GROUPS), WEIGHTS)
    assume(not outcome.tie_break_used)

    theirs = TransferableVoteSelector(quota_function=None).evaluate(votes_of(strict), 1)

    assert theirs == [outcome.first]


def _strict(tiers: Tiers) -> Tiers:
    """The ranking with its ties taken apart."""
    return tuple((option,) for tier in tiers for option in tier)


def _completed(tiers: Tiers) -> Tiers:
    """The same, with the options that were left out at the end."""
    ranked = _strict(tiers)
    return (*ranked, *((option,) for option in OPTIONS if (option,) not in ranked))
