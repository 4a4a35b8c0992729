"""Claims about permissions: the whole table, against one written down apart from it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product

import pytest

from deliberate import policy
from deliberate.domain.errors import Refused
from deliberate.domain.forum import QuestionState
from deliberate.domain.people import (
    VISITOR,
    Actor,
    Affiliation,
    RegionalGroup,
    Role,
    StakeholderGroup,
)
from deliberate.domain.phases import Phase, PollPhase
from deliberate.policy import RULES, Can, may, require, why_not

AUTHOR = 7
ACTORS = {
    "visitor": VISITOR,
    "stakeholder": Actor(1),
    "author": Actor(AUTHOR, has_mandate=True),
    "mag_member": Actor(2, roles=frozenset({Role.MAG_MEMBER})),
    "facilitator": Actor(3, roles=frozenset({Role.FACILITATOR})),
    "secretariat": Actor(4, roles=frozenset({Role.SECRETARIAT})),
    "everything": Actor(5, roles=frozenset(Role)),
}
EVERYBODY = set(ACTORS)
SIGNED_IN = EVERYBODY - {"visitor"}
VOTERS = {"stakeholder", "author"}
CURATORS = {"mag_member", "everything"}
FACILITATORS = {"facilitator", "everything"}
ADMINISTRATORS = {"secretariat", "everything"}
ALWAYS = set(Phase)
TAKING_PART = {Phase.OPEN, Phase.VOTING}
BEGUN = ALWAYS - {Phase.DRAFT}
OVER = {Phase.CLOSED, Phase.SUMMARISED}

# Who may do it, and in which phases; everything that is not here is refused.
EXPECTED: dict[Can, tuple[set[str], set[Phase] | set[PollPhase]]] = {
    Can.IMPORT_SESSION: (CURATORS, ALWAYS),
    Can.CURATE: (CURATORS, ALWAYS),
    Can.DECLARE_CONFLICT: (CURATORS, ALWAYS),
    Can.REVIEW: (CURATORS, ALWAYS),
    Can.SUGGEST_QUESTION: (SIGNED_IN, ALWAYS),
    Can.WITHDRAW_SUGGESTION: ({"author"}, ALWAYS),
    Can.ANSWER_SUGGESTION: (CURATORS, ALWAYS),
    Can.OPEN_DELIBERATION: (CURATORS, ALWAYS),
    Can.DESIGN_PROCESS: (CURATORS, ALWAYS),
    Can.RESCHEDULE: (CURATORS, ALWAYS - OVER),
    Can.ARCHIVE: (CURATORS, OVER),
    Can.COMMENT: (SIGNED_IN, TAKING_PART),
    Can.EDIT_COMMENT: ({"author"}, TAKING_PART),
    Can.REPLY: (SIGNED_IN, TAKING_PART),
    Can.RETRACT_COMMENT: ({"author"}, TAKING_PART),
    Can.REACT: (SIGNED_IN - {"author"}, TAKING_PART),
    Can.TAKE_STANCE: ({"stakeholder"}, TAKING_PART),
    Can.NOTE_VISIT: (SIGNED_IN, ALWAYS),
    Can.PROPOSE: (SIGNED_IN, TAKING_PART),
    Can.DRAFT_PROPOSAL: (SIGNED_IN, ALWAYS),
    Can.REVISE_PROPOSAL: ({"author"}, TAKING_PART),
    Can.WITHDRAW_PROPOSAL: ({"author"}, TAKING_PART),
    Can.AMEND: (SIGNED_IN - {"author"}, TAKING_PART),
    Can.ANSWER_AMENDMENT: ({"author"}, TAKING_PART),
    Can.WITHDRAW_AMENDMENT: ({"author"}, TAKING_PART),
    Can.MAKE_ALTERNATIVE: ({"author"}, TAKING_PART),
    Can.INVITE_SPONSOR: ({"author"}, TAKING_PART),
    Can.SPONSOR: ({"author"}, TAKING_PART),
    Can.RECAST: ({"author"} | FACILITATORS, TAKING_PART),
    Can.ANSWER_RECASTING: ({"author"}, TAKING_PART),
    Can.WITHDRAW_RECASTING: ({"author"}, TAKING_PART),
    Can.RATE: (VOTERS, TAKING_PART),
    Can.RESPOND: (VOTERS, TAKING_PART),
    Can.OPEN_POLL: (FACILITATORS, TAKING_PART),
    Can.CAST_BALLOT: (VOTERS, {PollPhase.OPEN}),
    Can.RUN_POLL: (FACILITATORS | ADMINISTRATORS, set(PollPhase)),
    Can.EXTEND_POLL: (FACILITATORS, {PollPhase.OPEN}),
    Can.REMIND_VOTERS: (FACILITATORS, {PollPhase.OPEN}),
    Can.ENTER_ROOM_BALLOTS: (FACILITATORS, {PollPhase.OPEN}),
    Can.PROPOSE_INVALIDATION: (FACILITATORS | ADMINISTRATORS, set(PollPhase)),
    Can.CONFIRM_INVALIDATION: (FACILITATORS | ADMINISTRATORS, set(PollPhase)),
    Can.SEE_RESULTS: (EVERYBODY, OVER),
    Can.SEE_NAMES: (EVERYBODY, OVER),
    Can.SEE_TALLY: (EVERYBODY, {PollPhase.CLOSED}),
    Can.EDIT_SUMMARY: (FACILITATORS, BEGUN),
    Can.SYNTHESISE: (FACILITATORS, BEGUN),
    Can.TEND: (FACILITATORS, TAKING_PART),
    Can.FLAG: (SIGNED_IN - {"author"}, ALWAYS),
    Can.MODERATE: (FACILITATORS, ALWAYS),
    Can.PREMODERATE: (FACILITATORS, ALWAYS),
    Can.APPEAL: ({"author"}, ALWAYS),
    Can.ANSWER_APPEAL: (FACILITATORS, ALWAYS),
    Can.PUBLISH_SUMMARY: (FACILITATORS, OVER),
    Can.ASK_SIGN_OFF: (FACILITATORS, OVER),
    Can.READ_DRAFT: (CURATORS, ALWAYS),
    Can.SIGN_OFF: (CURATORS, ALWAYS),
    Can.NOTE_INVITATION: (CURATORS | FACILITATORS, ALWAYS - OVER),
    Can.CONFIRM_MANDATE: (ADMINISTRATORS, ALWAYS),
    Can.GRANT_ROLE: (ADMINISTRATORS, ALWAYS),
    Can.SPEAK_FOR_ORGANISATION: ({"author"}, ALWAYS),
    Can.ACCEPT_INVITATION: ({"visitor"}, ALWAYS),
    Can.KEEP_ACCOUNT: (SIGNED_IN, ALWAYS),
    Can.FOLLOW: (SIGNED_IN, ALWAYS),
}
OF_POLLS = {
    *(Can.CAST_BALLOT, Can.SEE_TALLY, Can.RUN_POLL, Can.EXTEND_POLL, Can.REMIND_VOTERS),
    *(Can.PROPOSE_INVALIDATION, Can.CONFIRM_INVALIDATION, Can.ENTER_ROOM_BALLOTS),
}
PREDICATES = {
    predicate.__name__: predicate
    for clauses in RULES.values()
    for clause in clauses
    for predicate in clause
}


@dataclass(frozen=True)
class Thing:
    """Something in a phase, written by the author."""

    phase: Phase | PollPhase
    author_id: int | None = AUTHOR
    opens_at: datetime = datetime(2026, 3, 2, tzinfo=UTC)
    recused: frozenset[int] = frozenset()
    flagged_by: frozenset[int] = frozenset()
    hidden_by: int | None = None
    state: QuestionState = QuestionState.IN_REVIEW
    is_asked: bool = True
    is_open: bool = True
    is_shown: bool = True
    addressee_id: int | None = None
    takes_proposals: bool = True
    proposals_are_open: bool = True
    groups: frozenset[StakeholderGroup] | None = None
    positions_are_named: bool = True
    is_locked: bool = False
    sponsor_ids: frozenset[int] = frozenset()
    invitee_id: int = AUTHOR
    author_ids: frozenset[int] = frozenset({AUTHOR})
    is_on_roll: bool = True
    is_valid: bool = True
    proposed_by: int | None = None


WALK: list[tuple[Can, str, Phase | PollPhase]] = [
    (can, name, phase)
    for can, name in product(Can, ACTORS)
    for phase in (list[Phase | PollPhase](PollPhase) if can in OF_POLLS else list(Phase))
]


def test_every_act_is_in_the_table_and_among_the_expectations() -> None:
    """Ensure no act is forgotten by the policy, and none by this test."""
    assert set(RULES) == set(Can) == set(EXPECTED)


@pytest.mark.parametrize(("can", "name", "phase"), WALK, ids=str)
def test_each_actor_may_do_what_is_expected(can: Can, name: str, phase: Phase | PollPhase) -> None:
    """Ensure every role may do exactly what it should in every phase."""
    who, when = EXPECTED[can]

    assert may(ACTORS[name], can, Thing(phase)) == (name in who and phase in when)


@pytest.mark.parametrize(("can", "name", "phase"), WALK, ids=str)
def test_a_refusal_carries_its_reasons(can: Can, name: str, phase: Phase | PollPhase) -> None:
    """Ensure `require` raises exactly when `may` says no, with the sentences of `why_not`."""
    actor, subject = ACTORS[name], Thing(phase)
    reasons = why_not(actor, can, subject)

    if may(actor, can, subject):
        assert reasons == ()
        require(actor, can, subject)
    else:
        with pytest.raises(Refused) as caught:
            require(actor, can, subject)
        assert caught.value.title == reasons[0]
        assert caught.value.advice == " ".join(reasons[1:])


@pytest.mark.parametrize("name", ACTORS)
def test_what_the_table_does_not_know_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Ensure an act without a rule, or without a clause, is nobody's."""
    monkeypatch.setitem(policy.RULES, Can.CURATE, ())
    assert why_not(ACTORS[name], Can.CURATE) == ("Nobody may do this.",)

    monkeypatch.delitem(policy.RULES, Can.CURATE)
    assert why_not(ACTORS[name], Can.CURATE) == ("Nobody may do this.",)


