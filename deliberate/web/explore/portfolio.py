"""The portfolio: all questions, takeaways and calls by stage, as pages and as a table."""

from dataclasses import fields

from flask import Response, request
from flask.typing import ResponseReturnValue

from deliberate.exporting.tables import csv_bytes
from deliberate.storage.portfolio import SORTS, Filters
from deliberate.web.database import reader
from deliberate.web.explore.blueprint import blueprint
from deliberate.web.explore.portfolio_pages import portfolio_of
from deliberate.web.explore.portfolio_table import portfolio_table
from deliberate.web.paging import asked_page
from deliberate.web.render import respond

LONGEST = 200


@blueprint.get("/questions")
def questions() -> ResponseReturnValue:
    """What the filters in the address find; those that nothing can have find nothing."""
    found = portfolio_of(reader(), asked_filters(), asked_sort(), asked_page())
    return respond("explore/questions.html", "portfolio", found=found)


@blueprint.get("/questions.csv")
def questions_table() -> Response:
    """The whole list that the same filters find, one question or output in each row."""
    table = portfolio_table(reader(), asked_filters(), asked_sort())
    response = Response(csv_bytes(table), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=questions.csv"
    return response


def asked_filters() -> Filters:
    """The filters of this address; names that are no filter are left alone."""
    given = {
        field.name: request.args[field.name].strip()[:LONGEST]
        for field in fields(Filters)
        if request.args.get(field.name, "").strip()
    }
    return Filters(**given)


def asked_sort() -> str:
    """The order of this address; anything that is none is the usual one."""
    asked = request.args.get("sort", "")
    return asked if asked in SORTS else SORTS[0]
