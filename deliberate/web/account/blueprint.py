"""The blueprint that the routes of this journey are registered on."""

from flask import Blueprint, Response, request

blueprint = Blueprint("account", __name__)
SECRET_PATHS = (
    *("/invitations/", "/confirmations/", "/new-password/", "/unsubscribe/"),
    *("/account/second-step", "/sign-in/second-step"),
)


@blueprint.after_request
def keep_secrets_out_of_caches(response: Response) -> Response:
    """Let no cache, and no press of the back button, bring back a page with a secret on it."""
    if request.path.startswith(SECRET_PATHS):
        response.headers["Cache-Control"] = "no-store"
    return response
