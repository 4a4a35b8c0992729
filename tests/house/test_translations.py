"""Claims about the catalogues: complete, faithful to the English text, and up to date."""

import ast
import gettext
import importlib
import io
import re
import shlex
import subprocess
import sysconfig
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from deliberate.domain.ballots import Kind, read_rules
from deliberate.domain.errors import DomainError, Invalid
from deliberate.domain.forum import SessionType
from deliberate.domain.levels import ConsensusClass, ConsensusLevel, NearestLevel, Stance
from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.domain.positions import Position, Rating
from deliberate.domain.reasons import REASON_LABELS
from deliberate.domain.small_cells import MERGED_GROUPS
from deliberate.domain.tally.registry import METHODS
from deliberate.domain.weighting import Scheme
from deliberate.importing import DoubtKind
from deliberate.policy import RULES
from deliberate.web.forms import blank
from deliberate.web.ui import LANGUAGES
from tests.house.sources import ROOT

FOLDER = ROOT / "deliberate" / "translations"
TRANSLATED = sorted(set(LANGUAGES) - {"en"})
SPEAKING = ("domain", "importing", "actions")
ERRORS = {kind.__name__ for kind in DomainError.__subclasses__()}

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")
TAG = re.compile(r"</?[a-z][^>]*>|&\w+;")
ISOLATE, POP = "\u2068", "\u2069"
OTHER_CONTROLS = re.compile("[\u202a-\u202e\u2066\u2067\u200e\u200f\u200b]")
SMALL_NUMBERS = {"%(num)d"}
"""What the forms for none, one and two may say in words instead."""
UNWANTED = {"ar": re.compile("فائز|مستخدم|المنتصر")}
"""Nobody is called a winner or a user, in any language."""


@cache
def template() -> Catalog:
    """The committed list of English messages."""
    with (FOLDER / "messages.pot").open("rb") as file:
        return read_po(file)


@cache
def translation(language: str) -> Catalog:
    """The committed catalogue of a language."""
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(catalog: Catalog) -> dict[str, Message]:
    """The messages of a catalogue by their English text, without its header."""
    return {forms_of(message.id)[0]: message for message in catalog if message.id}


def forms_of(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """A message's forms: one, or as many as the language has for numbers."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def pairs(language: str) -> Iterator[tuple[str, str, bool]]:
    """Every translated form with the English one, and whether it may say the number in words."""
    for message in messages(translation(language)).values():
        english, own = forms_of(message.id), forms_of(message.string)
        for place, text in enumerate(own):
            yield english[-1], text, len(own) > 1 and place < 3


def raised_words(tree: ast.AST) -> Iterator[str]:
    """Titles, advice and messages at fields of the refusals that a module makes."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ERRORS
        ):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            given += [each for one in given if isinstance(one, ast.Dict) for each in one.values]
            for each in given:
                if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value:
                    yield each.value


def words_of_the_core() -> set[str]:
    """What pages hand to gettext although no template or web module spells it out."""
    kinds = (Position, Rating, Stance, ConsensusClass, ConsensusLevel, Scheme)
    words = {member.label for kind in kinds for member in kind}
    words |= {
        NearestLevel(level, against, minority).label
        for level, against, minority in product(ConsensusLevel, (False, True), (False, True))
    }
    for names in (StakeholderGroup, RegionalGroup, SessionType, DoubtKind):
        words |= {member.value for member in names}
    words |= {
        str(holds.__doc__).strip()
        for clauses in RULES.values()
        for each in clauses
        for holds in each
    }
    for layer in SPEAKING:
        for path in (ROOT / "deliberate" / layer).rglob("*.py"):
            words |= set(raised_words(ast.parse(path.read_text(encoding="utf-8"))))
    words |= {text for method in METHODS.values() for text in (method.label, method.help)}
    return words | set(REASON_LABELS.values()) | {MERGED_GROUPS} | set(words_of_ballots())


def words_of_ballots() -> Iterator[str]:
    """The names, helps and hints of every kind of ballot, its answers, and what can be wrong."""
    for kind in Kind:
        yield from (kind.label, kind.help, kind.hint, *read_rules(kind, {}).labels.values())
    for path in (ROOT / "deliberate" / "domain" / "ballots").glob("*.py"):
        module = importlib.import_module(f"deliberate.domain.ballots.{path.stem}")
        yield from (
            text
            for name, text in vars(module).items()
            if name.isupper() and isinstance(text, str) and text
        )


def test_every_language_has_a_catalogue() -> None:
    """Ensure a language that pages offer is one they can be shown in."""
    found = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())

    assert found == TRANSLATED != []


