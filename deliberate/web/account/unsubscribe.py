"""Ending mail from a link in it, without signing in (RFC 8058)."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.mailboxes import end_stream, open_stop_link
from deliberate.web.account.blueprint import blueprint
from deliberate.web.database import reader, writing
from deliberate.web.render import respond, see_other


@blueprint.get("/unsubscribe/<stop_key>/<stream>")
def unsubscribe_form(stop_key: str, stream: str) -> ResponseReturnValue:
    """The button to press: programs that look at every link in a mail press none."""
    mailbox, kind = open_stop_link(reader(), stop_key, stream)
    return respond(
        "account/unsubscribe.html",
        stop_key=stop_key,
        stream=kind.value if kind else "all",
        mailbox=mailbox,
    )


@blueprint.post("/unsubscribe/<stop_key>/<stream>")
def unsubscribe(stop_key: str, stream: str) -> ResponseReturnValue:
    """End a stream of mail at once. Mail programs send this without a cookie or a token.

    The secret in the link is what permits it, so the form needs no token of its own.
    """
    with writing() as tx:
        end_stream(tx, stop_key, stream)
    flash(_("Done: this mail has ended."), "ok")
    return see_other(f"/unsubscribe/{stop_key}/{stream}")
