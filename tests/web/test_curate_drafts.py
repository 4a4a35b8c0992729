"""Putting values right on a page that waits, as browsers with and without scripts do it."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Actor, Role
from deliberate.domain.positions import Position
from deliberate.importing import DoubtKind
from deliberate.storage.database import Database
from deliberate.storage.forum import list_sessions
from deliberate.storage.imports import ImportDraft, list_drafts
from tests.factories import PAGE, make_deliberation, make_person, make_session, respond
from tests.support.client import PageChecker
from tests.support.pages import Form, Page
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
MOST_QUERIES = 8
LIGHT = "Who should pay for the light?"
BO = {
    "name": "Bo Sample",
    "affiliation": "Lamp Works",
    "stakeholder_group": "Technical Community",
    "regional_group": "",
}


class Desk:
    """A curator's browser with one page that waits."""

    def __init__(self, app: Flask, db: Database, owner: Actor, text: str = PAGE) -> None:
        self.client, self.db, self.owner = browser_of(app, db, owner), db, owner
        response = self.client.submit("/imports", data={"text": text})
        assert response.status_code == 303, response.text
        self.path = response.location

    def page(self) -> Page:
        """The page of the draft."""
        return self.client.page(self.path)

    def form(self, key: str, act: str = "change") -> Form:
        """The form that does this to this value, as the page shows it."""
        for form in self.page().forms:
            if (form.fields.get("key"), form.fields.get("act")) == ([key], [act]):
                return form
        raise AssertionError(f"there is no form to {act} {key}")

    def fill(self, key: str, act: str = "change", **values: Any) -> dict[str, Any]:
        """What a browser sends for this form."""
        fields = {name: value[0] for name, value in self.form(key, act).fields.items()}
        return fields | values

    def send(self, data: dict[str, Any], *, part: bool = False) -> TestResponse:
        """Send a form that was filled in."""
        headers = PART if part else {}
        return self.client.post(f"{self.path}/corrections", data=data, headers=headers)

    def draft(self) -> ImportDraft:
        """The draft as it is stored."""
        with self.db.reading() as reader:
            return list_drafts(reader, self.owner.id or 0)[0].draft


@pytest.fixture
def desk(app: Flask, db: Database) -> Desk:
    """A MAG member who sent one page."""
    return Desk(app, db, make_person(db, role=Role.MAG_MEMBER))


CORRECTIONS: list[tuple[str, dict[str, str], Any]] = [
    ("title", {"value": "Lanterns, networked"}, "Lanterns, networked"),
    ("year", {"value": "2023"}, 2023),
    ("type", {"value": "Town Hall"}, "Town Hall"),
    ("duration_minutes", {"value": "90"}, 90),
    ("date", {"value": "2024-12-17"}, "2024-12-17"),
    ("start_utc", {"value": "08:30"}, "08:30"),
    ("theme", {"value": "Light for all"}, "Light for all"),
    ("sdgs", {"value": "16, 9 9"}, [9, 16]),
    ("speakers/1", BO, {**BO, "regional_group": None}),
    ("policy_questions/1", {"heading": "", "text": LIGHT}, {"heading": None, "text": LIGHT}),
    ("key_takeaways/0", {"value": "Lanterns are used."}, "Lanterns are used."),
]


@pytest.mark.parametrize(("key", "values", "wanted"), CORRECTIONS, ids=[c[0] for c in CORRECTIONS])
def test_every_kind_of_value_can_be_put_right(
    desk: Desk, key: str, values: dict[str, str], wanted: Any
) -> None:
    """Ensure each is saved in place, says what the page says, and can be taken back."""
    before = desk.draft().record

    done = desk.send(desk.fill(key, **values))

    anchor = f"value-{key.replace('/', '-').replace('_', '-')}"
    assert (done.status_code, done.location) == (303, f"{desk.path}#{anchor}")
    name, _slash, place = key.partition("/")
    after = desk.draft().record
    assert (after[name][int(place)] if place else after[name]) == wanted
    assert {n for n in after if after[n] != before[n]} == {name}
    assert "Corrected" in desk.page().text
    desk.send(desk.fill(key, "restore"))
    assert desk.draft().record == before


def test_a_value_that_is_not_in_the_page_is_left_out(desk: Desk) -> None:
    """Ensure it stays visible, crossed out, with the way back."""
    desk.send(desk.fill("speakers/0", "remove"))

    assert [one["name"] for one in desk.draft().record["speakers"]] == ["Bo Example"]
    shown = desk.client.get(desk.path).text
    assert "<del>Ada Example, Government, African Group</del>" in shown
    assert desk.form("speakers/0", "restore")


