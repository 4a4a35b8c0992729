"""One's own page: what is stored about oneself, and what one contributed."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from deliberate.domain.people import Role
from deliberate.storage.comment_drafts import OwnCommentDraft, list_own_writing
from deliberate.storage.contributions import (
    OwnComment,
    OwnPoll,
    OwnProposal,
    OwnResponse,
    OwnSuggestion,
    list_own_polls,
    list_own_responses,
    list_own_suggestions,
)
from deliberate.storage.forum import PolicyQuestion
from deliberate.storage.labels import list_assigned
from deliberate.storage.mailboxes import Mailbox, find_person_and_mailbox
from deliberate.storage.people import Person
from deliberate.storage.proposal_drafts import OwnDraft, list_own_texts
from deliberate.storage.reschedulings import OwnNotice, list_notices
from deliberate.web.account.blueprint import blueprint
from deliberate.web.account.confirmations import mail_works
from deliberate.web.database import reader
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A person's data and newest contributions; of ballots only that there is one.

    `notices` say where closing dates moved in what they took part in.
    """

    person: Person
    mailbox: Mailbox
    mail_works: bool
    comments: Sequence[OwnComment]
    proposals: Sequence[OwnProposal]
    responses: Sequence[OwnResponse]
    polls: Sequence[OwnPoll]
    assigned: Sequence[PolicyQuestion]
    suggestions: Sequence[OwnSuggestion]
    notices: Sequence[OwnNotice]
    drafts: Sequence[OwnDraft]
    comment_drafts: Sequence[OwnCommentDraft]


@blueprint.get("/account")
def account() -> ResponseReturnValue:
    """The page of whoever is signed in; visitors are asked to sign in first."""
    person_id = current_actor().id
    found = find_person_and_mailbox(reader(), person_id) if person_id is not None else None
    if found is None:
        return see_other("/sign-in?next=/account")
    return respond("account/account.html", own=_page(reader(), *found))


def _page(session: Session, person: Person, mailbox: Mailbox) -> AccountPage:
    # Only facilitators are given questions to take care of.
    is_facilitator = current_actor().has(Role.FACILITATOR)
    drafts, proposals = list_own_texts(session, person.id)
    comment_drafts, comments = list_own_writing(session, person.id)
    return AccountPage(
        person=person,
        mailbox=mailbox,
        mail_works=mail_works(),
        comments=comments,
        proposals=proposals,
        responses=list_own_responses(session, person.id),
        polls=list_own_polls(session, person.id),
        assigned=list_assigned(session, person.id) if is_facilitator else [],
        suggestions=list_own_suggestions(session, person.id),
        notices=list_notices(session, person.id),
        comment_drafts=comment_drafts,
        drafts=drafts,
    )
