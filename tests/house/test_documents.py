"""Claims about documents that would otherwise fall behind the program."""

import re
from pathlib import Path

import click
import pytest

from deliberate.cli import main
from deliberate.demo import PASSWORD, SIGN_INS
from deliberate.settings import Settings
from tests.house.sources import ROOT, relative

OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
ROW = re.compile(r"^\| `(DELIBERATE_\w+)` \|(?: `([^`]+)`)? \| (.+) \|$", re.MULTILINE)
CHANGELOG_HEADINGS = {"### New", "### Better", "### Mended", "### For operators"}


def commands(group: click.Group, prefix: str = "deliberate") -> dict[str, click.Command]:
    """Every command that can be typed, by its full name."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        full = f"{prefix} {name}"
        found[full] = command
        if isinstance(command, click.Group):
            found |= commands(command, full)
    return found


def test_the_table_of_settings_is_complete() -> None:
    """Ensure every variable is explained with its default, and none that does not exist."""
    written = {name: default for name, default, _ in ROW.findall(OPERATING)}
    real = {
        f"DELIBERATE_{name.upper()}": str(field.default).lower()
        if isinstance(field.default, bool)
        else str(field.default)
        for name, field in Settings.model_fields.items()
    }

    assert written == real


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_documents_name_only_variables_that_exist(path: Path) -> None:
    """Ensure nobody sets a variable that nothing reads."""
    named = set(re.findall(r"\bDELIBERATE_[A-Z_]+\b", path.read_text(encoding="utf-8")))

    assert named <= {f"DELIBERATE_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_documents_name_only_commands_that_exist(path: Path) -> None:
    """Ensure each command and option that a document gives in code can be typed."""
    known = commands(main)
    lines = re.findall(
        r"(?:`|^ {4}\S*bin/)(deliberate [a-z][^`\n]*(?:\\\n[^`\n]*)*)",
        path.read_text(encoding="utf-8"),
        re.MULTILINE,
    )

    for line in lines:
        names = [name for name in known if f"{line} ".startswith(f"{name} ")]
        assert names, line
        command = known[max(names, key=len)]
        options = {
            option for each in command.params for option in (*each.opts, *each.secondary_opts)
        }
        assert set(re.findall(r"--[a-z-]+", line)) <= options, line


def test_operators_learn_every_command_they_need() -> None:
    """Ensure the ways to start, count and give roles are all explained."""
    needed = set(commands(main)) - {"deliberate demo", "deliberate people", "deliberate polls"}

    missing = {name for name in needed if name not in OPERATING and "sessions" not in name}

    assert missing == set()


def test_the_readme_gives_the_accounts_of_the_demonstration() -> None:
    """Ensure what a newcomer copies from the first page opens the site."""
    assert f"`{PASSWORD}`" in README
    for account in SIGN_INS:
        assert f"| `{account.email}` | {account.role} | {account.to_do} |" in README


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    """Ensure no document sends a reader to a page that is not there."""
    targets = re.findall(r"(?<!!)\[[^\]]+\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))

    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_changelog_keeps_its_headings() -> None:
    """Ensure each version tells its changes under the same headings."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    headings = re.findall(r"^### .+$", changelog, re.MULTILINE)

    assert headings
    assert set(headings) <= CHANGELOG_HEADINGS
