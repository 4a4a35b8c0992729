"""The figures of a count, named and shaped as in the public voting cases.

Options go by their names, a tier is a list of them, and numbers are integers or "p/q". The words
are the literature's; no page shows them. Where a tie had to be broken, `possible_winners` names
every option that breaking it otherwise could have put first, if there are not too many ways.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from deliberate.domain.tally import Measure, Pairwise, Tiers, condorcet, schulze
from deliberate.domain.tally.instant_runoff import InstantRunoff
from deliberate.domain.tally.method import Outcome
from deliberate.domain.tally.possible import possible_ranked_pairs, possible_runoff
from deliberate.domain.tally.ranked_pairs import ranked_pairs
from deliberate.domain.tally.scores import Scores
from deliberate.domain.tally.scottish_stv import ScottishStv
from deliberate.domain.weighting import exact
from deliberate.interchange.counting import FileCount

Figures = dict[str, Any]
Names = tuple[str, ...]


def figures(count: FileCount) -> Figures:
    """The figures of every method that was counted, and the pairwise count they rest on."""
    names, ballots = count.file.options, count.ballots
    found: Figures = {}
    if ballots is not None:
        first = condorcet(ballots.pairwise)
        found["pairwise"] = _pairwise(ballots.pairwise, names)
        found["condorcet_winner"] = [] if first is None else [names[first]]
    for method, outcome in count.outcomes.items():
        if ballots is not None and method in BY_MEASURE:
            found |= _by_both_measures(method, ballots.pairwise, names)
            if method == "schulze":
                found["schulze_winning_paths"] = _paths(ballots.pairwise, names)
        else:
            found[method] = _figure(outcome, count)
    return found


def _figure(outcome: Outcome[Any], count: FileCount) -> Figures:
    """The figure of one method: its order and what else belongs to it."""
    names, detail = count.file.options, outcome.detail
    found = {} if isinstance(detail, ScottishStv) else _order(outcome.tiers, names)
    found |= {"tie_break_used": True} if outcome.tie_broken else {}
    match detail:
        case ScottishStv():
            found |= _elected(detail, names)
        case InstantRunoff():
            found["rounds"] = _rounds(detail, names)
            if detail.tie_break_used and count.ballots is not None:
                found |= _ties(possible_runoff(count.ballots.profile, count.ballots.weights), names)
        case Scores():
            scores = detail.scores.items()
            found["scores"] = {names[option]: exact(score) for option, score in scores}
            found["total_weight"] = exact(count.weight)
    return found


def _pairwise(pairwise: Pairwise, names: Names) -> Figures:
    """For each option the weight that places it above each other one."""
    return _square(pairwise.over, names)


def _paths(pairwise: Pairwise, names: Names) -> Figures:
    """The strength of the strongest path between every two options, by winning votes."""
    return _square(schulze(pairwise, Measure.WINNING).path, names)


def _square(number: Callable[[int, int], Fraction], names: Names) -> Figures:
    """A number for every two different options."""
    options = range(len(names))
    return {
        names[row]: {names[each]: exact(number(row, each)) for each in options if each != row}
        for row in options
    }


def _order(tiers: Tiers, names: Names) -> Figures:
    """The first tier and all tiers."""
    order = [[names[option] for option in tier] for tier in tiers]
    return {"winner": order[0], "order": order}


def _elected(detail: ScottishStv, names: Names) -> Figures:
    """Who is elected, in that order."""
    elected = [names[option] for option in detail.elected]
    return {"seats": detail.seats, "quota": detail.quota, "elected": elected}


def _rounds(detail: InstantRunoff, names: Names) -> list[Figures]:
    """The rounds in which there was still a choice."""
    rounds = (each.votes.items() for each in detail.rounds if len(each.votes) > 1)
    return [{names[option]: exact(votes) for option, votes in each} for each in rounds]


def _by_both_measures(method: str, pairwise: Pairwise, names: Names) -> Figures:
    """The figure for margins, for winning votes, and under the plain name what they agree on."""
    margins = BY_MEASURE[method](pairwise, Measure.MARGINS, names)
    winning = BY_MEASURE[method](pairwise, Measure.WINNING, names)
    same = {key: value for key, value in margins.items() if winning.get(key) == value}
    agreed = {method: same} if "winner" in same else {}
    return {**agreed, f"{method}_margins": margins, f"{method}_winning": winning}


def _schulze(pairwise: Pairwise, measure: Measure, names: Names) -> Figures:
    """Those whom no path beats; the order, if the paths leave no doubt about it."""
    outcome = schulze(pairwise, measure)
    found = _order(outcome.tiers, names)
    return found if outcome.complete else {"winner": found["winner"]}


def _ranked_pairs(pairwise: Pairwise, measure: Measure, names: Names) -> Figures:
    """The order of the preferences that are kept."""
    outcome = ranked_pairs(pairwise, measure)
    found = _order(outcome.tiers, names)
    if outcome.tie_break_used:
        found |= _ties(possible_ranked_pairs(pairwise, measure), names)
    return found


def _ties(possible: frozenset[int] | None, names: Names) -> Figures:
    """That a tie was broken, and who could have been first."""
    others = (
        {} if possible is None else {"possible_winners": [names[at] for at in sorted(possible)]}
    )
    return {"tie_break_used": True, **others}


BY_MEASURE: Mapping[str, Callable[[Pairwise, Measure, Names], Figures]] = {
    "schulze": _schulze,
    "ranked_pairs": _ranked_pairs,
}
"""Methods that rest on the strength of preferences, of which there are two measures."""
