"""Every route of the app with an address to try it at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

# A value for each kind of argument in an address, where a test names none.
SAMPLES: Mapping[str, object] = {
    "IdConverter": 1,
    "FloatConverter": 1.0,
    "UnicodeConverter": "sample",
    "PathConverter": "sample",
    "UUIDConverter": "00000000-0000-4000-8000-000000000001",
}


@dataclass(frozen=True)
class Route:
    """One endpoint reached by one method at one address."""

    endpoint: str
    method: str
    rule: str
    path: str

    @property
    def changes_state(self) -> bool:
        """Whether the method is one that may change something (RFC 9110, section 9.2.1)."""
        return self.method not in {"GET", "HEAD", "OPTIONS"}


def iterate_routes(app: Flask, values: Mapping[str, object] | None = None) -> Iterator[Route]:
    """Every route except HEAD and OPTIONS, in the order of addresses.

    `values` gives arguments by name; others get a sample of their kind, which need not exist.
    """
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        built = rule.build(fill(rule, values or {}))
        path = built[1] if built else rule.rule
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(rule.endpoint, method, rule.rule, path)


def fill(rule: Rule, values: Mapping[str, object]) -> dict[str, object]:
    """A value for each argument of the rule."""
    return {
        name: values.get(name, SAMPLES[type(rule._converters[name]).__name__])
        for name in rule.arguments
        if name in rule._converters
    }