def test_one_can_be_added_to_a_list(desk: Desk) -> None:
    """Ensure what the reader missed can be typed in, and taken out again."""
    done = desk.send(desk.fill("moderators", "add", **BO))

    assert done.location.endswith("#value-moderators-added-1")
    assert desk.draft().record["moderators"][0]["name"] == "Bo Sample"
    desk.send(desk.fill("moderators/added-1", "restore"))
    assert desk.draft().record["moderators"] == []


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("title", {"value": "  "}, "This is needed."),
    ("title", {"value": "x" * 301}, "Shorten this to 300 characters."),
    ("title", {"value": "Lan\u202eterns"}, "invisible direction marks"),
    ("year", {"value": "soon"}, "Enter a whole number."),
    ("year", {"value": "1066"}, "Enter 2006 or more."),
    ("date", {"value": "17/12/2024"}, "Enter a day"),
    ("start_utc", {"value": "25:00"}, "Enter hours and minutes"),
    ("sdgs", {"value": "9, 18"}, "Enter numbers from 1 to 17"),
    ("type", {"value": "Party"}, "Choose one of the options."),
    ("speakers/0", {"name": "", "stakeholder_group": ""}, "Give a name or a group."),
    ("policy_questions/0", {"text": "?"}, "Write at least 3 characters."),
]


@pytest.mark.parametrize("part", [False, True], ids=["whole", "htmx"])
@pytest.mark.parametrize(("key", "values", "words"), WRONG)
def test_what_cannot_be_is_explained_at_its_form_and_kept(
    desk: Desk, key: str, values: dict[str, str], words: str, part: bool
) -> None:
    """Ensure the form stays open with the text, and nothing is saved."""
    before = desk.draft().version

    response = desk.send(desk.fill(key, **values), part=part)

    assert response.status_code == 422
    shown = Page(response.text)
    assert words in shown.text
    assert desk.draft().version == before
    [form] = [
        one for one in shown.forms
        if (one.fields.get("key"), one.fields.get("act")) == ([key], ["change"])
    ]  # fmt: skip
    if values.get("value", "").strip() and key != "type":
        assert form.fields["value"] == [values["value"]]


def test_the_second_of_two_windows_sees_both_values(desk: Desk) -> None:
    """Ensure nothing is overwritten unseen, and a second click decides."""
    first, second = desk.fill("title", value="Mine"), desk.fill("title", value="Yours")
    desk.send(first)

    for part in (False, True):
        refused = desk.send(second, part=part)
        assert refused.status_code == 409
        shown = Page(refused.text)
        assert "Saved in another window meanwhile: Mine" in shown.text
        assert desk.draft().title == "Mine"
    again = next(one for one in shown.forms if one.fields.get("value") == ["Yours"])
    desk.send({name: values[0] for name, values in again.fields.items()})
    assert desk.draft().title == "Yours"


def test_htmx_gets_the_row_and_what_speaks_of_it(desk: Desk) -> None:
    """Ensure one small answer brings the value, the digest to confirm, and the focus."""
    response = desk.send(desk.fill("room", value="Room 12"), part=True)

    assert response.status_code == 200
    assert response.text.lstrip().startswith('<section id="field-room"')
    assert "data-focus" in response.text
    assert f'name="digest" value="{desk.draft().digest}"' in response.text
    assert "<main" not in response.text


def test_checking_keeps_to_the_query_budget(desk: Desk) -> None:
    """Ensure a page is laid out with few statements, the search for like questions included."""
    make_session(desk.db, page=PAGE.replace("#77", "#78"))
    desk.page()

    with recorded(desk.db) as queries:
        page = desk.page()

    assert 0 < len(queries) <= MOST_QUERIES
    assert "1 similar question elsewhere" in page.text


def test_corrected_text_is_read_again_and_no_correction_vanishes(desk: Desk) -> None:
    """Ensure corrections that fit stay, and the others are listed until they were seen."""
    desk.send(desk.fill("room", value="Room 12"))
    desk.send(desk.fill("title", value="Lanterns, networked"))
    other = PAGE.replace("Lanterns on the network", "Lamps on the network")

    done = desk.client.submit(f"{desk.path}/text", data={"text": other})

    assert (done.status_code, done.location) == (303, desk.path)
    text = desk.page().text
    assert "Lamps on the network" in text
    assert "These corrections do not fit the text any more" in text
    assert desk.draft().record["room"] == "Room 12"
    seen = next(form for form in desk.page().forms if "act" in form.names - set(form.fields))
    desk.send({name: values[0] for name, values in seen.fields.items()} | {"act": "dismiss"})
    assert "do not fit" not in desk.page().text


