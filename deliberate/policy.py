"""Who may do what: one table from permission to clauses of predicates.

A permission is granted when every predicate of any one clause holds; what is not in the table
is refused. The docstring of a predicate is the sentence shown to the person refused.
"""

from collections.abc import Callable
from typing import Any

from deliberate.domain.errors import Refused
from deliberate.domain.forum import QuestionState
from deliberate.domain.moderation import Item
from deliberate.domain.people import Actor, Role
from deliberate.domain.permissions import Can
from deliberate.domain.phases import Phase, PollPhase
from deliberate.domain.review import Matter
from deliberate.domain.subjects import (
    HasAddressee,
    HasAnswer,
    HasAuthor,
    HasAuthors,
    HasBackers,
    HasGroups,
    HasInvitee,
    HasLock,
    HasPhase,
    HasPollPhase,
    HasProposals,
    HasState,
    HasValidity,
    HasVisibility,
)

__all__ = ["OVER", "RULES", "STAFF", "TAKING_PART", "Can", "may", "require", "why_not"]

Predicate = Callable[[Actor, Any], bool]
STAFF = frozenset({Role.MAG_MEMBER, Role.FACILITATOR, Role.SECRETARIAT})
TAKING_PART = (Phase.OPEN, Phase.VOTING)
OVER = (Phase.CLOSED, Phase.SUMMARISED)


def signed_in(actor: Actor, _subject: object) -> bool:
    """Sign in to take part."""
    return actor.is_authenticated


def is_mag_member(actor: Actor, _subject: object) -> bool:
    """Only members of the Multistakeholder Advisory Group (MAG) may do this."""
    return actor.has(Role.MAG_MEMBER)


def is_facilitator(actor: Actor, _subject: object) -> bool:
    """Only facilitators may do this."""
    return actor.has(Role.FACILITATOR)


def is_secretariat(actor: Actor, _subject: object) -> bool:
    """Only the secretariat may do this."""
    return actor.has(Role.SECRETARIAT)


def is_moderator(actor: Actor, _subject: object) -> bool:
    """Only moderators may do this; facilitators are moderators."""
    return actor.has(Role.FACILITATOR)


def runs_nothing(actor: Actor, _subject: object) -> bool:
    """People who curate, facilitate or administer do not take positions on what they run."""
    return not actor.roles & STAFF


def deliberation_is_open(_actor: Actor, subject: HasPhase) -> bool:
    """This discussion is not open for contributions now."""
    return subject.phase in TAKING_PART


def thread_takes_replies(_actor: Actor, subject: HasLock) -> bool:
    """Facilitators closed this thread: it takes no more replies."""
    return not subject.is_locked


def deliberation_has_begun(_actor: Actor, subject: HasPhase) -> bool:
    """This discussion has not opened yet."""
    return subject.phase is not Phase.DRAFT


def deliberation_is_over(_actor: Actor, subject: HasPhase) -> bool:
    """Results are shown to everybody at the same time, after closing."""
    return subject.phase in OVER


def dates_can_move(_actor: Actor, subject: HasPhase) -> bool:
    """Dates move only before closing; after that, a new round can begin."""
    return subject.phase not in OVER


def deliberation_has_closed(_actor: Actor, subject: HasPhase) -> bool:
    """This can be done once the discussion has closed."""
    return subject.phase in OVER


def process_takes_proposals(_actor: Actor, subject: HasProposals) -> bool:
    """This process takes responses to points, not proposals."""
    return subject.takes_proposals


def time_for_proposals(_actor: Actor, subject: HasProposals) -> bool:
    """The time for proposals is over; its end was fixed at opening."""
    return subject.proposals_are_open


def in_an_eligible_group(actor: Actor, subject: HasGroups) -> bool:
    """Only the stakeholder groups that were named at opening take positions here."""
    if subject.groups is None:
        return True
    return actor.affiliation is not None and actor.affiliation.group in subject.groups


def positions_are_named(_actor: Actor, subject: HasVisibility) -> bool:
    """Positions are confidential here: only numbers by group are published."""
    return subject.positions_are_named


