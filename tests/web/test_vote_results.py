"""What a poll came to: the page, its numbers as table and data, and what stays hidden."""

import csv
import io
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from deliberate.actions.counting import count_poll, recount
from deliberate.domain.canonical import fingerprint
from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Role, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.domain.tally.registry import METHODS
from deliberate.storage.ballots import list_receipts
from deliberate.storage.database import Database
from deliberate.storage.polls import Poll
from deliberate.web.ui import percent
from tests.factories import make_deliberation, make_person, make_poll, respond, vote
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.pages import Page
from tests.support.queries import recorded
from tests.support.signed_in import browser_of
from tests.support.voting import PART

CIVIL, GOVERNMENT, TECHNICAL, PRIVATE = (
    StakeholderGroup.CIVIL_SOCIETY,
    StakeholderGroup.GOVERNMENT,
    StakeholderGroup.TECHNICAL,
    StakeholderGroup.PRIVATE_SECTOR,
)
NOTICE = "Not a decision or position of the IGF or the UN."
QUERY_BUDGET = 8
Votes = Mapping[StakeholderGroup, Sequence[tuple[int, ...]]]
DEPENDS: Votes = {
    CIVIL: [(0, 1, 2)] * 5,
    GOVERNMENT: [(1, 0, 2)] * 2,
    TECHNICAL: [(1, 2, 0), (1, 0, 2)],
    PRIVATE: [(2,)],
}
CYCLE: Votes = {CIVIL: [(0, 1, 2)] * 4, GOVERNMENT: [(1, 2, 0)] * 3, TECHNICAL: [(2, 0, 1)] * 2}


def counted(db: Database, clock: FakeClock, votes: Votes, minimum: int = 2) -> Poll:
    """A poll in which these ballots were cast, closed and counted."""
    poll = make_poll(db, minimum=minimum)
    for group, rankings in votes.items():
        for ranking in rankings:
            vote(db, poll.id, make_person(db, group), *ranking)
    clock.advance(hours=24)
    with db.writing() as tx:
        count_poll(tx, poll.id)
    return poll


def titles_of(poll: Poll) -> list[str]:
    """The options' titles in registered order."""
    return [option["title"] for option in poll.frozen["options"]]


def read_csv(client: PageChecker, path: str) -> list[dict[str, str]]:
    """The rows of a table, by column."""
    response = client.get(path)
    assert response.status_code == 200
    assert response.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))


@pytest.mark.parametrize("role", [None, Role.FACILITATOR, Role.SECRETARIAT])
def test_before_closing_everybody_sees_turnout_and_nothing_else(
    app: Flask, db: Database, role: Role | None
) -> None:
    """Ensure no address gives a running result to anybody, staff included."""
    poll = make_poll(db)
    for _ in range(6):
        vote(db, poll.id, make_person(db), 2, 1, 0)
    client = browser_of(app, db, make_person(db, role=role))

    page = client.page(f"/polls/{poll.id}/results")

    assert "Results are shown to everybody at the same time" in page.text
    assert NOTICE in page.text
    assert "Civil Society 6 " in page.text
    assert all(title not in page.text for title in titles_of(poll))
    for path in ("results.csv", "results.json", "chart.json", "receipts"):
        assert client.get(f"/polls/{poll.id}/{path}").status_code == 403, path