def test_the_list_of_messages_is_up_to_date(tmp_path: Path) -> None:
    """Ensure `make messages` was run after the last change of a word on screen."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    written = re.search(r"pybabel -q extract (.+?) --output-file", makefile, re.DOTALL)
    assert written is not None
    options = shlex.split(written[1].replace("\\\n", " "))
    program, fresh = Path(sysconfig.get_path("scripts")) / "pybabel", tmp_path / "messages.pot"

    command = [str(program), "-q", "extract", *options, "--output-file", str(fresh), "."]
    subprocess.run(command, cwd=ROOT, check=True)

    with fresh.open("rb") as file:
        now = messages(read_po(file))
    before = messages(template())
    assert sorted(now.keys() ^ before.keys()) == []
    assert [text for text in now if forms_of(now[text].id) != forms_of(before[text].id)] == []


def test_words_of_the_core_are_listed_for_translation() -> None:
    """Ensure labels, reasons and refusals are translated, which no page names as a literal."""
    words = words_of_the_core()

    assert len(words) > 150
    assert sorted(words - messages(template()).keys()) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_complete(language: str) -> None:
    """Ensure each English message has a translation that somebody stands by, and none is left."""
    catalog = translation(language)
    own, english = messages(catalog), messages(template())

    empty = [text for text, each in own.items() if not all(forms_of(each.string))]

    assert own.keys() == english.keys()
    assert empty == []
    assert [text for text, each in own.items() if each.fuzzy] == []
    assert list(catalog.obsolete) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_fills_the_same_places(language: str) -> None:
    """Ensure nothing that is put into an English sentence is missing or unknown in another."""
    wrong = []
    for english, own, may_say_number in pairs(language):
        asked, given = set(PLACEHOLDER.findall(english)), set(PLACEHOLDER.findall(own))
        missing = asked - given - (SMALL_NUMBERS if may_say_number else set())
        if missing or given - asked:
            wrong.append((english, own))

    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_same_markup(language: str) -> None:
    """Ensure tags are those of the English text, and isolated text is closed again."""
    pieces = list(pairs(language))

    tags = [own for english, own, _ in pieces if TAG.findall(own) != TAG.findall(english)]
    unclosed = [own for _, own, _ in pieces if own.count(ISOLATE) != own.count(POP)]
    controls = [own for _, own, _ in pieces if OTHER_CONTROLS.search(own)]

    assert tags == []
    assert unclosed == []
    assert controls == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_to_the_glossary(language: str) -> None:
    """Ensure words that the product avoids do not come back by way of another language."""
    found = [own for _, own, _ in pairs(language) if UNWANTED[language].search(own)]

    assert found == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    """Ensure pages show what translators last wrote."""
    compiled = io.BytesIO()
    write_mo(compiled, translation(language))

    committed = (FOLDER / language / "LC_MESSAGES" / "messages.mo").read_bytes()

    assert committed == compiled.getvalue()


def test_arabic_numbers_take_six_forms() -> None:
    """Ensure none, one, two, few, many and a hundred comments are each said as Arabic does."""
    with (FOLDER / "ar" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        arabic = gettext.GNUTranslations(file)

    said = [
        arabic.ngettext("%(num)d comment", "%(num)d comments", number)
        for number in (0, 1, 2, 3, 11, 100)
    ]

    assert [arabic.ngettext("%(num)d comment", "%(num)d comments", n) for n in (10, 99)] == said[
        3:5
    ]
    assert len(set(said)) == 6


def test_a_translated_page_leads_to_its_english_text(client: FlaskClient) -> None:
    """Ensure a drafted translation says so, and that English is one step away, query and all."""
    arabic = client.get("/deliberations?phase=closed&lang=ar").text
    english = client.get("/deliberations?phase=closed&lang=en").text

    assert "والعبرة بالنص الإنكليزي" in arabic
    assert '<a href="?phase=closed&amp;lang=en" hreflang="en">' in arabic
    assert "drafted by a machine" not in english
    assert '<a href="?phase=closed&amp;lang=ar" lang="ar" hreflang="ar">' in english


def test_a_refusal_speaks_the_language_of_the_page(client: FlaskClient) -> None:
    """Ensure what the core refuses is read in Arabic by somebody who reads Arabic."""
    response = client.get("/deliberations/999999?lang=ar")

    assert response.status_code == 404
    assert "لا يوجد نقاش كهذا." in response.text


def test_a_refusal_at_a_field_speaks_the_language_of_the_page(client: FlaskClient) -> None:
    """Ensure what an action finds wrong with a field is translated beside that field."""
    taken = Invalid(
        "This address already has an account.",
        fields={"email": "This address already has an account. Sign in instead."},
    )

    with client.application.test_request_context("/register?lang=ar"):
        form = blank().reject(taken)

    assert form.errors == {"email": "لهذا العنوان حساب بالفعل. سجّل الدخول بدلًا من ذلك."}
