"""Where the routes of this journey are registered."""

from flask import Blueprint

blueprint = Blueprint("curate", __name__)