def test_one_clause_that_holds_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ensure clauses are alternatives and predicates within one are all needed."""
    clauses = ((policy.signed_in, policy.is_secretariat), (policy.is_facilitator,))
    monkeypatch.setitem(policy.RULES, Can.CURATE, clauses)

    assert may(ACTORS["secretariat"], Can.CURATE)
    assert may(ACTORS["facilitator"], Can.CURATE)
    assert not may(ACTORS["mag_member"], Can.CURATE)
    assert why_not(VISITOR, Can.CURATE) == ("Only facilitators may do this.",)


def test_a_visitor_is_told_to_sign_in_before_anything_else() -> None:
    """Ensure the first sentence is the one that can be acted on."""
    for can, clauses in RULES.items():
        if any(policy.signed_in in clause for clause in clauses):
            assert why_not(VISITOR, can, Thing(Phase.OPEN))[0] == "Sign in to take part."


@pytest.mark.parametrize("name", PREDICATES)
def test_a_predicate_says_in_a_sentence_why_it_refuses(name: str) -> None:
    """Ensure what a person reads is one short, whole sentence."""
    sentence = (PREDICATES[name].__doc__ or "").strip()

    assert sentence[:1].isupper()
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) <= 100


def test_every_act_is_explained() -> None:
    """Ensure the enumeration's members say what they are."""
    names = {name for name in vars(Can) if name.isupper()}

    assert names == {can.name for can in Can}
    assert {can.value for can in Can} == {can.name.lower() for can in Can}


