"""Which words of the core reach a page, for whoever collects what has to be translated.

Domain, policy, importing and actions know nothing of gettext: they speak English, and pages
hand their words to gettext when they are shown. `extract` finds those words in the source, so
that they stand in the catalogue beside the words that the web marks itself. It is the method
`words` of babel.cfg, in the form that Babel asks of an extraction method.
"""

import ast
import io
import re
from collections.abc import Collection, Iterator
from typing import IO, Any, TypeAlias

from babel.messages.extract import extract_python

Found: TypeAlias = tuple[int, str | None, Any, list[str]]
"""Line, the gettext function if there is one, the message, the comments for translators."""

SENTENCE = re.compile(r"[A-Z“][^|]*\s[^|]*[\w”/@][.?]")
NAMES = {"StakeholderGroup", "RegionalGroup", "SessionType"}
"""Enumerations whose values are the words on screen."""
LABELS = "LABELS"
"""How the names of tables end that map an enumeration to the words on screen."""
WORDS = {"MERGED_GROUPS", "label", "help"}
"""What stands where the name of a group stands, and what a method of counting says of itself."""


def extract(
    file: IO[bytes],
    keywords: Any,
    comment_tags: Collection[str],
    options: Any,
) -> Iterator[Found]:
    """Every message of a Python file: those marked with a keyword, then the core's own words."""
    source = file.read()
    marked: Any = extract_python(io.BytesIO(source), keywords, comment_tags, options)
    seen: set[Any] = set()
    for line, function, message, comments in marked:
        seen.add(message)
        yield line, function, message, comments
    for line, text in spoken(ast.parse(source)):
        if text not in seen:
            yield line, None, text, []


def spoken(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of the words in a module that a page shows although nothing marks them.

    Those are whole sentences outside docstrings (what refusals and doubts say), the docstrings
    of predicates of the policy, and labels of enumerations and of methods.
    """
    silent = set(_silent(module))
    for node in ast.walk(module):
        match node:
            case ast.Constant(value=str(text)) if node not in silent and SENTENCE.fullmatch(text):
                yield node.lineno, text
            case ast.FunctionDef() if _is_predicate(node):
                yield node.lineno, ast.get_docstring(node) or ""
            case ast.ClassDef(name=name) if name in NAMES:
                yield from _texts(each.value for each in node.body if isinstance(each, ast.Assign))
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(values=values)):
                if name.endswith(LABELS):
                    yield from _texts(values)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Dict(values=values)):
                if name.endswith(LABELS):
                    yield from _texts(values)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in WORDS:
                yield from _texts([value])


def _silent(module: ast.Module) -> Iterator[ast.AST]:
    """Strings that nobody is shown: docstrings, and pieces of formatted strings."""
    for node in ast.walk(module):
        if isinstance(node, ast.Expr):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from node.values


def _is_predicate(node: ast.FunctionDef) -> bool:
    """Whether this is a function (actor, subject) -> bool, as `deliberate.policy` has them."""
    types = [each.annotation for each in node.args.args]
    return (
        len(types) == 2
        and isinstance(types[0], ast.Name)
        and types[0].id == "Actor"
        and isinstance(node.returns, ast.Name)
        and node.returns.id == "bool"
    )


def _texts(nodes: Any) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
