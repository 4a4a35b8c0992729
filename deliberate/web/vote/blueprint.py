"""The blueprint that the routes of this journey are registered on."""

from flask import Blueprint

blueprint = Blueprint("vote", __name__)