def test_between_closing_and_the_count_the_page_waits(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure the page says that it is being counted and asks again by itself."""
    poll = make_poll(db)
    vote(db, poll.id, make_person(db), 2, 1, 0)
    clock.advance(hours=24)

    response = client.get(f"/polls/{poll.id}/results", headers=PART)

    assert "being counted" in response.text
    assert 'hx-trigger="every 5s"' in response.text
    assert response.text.lstrip().startswith('<section id="results"')
    assert client.get(f"/polls/{poll.id}/results.json").status_code == 403


def test_groups_stand_side_by_side_before_any_total(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure each reporting group's own order comes first, then both weightings."""
    poll = counted(db, clock, DEPENDS)
    first, second, _third = titles_of(poll)

    text = client.page(f"/polls/{poll.id}/results").text

    groups = text[text.index("How each group ranks them") : text.index("Ballots cast")]
    assert f"5 ballots {first} {second}" in groups
    assert "Groups with few ballots" in groups
    assert text.index("How each group ranks them") < text.index("All groups together")
    assert NOTICE in text
    assert poll.fingerprint[:4] in text


def test_a_first_place_that_depends_on_the_weighting_is_said_so(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure the finding names both schemes with their first, and which pairs turn round."""
    poll = counted(
        db, clock, {CIVIL: [(0, 1)] * 5, GOVERNMENT: [(1, 0)] * 2, TECHNICAL: [(1, 0)] * 2}
    )
    first, second, _third = titles_of(poll)

    text = client.page(f"/polls/{poll.id}/results").text

    assert f"Ranked first under “Each participant counts the same”: “{first}”." in text
    assert f"Ranked first under “Each group counts the same”: “{second}”." in text
    assert "The first place depends on the way of counting." in text
    assert f"Under “Each group counts the same”, “{second}” stands above “{first}” instead." in text


def test_the_pair_that_decides_is_told_in_ballots(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure the closest comparison and the turning point are the exact numbers."""
    poll = counted(db, clock, {CIVIL: [(0, 1, 2)] * 5, GOVERNMENT: [(1, 0, 2)] * 2})
    first, second, _third = titles_of(poll)

    text = client.page(f"/polls/{poll.id}/results").text

    assert (
        f"“{first}” is preferred to every other proposal. The closest comparison is with "
        f"“{second}”: 5 ballots to 2 ballots." in text
    )
    # 5t = 2 at t = 2/5.
    assert "If Civil Society counted less than 0.40 times what it counts now" in text
    assert "If Government counted more than 2.50 times what it counts now" in text


def test_a_cycle_is_explained_by_its_weakest_link(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure a first place without a preference over all others is not told as one."""
    poll = counted(db, clock, CYCLE)
    first, second, third = titles_of(poll)

    text = client.page(f"/polls/{poll.id}/results").text

    # 6:3 for the first over the second, 7:2 for the second over the third, 5:4 back.
    assert f"No proposal is preferred to every other one. “{first}” stands first" in text
    assert f"“{third}” over “{first}” (5 ballots): the way back is weaker and is set aside." in text
    assert f"“{first}” over “{second}” (6 ballots)" in text
    assert "rests on a cycle or a tie" in text


def test_a_tie_is_reported_as_a_tie(client: PageChecker, db: Database, clock: FakeClock) -> None:
    """Ensure level options share the first place and nothing breaks the tie."""
    poll = counted(db, clock, {CIVIL: [(0, 1, 2), (1, 0, 2)], GOVERNMENT: [(0, 1, 2), (1, 0, 2)]})
    first, second, _third = titles_of(poll)

    text = client.page(f"/polls/{poll.id}/results").text

    assert f"“{first}” and “{second}” share the first place under both ways of counting." in text
    assert "The tie is reported and not broken." in text
    assert f"“{first}” and “{second}” are level" in text
    assert client.get(f"/polls/{poll.id}/chart.json?show=preferences").status_code == 404


@pytest.mark.parametrize(
    ("votes", "sentence"),
    [
        ({}, "No ballot was cast, so nothing is ranked."),
        ({CIVIL: [(0, 1)] * 3}, "3 ballots were cast; a result needs at least 5."),
    ],
)
def test_without_enough_ballots_nothing_is_ranked(
    client: PageChecker, db: Database, clock: FakeClock, votes: Votes, sentence: str
) -> None:
    """Ensure too few ballots show turnout only, on the page and in every export."""
    poll = counted(db, clock, votes, minimum=5)

    page = client.page(f"/polls/{poll.id}/results")

    assert sentence in page.text
    assert all(title not in page.text for title in titles_of(poll))
    records = {row["record"] for row in read_csv(client, f"/polls/{poll.id}/results.csv")}
    assert not records & {"place", "ranked_first", "preferred"}
    assert client.get(f"/polls/{poll.id}/chart.json").status_code == 404


def test_a_small_group_is_named_and_never_shown_alone(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure neither page, table, data nor chart has a count of a group below the minimum."""
    poll = counted(db, clock, DEPENDS)

    page = client.page(f"/polls/{poll.id}/results")
    rows = read_csv(client, f"/polls/{poll.id}/results.csv")
    data = client.get(f"/polls/{poll.id}/results.json").get_json()
    chart = client.get(f"/polls/{poll.id}/chart.json").get_json()

    assert "Counted together as “Groups with few ballots”" in page.text
    small = {"Private Sector"}
    assert not small & {row["count"] for row in rows if row["record"] != "turnout"}
    for scheme in data["result"]["schemes"]:
        assert not small & {
            *scheme["counts"],
            *scheme["per_group"],
            *scheme["weights"]["per_group"],
        }
    assert not small & set(chart["data"][0]["x"])


def test_page_table_data_and_chart_say_the_same(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure every number is the same wherever it stands."""
    poll = counted(db, clock, DEPENDS)
    titles = titles_of(poll)

    page = client.page(f"/polls/{poll.id}/results").text
    rows = read_csv(client, f"/polls/{poll.id}/results.csv")
    data = client.get(f"/polls/{poll.id}/results.json").get_json()
    chart = client.get(f"/polls/{poll.id}/chart.json").get_json()["data"][0]

    named = {option["id"]: option["title"] for option in data["options"]}
    for scheme in data["result"]["schemes"]:
        pairwise = scheme["result"]["pairwise"]
        for row in rows:
            if row["record"] == "preferred" and row["count"] == scheme["scheme"]:
                upper, lower = titles.index(row["proposal"]), titles.index(row["other_proposal"])
                cell = Fraction(pairwise["cells"][upper][lower])
                assert Fraction(row["number"]) == cell
                assert row["share"] == percent(cell / Fraction(pairwise["total"]))
    participant, group = (each["result"] for each in data["result"]["schemes"])
    above, below = (participant["pairwise"]["cells"][i][j] for i, j in ((0, 1), (1, 0)))
    assert f"{max(above, below)} to {min(above, below)}" in page
    places = {
        (row["count"], row["proposal"]): int(row["number"])
        for row in rows
        if row["record"] == "place"
    }
    for column, name in enumerate(chart["x"]):
        key = {"Each participant counts the same": "participant"}.get(
            name, "group" if name == "Each group counts the same" else name
        )
        for row_number, titles_in_row in enumerate(chart["hovertext"]):
            assert chart["z"][row_number][column] == places[key, titles_in_row[0]]
    assert [named[option] for tier in group["tiers"] for option in tier]


def test_the_data_can_be_checked_by_anybody(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure digest and fingerprint are those of the members they say they cover."""
    poll = counted(db, clock, DEPENDS)

    response = client.get(f"/polls/{poll.id}/results.json")

    data: dict[str, Any] = response.get_json()
    assert fingerprint(data["result"]) == data["digest"]
    assert fingerprint(data["frozen"]) == data["fingerprint"] == poll.fingerprint
    assert NOTICE in data["notice"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    rows = read_csv(client, f"/polls/{poll.id}/results.csv")
    assert rows[0]["record"] == "notice"
    assert NOTICE in rows[0]["text"]
    assert {row["text"] for row in rows if row["record"] == "digest"} == {data["digest"]}


def test_preferences_are_drawn_for_the_one_ranked_first(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure the bars are shares of those with a preference, in whole percent."""
    poll = counted(db, clock, {CIVIL: [(0, 1, 2)] * 5, GOVERNMENT: [(1, 0, 2)] * 2})

    figure = client.get(f"/polls/{poll.id}/chart.json?show=preferences").get_json()

    participant, group = figure["data"]
    assert participant["x"] == [71, 100]
    assert group["x"] == [50, 100]


def test_a_voter_finds_the_receipt_after_closing(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure all codes are listed in alphabetical order and one can be looked for."""
    poll = counted(db, clock, DEPENDS)
    with db.reading() as reader:
        codes = list(list_receipts(reader, poll.id))

    page = client.page(f"/polls/{poll.id}/receipts")
    found = client.page(f"/polls/{poll.id}/receipts?code=%20{codes[0].upper()}%20")
    missing = client.page(f"/polls/{poll.id}/receipts?code=%3Cscript%3E")

    assert codes == sorted(codes)
    assert " ".join(codes) in page.text
    assert f"{len(codes)} ballots were counted." in page.text
    assert "This code is among the counted ballots." in found.text
    assert "This code is not among the counted ballots." in missing.text
    assert client.get(f"/polls/{poll.id}/receipt").headers["Location"].endswith("/receipts")


def test_the_closed_poll_leads_to_its_result(app: Flask, db: Database, clock: FakeClock) -> None:
    """Ensure the poll's page offers no ballot after closing, to nobody."""
    poll = counted(db, clock, DEPENDS)

    page = browser_of(app, db, make_person(db)).page(f"/polls/{poll.id}")

    assert f"/polls/{poll.id}/results" in page.links
    assert all(form.action != f"/polls/{poll.id}/ballot" for form in page.forms)


def test_titles_cannot_run_anything(client: PageChecker, db: Database, clock: FakeClock) -> None:
    """Ensure markup and formulas in titles stay text on the page, in the chart and the table."""
    poll = counted(db, clock, DEPENDS)
    hostile = '=HYPERLINK("http://e")<b>x</b>'
    with db.writing() as tx:
        options = [{**option, "title": hostile} for option in poll.frozen["options"]]
        # Past the guard of what is fixed: such a title would have been entered before opening.
        tx.connection().execute(sa.update(Poll).values(frozen={**poll.frozen, "options": options}))

    page = client.get(f"/polls/{poll.id}/results").text
    chart = client.get(f"/polls/{poll.id}/chart.json").get_json()
    rows = read_csv(client, f"/polls/{poll.id}/results.csv")

    assert "<b>x</b>" not in page
    assert "<b>" not in str(chart)
    assert {row["proposal"] for row in rows if row["record"] == "place"} == {f"'{hostile}"}


def test_a_deliberation_is_exported_after_closing_only(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure positions come by group with the notice first, and nothing before the end."""
    deliberation = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    for position in (Position.ENDORSE, Position.ENDORSE, Position.CONTEST):
        respond(db, deliberation, make_person(db), position)
    address = f"/deliberations/{deliberation.id}/results"
    assert client.get(f"{address}.csv").status_code == 403
    assert client.get(f"{address}.json").status_code == 403
    clock.advance(days=31)

    rows = read_csv(client, f"{address}.csv")
    data = client.get(f"{address}.json").get_json()

    assert rows[0]["record"] == "notice"
    assert NOTICE in data["notice"]
    own = {
        row["answer"]: (row["number"], row["of"], row["share"])
        for row in rows
        if row["group"] == "Civil Society" and row["record"] == "position"
    }
    assert own["endorse"] == ("2", "3", "67%")
    assert own["contest"] == ("1", "3", "33%")
    assert data["points"][0]["positions"]["Civil Society"]["endorse"] == 2
    assert client.get("/deliberations/999/results.csv").status_code == 404


def test_every_page_of_a_poll_keeps_to_its_query_budget(
    app: Flask, db: Database, clock: FakeClock
) -> None:
    """Ensure no page of the journey sends more statements than the limit."""
    poll = make_poll(db)
    voter = make_person(db)
    vote(db, poll.id, voter, 0, 1, 2)
    client = browser_of(app, db, voter)
    sent = {}
    for path in ("", "/receipt", "/results"):
        with recorded(db) as statements:
            client.page(f"/polls/{poll.id}{path}")
        sent[path] = len(statements)
    clock.advance(hours=24)
    with db.writing() as tx:
        count_poll(tx, poll.id)
    for path in ("/results", "/receipts"):
        with recorded(db) as statements:
            client.page(f"/polls/{poll.id}{path}")
        sent[f"closed {path}"] = len(statements)

    assert {path: number for path, number in sent.items() if number > QUERY_BUDGET} == {}


def test_the_page_is_the_same_in_another_language(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure the result renders from right to left, with each group under its own mark."""
    poll = counted(db, clock, CYCLE)

    response = client.get(f"/polls/{poll.id}/results?lang=ar")

    page = Page(response.text)
    assert page.html_attributes["dir"] == "rtl"
    for mark in ("g-civ", "g-gov", "g-tec"):
        assert f'class="mark {mark}"' in response.text
    assert "g-oth" not in response.text
    assert all(title in page.text for title in titles_of(poll))


def test_other_methods_stand_beside_the_registered_one(
    client: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure six methods give places, and each says why no other option is first."""
    poll = counted(db, clock, CYCLE)

    page = client.page(f"/polls/{poll.id}/results")
    stored = client.get(f"/polls/{poll.id}/results.json").get_json()

    methods = stored["result"]["methods"]
    assert [each["method"] for each in methods] == poll.frozen["compared_methods"]
    assert len(methods) == 6
    for each in methods:
        assert METHODS[each["method"]].label in page.text
        assert each["reasons"]
    assert "preferences go in a circle, or are level" in page.text
    rounds = next(each for each in methods if each["method"] == "irv")["detail"]["rounds"]
    assert [len(each["votes"]) for each in rounds] == [3, 2, 1]


def test_counting_again_gives_the_methods_again(db: Database, clock: FakeClock) -> None:
    """Ensure the digest covers what is compared, and follows from the stored ballots."""
    poll = counted(db, clock, CYCLE)

    with db.reading() as reader:
        assert recount(reader, poll.id).is_same
