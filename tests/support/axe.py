"""axe-core run on a page in the browser: the part of accessibility that a program can judge."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


def axe(page: Page) -> None:
    """Fail, naming rule, element and reason, when axe finds a violation on the page.

    The page needs JavaScript. The script is put in by the browser's own debugging protocol, so
    the content security policy of the page stays in force.
    """
    page.evaluate(SOURCE.read_text(encoding="utf-8"))
    # Fetching the style sheets again takes a third of the time and serves one rule only, about
    # how a screen is held; `tests/house/test_sources.py` claims it instead.
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    run = "options => axe.run(document, options).then(results => results.violations)"
    violations: list[dict[str, Any]] = page.evaluate(run, {**options, "preload": False})
    assert not violations, f"axe on {page.url}:\n" + "\n".join(map(_describe, violations))


def _describe(violation: dict[str, Any]) -> str:
    nodes = "\n".join(
        f"    {' '.join(map(str, node['target']))}\n      {node['failureSummary']}"
        for node in violation["nodes"][:5]
    )
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}\n{nodes}"