def test_a_text_replaced_in_another_window_is_shown_beside_ones_own(desk: Desk) -> None:
    """Ensure neither text is lost, and a text that is no session page changes nothing."""
    address = f"{desk.path}/text"
    stale = {n: v[0] for n, v in desk.client.page(address).form(address).fields.items()}
    refused = desk.client.submit(address, data={"text": "Dear all,\n\nthank you."})
    desk.client.submit(address, data={"text": PAGE.replace("Room 3", "Room 4")})

    conflict = desk.client.post(address, data=stale | {"text": PAGE.replace("Room 3", "Room 5")})

    assert (refused.status_code, conflict.status_code) == (422, 409)
    assert "not a session page" in Page(refused.text).text
    assert "Room 4" in conflict.text
    assert "Room 5" in Page(conflict.text).form(address).fields["text"][0]
    assert desk.draft().record["room"] == "Room 4"


def test_a_draft_can_be_discarded(desk: Desk) -> None:
    """Ensure only the draft goes, and its address with it."""
    done = desk.client.submit(desk.path, f"{desk.path}/removal")

    assert (done.status_code, done.location) == (303, "/imports#drafts")
    assert desk.client.get(desk.path).status_code == 404
    assert count_rows(desk.db)["import_drafts"] == 0


DOUBTFUL = PAGE.replace("(09:00 UTC)", "09:00").replace("(10:00 UTC)", "10:00")
DOUBTFUL = DOUBTFUL.replace("burning?", "burning.")


def test_a_doubt_is_fine_as_it_is_until_it_is_looked_at_again(app: Flask, db: Database) -> None:
    """Ensure the button settles one doubt, leads to the next, and the list counts the rest."""
    desk = Desk(app, db, make_person(db, role=Role.MAG_MEMBER), DOUBTFUL)
    first, second = (form for form in desk.page().forms if "lines" in form.fields)

    done = desk.client.post(f"{desk.path}/doubts", data=plain(first))

    assert (done.status_code, done.location) == (303, f"{desk.path}#{place_of(second)}")
    text = desk.page().text
    assert "1 thing to look at" in text
    assert "1 doubt is settled Fine as it is" in text
    assert "1 doubt" in desk.client.page("/imports").text
    last = desk.client.post(f"{desk.path}/doubts", data=plain(second), headers=PART)
    assert "Every doubt is answered" in last.text
    assert last.text.lstrip().startswith('<section id="doubts"')
    assert "no doubts" in desk.client.page("/imports").text
    again = {**plain(first), "act": "reopen"}
    assert desk.client.post(f"{desk.path}/doubts", data=again).location.endswith(place_of(first))
    assert "1 thing to look at" in desk.page().text


def test_all_doubts_of_a_kind_are_settled_with_one_button(app: Flask, db: Database) -> None:
    """Ensure the same sentence is not shown and answered line by line where nobody wants to."""
    text = DOUBTFUL.replace("networks?", "networks.")
    desk = Desk(app, db, make_person(db, role=Role.MAG_MEMBER), text)
    shown = desk.page()
    whole = next(form for form in shown.forms if len(form.fields.get("lines", [])) == 2)

    done = desk.client.post(f"{desk.path}/doubts", data=whole.fields)

    assert (done.status_code, done.location) == (303, f"{desk.path}#doubts")
    assert shown.text.count(DoubtKind.NO_QUESTION_MARK.value) == 1
    assert desk.draft().doubts == 1


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"act": "store"}, 422, "Choose one of the doubts below."),
        ({"lines": "0"}, 422, "Choose one of the doubts below."),
        ({"version": "9"}, 409, "Look at the doubts of the new text."),
        ({"kind": "NO_SUCH"}, 404, "There is no such doubt about this page."),
        ({"lines": "2"}, 404, "There is no such doubt about this page."),
    ],
)
def test_a_doubt_that_is_not_there_cannot_be_settled(
    app: Flask, db: Database, sent: dict[str, str], status: int, words: str
) -> None:
    """Ensure each wrong form has its answer, and nothing counts as settled."""
    desk = Desk(app, db, make_person(db, role=Role.MAG_MEMBER), DOUBTFUL)
    form = next(form for form in desk.page().forms if "lines" in form.fields)

    response = desk.client.post(f"{desk.path}/doubts", data=plain(form) | sent)

    assert response.status_code == status
    assert words in Page(response.text).text
    assert desk.draft().doubts == 2