def deliberation_is_not_over(_actor: Actor, subject: HasPhase | None) -> bool:
    """This discussion is over; nobody can join it any more."""
    return subject is None or subject.phase not in OVER


def is_author(actor: Actor, subject: HasAuthor | HasAnswer | Item) -> bool:
    """Only the author may do this."""
    return actor.id is not None and actor.id == subject.author_id


def is_behind_it(actor: Actor, subject: HasBackers) -> bool:
    """Only the author and the co-sponsors of the current version may do this."""
    return actor.id is not None and actor.id in {subject.author_id, *subject.sponsor_ids}


def is_one_of_the_authors(actor: Actor, subject: HasAuthors) -> bool:
    """Only the authors of these proposals and facilitators may do this."""
    return actor.id is not None and actor.id in subject.author_ids


def is_invited(actor: Actor, subject: HasInvitee) -> bool:
    """The author has to invite you first."""
    return actor.id is not None and actor.id == subject.invitee_id


def is_anothers_text(actor: Actor, subject: HasAuthor) -> bool:
    """This text is your own: write a new version of it instead."""
    return actor.id != subject.author_id


def has_mandate(actor: Actor, _subject: object) -> bool:
    """The secretariat has to confirm first that you speak for your organisation."""
    return actor.has_mandate


def is_not_author(actor: Actor, subject: HasAuthor) -> bool:
    """Others react to what you wrote."""
    return actor.id != subject.author_id


def comment_is_shown(_actor: Actor, subject: HasState) -> bool:
    """This comment is no longer shown."""
    return subject.is_shown


def poll_is_open(_actor: Actor, subject: HasPollPhase) -> bool:
    """This poll does not take ballots now."""
    return subject.phase is PollPhase.OPEN


def is_on_the_roll(actor: Actor, subject: HasPollPhase) -> bool:
    """You are not on the list of voters: it was fixed when this poll was announced."""
    return not actor.is_authenticated or subject.is_on_roll


def poll_is_counted(_actor: Actor, subject: HasPollPhase) -> bool:
    """Before closing, everybody sees turnout by group only."""
    return subject.phase is PollPhase.CLOSED


def poll_is_valid(_actor: Actor, subject: HasValidity) -> bool:
    """This poll was declared invalid."""
    return subject.is_valid


def is_second_person(actor: Actor, subject: HasValidity) -> bool:
    """You proposed this yourself: somebody else has to confirm it."""
    return actor.id != subject.proposed_by


def has_no_conflict(actor: Actor, subject: Matter | Item | None) -> bool:
    """You declared a conflict of interest here."""
    return subject is None or actor.id is None or actor.id not in subject.recused


def did_not_write_it(actor: Actor, subject: Item | None) -> bool:
    """You wrote this yourself: another moderator acts on it."""
    return subject is None or actor.id != subject.author_id


def did_not_flag_it(actor: Actor, subject: Item | None) -> bool:
    """You reported this yourself: another moderator acts on it."""
    return subject is None or actor.id not in subject.flagged_by


def did_not_hide_it(actor: Actor, subject: Item | None) -> bool:
    """You hid this: another moderator answers the appeal."""
    return subject is None or actor.id != subject.hidden_by


def is_by_somebody_else(actor: Actor, subject: Item) -> bool:
    """You wrote this yourself: you can change it or take it back."""
    return actor.id != subject.author_id


def question_is_in_review(_actor: Actor, subject: Matter) -> bool:
    """This question is not in review now."""
    return subject.state is QuestionState.IN_REVIEW


def sign_off_is_asked(_actor: Actor, subject: Matter) -> bool:
    """Nobody has asked for sign-off on this summary yet."""
    return subject.is_asked


def suggestion_is_open(_actor: Actor, subject: HasAnswer) -> bool:
    """This suggestion was answered or withdrawn already."""
    return subject.is_open


def is_visitor(actor: Actor, _subject: object) -> bool:
    """Sign out first: this invitation is for another e-mail address."""
    return not actor.is_authenticated


def address_has_no_account(_actor: Actor, subject: HasAddressee) -> bool:
    """The invited address has an account. Sign in with it to accept."""
    return subject.addressee_id is None


