"""Claims about posted forms: every rule is explained, in words, where it was broken."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from deliberate.domain.errors import Invalid
from deliberate.inputs import ballots, contributions, curation, people, polls, summaries
from deliberate.inputs.texts import Input
from deliberate.web import forms
from deliberate.web.forms import HIDDEN, MESSAGES, Form, blank, read_form
from tests.house.sources import modules
from tests.inputs.test_rules import VALID, all_models

CASES: list[tuple[type[Input], dict[str, Any], str, str]] = [
    (contributions.NewComment, {"body": " \r\n"}, "body", "This is needed."),
    (contributions.NewComment, {"body": "x" * 5001}, "body", "Shorten this to 5000 characters."),
    (contributions.NewComment, {"kind": "insult"}, "kind", "Choose one of the options."),
    (contributions.NewProposal, {"title": ""}, "title", "This is needed."),
    (contributions.NewProposal, {"title": "x"}, "title", "Write at least 8 characters."),
    (contributions.NewProposal, {"title": "x" * 161}, "title", "Shorten this to 160 characters."),
    (contributions.NewProposal, {"title": "\u202eevil title"}, "title", "direction marks"),
    (contributions.NewProposal, {"title": "bell\x07 title"}, "title", "control characters"),
    (contributions.NewResponse, {"position": "contest"}, "reason", "Say why"),
    (contributions.NewResponse, {"position": "no"}, "position", "Choose one of the options."),
    (curation.Opening, {"closes_at": "soon"}, "closes_at", "Enter a date and time"),
    (curation.Opening, {"closes_at": ""}, "closes_at", "Enter a date and time"),
    (curation.Opening, {"opens_at": "2026-05-01T12:00"}, "closes_at", "later than opening"),
    (curation.Opening, {"minimum": "0"}, "minimum", "Enter 1 or more."),
    (curation.Opening, {"minimum": "1001"}, "minimum", "Enter 1000 or less."),
    (curation.Opening, {"minimum": "five"}, "minimum", "Enter a whole number."),
    (curation.Opening, {"minimum": "9" * 5000}, "minimum", "Enter a smaller number."),
    (curation.QuestionSplit, {"parts": "One question only?"}, "parts", "Give at least 2"),
    (curation.QuestionSplit, {"parts": "One question?\n\nx"}, "parts", "at least 10 characters"),
    (curation.QuestionSplit, {"parts": "A question\non two lines?"}, "parts", "Give at least 2"),
    (curation.QuestionSplit, {"parts": "A question?\n\n" * 11}, "parts", "Give at most 10."),
    (curation.QuestionMerger, {"question_ids": ["1"]}, "question_ids", "Give at least 2"),
    (curation.QuestionMerger, {"question_ids": ["1", "x"]}, "question_ids", "whole number"),
    (people.Registration, {"email": "ada"}, "email", "Enter an e-mail address"),
    (people.Registration, {"password": "short"}, "password", "Write at least 12 characters."),
    (people.Registration, {"password": "ada example 1"}, "password", "easy to guess"),
    (people.Registration, {"stakeholder_group": "Academia"}, "stakeholder_group", "Choose one"),
    (polls.NewPoll, {"opens_at": "2026-05-01T12:00"}, "closes_at", "later than opening"),
    (polls.NewPoll, {"own_options": "A\n\nB\n\nA"}, "own_options", "the same title"),
    (polls.NewPoll, {"own_options": "x\n\n" * 51}, "own_options", "at most 50"),
    (summaries.SummaryDraft, {"level": "unanimity"}, "level", "Choose one of the options."),
]
# The ballot's page reads its ranks by hand.
SENT_AS_FORMS = [model for model in VALID if model is not ballots.CastBallot]
# What pydantic can find wrong with each kind of value that a form sends, by the kind's name in
# its schema. Forms send text and lists of text, so no error about other types can arise.
ERRORS_OF = {
    "str": {"string_too_short", "string_too_long", "string_pattern_mismatch"},
    "int": {"int_parsing", "int_parsing_size", "greater_than_equal", "less_than_equal"},
    "enum": {"enum"},
    "literal": {"literal_error"},
    "bool": {"bool_parsing"},
    "list": {"too_short", "too_long", "list_type"},
    "model": {"missing", "extra_forbidden"},
    "model-fields": set[str](),
    "model-field": set[str](),
    "default": set[str](),
    "nullable": set[str](),
    "datetime": set[str](),
    "date": set[str](),
    "function-after": set[str](),
    "function-before": set[str](),
    "function-plain": set[str](),
    "definitions": set[str](),
    "dict": set[str](),
    "definition-ref": set[str](),
}
NEVER_SENT = {
    "literal_error": "the buttons of a form send which of them was pressed",
    "bool_parsing": "a box that is ticked sends one value",
    "list_type": "a text area with several lines for a list of numbers",
    "string_pattern_mismatch": "the submission key alone has a pattern, and it is hidden",
}


@pytest.fixture(autouse=True)
def _in_a_request() -> Iterator[None]:
    """Messages are translated when they are shown, which needs a request."""
    app = Flask("forms")
    Babel(app)
    with app.test_request_context():
        yield


def post(model: type[Input], **changes: Any) -> Form[Any]:
    """The form as its model reads it, from valid values and some others."""
    values = {**VALID[model], **changes}
    pairs = [
        (name, each)
        for name, value in values.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    return read_form(model, MultiDict(pairs))


def kinds(schema: Any) -> Iterator[str]:
    """Every kind of value in a model's schema."""
    if isinstance(schema, Mapping):
        if isinstance(schema.get("type"), str):
            yield schema["type"]
        for key, value in schema.items():
            if key not in {"metadata", "serialization", "config", "members", "function"}:
                yield from kinds(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from kinds(value)


def own_errors() -> set[str]:
    """The names of the errors that our own validators raise."""
    return {
        str(node.args[0].value)
        for path, tree in modules().items()
        if path.startswith("deliberate/inputs/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "PydanticCustomError"
        and isinstance(node.args[0], ast.Constant)
    }


@pytest.mark.parametrize(("model", "changes", "name", "words"), CASES, ids=lambda v: str(v)[:40])
def test_every_rule_speaks_at_its_field(
    model: type[Input], changes: Mapping[str, Any], name: str, words: str
) -> None:
    """Ensure what is wrong is said once, in words, at the field where it can be mended."""
    form = post(model, **changes)

    assert form.data is None
    assert list(form.errors) == [name]
    assert words in str(form.errors[name])
    assert "%(" not in str(form.errors[name])


@pytest.mark.parametrize("model", SENT_AS_FORMS, ids=lambda model: model.__name__)
def test_a_right_form_has_no_errors_and_keeps_its_text(model: type[Input]) -> None:
    """Ensure what was typed can be shown again even when everything is right."""
    form = post(model)

    assert form.data is not None
    assert not form.errors
    assert set(form.posted) == set(VALID[model])


def test_every_error_there_can_be_has_a_message() -> None:
    """Ensure nobody reads "This cannot be accepted." where we could say what is meant."""
    possible = own_errors()
    for model in all_models():
        possible |= set().union(
            *(ERRORS_OF[kind] for kind in kinds(model.__pydantic_core_schema__))
        )

    assert possible - set(NEVER_SENT) - set(MESSAGES) == set()
    assert own_errors() <= set(MESSAGES)


def test_every_message_is_about_something() -> None:
    """Ensure no message outlives the rule it explained."""
    ours = {"damaged", "repeated"}
    possible = own_errors() | ours | set().union(*ERRORS_OF.values())

    assert set(MESSAGES) - possible == set()


def test_every_rule_about_several_fields_has_its_place() -> None:
    """Ensure a rule of a whole model is explained at a field that the model has."""
    fields = {name for model in all_models() for name in model.model_fields}

    assert set(forms.MODEL_FIELDS) <= own_errors()
    assert set(forms.MODEL_FIELDS.values()) <= fields


@pytest.mark.parametrize("model", VALID, ids=lambda model: model.__name__)
def test_an_unknown_field_refuses_the_whole_form(model: type[Input]) -> None:
    """Ensure a smuggled field stops the form and is explained where there is something to see."""
    form = (
        post(model, is_x="1") if "role" in model.model_fields else post(model, role="secretariat")
    )

    assert form.data is None
    assert str(form.errors[""]) == "This form has no such field."


@pytest.mark.parametrize("name", ["body", "kind"])
def test_a_field_sent_twice_is_refused(name: str) -> None:
    """Ensure nobody slips a second value past a check of the first."""
    sent = MultiDict(
        [*VALID[contributions.NewComment].items(), ("kind", "remark"), (name, "again")]
    )

    form = read_form(contributions.NewComment, sent)

    assert form.data is None
    assert str(form.errors[name]) == "This was sent twice. Reload the page and try again."


def test_a_list_may_be_sent_in_many_fields_or_in_one_text() -> None:
    """Ensure tick boxes and text areas are both read as the list they stand for."""
    ticked = post(polls.NewPoll, proposal_ids=["3", "1"])
    typed = post(curation.OutputSplit, parts="The first point.\r\n\r\nThe second point.")

    assert ticked.data is not None
    assert ticked.data.proposal_ids == [3, 1]
    assert typed.data is not None
    assert typed.data.parts == ["The first point.", "The second point."]


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        (contributions.NewComment, "submission_key", "x"),
        (contributions.NewComment, "parent_id", "first"),
        (contributions.NewComment, "proposal_id", "9" * 30),
        (contributions.NewRating, "version_id", "0"),
        (curation.Rewording, "version", "new"),
    ],
)
def test_what_is_wrong_with_a_hidden_field_is_said_of_the_form(
    model: type[Input], name: str, value: str
) -> None:
    """Ensure no message stands at, or links to, a field that nobody can see."""
    form = post(model, **{name: value})

    assert name in HIDDEN
    assert form.data is None
    assert {place: str(text) for place, text in form.errors.items()} == {
        "": str(MESSAGES["damaged"])
    }


