"""Whether the process lives and whether it can serve."""

import sqlalchemy as sa
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from deliberate.storage import migrate
from deliberate.web.database import database, reader

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def live() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """The database answers and has the tables this version needs; 503 otherwise."""
    try:
        reader().execute(sa.text("SELECT 1"))
        is_current = migrate.is_current(database().engine)
    except sa.exc.SQLAlchemyError:
        return jsonify(status="database unavailable"), 503
    if not is_current:
        return jsonify(status="database needs migration"), 503
    return jsonify(status="ok")
