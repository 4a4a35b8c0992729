"""Curating outputs: split a takeaway or call into points, open it for responses."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.actions.curation import split_output
from deliberate.actions.deliberations import open_output
from deliberate.inputs.curation import Opening, OutputSplit
from deliberate.web.curate.acts import curate, read_parts
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.process import freeze
from deliberate.web.forms import read_form
from deliberate.web.login import current_actor


@blueprint.post("/outputs/<int:output_id>/split")
def split_into_points(output_id: int) -> ResponseReturnValue:
    """Let people respond to the output point by point."""

    def act(tx: Session, data: OutputSplit) -> int:
        split_output(tx, current_actor(), output_id, data)
        return output_id

    done = _("The points are saved. The text itself stays as reported.")
    return curate("output", output_id, "split", read_parts(OutputSplit), act, done)


@blueprint.post("/outputs/<int:output_id>/opening")
def open_for_responses(output_id: int) -> ResponseReturnValue:
    """Open the output for responses: as designed, or with the dates of the short form."""
    if "version" in request.form:
        return freeze({"output_id": output_id})

    def act(tx: Session, data: Opening) -> int | None:
        return open_output(tx, current_actor(), output_id, data).output_id

    form = read_form(Opening, request.form)
    done = _("The discussion is set up. Its points and dates do not change any more.")
    return curate("output", output_id, "opening", form, act, done)