def test_a_damaged_key_is_replaced() -> None:
    """Ensure a form that lost its key can be sent again without typing anything anew."""
    broken = post(contributions.NewComment, submission_key="damaged")

    again = post(contributions.NewComment, submission_key=broken.value("submission_key"))

    assert again.data is not None


def test_a_sound_key_is_kept_when_the_form_comes_back() -> None:
    """Ensure correcting a form and sending it again still counts as one."""
    form = post(contributions.NewComment, body="")

    assert form.value("submission_key") == VALID[contributions.NewComment]["submission_key"]


def test_each_form_has_a_key_of_its_own() -> None:
    """Ensure two forms are two, and that the key is one that will be accepted."""
    first, second = blank().value("submission_key"), blank().value("submission_key")

    assert first != second
    assert post(contributions.NewComment, submission_key=first).data is not None


def test_what_an_action_finds_is_added_to_the_form() -> None:
    """Ensure an action's objection stands at its field, and without one at the top."""
    form = post(contributions.NewComment)

    at_a_field = form.reject(Invalid("No.", fields={"body": "Not this."}))
    at_the_top = form.reject(Invalid("No."))

    assert at_a_field.errors == {"body": "Not this."}
    assert at_the_top.errors == {"": "No."}
    assert at_a_field.data is None
    assert at_a_field.value("body") == "Yes."


def test_the_token_of_the_form_is_no_input() -> None:
    """Ensure the token that protects every form is not taken for a field of one."""
    sent = MultiDict([*VALID[contributions.NewComment].items(), ("csrf_token", "t")])

    form = read_form(contributions.NewComment, sent)

    assert form.data is not None
    assert "csrf_token" not in form.posted