@pytest.mark.parametrize(
    ("predicate", "holds_for"),
    [
        (policy.signed_in, SIGNED_IN),
        (policy.is_mag_member, CURATORS),
        (policy.is_facilitator, FACILITATORS),
        (policy.is_secretariat, ADMINISTRATORS),
        (policy.runs_nothing, {"visitor", *VOTERS}),
        (policy.is_author, {"author"}),
    ],
    ids=lambda value: getattr(value, "__name__", "who"),
)
def test_a_predicate_about_people_looks_at_the_person_alone(
    predicate: policy.Predicate, holds_for: set[str]
) -> None:
    """Ensure each holds for the people it names, in whatever phase."""
    for phase in (*Phase, *PollPhase):
        found = {name for name, actor in ACTORS.items() if predicate(actor, Thing(phase))}
        assert found == holds_for


@pytest.mark.parametrize(
    ("predicate", "phases", "holds_in"),
    [
        (policy.deliberation_is_open, Phase, TAKING_PART),
        (policy.deliberation_has_begun, Phase, BEGUN),
        (policy.deliberation_is_over, Phase, OVER),
        (policy.deliberation_has_closed, Phase, OVER),
        (policy.dates_can_move, Phase, ALWAYS - OVER),
        (policy.poll_is_open, PollPhase, {PollPhase.OPEN}),
        (policy.poll_is_counted, PollPhase, {PollPhase.CLOSED}),
    ],
    ids=lambda value: getattr(value, "__name__", "phases"),
)
def test_a_predicate_about_phases_looks_at_the_phase_alone(
    predicate: policy.Predicate, phases: type[Phase] | type[PollPhase], holds_in: set[Phase]
) -> None:
    """Ensure staff have no more time than anybody."""
    for actor in ACTORS.values():
        assert {phase for phase in phases if predicate(actor, Thing(phase))} == holds_in


