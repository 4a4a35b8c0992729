"""Every kind of ballot through its form: filled in, explained, reviewed, cast and shown."""

from typing import Any

import pytest
from flask import Flask

from deliberate.actions.counting import count_poll
from deliberate.domain.ballots import Kind, decode
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.storage.ballots import list_ballots
from deliberate.storage.database import Database
from deliberate.storage.polls import list_polls
from tests.factories import make_deliberation, make_person, make_proposals
from tests.support.clock import FakeClock
from tests.support.pages import Page
from tests.support.signed_in import browser_of
from tests.support.voting import PART, Booth, booth, fill_in, make_kind

REASON = "It would shut out whoever cannot travel."
Fields = dict[str, Any]


@pytest.fixture
def voter(db: Database) -> Actor:
    """Somebody who may vote."""
    return make_person(db)


def at(app: Flask, db: Database, voter: Actor, kind: Kind, **settings: Any) -> Booth:
    """The voter's browser at an open poll of a kind."""
    return booth(app, db, make_kind(db, kind, **settings).id, voter)


def fields_of(booth: Booth, kind: Kind, *marks: int, reason: str = "") -> Fields:
    """What the form sends for these marks, 0 being none, as a browser does."""
    if kind is Kind.CHOICE:
        chosen = [str(option) for option, mark in zip(booth.options, marks, strict=True) if mark]
        return {"choice": chosen[0] if chosen else "blank"}
    fields = {
        f"mark_{option}": str(mark or "")
        for option, mark in zip(booth.options, marks, strict=True)
        if mark or kind not in (Kind.APPROVAL, Kind.AGREEMENT, Kind.CONSENT)
    }
    return fields | ({f"reason_{booth.options[2]}": reason} if reason else {})


def stored(db: Database, booth: Booth) -> list[tuple[int, ...]]:
    """The marks of the ballots in the database."""
    with db.reading() as reader:
        return [decode(ballot.answer) for ballot in list_ballots(reader, booth.poll_id)]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("kind", "marks", "words"),
    [
        (Kind.CHOICE, (0, 0, 1), "Chosen"),
        (Kind.APPROVAL, (1, 0, 1), "Approved"),
        (Kind.SCORE, (5, 0, 2), "Very much"),
        (Kind.DOTS, (6, 0, 4), "6 dots"),
        (Kind.AGREEMENT, (1, 6, 7), "Unclear to me"),
        (Kind.CONSENT, (1, 2, 4), REASON),
    ],
)
def test_a_ballot_of_each_kind_is_reviewed_cast_and_shown_again(
    app: Flask, db: Database, voter: Actor, kind: Kind, marks: tuple[int, ...], words: str
) -> None:
    """Ensure the way through without scripts, and that nothing is cast before the review."""
    place = at(app, db, voter, kind)
    reason = REASON if kind is Kind.CONSENT else ""
    response = place.press(fields_of(place, kind, *marks, reason=reason))
    review = Page(response.text)

    assert response.status_code == 200
    assert "Is this your ballot?" in review.text
    assert words in review.text
    assert stored(db, place) == []
    for _ in range(2):
        assert place.send(review, step="cast").status_code == 303
    assert stored(db, place) == [marks]
    assert words in place.client.page(f"{place.page}/receipt").text
    again = place.send(place.client.page(place.page), step="review")
    assert words in Page(again.text).text


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("kind", "set_up", "fields", "message"),
    [
        (Kind.CHOICE, {}, {}, "Choose one option, or abstain."),
        (Kind.CHOICE, {}, {"choice": "999"}, "Choose one option, or abstain."),
        (Kind.CHOICE, {}, {"choice": ["{0}", "{1}"]}, "This form has no such field."),
        (Kind.APPROVAL, {"most": 1}, {"mark_{0}": "1", "mark_{1}": "1"}, "Too many options"),
        (Kind.APPROVAL, {}, {"mark_{0}": "2"}, "This answer is not on the ballot."),
        (Kind.APPROVAL, {}, {"mark_{0}": "1", "blank": "yes"}, "“No preference” is ticked, but"),
        (Kind.SCORE, {}, {"mark_{0}": "9"}, "This answer is not on the ballot."),
        (Kind.DOTS, {}, {"mark_{0}": "7", "mark_{1}": "4"}, "more dots than you have"),
        (Kind.DOTS, {}, {"mark_{0}": "-1"}, "Enter a whole number of dots"),
        (Kind.DOTS, {}, {"mark_{0}": "1.5"}, "Enter a whole number of dots"),
        (Kind.AGREEMENT, {}, {"mark_{0}": "1"}, "“Unclear to me” and “Abstain” are answers too."),
        (Kind.CONSENT, {}, {f"mark_{{{n}}}": "4" for n in range(3)}, "To block needs a reason"),
    ],
)
@pytest.mark.parametrize("step", ["review", "cast"])
def test_what_cannot_be_counted_is_explained_and_kept(
    app: Flask,
    db: Database,
    voter: Actor,
    kind: Kind,
    set_up: Fields,
    fields: Fields,
    message: str,
    step: str,
) -> None:
    """Ensure nothing is repaired or stored, and what was entered stands in the form."""
    place = at(app, db, voter, kind, **set_up)
    fill: Any = lambda text: text.format(*place.options)  # noqa: E731
    sent = {
        fill(name): [fill(each) for each in value] if isinstance(value, list) else fill(value)
        for name, value in fields.items()
    }

    response = place.press({**sent, "step": step})

    page = Page(response.text)
    assert response.status_code == 422
    assert message in page.text
    assert stored(db, place) == []
    kept = page.form(place.ballot).fields
    if kind is Kind.DOTS and sent[f"mark_{place.options[0]}"] == "7":
        assert kept[f"mark_{place.options[0]}"] == ["7"]