def plain(form: Form) -> dict[str, str]:
    """What a browser sends for a form of hidden fields."""
    return {name: values[0] for name, values in form.fields.items()}


def place_of(form: Form) -> str:
    """The id of the doubt that a form is about."""
    kind, line = form.fields["kind"][0], form.fields["lines"][0]
    return f"doubt-{kind.lower().replace('_', '-')}-{line}"


def test_nobody_else_reaches_a_draft(app: Flask, desk: Desk) -> None:
    """Ensure another MAG member is told that there is no such page."""
    other = browser_of(app, desk.db, make_person(desk.db, role=Role.MAG_MEMBER))
    token = other.page("/imports").form("/imports").fields["csrf_token"][0]
    data = {**desk.fill("title", value="Mine"), "csrf_token": token}

    answers = [other.get(desk.path).status_code, other.get(f"{desk.path}/text").status_code]
    answers += [
        other.post(f"{desk.path}/{place}", data=sent).status_code
        for place, sent in (
            ("corrections", data),
            ("confirmation", {"csrf_token": token, "digest": "0" * 64}),
            ("text", {"csrf_token": token, "text": PAGE, "version": "1"}),
            (
                "doubts",
                {
                    "csrf_token": token,
                    "kind": "LOCAL_TIME",
                    "line": "4",
                    "version": "1",
                    "act": "settle",
                },
            ),
            ("removal", {"csrf_token": token}),
        )
    ]

    assert set(answers) == {404}
    assert desk.draft().corrections == {}


def test_visitors_see_what_was_corrected_and_may_keep_the_file(app: Flask, desk: Desk) -> None:
    """Ensure marks on the public page say what the page says, and the original is complete."""
    desk.send(desk.fill("room", value="Room 12"))
    desk.send(desk.fill("speakers/1", **BO))
    desk.send(desk.fill("policy_questions/1", heading="", text=LIGHT))
    desk.send(desk.fill("calls_to_action/0", "remove"))
    desk.client.submit(desk.path, f"{desk.path}/confirmation")
    visitor: PageChecker = browser_of(app, desk.db, None)

    page = visitor.page("/sessions/2024-ws-77")
    file = visitor.get("/sessions/2024-ws-77/original")

    for was in ("Room 3", "Bo Example, Technical Community", "pay for the oil"):
        assert f"Corrected by a curator; the page says: {was}" in page.text or was in page.text
    assert page.text.count("Corrected by a curator; the page says:") == 3
    assert "Calls to action: Cities should publish" in page.text
    assert file.data == PAGE.encode()
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Disposition"] == "attachment; filename=2024-ws-77.txt"
    assert file.mimetype == "application/octet-stream"


def test_everybody_sees_every_import_and_what_was_withdrawn(app: Flask, db: Database) -> None:
    """Ensure revisions, their reasons, differences and files are public, and marks lead there."""
    session = make_session(db)
    deliberation = make_deliberation(db, session, output=OutputKind.CALL_TO_ACTION)
    respond(db, deliberation, make_person(db), Position.ENDORSE)
    visitor = browser_of(app, db, None)
    visitor.page(f"/deliberations/{deliberation.id}")
    shorter = PAGE[: PAGE.index("Call to Action")].replace("Room 3", "Room 4")
    desk = Desk(app, db, make_person(db, role=Role.MAG_MEMBER), shorter)
    reason = "The organisers took their call back."
    desk.client.submit(desk.path, f"{desk.path}/confirmation", data={"reason": reason})

    revisions = visitor.page(f"/sessions/{session.slug}/revisions")
    files = [
        visitor.get(f"/sessions/{session.slug}/revisions/{number}/original") for number in (1, 2, 3)
    ]

    withdrawn = "No longer on the session's page since revision 2"
    assert withdrawn in visitor.page(f"/sessions/{session.slug}").text
    assert withdrawn in visitor.page(f"/deliberations/{deliberation.id}").text
    for words in (reason, "Revision 2", "Gone Cities should publish", "Changed Room 3 4"):
        assert words in revisions.text
    assert [file.status_code for file in files] == [200, 200, 404]
    assert [file.data for file in files[:2]] == [PAGE.encode(), shorter.encode()]
    with db.reading() as reader:
        assert list_sessions(reader)[0].revision == 2
