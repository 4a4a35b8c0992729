"""What a counted poll came to: the page, the chart's data and the downloads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, request

from deliberate.actions.deliberations import get_page
from deliberate.actions.results import get_results
from deliberate.actions.voters import OpenPoll
from deliberate.charts.figures import Chart
from deliberate.domain.ballots import Kind
from deliberate.domain.errors import NotFound
from deliberate.exporting.tables import Table, csv_bytes
from deliberate.policy import Can, require
from deliberate.storage.ballots import list_all_reasons
from deliberate.storage.polls import Tally, find_tally
from deliberate.web.database import reader
from deliberate.web.login import current_actor
from deliberate.web.render import respond
from deliberate.web.vote import exports
from deliberate.web.vote.blueprint import blueprint
from deliberate.web.vote.figures import marks_of, pair_rows, places_chart, preferences_chart
from deliberate.web.vote.mark_results import MarkResult, read_marks
from deliberate.web.vote.methods import Methods, Wording, read_methods
from deliberate.web.vote.pages import Outcome, read_outcome, turnout_rows
from deliberate.web.vote.polls import PollView, view_poll
from deliberate.web.vote.words import Telling, scheme_label


@dataclass(frozen=True, slots=True)
class ResultView:
    """A counted poll and everything that is said about it."""

    tally: Tally
    outcome: Outcome
    telling: Telling
    methods: Methods | None
    places: Chart | None
    preferences: Chart | None

    def scheme_rows(self) -> list[dict[str, Any]]:
        """The schemes beside each other, the primary one first."""
        differing = {each.scheme for each in self.outcome.differences}
        return [
            {
                "label": scheme_label(each.scheme),
                "order": self.telling.order(each.count),
                "is_primary": each is self.outcome.primary,
                "agrees": each.scheme not in differing,
            }
            for each in self.outcome.schemes
        ]


@blueprint.get("/polls/<int:poll_id>/results")
def show_results(poll_id: int) -> Response:
    """The result when it is counted; before, turnout and when results come."""
    view = view_poll(poll_id)
    tally = find_tally(reader(), poll_id)
    if tally is not None and view.poll.kind is not Kind.RANKED:
        return _show_marks(view, read_marks(view, tally))
    result = _result(view, tally) if tally else None
    turnout = result.outcome.turnout if result else None
    return respond(
        "vote/results.html",
        "results",
        view=view,
        result=result,
        pairs=pair_rows(result.outcome, view.titles) if result else [],
        all_pairs=result is not None and result.outcome.shows_all_pairs,
        turnout=view.turnout() if turnout is None else turnout_rows(turnout, view.poll.frozen),
    )


def _show_marks(view: PollView, result: MarkResult) -> Response:
    """The result of a ballot that is no ranking, with the reasons that came with it."""
    turnout = result.tally.result["turnout"]
    return respond(
        "vote/mark_results.html",
        "results",
        view=view,
        result=result,
        reasons=list_all_reasons(reader(), view.poll.id) if result.schemes else [],
        turnout=turnout_rows(turnout, view.poll.frozen),
    )


def _result(view: PollView, tally: Tally) -> ResultView:
    outcome = read_outcome(tally.result)
    return ResultView(
        tally=tally,
        outcome=outcome,
        telling=Telling(outcome, view.titles, view.poll.minimum),
        methods=_methods(tally, outcome, view.titles),
        places=places_chart(outcome, view.titles),
        preferences=preferences_chart(outcome, view.titles),
    )


def _methods(tally: Tally, outcome: Outcome, titles: Mapping[int, str]) -> Methods | None:
    primary = outcome.primary
    if primary.count is None:
        return None
    wording = Wording(marks_of(outcome, titles), primary.scheme, primary.count.total)
    return read_methods(tally.result, wording)


@blueprint.get("/polls/<int:poll_id>/chart.json")
def send_chart(poll_id: int) -> Response:
    """The figure of places by group, or with `show=preferences` that of the option ranked first."""
    view = view_poll(poll_id)
    tally = _get_tally(view)
    if view.poll.kind is not Kind.RANKED:
        raise NotFound("There is no such chart.")
    outcome = read_outcome(tally.result)
    make = preferences_chart if request.args.get("show") == "preferences" else places_chart
    chart = make(outcome, view.titles)
    if chart is None:
        raise NotFound("There is no such chart.", "Too few ballots were cast for one.")
    return jsonify(chart.figure)


@blueprint.get("/polls/<int:poll_id>/results.csv")
def send_results_table(poll_id: int) -> Response:
    """Every number of the result page, one in each row."""
    view = view_poll(poll_id)
    tally = _get_tally(view)
    if view.poll.kind is Kind.RANKED:
        table = exports.poll_table(view, tally, read_outcome(tally.result))
    else:
        table = exports.answer_table(view, tally, read_marks(view, tally))
    return _as_file(table, f"poll-{poll_id}-results.csv")


@blueprint.get("/polls/<int:poll_id>/results.json")
def send_results(poll_id: int) -> Response:
    """What was frozen, the stored count and its digest: all that recounting needs."""
    view = view_poll(poll_id)
    tally = _get_tally(view)
    response = jsonify(exports.poll_document(view, tally))
    response.set_etag(tally.digest)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.get("/deliberations/<int:deliberation_id>/results.csv")
def send_deliberation_table(deliberation_id: int) -> Response:
    """Positions, ratings and rankings by group, one number in each row."""
    page = get_page(reader(), deliberation_id)
    table = exports.deliberation_table(get_results(reader(), current_actor(), page))
    return _as_file(table, f"deliberation-{deliberation_id}-results.csv")


@blueprint.get("/deliberations/<int:deliberation_id>/results.json")
def send_deliberation(deliberation_id: int) -> Response:
    """The same as data."""
    page = get_page(reader(), deliberation_id)
    results = get_results(reader(), current_actor(), page)
    response = jsonify(exports.deliberation_document(page, results))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _get_tally(view: PollView) -> Tally:
    require(current_actor(), Can.SEE_TALLY, OpenPoll(view.phase))
    tally = find_tally(reader(), view.poll.id)
    if tally is None:
        raise NotFound("This poll has not been counted.")
    return tally


def _as_file(table: Table, name: str) -> Response:
    response = Response(csv_bytes(table), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
