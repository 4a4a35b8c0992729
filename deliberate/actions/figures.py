"""The figures of a deliberation that a summary may stand on."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from deliberate.actions.results import PointResult, PollResult, ProposalResult, Results
from deliberate.domain.ballots import read_rules
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.positions import Counts
from deliberate.domain.summaries import Figure

SHORT = {
    StakeholderGroup.CIVIL_SOCIETY: "civ",
    StakeholderGroup.GOVERNMENT: "gov",
    StakeholderGroup.INTERGOVERNMENTAL: "igo",
    StakeholderGroup.PRIVATE_SECTOR: "pri",
    StakeholderGroup.TECHNICAL: "tec",
}


def list_figures(results: Results, address: str) -> dict[str, Figure]:
    """Every figure by its key; `address` is the deliberation's page."""
    found = [
        *(each for point in results.points for each in _of_point(point, address)),
        *(each for line in results.proposals for each in _of_proposal(line)),
        *(each for poll in results.polls for each in _of_poll(poll)),
    ]
    return {figure.key: figure for figure in found}


def _of_point(result: PointResult, address: str) -> Iterator[Figure]:
    key, name = f"point-{result.point.id}", f"Point {result.point.position}"
    yield from _of_groups(key, name, result, f"{address}#point-{result.point.id}")


def _of_proposal(result: ProposalResult) -> Iterator[Figure]:
    proposal = result.proposal
    key, name = f"proposal-{proposal.id}", f"“{proposal.title}”"
    yield from _of_groups(key, name, result, f"/proposals/{proposal.id}#results")


def _of_groups(
    key: str, name: str, result: PointResult | ProposalResult, address: str
) -> Iterator[Figure]:
    """The class, the support of all together, and the support of each group that reports.

    Ratings are confidential, so their sum is over reporting groups only: otherwise the cell of
    a group that is not shown could be had by subtraction. Positions on points are named.
    """
    indicator = result.indicator
    named = isinstance(result, PointResult) and result.is_named
    counted = [each for each in indicator.groups if named or each.reports]
    label = "support, all participants" if named else "support, reporting groups"
    yield Figure(f"{key}.class", f"{name}: indicator", indicator.label.lower(), address)
    together = sum((each.counts for each in counted), Counts())
    yield Figure(f"{key}.all", f"{name}: {label}", _share(together), address)
    for each in indicator.groups:
        short = SHORT[StakeholderGroup(each.group)]
        text = _share(each.counts) if each.reports else "too few responses"
        yield Figure(f"{key}.{short}", f"{name}: support, {each.group}", text, address)


def _of_poll(result: PollResult) -> Iterator[Figure]:
    """Who was ranked first under each scheme, and how many ballots that rests on."""
    if result.result is None:
        return
    key, address = f"poll-{result.poll.id}", f"/polls/{result.poll.id}/results"
    titles = {option.id: option.title for option in result.options}
    ballots = sum(result.result["turnout"].values())
    # Whoever cites a figure of a poll that was declared invalid says so, in the figure itself.
    remark = " (declared invalid)" if result.poll.invalidated_at else ""
    yield Figure(f"{key}.ballots", f"Poll: ballots{remark}", f"{ballots}{remark}", address)
    if not read_rules(result.poll.kind, result.poll.settings).adds_up:
        return
    for scheme in result.result["schemes"]:
        name, first = scheme["scheme"], _first(scheme, titles)
        label = f"Poll: ranked first, {name}{remark}"
        yield Figure(f"{key}.first.{name}", label, f"{first}{remark}", address)


def _first(scheme: Mapping[str, Any], titles: Mapping[int, str]) -> str:
    tiers = scheme["result"]["tiers"] if scheme["result"] else []
    return " / ".join(f"“{titles[option]}”" for option in tiers[0]) if tiers else "no result"


def _share(counts: Counts) -> str:
    """Support among those who took a side, as "7 of 12 (58%)"."""
    if counts.support is None:
        return "no positions"
    percent = int(counts.support * 100 + Fraction(1, 2))
    return f"{counts.agree} of {counts.positions} ({percent}%)"
