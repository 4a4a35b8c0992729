"""Claims about every input model: what is accepted, what is refused, and at which field."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.inputs import (
    additions,
    balance,
    ballots,
    classification,
    contributions,
    curation,
    following,
    gardening,
    imports,
    moderation,
    people,
    polls,
    process,
    reading,
    review,
    summaries,
    synthesis,
)
from deliberate.inputs.texts import Input

KEY = "00000000-0000-4000-8000-000000000000"
REASON = "A reason that says enough."
VALID: dict[type[Input], dict[str, Any]] = {
    contributions.NewComment: {"body": "Yes.", "submission_key": KEY},
    contributions.CommentRevision: {"body": "No.", "kind": "remark", "version": "1"},
    contributions.NewProposal: {"title": "Eight ch", "body": "x", "submission_key": KEY},
    contributions.ProposalText: {"title": "Eight ch", "body": "x", "submission_key": KEY},
    contributions.NewVersion: {
        "title": "Eight ch",
        "body": "x",
        "note": REASON,
        "version": "1",
        "submission_key": KEY,
    },
    contributions.NewAmendment: {
        "title": "Eight ch",
        "body": "x",
        "note": REASON,
        "version": "1",
        "submission_key": KEY,
    },
    contributions.Answer: {"reason": REASON},
    contributions.NewRecasting: {"reason": REASON, "submission_key": KEY},
    contributions.SponsorInviting: {"handle": "@ada-example"},
    contributions.NewSponsorship: {"version_id": "1"},
    contributions.DraftedProposal: {"submission_key": KEY},
    contributions.DraftPublication: {"saved": "1", "submission_key": KEY},
    contributions.NewRating: {"rating": "agreement", "version_id": "1"},
    contributions.NewResponse: {"position": "endorse"},
    curation.Judgement: {"reason": REASON},
    curation.Rewording: {"text": "A better wording?", "reason": REASON, "version": "1"},
    curation.QuestionSplit: {"parts": "One question?\n\nAnother one?", "reason": REASON},
    curation.QuestionMerger: {
        "question_ids": ["1", "2"],
        "text": "Both at once?",
        "reason": REASON,
    },
    curation.OutputSplit: {"parts": "One point here.\n\nAnother point.", "reason": REASON},
    curation.Opening: {"closes_at": "2026-04-01T12:00"},
    people.Registration: {
        "name": "Ada Example",
        "email": "ada@example.org",
        "password": "a long pass phrase",
        "stakeholder_group": "Government",
        "regional_group": "African Group",
    },
    people.ForgottenPassword: {"email": "ada@example.org"},
    people.NewPassword: {"password": "a long pass phrase"},
    people.PasswordChange: {"password": "a long pass phrase", "old_password": "secret"},
    people.MailChoices: {"rhythm": "weekly", "language": "en"},
    following.Following: {"act": "follow"},
    following.Reading: {"until_id": "3"},
    reading.NewReaction: {"reaction": "agree"},
    reading.NewVisit: {},
    moderation.NewFlag: {"rule": "spam"},
    moderation.Keeping: {"seen": "0"},
    moderation.Hiding: {"seen": "0", "rule": "spam"},
    moderation.Asking: {"seen": "0", "words": REASON},
    moderation.Releasing: {"seen": "0", "version": "1"},
    moderation.Unhiding: {"seen": "0", "words": REASON},
    moderation.BulkAct: {"entries": ["comment-1-0-1"]},
    moderation.NewAppeal: {"act_id": "1", "text": REASON},
    moderation.AppealAnswer: {"granted": "yes", "words": REASON},
    moderation.Premoderation: {"on": "yes", "words": REASON},
    gardening.Tending: {"act": "pin", "reason": REASON},
    people.Credentials: {"email": "ada@example.org", "password": "secret"},
    people.RoleChange: {"role": "facilitator"},
    polls.NewPoll: {
        "title": "Which one first?",
        "closes_at": "2026-04-01T12:00",
        "proposal_ids": ["1", "2"],
        "primary_scheme": "participant",
    },
    ballots.CastBallot: {"marks": {"1": "1"}, "submission_key": KEY},
    polls.RoomBallots: {
        "ballots": "12",
        "counts": ["7", "5"],
        "source": "Main hall",
        "witness": "Ada",
    },
    polls.PollExtension: {
        "closes_at": "2026-04-01T12:00",
        "reason": REASON,
        "shown": "2026-03-30T12:00",
    },
    summaries.SummaryDraft: {"body": "", "version": "0"},
    additions.NewOutput: {"kind": "key_takeaway", "text": "A takeaway.", "reason": REASON},
    additions.NewQuestion: {"text": "Who is missing here?", "reason": REASON},
    balance.NewInvitation: {
        "group": "Government",
        "region": "African Group",
        "channel": "Letter",
        "invited": "3",
        "sent_on": "2026-03-01",
        "submission_key": KEY,
    },
    classification.Classifying: {"version": "0"},
    classification.Labelling: {},
    classification.SessionLabelling: {},
    curation.Undoing: {"reason": REASON},
    imports.Act: {"key": "title", "version": "1", "act": "remove"},
    imports.DoubtAct: {"kind": "NO_YEAR", "lines": ["3"], "version": "1", "act": "settle"},
    imports.ValueCorrection: {"key": "title", "version": "1"},
    imports._Record: {"key": "speakers/0", "version": "1"},
    imports.LineCorrection: {"key": "title", "version": "1", "value": "A title"},
    imports.TextCorrection: {"key": "key_takeaways/0", "version": "1", "value": "A takeaway."},
    imports.YearCorrection: {"key": "year", "version": "1", "value": "2024"},
    imports.MinutesCorrection: {"key": "duration_minutes", "version": "1", "value": "60"},
    imports.DayCorrection: {"key": "date", "version": "1", "value": "2024-12-16"},
    imports.ClockCorrection: {"key": "start_utc", "version": "1", "value": "09:00"},
    imports.TypeCorrection: {"key": "type", "version": "1", "value": "Workshop"},
    imports.GoalsCorrection: {"key": "sdgs", "version": "1", "value": "5, 9"},
    imports.OrganizerCorrection: {
        "key": "organizers/0",
        "version": "1",
        "name": "Ada Example",
        "stakeholder_group": "Government",
    },
    imports.PersonCorrection: {
        "key": "speakers/0",
        "version": "1",
        "name": "Ada Example",
        "stakeholder_group": "Government",
    },
    imports.QuestionCorrection: {"key": "policy_questions/0", "version": "1", "text": "Who pays?"},
    imports.Confirmation: {"digest": "0" * 64},
    imports.TextReplacement: {"text": "IGF 2024 WS #77 Lanterns", "version": "1"},
    people.NewInvitation: {"email": "ada@example.org", "role": "mag_member"},
    people.OrganisationChange: {},
    people.PasswordAgain: {"password": "secret"},
    people.SecondStepCode: {"code": "123456"},
    people.SecondStepRemoval: {"password": "secret", "code": "123456"},
    process.Freezing: {"version": "1"},
    process.NewClosing: {
        "closes_at": "2026-04-01T12:00",
        "reason": REASON,
        "shown": "2026-03-20T12:00",
    },
    process.PlannedPoll: {"proposal_ids": ["1", "2"]},
    process.ProcessForm: {"template": "consultation"},
    process.PublicReason: {"reason": REASON},
    review.ConflictNote: {},
    review.NewReview: {"score": "4"},
    review.NewSignOff: {"stance": "yes", "draft": "0" * 64},
    review.NewSuggestion: {
        "text": "Who is missing here?",
        "reason": REASON,
        "submission_key": KEY,
    },
    review.Publication: {},
    review.SignOffAnswer: {"answer": REASON},
    review.SuggestionAnswer: {"verdict": "leave", "answer": REASON},
    review.ThemeConflict: {"theme": "Trust"},
    synthesis.ArgumentEdit: {"kind": "for", "text": "Eight ch", "version": "1"},
    synthesis.CitationsToMove: {"citation_ids": ["1", "2"], "argument_id": "3"},
    synthesis.CitationsToRemove: {"citation_ids": ["1"]},
    synthesis.CitationsToSplit: {
        "citation_ids": ["1"],
        "kind": "against",
        "text": "Eight ch",
        "submission_key": KEY,
    },
    synthesis.CommentsForArgument: {"comment_ids": ["1", "2"], "argument_id": "3"},
    synthesis.CommentsToWaive: {"comment_ids": ["1"], "reason": REASON},
    synthesis.Merger: {"argument_id": "3"},
    synthesis.NewAnswer: {"comment_id": "12"},
    synthesis.NewArgument: {
        "comment_ids": ["1"],
        "kind": "question",
        "text": "Eight ch",
        "submission_key": KEY,
    },
    synthesis.NewExcerpt: {},
}
SHORTEST_AND_LONGEST = [
    (contributions.NewComment, "body", 1, 5_000),
    (contributions.NewProposal, "title", 8, 160),
    (contributions.NewProposal, "body", 1, 5_000),
    (contributions.NewProposal, "rationale", 0, 3_000),
    (contributions.NewVersion, "note", 10, 500),
    (contributions.DraftedProposal, "title", 0, 1_000),
    (contributions.DraftedProposal, "body", 0, 40_000),
    (contributions.NewResponse, "reason", 0, 1_000),
    (curation.Judgement, "reason", 10, 1_000),
    (curation.Rewording, "text", 10, 1_000),
    (curation.Rewording, "reason", 10, 1_000),
    (people.Registration, "name", 2, 80),
    (people.Registration, "organisation", 1, 120),
    (people.Credentials, "password", 0, 128),
    (people.Credentials, "email", 0, 254),
    (polls.NewPoll, "title", 8, 160),
    (summaries.SummaryDraft, "body", 0, 40_000),
    (summaries.SummaryDraft, "minority_views", 0, 40_000),
    (summaries.SummaryDraft, "level_reason", 0, 1_000),
    (synthesis.NewArgument, "text", 8, 300),
    (synthesis.NewExcerpt, "excerpt", 0, 500),
]
NUMBERS = [
    (curation.Opening, "minimum", 1, 1_000),
    (polls.NewPoll, "minimum", 2, 1_000),
    (polls.NewPoll, "budget", 2, 100),
    (polls.NewPoll, "least", 1, 50),
    (contributions.NewRating, "version_id", 1, 2**31 - 1),
    (contributions.NewComment, "parent_id", 1, 2**31 - 1),
    (contributions.NewComment, "proposal_id", 1, 2**31 - 1),
]
TEXTS = [(model, name) for model, name, _, _ in SHORTEST_AND_LONGEST if name != "password"]
INVISIBLE = (
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
CONTROLS = "\x00\x01\x08\x0b\x0c\x0e\x1b\x1f\x7f"
# Ten different characters, so that a text made of it is not found guessable.
FILLER = "bcdfghjklm"


def read(model: type[Input], **changes: Any) -> Input:
    """The model from its valid values and some others."""
    return model.model_validate({**VALID[model], **changes})


def errors(model: type[Input], **changes: Any) -> dict[str, str]:
    """What is wrong, by field; the empty name is the model as a whole."""
    with pytest.raises(ValidationError) as caught:
        read(model, **changes)
    details = caught.value.errors()
    return {str(each["loc"][0]) if each["loc"] else "": each["type"] for each in details}


def text(length: int) -> str:
    """A text of this length without spaces at its ends."""
    return (FILLER * (length // len(FILLER) + 1))[:length]


def all_models(of: type[Input] = Input) -> set[type[Input]]:
    """Every input model there is."""
    return {each for model in of.__subclasses__() for each in {model, *all_models(model)}}


def test_every_model_is_tried_below() -> None:
    """Ensure a new form cannot be added without a valid example."""
    assert set(VALID) == all_models()


@pytest.mark.parametrize("model", VALID, ids=lambda model: model.__name__)
def test_the_example_is_accepted(model: type[Input]) -> None:
    """Ensure the refusals below are due to what each of them changes."""
    assert isinstance(read(model), model)


@pytest.mark.parametrize("model", VALID, ids=lambda model: model.__name__)
def test_an_unknown_field_is_refused(model: type[Input]) -> None:
    """Ensure nobody smuggles in a role, an author or a vote."""
    assert errors(model, is_admin="yes") == {"is_admin": "extra_forbidden"}


@pytest.mark.parametrize("model", VALID, ids=lambda model: model.__name__)
def test_what_was_read_cannot_be_changed(model: type[Input]) -> None:
    """Ensure what was checked is what is stored."""
    name = next(iter(model.model_fields))

    with pytest.raises(ValidationError, match="frozen"):
        setattr(read(model), name, None)


@pytest.mark.parametrize("model", VALID, ids=lambda model: model.__name__)
def test_every_field_of_the_example_is_needed(model: type[Input]) -> None:
    """Ensure a form sent without one of its fields is not stored half."""
    for name, field in model.model_fields.items():
        values = {key: value for key, value in VALID[model].items() if key != name}
        if field.is_required() or field.validate_default:
            with pytest.raises(ValidationError) as caught:
                model.model_validate(values)
            (error,) = caught.value.errors()
            reason = "missing" if field.is_required() else "nothing_ticked"
            assert (error["loc"], error["type"].removesuffix("_in_queue")) == ((name,), reason)
        else:
            model.model_validate(values)


@pytest.mark.parametrize(("model", "name", "least", "most"), SHORTEST_AND_LONGEST, ids=str)
def test_lengths_are_counted_to_the_character(
    model: type[Input], name: str, least: int, most: int
) -> None:
    """Ensure the shortest and the longest text pass and one character less or more does not."""
    for length in {least, max(least, 1), most}:
        read(model, **{name: text(length)})
    assert name in errors(model, **{name: text(most + 1)})
    if least > 1:
        assert name in errors(model, **{name: text(least - 1)})


@pytest.mark.parametrize(("model", "name"), TEXTS, ids=str)
def test_length_is_counted_after_cleaning(model: type[Input], name: str) -> None:
    """Ensure spaces at the ends cost nothing and cannot stand in for words."""
    most = next(most for m, n, _, most in SHORTEST_AND_LONGEST if (m, n) == (model, name))

    cleaned = getattr(read(model, **{name: f"  {text(most)} \r\n"}), name)

    assert cleaned == text(most)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (contributions.NewComment, "body"),
        (contributions.NewProposal, "title"),
        (curation.Judgement, "reason"),
        (people.Registration, "name"),
    ],
    ids=str,
)
def test_blank_is_not_an_answer(model: type[Input], name: str) -> None:
    """Ensure spaces alone do not pass where something is asked for."""
    for blank in ("", " ", " \t\r\n " * 20):
        assert name in errors(model, **{name: blank})


@pytest.mark.parametrize(("model", "name"), TEXTS, ids=str)
def test_characters_nobody_sees_are_refused(model: type[Input], name: str) -> None:
    """Ensure no text reads otherwise than it is, and none holds what PostgreSQL cannot store."""
    for character in INVISIBLE:
        assert errors(model, **{name: f"abcdef{character}ghijkl"})[name] == "invisible_characters"
    for character in CONTROLS:
        assert errors(model, **{name: f"abcdef{character}ghijkl"})[name] == "control_characters"


def test_scripts_that_need_joiners_are_accepted() -> None:
    """Ensure Persian and Indic words keep the joiners (U+200C, U+200D) they are written with."""
    persian = "می\u200cخواهم نظر بدهم"

    comment = read(contributions.NewComment, body=persian)

    assert isinstance(comment, contributions.NewComment)
    assert comment.body == persian


def test_the_same_text_typed_on_two_systems_is_the_same() -> None:
    """Ensure composed and decomposed accents are stored alike (Unicode normalisation form C)."""
    composed, decomposed = "Me\u0301thodes", "M\u00e9thodes"

    assert read(contributions.NewComment, body=composed) == read(
        contributions.NewComment, body=decomposed
    )


def test_a_title_is_one_line_and_a_body_keeps_its_lines() -> None:
    """Ensure line breaks mean something where they may stand and nothing elsewhere."""
    proposal = read(contributions.NewProposal, title="Two\r\nlines  here", body="a\r\n\r\nb\rc")

    assert isinstance(proposal, contributions.NewProposal)
    assert proposal.title == "Two lines here"
    assert proposal.body == "a\n\nb\nc"


@pytest.mark.parametrize(("model", "name", "least", "most"), NUMBERS, ids=str)
def test_numbers_have_their_limits(model: type[Input], name: str, least: int, most: int) -> None:
    """Ensure the limits themselves pass, the numbers beyond do not, and no database overflows."""
    for value in (least, most):
        assert getattr(read(model, **{name: str(value)}), name) == value
    for value in (least - 1, most + 1, -1, 10**30):
        assert name in errors(model, **{name: str(value)})
    for words in ("two", "1.5", "1e3", "0x10", "٣" * 5_000):
        assert name in errors(model, **{name: words})


@pytest.mark.parametrize("position", Position)
def test_a_reason_is_asked_for_where_a_change_is_wanted(position: Position) -> None:
    """Ensure endorsing in part and contesting say why, in ten characters at least."""
    asked = position in (Position.PARTLY, Position.CONTEST)

    if asked:
        for reason in ("", "too short", "          x"):
            assert errors(contributions.NewResponse, position=position, reason=reason) == {
                "": "reason_asked"
            }
    else:
        read(contributions.NewResponse, position=position, reason="")
    read(contributions.NewResponse, position=position, reason="ten chars.")


@pytest.mark.parametrize(
    "key", ["", "x", "0" * 31, "0" * 37, "0" * 32 + "\n", "Z" * 32, "../" * 11]
)
def test_a_submission_key_has_the_form_of_one(key: str) -> None:
    """Ensure nothing but a key gets into the column that makes resending harmless."""
    wrong = errors(contributions.NewComment, submission_key=key)

    assert wrong == {"submission_key": "string_pattern_mismatch"}


@pytest.mark.parametrize("model", [curation.Opening, polls.NewPoll], ids=lambda m: m.__name__)
def test_closing_comes_after_opening(model: type[Input]) -> None:
    """Ensure nothing closes before, or at the moment, it opens."""
    closes = "2026-04-01T12:00"

    for opens in ("2026-04-01T12:00", "2026-04-01T12:01", "2026-04-01T10:30-02:00"):
        assert errors(model, opens_at=opens, closes_at=closes) == {"": "closes_first"}
    read(model, opens_at="2026-04-01T11:59", closes_at=closes)
    read(model, opens_at="", closes_at=closes)


def test_a_moment_without_a_zone_is_meant_in_utc() -> None:
    """Ensure a form's local time means what its label says."""
    opening = read(curation.Opening, closes_at=" 2026-04-01T12:00 ")

    assert isinstance(opening, curation.Opening)
    assert opening.closes_at == datetime(2026, 4, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "moment",
    [
        *("", "soon", "2026-02-30T10:00", "2026-04-01T25:00", "20226-04-01T12:00"),
        *("1999-12-31T23:59", "2100-01-01T00:00", "0001-01-01T00:00"),
        *("9999-12-31T23:59-12:00", "0001-01-01T00:00+12:00"),
    ],
)
def test_what_is_no_moment_of_this_century_is_refused(moment: str) -> None:
    """Ensure slips of the hand, and moments that no database can shift to UTC, stop at the form."""
    assert errors(curation.Opening, closes_at=moment) == {"closes_at": "moment"}


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_refused(entered: str) -> None:
    """Ensure the reader of moments fails in no other way."""
    try:
        opening = read(curation.Opening, closes_at=entered)
    except ValidationError:
        return
    assert isinstance(opening, curation.Opening)
    assert opening.closes_at.astimezone(UTC)


