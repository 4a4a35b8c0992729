"""Every method reproduces the published results of the public cases exactly."""

import json
from fractions import Fraction
from typing import Any

import pytest

from deliberate.domain.errors import Invalid
from deliberate.domain.reasons import REASON_LABELS
from deliberate.domain.tally import Measure, condorcet, count, schulze
from deliberate.domain.tally.borda import borda_scores, borda_tiers
from deliberate.domain.tally.copeland import copeland_tiers
from deliberate.domain.tally.instant_runoff import instant_runoff
from deliberate.domain.tally.method import CountingMethod, weigh_profile
from deliberate.domain.tally.ranked_pairs import ranked_pairs
from deliberate.domain.tally.registry import METHODS
from deliberate.domain.tally.scottish_stv import scottish_stv
from deliberate.domain.weighting import Scheme
from tests.domain.voting_cases import Case, names_with, read

Tiers = tuple[tuple[int, ...], ...]


def as_sets(tiers: Tiers) -> list[set[int]]:
    return [set(tier) for tier in tiers]


def check_order(case: Case, expected: dict[str, Any], tiers: Tiers) -> None:
    assert set(tiers[0]) == case.ids(expected["winner"])
    if "order" in expected:
        assert as_sets(tiers) == as_sets(case.tiers(expected["order"]))


def expectations(method: str) -> list[tuple[str, str, Measure]]:
    """Case, key and measure for each expectation; a key without suffix holds for both."""
    return [
        (name, key, measure)
        for measure in Measure
        for key in (method, f"{method}_{measure.value}")
        for name in names_with(key)
    ]


@pytest.mark.parametrize("name", names_with("pairwise"))
def test_pairwise_totals_are_exact(name: str) -> None:
    """Ensure every pairwise total equals the published one as a rational number."""
    case = read(name)

    pairwise = case.pairwise()

    for upper, row in case.expect["pairwise"].items():
        for lower, total in row.items():
            one, two = case.names.index(upper), case.names.index(lower)
            assert pairwise.over(one, two) == Fraction(total)


@pytest.mark.parametrize("name", names_with("condorcet_winner"))
def test_the_option_that_beats_all_others_is_found(name: str) -> None:
    """Ensure the Condorcet option is named, and none where a cycle or a tie prevents it."""
    case = read(name)

    found = condorcet(case.pairwise())

    assert ({found} - {None}) == case.ids(case.expect["condorcet_winner"])


@pytest.mark.parametrize(("name", "key", "measure"), expectations("schulze"))
def test_schulze_order_is_the_published_one(name: str, key: str, measure: Measure) -> None:
    """Ensure all undominated options and the tiers below agree, with either measure."""
    case = read(name)

    outcome = schulze(case.pairwise(), measure)

    check_order(case, case.expect[key], outcome.tiers)


@pytest.mark.parametrize("name", names_with("schulze_winning_paths"))
def test_schulze_paths_have_the_published_strengths(name: str) -> None:
    """Ensure each path of the paper's matrices is found, and its weakest link is that strong."""
    case = read(name)

    outcome = schulze(case.pairwise(), Measure.WINNING)

    for start, row in case.expect["schulze_winning_paths"].items():
        for end, strength in row.items():
            one, two = case.names.index(start), case.names.index(end)
            route = outcome.route(one, two)
            assert outcome.path(one, two) == Fraction(strength)
            assert route is not None
            assert (route.options[0], route.options[-1]) == (one, two)
            assert outcome.link(*route.weakest) == Fraction(strength)


@pytest.mark.parametrize(("name", "key", "measure"), expectations("ranked_pairs"))
def test_ranked_pairs_order_is_the_published_one(name: str, key: str, measure: Measure) -> None:
    """Ensure the outcome agrees; where ties can be broken either way, that this is said."""
    case = read(name)
    expected = case.expect[key]

    outcome = ranked_pairs(case.pairwise(), measure)

    if "possible_winners" in expected:
        assert set(outcome.tiers[0]) <= case.ids(expected["possible_winners"])
        assert outcome.tie_break_used
    else:
        check_order(case, expected, outcome.tiers)


