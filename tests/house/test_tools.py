"""The linters and the type checker as tests, so that `make test` is all there is to run."""

import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.house.sources import ROOT

TOOLS = {
    "types": ["mypy"],
    "style": ["ruff", "check", "--no-cache"],
    "format": ["ruff", "format", "--check", "--diff", "--no-cache"],
    "layers": ["lint-imports", "--no-cache"],
    "templates": ["djlint", "--lint", "--quiet", "templates"],
    "dependencies": ["deptry", "."],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_source_satisfies(tool: str) -> None:
    """Ensure the tool has nothing to say about the source."""
    program, *arguments = TOOLS[tool]
    path = Path(sysconfig.get_path("scripts")) / program

    done = subprocess.run([path, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