@pytest.mark.one_database
@pytest.mark.parametrize("kind", [Kind.CHOICE, Kind.APPROVAL, Kind.RANKED])
def test_no_preference_is_cast_and_shown_as_such(
    app: Flask, db: Database, voter: Actor, kind: Kind
) -> None:
    """Ensure whoever has no preference takes part and reads so on the receipt."""
    place = at(app, db, voter, kind)
    blank = {"choice": "blank"} if kind is Kind.CHOICE else {"blank": "yes"}

    review = Page(place.press(blank).text)

    assert "No preference among the options." in review.text
    place.send(review, step="cast")
    assert stored(db, place) == [(0, 0, 0)]
    assert "No preference among the options." in place.client.page(f"{place.page}/receipt").text


@pytest.mark.one_database
def test_ties_are_taken_where_they_are_configured_and_not_moved(
    app: Flask, db: Database, voter: Actor
) -> None:
    """Ensure equal ranks are cast as they stand, and a button never renumbers them."""
    place = at(app, db, voter, Kind.RANKED, ties=True)

    moved = place.press({**place.ranks(1, 1, 2), "move": f"{place.options[2]}:up"})

    fields = Page(moved.text).form(place.ballot).fields
    assert [fields[f"mark_{option}"] for option in place.options] == [["1"], ["1"], ["2"]]
    assert "Options share a rank" in moved.text
    assert place.cast(1, 1, 2).status_code == 303
    assert stored(db, place) == [(1, 1, 2)]


@pytest.mark.one_database
@pytest.mark.parametrize("kind", list(Kind))
def test_the_enter_key_reviews_in_every_kind(
    app: Flask, db: Database, voter: Actor, kind: Kind
) -> None:
    """Ensure the first button of the form, which Enter presses, has no name."""
    place = at(app, db, voter, kind)

    source = place.client.get(place.page).text

    form = source[source.index(f'action="{place.ballot}"') :]
    assert "name=" not in form[form.index("<button") : form.index(">", form.index("<button"))]


@pytest.mark.one_database
def test_a_ballot_is_withdrawn_after_a_question(app: Flask, db: Database, voter: Actor) -> None:
    """Ensure the page asks first, the ballot goes, and sending it again does no harm."""
    place = at(app, db, voter, Kind.CHOICE)
    fill_in_first = place.press({"choice": str(place.options[0])})
    place.send(Page(fill_in_first.text), step="cast")
    address = f"{place.page}/withdrawal"
    asked = place.client.page(address)
    token = asked.form(address).fields

    for _ in range(2):
        response = place.client.post(address, data=token)
        assert (response.status_code, response.headers["Location"]) == (303, place.page)

    assert stored(db, place) == []
    assert "Your ballot is withdrawn." in place.client.page(place.page).text
    assert place.client.get(address).status_code == 303