@pytest.mark.parametrize("name", names_with("borda"))
def test_borda_scores_are_exact(name: str) -> None:
    """Ensure scores are the published rationals and give the published order."""
    case = read(name)
    expected = case.expect["borda"]

    pairwise = case.pairwise()

    scores = {case.names[option]: score for option, score in borda_scores(pairwise).items()}
    published = {option: Fraction(score) for option, score in expected.get("scores", {}).items()}
    assert published.items() <= scores.items()
    check_order(case, expected, borda_tiers(pairwise))


@pytest.mark.parametrize("name", names_with("copeland"))
def test_copeland_order_is_the_published_one(name: str) -> None:
    """Ensure wins and half-wins give the published order."""
    case = read(name)

    check_order(case, case.expect["copeland"], copeland_tiers(case.pairwise()))


@pytest.mark.parametrize("name", names_with("irv"))
def test_instant_runoff_ends_with_the_published_option(name: str) -> None:
    """Ensure the last option agrees; where lots may decide, that it is possible and is said."""
    case = read(name)
    expected = case.expect["irv"]

    outcome = instant_runoff(case.profile(), case.weights())

    assert outcome.first in case.ids(expected.get("winner", expected.get("possible_winners")))
    if len(expected.get("possible_winners", ())) > 1:
        assert outcome.tie_break_used
    if "order" in expected:
        assert [(option,) for option in outcome.order] == list(case.tiers(expected["order"]))


@pytest.mark.parametrize("name", ["weighted_groups_flip_majority", "weighted_irv_group_order"])
def test_the_group_scheme_gives_every_group_one_voice(name: str) -> None:
    """Ensure head counts per group, weighed by the scheme, give the published weighted totals."""
    case = read(name)
    sizes: dict[str, int] = {}
    for row in case.rows:
        size = Fraction(row["weight"]).denominator
        sizes[row["group"]] = max(sizes.get(row["group"], 1), size)
    # Some weights of the file are reduced fractions; the largest denominator is the group size.
    poll = case.ballots()
    for place, row in enumerate(case.rows):
        number = Fraction(row["weight"]) * sizes[row["group"]]
        poll[place] = type(poll[place])(row["group"], poll[place].tiers, int(number))

    tally = count(poll, case.options, Scheme.GROUP, minimum=1)

    assert tally.result is not None
    for upper, cells in case.expect["pairwise"].items():
        for lower, total in cells.items():
            one, two = case.names.index(upper), case.names.index(lower)
            assert tally.result.pairwise.over(one, two) == Fraction(total)
    check_order(case, case.expect["schulze"], tally.result.tiers)


@pytest.mark.parametrize("name", names_with("stv_scottish"))
def test_scottish_stv_elects_the_published_options(name: str) -> None:
    """Ensure quota and elected options are those of the reference reports."""
    case = read(name)
    expected = case.expect["stv_scottish"]

    outcome = scottish_stv(case.profile(), case.weights(), expected["seats"])

    assert outcome.quota == expected["quota"]
    assert set(outcome.elected) == case.ids(expected["elected"])


@pytest.mark.parametrize("name", names_with("pairwise"))
@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_every_method_says_why_each_option_is_not_first(
    name: str, method: CountingMethod[Any]
) -> None:
    """Ensure the outcome holds each option once, as data, and explains with known sentences."""
    case = read(name)
    ballots = weigh_profile(case.profile(), case.weights())

    try:
        method.check(ballots.profile)
    except Invalid:
        assert method.name == "stv_scottish"
        return
    outcome = method.count(ballots)

    assert sorted(option for tier in outcome.tiers for option in tier) == list(case.options)
    assert json.dumps(outcome.as_json())
    for reason in method.explain(outcome, ballots):
        words = REASON_LABELS[reason.kind]
        assert words % {**reason.options, **reason.numbers}
        assert all(f"%({name})s" in words for name in (*reason.options, *reason.numbers))