@pytest.mark.parametrize(
    "can", [Can.CURATE, Can.REVIEW, Can.OPEN_DELIBERATION, Can.SIGN_OFF, Can.ANSWER_SUGGESTION]
)
@pytest.mark.parametrize("name", sorted(CURATORS))
def test_a_declared_conflict_stops_every_act_of_the_mag(can: Can, name: str) -> None:
    """Ensure whoever stands aside is refused with the sentence that says so, and nobody else."""
    actor = ACTORS[name]
    mine, other = (Thing(Phase.OPEN, recused=frozenset({id_})) for id_ in (actor.id or 0, 999))

    assert why_not(actor, can, mine) == ("You declared a conflict of interest here.",)
    assert may(actor, can, other)


@pytest.mark.parametrize(
    ("can", "thing"),
    [
        (Can.REVIEW, Thing(Phase.OPEN, state=QuestionState.IMPORTED)),
        (Can.REVIEW, Thing(Phase.OPEN, state=QuestionState.ACCEPTED)),
        (Can.READ_DRAFT, Thing(Phase.CLOSED, is_asked=False)),
        (Can.SIGN_OFF, Thing(Phase.CLOSED, is_asked=False)),
        (Can.WITHDRAW_SUGGESTION, Thing(Phase.OPEN, is_open=False)),
    ],
)
def test_an_act_has_its_time(can: Can, thing: Thing) -> None:
    """Ensure nobody scores, signs off or withdraws before or after its time."""
    assert not any(may(actor, can, thing) for actor in ACTORS.values())


INVITED = Thing(Phase.OPEN, addressee_id=1)


@pytest.mark.parametrize(
    ("name", "thing", "told"),
    [
        ("stakeholder", INVITED, ""),
        ("visitor", INVITED, "The invited address has an account."),
        ("secretariat", INVITED, "This invitation is for another e-mail address."),
        ("stakeholder", Thing(Phase.OPEN), "Sign out first"),
    ],
)
def test_an_invitation_is_for_its_address_alone(name: str, thing: Thing, told: str) -> None:
    """Ensure an account with the address takes it, and everybody else learns what to do."""
    reasons = why_not(ACTORS[name], Can.ACCEPT_INVITATION, thing)

    assert len(reasons) == bool(told)
    assert all(reason.startswith(told) for reason in reasons)