@pytest.mark.one_database
def test_after_closing_nothing_is_cast_or_withdrawn(
    app: Flask, db: Database, clock: FakeClock, voter: Actor
) -> None:
    """Ensure who is too late reads why, sees what was entered, and the earlier ballot stays."""
    place = at(app, db, voter, Kind.DOTS)
    early = Page(place.press({f"mark_{place.options[0]}": "4"}).text)
    place.send(early, step="cast")
    asked = place.client.page(f"{place.page}/withdrawal").form(f"{place.page}/withdrawal").fields
    late = Page(place.press({f"mark_{place.options[1]}": "9"}).text)
    clock.advance(hours=24)

    cast = place.send(late, step="cast")
    withdrawn = place.client.post(f"{place.page}/withdrawal", data=asked)

    assert (cast.status_code, withdrawn.status_code) == (409, 409)
    assert "9 dots" in Page(cast.text).text
    assert stored(db, place) == [(4, 0, 0)]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("kind", "marks", "words"),
    [
        (Kind.CHOICE, (1, None, None), ["3 of 4 (75%)", "Ranked first under every way"]),
        (Kind.APPROVAL, (1, 1, None), ["3 of 4 (75%)", "Ranked first under every way"]),
        (Kind.SCORE, (5, 2, None), ["12 (3.00 a ballot)"]),
        (Kind.DOTS, (6, 4, None), ["18 (4.50 a ballot)"]),
        (Kind.AGREEMENT, (1, 6, 7), ["Strong agreement", "option by option"]),
        (Kind.CONSENT, (1, 2, 4), ["Reasons given", REASON]),
    ],
)
def test_the_result_shows_groups_side_by_side_and_all_together(
    app: Flask, db: Database, clock: FakeClock, kind: Kind, marks: tuple[int | None, ...],
    words: list[str],
) -> None:  # fmt: skip
    """Ensure numbers have their whole beside them, and table and data are there for each kind."""
    poll = make_kind(db, kind)
    reasons = ("", "", REASON) if kind is Kind.CONSENT else ()
    other = {Kind.AGREEMENT: (5, 5, 5), Kind.CONSENT: (3, 3, 3)}.get(kind)
    for group in (StakeholderGroup.GOVERNMENT, StakeholderGroup.TECHNICAL):
        fill_in(db, poll, make_person(db, group), *marks, reasons=reasons)
    fill_in(db, poll, make_person(db, StakeholderGroup.TECHNICAL), *marks, reasons=reasons)
    last = make_person(db, StakeholderGroup.GOVERNMENT)
    fill_in(db, poll, last, *(other or ()), is_blank=other is None)
    clock.now = poll.closes_at
    with db.writing() as tx:
        count_poll(tx, poll.id)
    client = browser_of(app, db, last)

    page = client.page(f"/polls/{poll.id}/results")

    assert all(each in page.text for each in words)
    assert page.text.index("Government") < page.text.index("Each group counts the same")
    table = client.get(f"/polls/{poll.id}/results.csv").text
    assert table.count("answer,") >= 3
    document = client.get(f"/polls/{poll.id}/results.json").get_json()
    assert document["frozen"]["ballot"]["kind"] == kind
    assert client.get(f"/polls/{poll.id}/chart.json").status_code == 404
    deliberation = f"/deliberations/{poll.deliberation_id}/results"
    clock.advance(days=60)
    assert client.get(f"{deliberation}.csv").status_code == 200
    assert client.get(f"{deliberation}.json").status_code == 200


@pytest.mark.one_database
def test_htmx_gets_the_ballot_alone(app: Flask, db: Database, voter: Actor) -> None:
    """Ensure errors and reviews of other kinds answer with the block that is swapped."""
    place = at(app, db, voter, Kind.APPROVAL)
    for fields in ({}, {f"mark_{place.options[0]}": "1"}):
        text = place.press(fields, headers=PART).text
        assert text.lstrip().startswith('<section id="ballot"')


@pytest.mark.one_database
def test_a_facilitator_chooses_the_kind_first(app: Flask, db: Database) -> None:
    """Ensure each kind leads to its own form, and texts of one's own alone make a poll."""
    deliberation = make_deliberation(db)
    client = browser_of(app, db, make_person(db, role=Role.FACILITATOR))
    new = f"/deliberations/{deliberation.id}/polls/new"
    chooser = client.page(new)

    response = client.submit(
        f"{new}?kind=score",
        f"/deliberations/{deliberation.id}/polls",
        {
            "title": "How much would each help?",
            "closes_at": "2026-03-10T12:00",
            "own_options": "Pay for travel\r\nHalf of it.\r\n\r\nPublish a list",
            "steps": "Not\r\nA bit\r\nA lot",
        },
    )

    assert all(kind.label in chooser.text and kind.hint in chooser.text for kind in Kind)
    assert response.status_code == 303
    with db.reading() as reader:
        (poll,) = list_polls(reader, deliberation.id)
    assert (poll.kind, poll.settings) == (Kind.SCORE, {"steps": ["Not", "A bit", "A lot"]})
    assert [option["text"] for option in poll.frozen["options"]] == ["Half of it.", ""]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        (Kind.APPROVAL, {"least": "9"}, "There are not so many options."),
        (Kind.APPROVAL, {"least": "2", "most": "1"}, "This is less than the fewest."),
        (Kind.SCORE, {"steps": "One"}, "Give two to eleven steps"),
        (Kind.DOTS, {"budget": "1"}, "Enter 2 or more."),
        (Kind.CHOICE, {"kind": "lottery"}, "Choose one of the options."),
        (Kind.CHOICE, {"proposal_ids": [], "own_options": "One"}, "Choose at least two options"),
    ],
)
def test_settings_that_contradict_are_named_at_their_field(
    app: Flask, db: Database, kind: Kind, fields: Fields, message: str
) -> None:
    """Ensure what was typed stays and no poll opens."""
    deliberation = make_deliberation(db)
    make_proposals(db, deliberation.id)
    client = browser_of(app, db, make_person(db, role=Role.FACILITATOR))
    typed = {"title": "How should we go on?", "closes_at": "2026-03-10T12:00", **fields}

    response = client.submit(
        f"/deliberations/{deliberation.id}/polls/new?kind={kind}",
        f"/deliberations/{deliberation.id}/polls",
        typed,
    )

    assert response.status_code == 422
    assert message in Page(response.text).text
    assert "How should we go on?" in response.text
    with db.reading() as reader:
        assert not list_polls(reader, deliberation.id)
