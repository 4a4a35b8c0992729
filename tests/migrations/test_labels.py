"""What was imported before there were labels takes over theme and goals of its session."""

import json

import sqlalchemy as sa

from deliberate.storage import migrate
from tests.migrations.test_migrations import revisions

REVISION = "0004"
SESSION = {
    "year": 2024, "type": "Workshop", "reference": None, "digest": "d", "source_name": "p.txt",
    "source_text": "", "is_demo": False, "imported_by": 1, "imported_at": "2026-03-02 09:00:00",
}  # fmt: skip
PERSON = {
    "id": 1, "name": "Ada", "email": "ada@example.org", "password_hash": "x",
    "stakeholder_group": "Civil Society", "regional_group": "African Group",
    "registered_at": "2026-03-02 09:00:00",
}  # fmt: skip


def insert(connection: sa.Connection, table: str, **values: object) -> None:
    """One row as the version before could have written it."""
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)  # noqa: S608


def test_theme_and_goals_become_labels_of_what_is_there(empty_url: str) -> None:
    """Ensure an older forum can be filtered at once, and can go back without loss."""
    before = revisions()[revisions().index(REVISION) + 1]
    migrate.upgrade(empty_url)
    migrate.downgrade(empty_url, before)
    engine = sa.create_engine(empty_url)
    with engine.begin() as connection:
        insert(connection, "people", **PERSON)
        for number, theme, goals in ((1, "Light & Dark", [9, 3, 9, 18, 0]), (2, None, None)):
            names = {"slug": f"s{number}", "identity": f"i{number}", "title": f"S{number}"}
            record = json.dumps({"theme": theme, "sdgs": goals})
            insert(
                connection, "forum_sessions", id=number, theme=theme, record=record,
                **names, **SESSION,
            )  # fmt: skip
            insert(
                connection, "policy_questions", id=number, session_id=number, position=1,
                original="Why?", text="Why?", state="imported", version=1,
            )  # fmt: skip
            insert(
                connection, "outputs", id=number, session_id=number, kind="call_to_action",
                position=1, text="Do it.",
            )  # fmt: skip

    migrate.upgrade(empty_url)

    with engine.connect() as connection:
        query = "SELECT question_id, output_id, kind, value, is_from_session FROM labels"
        found = {tuple(row) for row in connection.execute(sa.text(query))}
    own = [("goal", "9"), ("goal", "3"), ("theme", "Light & Dark")]
    expected = {(1, None, kind, value, True) for kind, value in own}
    assert found == expected | {(None, 1, kind, value, True) for kind, value in own}

    migrate.downgrade(empty_url, before)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM policy_questions")).scalar() == 2
    engine.dispose()
