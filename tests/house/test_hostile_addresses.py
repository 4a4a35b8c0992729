"""Claims about addresses that nobody types: none of them makes the app fail."""

from flask import Flask

from deliberate.storage.database import Database
from tests.house.access import TABLE
from tests.support.routes import iterate_routes
from tests.support.visits import open_browser
from tests.support.world import SIGNED_IN, World

NUMBERS = ["0", "2147483647", "2147483648", "9" * 40]
WORDS = ["a%00b", "%ff%fe", "..%2f..%2fetc", "%e2%80%ae", "'%25_", "a" * 3_000]
VALUES = ["a%00b", "%ff", "-1", "9" * 40, "'%25_~", "a" * 3_000]
PARAMETERS = ["page", "before", "after", "q", "code", "reply", "lang", "next", "phase", "year"]


def addresses(app: Flask, numbers: list[str], words: list[str]) -> list[str]:
    """Every address that has a place for a number or a word, with each of these in it."""
    found = set()
    for route in iterate_routes(app):
        if "<" not in route.rule:
            continue
        for number, word in [(each, "x") for each in numbers] + [("1", each) for each in words]:
            parts = [part.split(">", 1) for part in route.rule.split("<")[1:]]
            start = route.rule.split("<")[0]
            filled = ((number if kind.startswith("int") else word) + rest for kind, rest in parts)
            found.add(start + "".join(filled))
    return sorted(found)


def test_no_number_or_word_in_an_address_makes_the_app_fail(app: Flask, db: Database) -> None:
    """Ensure what no row can have is answered as missing, on both databases."""
    browser = open_browser(app, db, None)

    statuses = {path[:80]: browser.get(path).status_code for path in addresses(app, NUMBERS, WORDS)}

    assert {path: status for path, status in statuses.items() if status >= 500} == {}


def test_no_value_in_a_query_makes_the_app_fail(app: Flask, db: Database, world: World) -> None:
    """Ensure what follows the question mark is read with suspicion on every page."""
    browser = open_browser(app, db, world.people["secretariat"])
    queries = ["&".join(f"{name}={value}" for name in PARAMETERS) for value in VALUES]
    paths = [
        f"{world.address(access.path)}?{query}"
        for key, access in TABLE.items()
        for query in queries
        if key.startswith("GET") and "secretariat" in access.who
    ]

    failed = [path for path in paths if browser.get(path).status_code >= 500]

    assert failed == []


def test_no_form_makes_the_app_fail(app: Flask, db: Database, world: World) -> None:
    """Ensure every act answers a form full of nonsense with a refusal, on both databases."""
    names = "body title text name email password reason parts version role step move digest file"
    numbers = "parent_id proposal_id version_id proposal_ids question_ids minimum mark_1 closes_at"
    nonsense = [
        dict.fromkeys([*names.split(), *numbers.split(), "submission_key"], value)
        for value in ("\x00", "9" * 40, "\ud7ff\ufffd", "-1", "٣", "a\u202eb" * 50)
    ]

    failed = []
    browsers = {role: open_browser(app, db, world.people[role]) for role in SIGNED_IN}
    for key, access in TABLE.items():
        who = [browsers[role] for role in SIGNED_IN if role in access.who]
        for data in nonsense if key.startswith("POST") and who else ():
            response = who[0].post(world.address(access.path), data)
            if response.status_code >= 500:
                failed.append((key, data["body"]))

    assert failed == []
