"""Claims about the size and the documentation of the package."""

import ast
import re
import statistics
from collections.abc import Iterator

from tests.house.sources import PACKAGE, Function, functions, modules, relative, tracked_texts

MEDIAN_FUNCTION_LINES = 10
MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 400
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK|NotImplemented" r"Error)\b")
SKIPPED = re.compile(r"\b(?:skip" r"if|import" r"orskip|x" r"fail)\b|pytest\.(?:mark\.)?sk" r"ip\b")


def length(function: Function) -> int:
    """Lines of a function from `def` to its end, blank ones and the docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    start = body[0].lineno if body else function.lineno
    header = function.body[0].lineno - function.lineno
    return header + (function.end_lineno or start) - start + 1 if body else header


def public_definitions(tree: ast.Module) -> Iterator[Function | ast.ClassDef]:
    """Classes, functions and methods that other modules may use."""
    pending: list[ast.Module | ast.ClassDef] = [tree]
    while pending:
        for node in pending.pop().body:
            if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
                continue
            yield node
            if isinstance(node, ast.ClassDef):
                pending.append(node)


def test_functions_are_short() -> None:
    """Ensure half of all functions stay within ten lines and none exceeds sixty."""
    lengths = {place: length(function) for place, function in functions()}

    too_long = {place: lines for place, lines in lengths.items() if lines > MAX_FUNCTION_LINES}

    assert not too_long
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION_LINES


def test_files_are_short() -> None:
    """Ensure no module of the package has more than four hundred lines."""
    lines = {
        relative(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
    }

    assert {path: n for path, n in lines.items() if n > MAX_FILE_LINES} == {}


def test_every_module_and_public_name_is_documented() -> None:
    """Ensure every module, class and public function of the package has a docstring."""
    missing = [path for path, tree in modules().items() if not ast.get_docstring(tree)]
    missing += [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in modules().items()
        for node in public_definitions(tree)
        if not ast.get_docstring(node)
    ]

    assert missing == []


def test_nothing_is_left_unfinished() -> None:
    """Ensure no source holds a reminder of work that was put off."""
    found = [
        f"{path}: {match[0]}"
        for path, text in tracked_texts(".py", ".html", ".js", ".css", ".toml", ".txt", ".sh")
        for match in UNFINISHED.finditer(text)
    ]

    assert found == []


def test_no_test_is_skipped() -> None:
    """Ensure a test that cannot run fails instead of being passed over."""
    found = [
        f"{path}: {match[0]}"
        for path, text in tracked_texts(".py")
        if path.startswith("tests/")
        for match in SKIPPED.finditer(text)
    ]

    assert found == []


def test_no_style_depends_on_how_a_screen_is_held() -> None:
    """Ensure pages follow the screen in every orientation (WCAG 2.2, 1.3.4).

    The browser tests leave this rule out: axe would fetch every style sheet anew for it.
    """
    found = [path for path, text in tracked_texts(".css") if "orientation:" in text]

    assert found == []


def test_the_package_never_prints() -> None:
    """Ensure output goes through the log, or through the command line's own functions."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]

    assert found == []


def test_people_are_not_called_users() -> None:
    """Ensure names in the code say person, actor or voter, as the glossary does."""
    defined = {
        (path, name)
        for path, tree in modules().items()
        for node in ast.walk(tree)
        for name in defined_names(node)
    }

    found = [entry for entry in defined if "user" in entry[1].lower().replace("user_agent", "")]

    assert found == []


def defined_names(node: ast.AST) -> list[str]:
    """The names that a definition, an argument or an assignment introduces."""
    if isinstance(node, Function | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.arg):
        return [node.arg]
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return [node.id]
    return []