@pytest.mark.parametrize("can", Can)
def test_a_role_rests_until_the_second_step_is_set_up(can: Can) -> None:
    """Ensure it opens nothing that others may not do, and everything once it is set up."""
    due = replace(ACTORS["everything"], second_step_asked=True)
    ready = replace(due, second_step=True)
    subject = Thing(PollPhase.OPEN if can in OF_POLLS else Phase.CLOSED)
    needs_role = all(clause & policy.HOLDS_ROLE for clause in map(set, RULES[can]))

    reasons = why_not(due, can, subject)

    assert ("Set up your second step first." in reasons) == needs_role
    assert why_not(ready, can, subject) == why_not(ACTORS["everything"], can, subject)


@pytest.mark.parametrize("can", [Can.RATE, Can.RESPOND])
def test_only_the_groups_named_at_opening_take_positions(can: Can) -> None:
    """Ensure a group that was left out may write, but neither rate nor respond."""
    groups = frozenset({StakeholderGroup.TECHNICAL})
    inside, outside = (
        Actor(1, affiliation=Affiliation(group, RegionalGroup.AFRICA))
        for group in (StakeholderGroup.TECHNICAL, StakeholderGroup.GOVERNMENT)
    )
    subject = Thing(Phase.OPEN, groups=groups)

    assert may(inside, can, subject)
    assert why_not(outside, can, subject) == (
        "Only the stakeholder groups that were named at opening take positions here.",
    )
    assert may(outside, Can.COMMENT, subject)
    assert may(outside, Can.PROPOSE, subject)
    assert not may(Actor(1), can, subject)


def test_only_the_groups_named_at_opening_vote() -> None:
    """Ensure a ballot of a group that was left out is refused with the reason."""
    groups = frozenset({StakeholderGroup.TECHNICAL})
    outside = Actor(1, affiliation=Affiliation(StakeholderGroup.GOVERNMENT, RegionalGroup.AFRICA))

    assert may(outside, Can.CAST_BALLOT, Thing(PollPhase.OPEN))
    assert not may(outside, Can.CAST_BALLOT, Thing(PollPhase.OPEN, groups=groups))
    assert not may(outside, Can.CAST_BALLOT, Thing(PollPhase.OPEN, is_on_roll=False))


@pytest.mark.parametrize(
    "subject",
    [Thing(Phase.OPEN, takes_proposals=False), Thing(Phase.OPEN, proposals_are_open=False)],
)
def test_proposals_are_taken_while_the_process_says_so(subject: Thing) -> None:
    """Ensure neither staff nor anybody else proposes where or when the process takes none."""
    for actor in ACTORS.values():
        assert not may(actor, Can.PROPOSE, subject)
    assert may(ACTORS["stakeholder"], Can.PROPOSE, Thing(Phase.OPEN))


def test_confidential_positions_have_names_for_nobody() -> None:
    """Ensure staff learn no more than visitors of who took which position."""
    subject = Thing(Phase.CLOSED, positions_are_named=False)

    for actor in ACTORS.values():
        assert not may(actor, Can.SEE_NAMES, subject)
        assert may(actor, Can.SEE_RESULTS, subject)


def test_nobody_is_the_author_of_what_has_none() -> None:
    """Ensure a visitor, whose id is nothing, is not taken for an author who is nobody."""
    is_author: policy.Predicate = policy.is_author
    orphan = Thing(Phase.OPEN, author_id=None)

    assert not is_author(VISITOR, orphan)


def test_a_role_alone_is_not_a_person() -> None:
    """Ensure an actor with roles but without an account may do nothing that needs one."""
    ghost = Actor(None, roles=frozenset(Role))

    for can, (who, _) in EXPECTED.items():
        if "visitor" not in who:
            assert not may(ghost, can, Thing(PollPhase.OPEN))
            assert not may(ghost, can, Thing(Phase.OPEN))


def test_holding_only_the_stakeholders_role_changes_nothing() -> None:
    """Ensure the role that everybody with an account has neither opens nor closes a door."""
    plain, named = Actor(1), Actor(1, roles=frozenset({Role.STAKEHOLDER}))

    for can, _name, phase in WALK:
        assert may(plain, can, Thing(phase)) == may(named, can, Thing(phase))
