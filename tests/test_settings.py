"""Claims about settings: what is wrong is named, and secrets stay secret."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from deliberate.cli import main
from deliberate.settings import DEVELOPMENT_KEY, Settings

OWN_KEY = "0123456789abcdef0123456789abcdef"
WRONG = {
    "SECRET_KEY": "a-short-secret",
    "PROXIES": "many",
    "PRODUCTION": "perhaps",
    "LOG_FORMAT": "xml",
    "MAIL_SERVER": "mail.example.org",
    "MAIL_FROM": "nobody",
    "SITE_ADDRESS": "https://example.org/forum",
}


def test_a_fresh_checkout_runs_without_settings() -> None:
    """Ensure nothing needs to be set before trying the program."""
    settings = Settings()

    assert settings.sqlite_path() == Path("var/deliberate.sqlite3")
    assert not settings.production


def test_production_refuses_the_key_that_everybody_can_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ensure no site goes public with a key from this source, and the variable is named."""
    monkeypatch.setenv("DELIBERATE_PRODUCTION", "true")

    with pytest.raises(ValidationError, match="DELIBERATE_SECRET_KEY must be set"):
        Settings()

    monkeypatch.setenv("DELIBERATE_SECRET_KEY", DEVELOPMENT_KEY)
    with pytest.raises(ValidationError, match="DELIBERATE_SECRET_KEY must be set"):
        Settings()


def test_production_starts_with_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ensure the key is all that production insists on."""
    monkeypatch.setenv("DELIBERATE_PRODUCTION", "true")
    monkeypatch.setenv("DELIBERATE_SECRET_KEY", OWN_KEY)

    assert Settings().secret_key == OWN_KEY


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_stops_the_start_and_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Ensure the operator learns which variable to mend."""
    monkeypatch.setenv(f"DELIBERATE_{name}", WRONG[name])

    with pytest.raises(ValidationError) as caught:
        Settings()

    assert [each["loc"] for each in caught.value.errors()] == [(name.lower(),)]


@pytest.mark.parametrize("name", WRONG)
def test_the_command_line_names_the_variable_as_it_is_set(name: str) -> None:
    """Ensure the one line on the terminal can be acted on without reading source."""
    wrong = {f"DELIBERATE_{name}": WRONG[name]}

    result = CliRunner().invoke(main, ["polls", "list"], env=wrong)

    assert result.exit_code == 1
    assert f"DELIBERATE_{name}: " in result.output
    assert WRONG["SECRET_KEY"] not in result.output


def test_a_refused_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ensure a secret that is too short does not end up in a log."""
    monkeypatch.setenv("DELIBERATE_SECRET_KEY", "a-short-secret")

    with pytest.raises(ValidationError) as caught:
        Settings()

    assert "a-short-secret" not in str(caught.value)


def test_settings_do_not_show_their_secrets() -> None:
    """Ensure printing the settings while looking for a fault prints no secret."""
    address = "postgresql+psycopg://deliberate:pass-word@db/deliberate"

    shown = repr(Settings(secret_key=OWN_KEY, database_url=address))

    assert OWN_KEY not in shown
    assert "pass-word" not in shown


def test_settings_do_not_change_while_the_program_runs() -> None:
    """Ensure what was checked at the start stays true."""
    with pytest.raises(ValidationError, match="frozen"):
        Settings().production = True  # type: ignore[misc]


def test_every_setting_is_explained() -> None:
    """Ensure each variable has a sentence that documentation can show."""
    descriptions = [field.description or "" for field in Settings.model_fields.values()]

    assert all(text.endswith(".") for text in descriptions)


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("sqlite:///var/a.sqlite3", Path("var/a.sqlite3")),
        ("sqlite:////srv/a.sqlite3", Path("/srv/a.sqlite3")),
        ("postgresql+psycopg://deliberate@/deliberate", None),
    ],
)
def test_the_database_file_is_known_when_there_is_one(address: str, path: Path | None) -> None:
    """Ensure a copy can be made of the file that is used."""
    assert Settings(database_url=address).sqlite_path() == path
