"""Claims about the files beside the code: pins, vendored files, documents, the Makefile."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from tests.house.sources import ROOT, relative, tracked_files, tracked_texts

MACHINE_PATH = re.compile(r"(?<![\w.:/~<-])/(?:work|tmp|root|home|Users)/[\w.]")
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==[\w.]+(?: ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
ADR_HEADINGS = ["## Context", "## Decision", "## Consequences"]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def vendored_folders() -> set[Path]:
    """Every folder called `vendor`, wherever files of others are kept."""
    return {
        folder for path in tracked_files() for folder in path.parents if folder.name == "vendor"
    }


def make_targets() -> dict[str, str]:
    """The Makefile's documented targets with what `make help` says of them."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z]+):.*?## (.+)$", makefile, re.MULTILINE))


def test_every_pin_has_hashes_and_no_host() -> None:
    """Ensure the lock file is names, versions and hashes, wherever they are fetched from."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line and not line.lstrip().startswith("#")]

    unexpected = [line for line in lines if not PIN.match(line) and not HASH.match(line)]
    unhashed = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if PIN.match(line) and not HASH.match(following)
    ]

    assert unexpected == []
    assert unhashed == []


def test_every_dependency_is_pinned() -> None:
    """Ensure what pyproject.toml asks for is in the lock file, the build backend included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["test"],
        *project["build-system"]["requires"],
    ]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()

    pinned = {match["name"] for line in lock if (match := PIN.match(line))}

    assert {re.split(r"[\[<>=~! ]", name)[0].lower() for name in asked} - pinned == set()


def test_vendored_files_are_what_their_list_says() -> None:
    """Ensure each vendored file stands in VENDORED.md with its SHA-256, and nothing else does."""
    problems = []
    for folder in vendored_folders():
        listed = (folder / "VENDORED.md").read_text(encoding="utf-8").splitlines()
        for path in sorted(set(folder.rglob("*")) - {folder / "VENDORED.md"}):
            if path.is_file():
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                if not any(path.name in line and digest in line for line in listed):
                    problems.append(f"{relative(path)} {digest}")

    assert problems == []


def test_no_path_of_one_machine_is_written_down() -> None:
    """Ensure nothing in the tree names a folder that exists on one machine only."""
    found = [
        f"{path}: {text[max(0, match.start() - 30) : match.end() + 20]!r}"
        for path, text in tracked_texts()
        for match in MACHINE_PATH.finditer(text)
    ]

    assert found == []


def test_make_help_describes_every_target() -> None:
    """Ensure a newcomer learns every target of the Makefile from `make help`."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    phony = set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())

    assert phony == set(make_targets())


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_documents_name_only_targets_that_exist(path: Path) -> None:
    """Ensure a command that a document gives in code can be typed as it stands."""
    named = re.findall(r"(?:^\s*|`)make ([a-z]+)", path.read_text(encoding="utf-8"), re.MULTILINE)

    assert set(named) - set(make_targets()) == set()


def test_the_readme_says_how_to_run_and_test() -> None:
    """Ensure the first page a newcomer reads names the two commands they need."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert "make run" in readme
    assert "make test" in readme


def test_the_changelog_tells_of_this_version() -> None:
    """Ensure the version in pyproject.toml has an entry in the changelog."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    version = re.escape(project["project"]["version"])
    assert re.search(rf"^## \[?{version}\b", changelog, re.MULTILINE)


def test_architecture_decisions_are_complete_and_in_order() -> None:
    """Ensure records are numbered without gaps, say why, and fit on a page."""
    records = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    texts = [path.read_text(encoding="utf-8") for path in records]

    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path, text in zip(records, texts, strict=True):
        headings = re.findall(r"^## .+$", text, re.MULTILINE)
        assert headings == ADR_HEADINGS, path.name
        assert len(text.split()) <= 450, path.name