@pytest.mark.parametrize("model", [curation.QuestionSplit, curation.OutputSplit])
def test_parts_are_separated_by_blank_lines(model: type[Input]) -> None:
    """Ensure a text area gives as many texts as it has paragraphs, on every system's line ends."""
    for end in ("\n", "\r\n", "\r"):
        typed = end.join(
            ["", "The first part,", "over two lines.", " ", "", "The second part.", ""]
        )

        assert read(model, parts=typed).model_dump()["parts"] == [
            "The first part, over two lines.",
            "The second part.",
        ]


@pytest.mark.parametrize(
    ("model", "most"), [(curation.QuestionSplit, 10), (curation.OutputSplit, 20)]
)
def test_a_split_has_two_parts_at_least(model: type[Input], most: int) -> None:
    """Ensure a split splits, and not into crumbs."""
    parts = [f"Part number {number}." for number in range(most + 1)]

    read(model, parts="\n\n".join(parts[:most]))
    assert errors(model, parts="\n\n".join(parts)) == {"parts": "too_long"}
    assert errors(model, parts=parts[0]) == {"parts": "too_short"}
    assert errors(model, parts="") == {"parts": "too_short"}
    assert errors(model, parts="A good part.\n\nshort")["parts"] == "too_short"


@pytest.mark.parametrize(
    "address",
    [
        *("", "ada", "ada@", "@example.org", "ada@example", "ada@@example.org"),
        *("a da@example.org", "ada@example..org", "ada@.org", "ada@example.org."),
        *(f"{'a' * 65}@example.org", f"ada@{'a' * 250}.org", "ada@exam\nple.org"),
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    """Ensure an account has an address that mail can be sent to."""
    assert errors(people.Registration, email=address)["email"] == "email"


def test_an_address_is_kept_in_lower_case() -> None:
    """Ensure one person does not make two accounts by capitals."""
    registration = read(people.Registration, email=" Ada@Example.ORG ")

    assert isinstance(registration, people.Registration)
    assert registration.email == "ada@example.org"


@pytest.mark.parametrize(
    "password",
    ["ada example 123", "my ADA EXAMPLE!", "ada@example.org", "aaaaaaaaaaaaaaaa", "abababababab"],
)
def test_a_guessable_password_is_refused(password: str) -> None:
    """Ensure neither one's name, one's address nor a few letters make a password."""
    assert errors(people.Registration, password=password) == {"": "password_guessable"}


def test_a_password_is_kept_as_it_was_typed() -> None:
    """Ensure spaces, capitals and every script may be part of a password (NIST SP 800-63B)."""
    password = "  Ünï cödé \u202e 密码 "

    registration = read(people.Registration, password=password)

    assert isinstance(registration, people.Registration)
    assert registration.password == password


@pytest.mark.parametrize("group", StakeholderGroup)
def test_people_register_with_one_of_the_five_groups(group: StakeholderGroup) -> None:
    """Ensure the group that only session pages know is not chosen by people."""
    if group in StakeholderGroup.registrable():
        read(people.Registration, stakeholder_group=group.value)
    else:
        wrong = errors(people.Registration, stakeholder_group=group.value)
        assert wrong == {"stakeholder_group": "enum"}


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (people.Registration, {"regional_group": "Atlantis"}),
        (people.RoleChange, {"role": "king"}),
        (contributions.NewComment, {"kind": "insult"}),
        (contributions.NewRating, {"rating": "6"}),
        (contributions.NewResponse, {"position": ""}),
        (polls.NewPoll, {"primary_scheme": "mine"}),
        (summaries.SummaryDraft, {"level": "unanimity"}),
    ],
    ids=str,
)
def test_a_choice_is_one_of_the_options(model: type[Input], changes: Mapping[str, Any]) -> None:
    """Ensure nothing is chosen that the form does not offer."""
    assert errors(model, **changes) == dict.fromkeys(changes, "enum")
