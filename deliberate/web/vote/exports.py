"""Results as tables with one number in each row, and as data.

Column names and the words in the first column are part of the format and stay in English, like
the notice; they are explained by their names.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from deliberate.actions.results import PointResult, PollResult, ProposalResult, Results
from deliberate.domain.ballots import Kind
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.positions import Position, Rating
from deliberate.domain.weighting import exact
from deliberate.exporting.tables import Cell, Table
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.polls import Poll, Tally
from deliberate.web.ui import percent
from deliberate.web.vote.mark_results import ANSWER_COLUMNS, MarkResult
from deliberate.web.vote.pages import Count, Outcome, list_frozen_options, read_outcome
from deliberate.web.vote.polls import PollView

NOTICE = "Responses of registered participants. Not a decision or position of the IGF or the UN."
TOO_FEW = "too few to show"
COUNTED = "current version: these ratings are counted"
NOT_COUNTED = "earlier version: these ratings are not counted"
POLL_COLUMNS = ("record", "count", "proposal", "other_proposal", "number", "of", "share", "text")
DELIBERATION_COLUMNS = (
    "record", "id", "version", "title", "group", "answer", "number", "of", "share", "text",
)  # fmt: skip
DIGEST_IS = "SHA-256 of the canonical JSON (RFC 8785, strings in NFC) of the member `result`"
FINGERPRINT_IS = "SHA-256 of the canonical JSON (RFC 8785, strings in NFC) of the member `frozen`"


def poll_table(view: PollView, tally: Tally, outcome: Outcome) -> Table:
    """Every number of the result page: turnout, places, first preferences and pairs.

    `count` names a scheme or a group; `number` and `of` are exact, rationals as "p/q".
    """
    rows = _facts(view, tally)
    rows += [
        ("turnout", group, None, None, ballots, None, None, tally.result["published"][group])
        for group, ballots in outcome.turnout.items()
    ]
    for name, count in _counts(outcome):
        rows += _places(name, count, view.titles)
    for each in outcome.schemes:
        if each.count is not None:
            rows += _pairs(each.scheme.value, each.count, view.titles)
    return Table(POLL_COLUMNS, tuple(rows))


def answer_table(view: PollView, tally: Tally, result: MarkResult) -> Table:
    """The same of a ballot that is no ranking: who gave which answer, and the sums."""
    turnout = [
        ("turnout", group, None, None, number, None, None, tally.result["published"][group])
        for group, number in tally.result["turnout"].items()
    ]
    return Table(ANSWER_COLUMNS, (*_facts(view, tally), *turnout, *result.rows()))


def _facts(view: PollView, tally: Tally) -> list[tuple[Cell, ...]]:
    """What a table begins with: what was counted, how, and what it can be checked against."""
    facts = [
        ("notice", NOTICE),
        ("title", view.poll.title),
        ("method", view.poll.frozen["method"]),
        ("primary_scheme", view.poll.primary_scheme),
        ("fingerprint", view.poll.fingerprint),
        ("digest", tally.digest),
        ("counted_at", tally.counted_at.isoformat()),
    ]
    if view.invalidation is not None:
        facts.insert(0, ("invalid", view.invalidation.reason))
    return [_fact(name, text) for name, text in facts]


def _fact(name: str, text: str) -> tuple[Cell, ...]:
    return (name, *(None,) * (len(POLL_COLUMNS) - 2), text)


def _counts(outcome: Outcome) -> Iterator[tuple[str, Count]]:
    """The groups first, then the schemes."""
    yield from outcome.groups.items()
    for each in outcome.schemes:
        if each.count is not None:
            yield each.scheme.value, each.count


def _places(name: str, count: Count, titles: Mapping[int, str]) -> Iterator[tuple[Cell, ...]]:
    yield ("ballots", name, None, None, count.ballots, None, None, None)
    for tier in count.tiers:
        for option in tier:
            yield ("place", name, titles[option], None, count.place(option), None, None, None)


def _pairs(name: str, count: Count, titles: Mapping[int, str]) -> Iterator[tuple[Cell, ...]]:
    for option, weight in count.firsts.items():
        yield ("ranked_first", name, titles[option], None, *_part(weight, count.total), None)
    for (upper, lower), weight in count.cells.items():
        yield (
            "preferred", name, titles[upper], titles[lower], *_part(weight, count.total), None,
        )  # fmt: skip


def _part(weight: Fraction, total: Fraction) -> tuple[Cell, Cell, Cell]:
    """A weight, the whole it is part of, and the percentage the page shows."""
    return exact(weight), exact(total), percent(weight / total) if total else None


def poll_document(view: PollView, tally: Tally) -> dict[str, Any]:
    """The poll as frozen, and the stored count word for word, with how to check both."""
    return {"notice": NOTICE, **_poll_data(view.poll, tally.result), "digest": tally.digest,
            "digest_is": DIGEST_IS, "counted_at": tally.counted_at.isoformat(),
            "options": _options(view.poll, [option.id for option in view.options])}  # fmt: skip


def _poll_data(poll: Poll, result: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "poll": poll.id,
        "title": poll.title,
        "frozen": poll.frozen,
        "fingerprint": poll.fingerprint,
        "closes_at": poll.closes_at.isoformat(),
        "invalidated_at": poll.invalidated_at.isoformat() if poll.invalidated_at else None,
        "fingerprint_is": FINGERPRINT_IS,
        "result": result,
    }


def _options(poll: Poll, ids: list[int]) -> list[dict[str, Any]]:
    """Which proposal version the numbers in the stored count stand for."""
    return [
        {
            "id": option.id,
            "title": option.title,
            "proposal": option.proposal_id,
            "version": option.version,
        }
        for option in list_frozen_options(poll.frozen, ids)
    ]


def deliberation_table(results: Results) -> Table:
    """Positions, ratings and places by group; a group too small to show is named without numbers.

    A rating is one of the version named beside it; `ratings_given` says how many people rated
    each version, which is turnout (docs/method.md, section 7). `of` counts those of the group who
    answered. Ratings are confidential, so nothing is summed over groups: a total would give the
    hidden ones away.
    """
    rows: list[tuple[Cell, ...]] = [
        ("notice", *(None,) * (len(DELIBERATION_COLUMNS) - 2), NOTICE),
        *(row for point in results.points for row in _point_rows(point)),
        *(row for line in results.proposals for row in _proposal_rows(line)),
        *(row for poll in results.polls for row in _poll_rows(poll)),
    ]
    return Table(DELIBERATION_COLUMNS, tuple(rows))


def _point_rows(result: PointResult) -> Iterator[tuple[Cell, ...]]:
    reporting = _reporting(result)
    for group in StakeholderGroup.registrable():
        start = ("position", result.point.id, None, result.point.text, group.value)
        if result.is_named or group in reporting:
            yield from _answers(start, Position, result.numbers.get(group, {}))
        else:
            yield (*start, None, None, None, None, TOO_FEW)


def _proposal_rows(result: ProposalResult) -> Iterator[tuple[Cell, ...]]:
    line = result.proposal
    reporting = _reporting(result)
    for group in StakeholderGroup.registrable():
        start = ("rating", line.id, line.version_number, line.title, group.value)
        if group in reporting:
            yield from _answers(start, Rating, result.numbers.get(group, {}))
        else:
            yield (*start, None, None, None, None, TOO_FEW)
    for number, count in result.given.items():
        counted = COUNTED if number == line.version_number else NOT_COUNTED
        yield ("ratings_given", line.id, number, line.title, None, None, count, None, None, counted)


def _reporting(result: PointResult | ProposalResult) -> set[StakeholderGroup]:
    return {StakeholderGroup(each.group) for each in result.indicator.groups if each.reports}


def _answers(
    start: tuple[Cell, ...], scale: Iterable[Any], numbers: Mapping[Any, int]
) -> Iterator[tuple[Cell, ...]]:
    total = sum(numbers.values())
    for answer in scale:
        number = numbers.get(answer, 0)
        share = percent(Fraction(number, total)) if total else None
        yield (*start, answer.value, number, total, share, None)


def _poll_rows(result: PollResult) -> Iterator[tuple[Cell, ...]]:
    if result.result is None or result.poll.kind is not Kind.RANKED:
        return
    titles = {option.id: option.title for option in result.options}
    poll = result.poll
    text = f"{poll.title} (declared invalid)" if poll.invalidated_at else poll.title
    for name, count in _counts(read_outcome(result.result)):
        for tier in count.tiers:
            for option in tier:
                start = ("place", poll.id, None, titles[option], name)
                yield (*start, None, count.place(option), len(titles), None, text)


def deliberation_document(page: DeliberationPage, results: Results) -> dict[str, Any]:
    """A deliberation's results as data, groups that are too small to show without numbers."""
    return {
        "notice": NOTICE,
        "deliberation": page.id,
        "title": page.title,
        "closed_at": page.closes_at.isoformat(),
        "fingerprint": page.deliberation.fingerprint,
        "points": [_point_data(point) for point in results.points],
        "proposals": [_proposal_data(line) for line in results.proposals],
        "polls": [
            {
                **_poll_data(each.poll, each.result),
                "options": _options(each.poll, [option.id for option in each.options]),
            }
            for each in results.polls
        ],
    }


def _point_data(result: PointResult) -> dict[str, Any]:
    reporting = set(StakeholderGroup) if result.is_named else _reporting(result)
    groups = {
        group.value: {answer.value: own.get(answer, 0) for answer in Position}
        if group in reporting
        else None
        for group in StakeholderGroup.registrable()
        for own in (result.numbers.get(group, {}),)
    }
    return {
        "id": result.point.id,
        "text": result.point.text,
        "positions": groups,
        "indicator": result.indicator.as_json(confidential=not result.is_named),
    }


def _proposal_data(result: ProposalResult) -> dict[str, Any]:
    reporting = _reporting(result)
    groups = {
        group.value: {answer.value: own.get(answer, 0) for answer in Rating}
        if group in reporting
        else None
        for group in StakeholderGroup.registrable()
        for own in (result.numbers.get(group, {}),)
    }
    return {
        "id": result.proposal.id,
        "version": result.proposal.version_number,
        "title": result.proposal.title,
        "ratings": groups,
        "ratings_given": {str(number): count for number, count in result.given.items()},
        "indicator": result.indicator.as_json(confidential=True),
    }