def is_addressee(actor: Actor, subject: HasAddressee) -> bool:
    """This invitation is for another e-mail address. Sign in with that one to accept."""
    return actor.id is not None and actor.id == subject.addressee_id


def second_step_is_set_up(actor: Actor, _subject: object) -> bool:
    """Set up your second step first."""
    return not actor.second_step_due


HOLDS_ROLE = frozenset[Predicate]({is_mag_member, is_facilitator, is_moderator, is_secretariat})
"""Where a clause asks for one of these, it also asks for `second_step_is_set_up`."""

PROPOSING = (signed_in, deliberation_is_open, process_takes_proposals, time_for_proposals)

RULES: dict[Can, tuple[tuple[Predicate, ...], ...]] = {
    Can.IMPORT_SESSION: ((signed_in, is_mag_member),),
    Can.CURATE: ((signed_in, is_mag_member, has_no_conflict),),
    Can.DECLARE_CONFLICT: ((signed_in, is_mag_member),),
    Can.REVIEW: ((signed_in, is_mag_member, has_no_conflict, question_is_in_review),),
    Can.SUGGEST_QUESTION: ((signed_in,),),
    Can.WITHDRAW_SUGGESTION: ((signed_in, is_author, suggestion_is_open),),
    Can.ANSWER_SUGGESTION: ((signed_in, is_mag_member, has_no_conflict),),
    Can.OPEN_DELIBERATION: ((signed_in, is_mag_member, has_no_conflict),),
    Can.COMMENT: ((signed_in, deliberation_is_open),),
    Can.SPEAK_FOR_ORGANISATION: ((signed_in, has_mandate),),
    Can.EDIT_COMMENT: ((signed_in, is_author, deliberation_is_open),),
    Can.REPLY: ((signed_in, deliberation_is_open, thread_takes_replies),),
    Can.RETRACT_COMMENT: ((signed_in, is_author, deliberation_is_open),),
    Can.REACT: ((signed_in, is_not_author, comment_is_shown, deliberation_is_open),),
    Can.TAKE_STANCE: (
        (signed_in, runs_nothing, is_not_author, comment_is_shown, deliberation_is_open),
    ),
    Can.NOTE_VISIT: ((signed_in,),),
    Can.DESIGN_PROCESS: ((signed_in, is_mag_member, has_no_conflict),),
    Can.RESCHEDULE: ((signed_in, is_mag_member, dates_can_move),),
    Can.ARCHIVE: ((signed_in, is_mag_member, deliberation_has_closed),),
    Can.PROPOSE: (PROPOSING,),
    Can.DRAFT_PROPOSAL: ((signed_in,),),
    Can.REVISE_PROPOSAL: ((*PROPOSING, is_author),),
    Can.WITHDRAW_PROPOSAL: ((signed_in, is_author, deliberation_is_open),),
    Can.AMEND: ((*PROPOSING, is_anothers_text),),
    Can.ANSWER_AMENDMENT: ((*PROPOSING, is_behind_it),),
    Can.WITHDRAW_AMENDMENT: ((signed_in, is_author, deliberation_is_open),),
    Can.MAKE_ALTERNATIVE: ((*PROPOSING, is_author),),
    Can.INVITE_SPONSOR: ((signed_in, is_author, deliberation_is_open),),
    Can.SPONSOR: ((signed_in, is_invited, deliberation_is_open),),
    Can.RECAST: ((*PROPOSING, is_one_of_the_authors), (*PROPOSING, is_facilitator)),
    Can.ANSWER_RECASTING: ((*PROPOSING, is_one_of_the_authors),),
    Can.WITHDRAW_RECASTING: ((signed_in, is_author, deliberation_is_open),),
    Can.RATE: ((signed_in, runs_nothing, deliberation_is_open, in_an_eligible_group),),
    Can.RESPOND: ((signed_in, runs_nothing, deliberation_is_open, in_an_eligible_group),),
    Can.OPEN_POLL: ((signed_in, is_facilitator, deliberation_is_open),),
    Can.CAST_BALLOT: (
        (signed_in, runs_nothing, poll_is_open, in_an_eligible_group, is_on_the_roll),
    ),
    Can.RUN_POLL: ((signed_in, is_facilitator), (signed_in, is_secretariat)),
    Can.EXTEND_POLL: ((signed_in, is_facilitator, poll_is_open),),
    Can.REMIND_VOTERS: ((signed_in, is_facilitator, poll_is_open),),
    Can.ENTER_ROOM_BALLOTS: ((signed_in, is_facilitator, poll_is_open),),
    Can.PROPOSE_INVALIDATION: (
        (signed_in, is_facilitator, poll_is_valid),
        (signed_in, is_secretariat, poll_is_valid),
    ),
    Can.CONFIRM_INVALIDATION: (
        (signed_in, is_facilitator, poll_is_valid, is_second_person),
        (signed_in, is_secretariat, poll_is_valid, is_second_person),
    ),
    Can.SEE_RESULTS: ((deliberation_is_over,),),
    Can.SEE_NAMES: ((deliberation_is_over, positions_are_named),),
    Can.SEE_TALLY: ((poll_is_counted,),),
    Can.EDIT_SUMMARY: ((signed_in, is_facilitator, deliberation_has_begun),),
    Can.SYNTHESISE: ((signed_in, is_facilitator, deliberation_has_begun),),
    Can.TEND: ((signed_in, is_facilitator, deliberation_is_open),),
    Can.FLAG: ((signed_in, is_by_somebody_else),),
    Can.MODERATE: ((signed_in, is_moderator, has_no_conflict, did_not_write_it, did_not_flag_it),),
    Can.PREMODERATE: ((signed_in, is_moderator, has_no_conflict),),
    Can.APPEAL: ((signed_in, is_author),),
    Can.ANSWER_APPEAL: (
        (
            *(signed_in, is_moderator, has_no_conflict),
            *(did_not_write_it, did_not_flag_it, did_not_hide_it),
        ),
    ),
    Can.PUBLISH_SUMMARY: ((signed_in, is_facilitator, deliberation_is_over),),
    Can.ASK_SIGN_OFF: ((signed_in, is_facilitator, deliberation_is_over),),
    Can.READ_DRAFT: ((signed_in, is_mag_member, sign_off_is_asked),),
    Can.SIGN_OFF: ((signed_in, is_mag_member, has_no_conflict, sign_off_is_asked),),
    Can.NOTE_INVITATION: (
        (signed_in, is_mag_member, deliberation_is_not_over),
        (signed_in, is_facilitator, deliberation_is_not_over),
    ),
    Can.CONFIRM_MANDATE: ((signed_in, is_secretariat),),
    Can.GRANT_ROLE: ((signed_in, is_secretariat),),
    Can.ACCEPT_INVITATION: ((is_visitor, address_has_no_account), (is_addressee,)),
    Can.KEEP_ACCOUNT: ((signed_in,),),
    Can.FOLLOW: ((signed_in,),),
}


def why_not(actor: Actor, can: Can, subject: object = None) -> tuple[str, ...]:
    """The sentences that explain a refusal; empty when the act is permitted.

    Of several clauses, the one that comes closest speaks.
    """
    failures = [
        tuple(_sentence(holds) for holds in _demands(clause) if not holds(actor, subject))
        for clause in RULES.get(can, ())
    ]
    return min(failures, key=len, default=("Nobody may do this.",))


def may(actor: Actor, can: Can, subject: object = None) -> bool:
    """Whether the act is permitted."""
    return not why_not(actor, can, subject)


def require(actor: Actor, can: Can, subject: object = None) -> None:
    """Raise `Refused` with the first reason when the act is not permitted."""
    reasons = why_not(actor, can, subject)
    if reasons:
        raise Refused(reasons[0], " ".join(reasons[1:]))


def _demands(clause: tuple[Predicate, ...]) -> tuple[Predicate, ...]:
    """What a clause asks for: roles rest until the second step is set up, where it is asked."""
    return (*clause, second_step_is_set_up) if HOLDS_ROLE & set(clause) else clause


def _sentence(predicate: Predicate) -> str:
    return (predicate.__doc__ or "").strip()
