"""Where the routes of this journey are registered, and the memory that its pages share."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from deliberate.web.take_part.kept import Memory

blueprint = Blueprint("take_part", __name__)


@blueprint.record
def _give_memory(state: BlueprintSetupState) -> None:
    state.app.extensions["deliberate.take_part"] = Memory()
