"""Claims about what keeps the search index up to date: nothing writes past it."""

import ast

from deliberate.storage.search_index import SOURCES
from tests.house.sources import modules

PAST_THE_SESSION = {"connection", "exec_driver_sql", "bulk_save_objects", "bulk_insert_mappings"}
ALLOWED = {"deliberate/storage/database.py"}


def test_nothing_writes_past_the_session() -> None:
    """Ensure no act changes rows by a way that the session does not see, nor by plain SQL text."""
    found = [
        f"{path}:{node.lineno} {node.func.attr}"
        for path, tree in modules().items()
        if path not in ALLOWED
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in PAST_THE_SESSION
        or (
            node.func.attr == "text"
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in ("sa", "sqlalchemy")
            and any("UPDATE" in ast.unparse(part).upper() for part in node.args)
        )
    ]

    assert found == []


def test_every_table_of_texts_is_watched() -> None:
    """Ensure the tables that hold what people search are the ones whose changes are noted."""
    assert set(SOURCES) == {
        "policy_questions",
        "outputs",
        "editions",
        "proposals",
        "proposal_versions",
        "comments",
    }
