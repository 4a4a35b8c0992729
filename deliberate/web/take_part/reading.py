"""What readers do without writing: reacting to comments, and noting what they have read."""

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.reactions import get_reacted, react
from deliberate.actions.visits import note_visit
from deliberate.domain.errors import Invalid
from deliberate.domain.threads import Reaction
from deliberate.inputs.reading import NewReaction, NewVisit
from deliberate.policy import Can, require, runs_nothing
from deliberate.storage.comments import list_by_ids
from deliberate.web.database import reader, writing
from deliberate.web.forms import read_form
from deliberate.web.login import current_actor
from deliberate.web.render import see_other, wants_part
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.stretches import address_around
from deliberate.web.take_part.threads import Personal, draw_reactions
from deliberate.web.throttle import limit


@blueprint.post("/comments/<int(max=2147483647):comment_id>/reaction")
def store_reaction(comment_id: int) -> ResponseReturnValue:
    """Store a reaction in the place of an earlier one, or take it back."""
    form = read_form(NewReaction, request.form)
    if form.data is None:
        require(current_actor(), Can.REACT, get_reacted(reader(), comment_id))
        raise Invalid(_("This form is damaged. Reload the page."))
    with writing() as tx:
        limit(tx, "reaction", burst=60, minutes=10)
        comment = react(tx, current_actor(), comment_id, form.data.reaction)
        place = address_around(comment.deliberation_id, comment_id)
    if not wants_part():
        flash(_("Your reaction is stored.") if form.data.reaction else _("It is taken back."), "ok")
        return see_other(place)
    return Response(_draw(comment_id, form.data.reaction), mimetype="text/html")


@blueprint.post("/deliberations/<int(max=2147483647):deliberation_id>/visit")
def store_visit(deliberation_id: int) -> ResponseReturnValue:
    """Keep how far somebody has read; the page sends this by itself where scripts run."""
    form = read_form(NewVisit, request.form)
    asked = form.data or NewVisit()
    with writing() as tx:
        limit(tx, "visit", burst=120, minutes=10)
        note_visit(tx, current_actor(), deliberation_id, asked.newest, read=asked.read)
    if wants_part() and not asked.read:
        return Response(status=204)
    return see_other(f"/deliberations/{deliberation_id}#thread")


def _draw(comment_id: int, reaction: Reaction | None) -> str:
    """The reactions to a comment, as its reader sees them now."""
    actor = current_actor()
    (line,) = list_by_ids(reader(), [comment_id])
    personal = Personal(
        reader_id=actor.id,
        may_react=True,
        may_take_stance=runs_nothing(actor, None),
        reactions={comment_id: reaction} if reaction else {},
    )
    return draw_reactions(line, personal)
