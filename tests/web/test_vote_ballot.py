"""Filling in, reviewing, casting and changing a ballot, as browsers with and without scripts do."""

import pytest
from flask import Flask

from deliberate.actions.ballots import find_own_ballot, order_for
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.storage.ballots import count_turnout, list_ballots
from deliberate.storage.database import Database
from deliberate.storage.polls import Poll, find_poll
from tests.factories import make_person, make_poll
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.pages import Page
from tests.support.signed_in import browser_of
from tests.support.voting import PART, Booth, booth, rankings_in


@pytest.fixture
def poll(db: Database) -> Poll:
    """An open poll that ranks three proposals."""
    return make_poll(db)


@pytest.fixture
def voter(db: Database) -> Actor:
    """Somebody who may vote."""
    return make_person(db)


@pytest.fixture
def at(app: Flask, db: Database, poll: Poll, voter: Actor) -> Booth:
    """The voter's browser at the poll."""
    return booth(app, db, poll.id, voter)


def recorded(db: Database, poll: Poll) -> list[list[int]]:
    """The rankings that are stored."""
    return rankings_in(db, poll.id)


def shown_order(page: Page) -> list[str]:
    """The fields of the options in the order shown."""
    ids = [str(control.get("name")) for control in page.controls]
    return [name for name in ids if name.startswith("mark_")]


def test_the_poll_says_what_is_fixed_and_who_sees_what(client: PageChecker, poll: Poll) -> None:
    """Ensure a visitor reads question, method, both schemes, visibility and fingerprint."""
    page = client.page(f"/polls/{poll.id}")

    assert poll.title in page.text
    assert "Each participant counts the same" in page.text
    assert "Each group counts the same" in page.text
    assert "nobody in the product sees who chose what" in page.text
    assert "The operator of the server could link ballots until closing" in page.text
    assert poll.fingerprint[:4] in page.text
    assert all(option["title"] in page.text for option in poll.frozen["options"])


def test_a_visitor_is_told_to_sign_in_instead_of_being_shown_a_ballot(
    client: PageChecker, poll: Poll
) -> None:
    """Ensure the reason stands where the form would be."""
    page = client.page(f"/polls/{poll.id}")

    assert "Sign in to take part." in page.text
    assert all(form.action != f"/polls/{poll.id}/ballot" for form in page.forms)


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.MAG_MEMBER, Role.SECRETARIAT])
def test_people_who_run_things_are_shown_why_they_cannot_vote(
    app: Flask, db: Database, poll: Poll, role: Role
) -> None:
    """Ensure staff read the sentence of the policy, and that posting anyway is refused."""
    client = browser_of(app, db, make_person(db, role=role))
    page = client.page(f"/polls/{poll.id}")
    token = page.form("/sign-out").fields["csrf_token"]

    response = client.post(
        f"/polls/{poll.id}/ballot", data={"csrf_token": token, "step": "cast", "mark_1": "1"}
    )

    assert "do not take positions on what they run" in page.text
    assert response.status_code == 403
    assert recorded(db, poll) == []


def test_a_ballot_is_reviewed_cast_and_receipted(db: Database, poll: Poll, at: Booth) -> None:
    """Ensure the way through: ranks, review in rank order, receipt with the recorded ranking."""
    review = at.review(2, 1, "")
    titles = [option["title"] for option in poll.frozen["options"]]

    response = at.send(review, step="cast")

    assert review.text.index(titles[1]) < review.text.index(titles[0])
    assert "1 option stays without a rank" in review.text
    assert response.status_code == 303
    assert response.headers["Location"] == f"/polls/{poll.id}/receipt"
    assert recorded(db, poll) == [[at.options[1], at.options[0]]]
    receipt = at.client.page(f"/polls/{poll.id}/receipt")
    with db.reading() as reader:
        codes = [ballot.receipt for ballot in list_ballots(reader, poll.id)]
    assert codes[0] in receipt.text
    assert "Edit my ballot" in receipt.text


def test_a_review_stores_nothing(db: Database, poll: Poll, at: Booth) -> None:
    """Ensure only the last step casts."""
    at.review(1, 2, 3)

    assert recorded(db, poll) == []


def test_the_enter_key_reviews(db: Database, poll: Poll, at: Booth) -> None:
    """Ensure the first button of the form, which Enter presses, has no name and means review."""
    response = at.press(at.ranks(1, 2, 3))

    assert response.status_code == 200
    assert "Is this your ballot?" in Page(response.text).text
    source = at.client.get(at.page).text
    form = source[source.index(f'action="{at.ballot}"') :]
    first = form[form.index("<button") : form.index(">", form.index("<button"))]
    assert "name=" not in first
    assert recorded(db, poll) == []


def test_sending_the_same_review_twice_casts_once(db: Database, poll: Poll, at: Booth) -> None:
    """Ensure a double click leaves one ballot with one receipt."""
    review = at.review(1, 2, 3)
    at.send(review, step="cast")
    first = at.client.page(f"/polls/{poll.id}/receipt").text

    response = at.send(review, step="cast")

    assert response.status_code == 303
    assert at.client.page(f"/polls/{poll.id}/receipt").text == first
    assert len(recorded(db, poll)) == 1


def test_going_back_and_changing_ranks_is_a_new_ballot(db: Database, poll: Poll, at: Booth) -> None:
    """Ensure the form kept by the browser's back button records what it shows, not a resend."""
    form = at.client.page(at.page)
    fields = form.form(at.ballot).fields
    for ranks in ((1, 2, 3), (3, 2, 1)):
        review = at.client.post(at.ballot, data={**fields, **at.ranks(*ranks)})
        assert at.send(Page(review.text), step="cast").status_code == 303

    assert recorded(db, poll) == [list(reversed(at.options))]


def test_a_changed_ballot_replaces_the_earlier_one(db: Database, poll: Poll, at: Booth) -> None:
    """Ensure the page shows the ranks cast before, and the last ballot alone counts."""
    at.cast(1, 2, 3)
    page = at.client.page(at.page)
    assert {name: page.form(at.ballot).fields[name] for name in at.ranks(1, 2, 3)} == {
        name: [rank] for name, rank in at.ranks(1, 2, 3).items()
    }

    at.cast("", 1, 2)

    assert recorded(db, poll) == [[at.options[1], at.options[2]]]
    with db.reading() as reader:
        assert sum(count_turnout(reader, poll.id).values()) == 1


def test_options_come_in_the_voters_own_stable_order(poll: Poll, at: Booth, voter: Actor) -> None:
    """Ensure two visits show one order, and that it is the one derived from the voter."""
    expected = [f"mark_{option}" for option in order_for(voter, poll, at.options)]

    assert shown_order(at.client.page(at.page)) == expected
    assert shown_order(at.client.page(at.page)) == expected


@pytest.mark.parametrize(
    ("ranks", "message"),
    [
        ((1, 1, 2), "Another option has the same rank."),
        ((1, 3, ""), "The rank before this one is not given to any option."),
        (("", "", ""), "Give at least one option a rank"),
        ((0, 1, 2), "Ranks start at 1"),
        ((4, 1, 2), "Ranks start at 1"),
        (("first", 1, 2), "Ranks start at 1"),
        (("-1", 1, 2), "Ranks start at 1"),
    ],
)
@pytest.mark.parametrize("step", ["review", "cast"])
def test_ranks_that_cannot_be_counted_are_explained_and_kept(
    db: Database, poll: Poll, at: Booth, ranks: tuple[int | str, ...], message: str, step: str
) -> None:
    """Ensure doubles and gaps are never renumbered: the page says what is wrong and keeps them."""
    response = at.press({**at.ranks(*ranks), "step": step})

    page = Page(response.text)
    assert response.status_code == 422
    assert message in page.text
    assert "error-summary" in response.text
    assert recorded(db, poll) == []
    kept = page.form(at.ballot).fields
    for name, rank in at.ranks(*ranks).items():
        assert kept[name] == [rank if rank in {"", "1", "2", "3"} else ""]


def test_the_summary_of_errors_names_the_options(poll: Poll, at: Booth) -> None:
    """Ensure two options with one problem can be told apart above the ballot."""
    response = at.press({**at.ranks(1, 1, ""), "step": "review"})

    text = Page(response.text).text
    for option in poll.frozen["options"][:2]:
        assert f"“{option['title']}”: Another option has the same rank." in text


def test_a_move_gives_ranks_in_the_order_shown(at: Booth) -> None:
    """Ensure moving with nothing ranked numbers all options, says so and keeps the focus."""
    shown = shown_order(at.client.page(at.page))
    third = shown[2].removeprefix("mark_")

    response = at.press({"move": f"{third}:up"})

    page = Page(response.text)
    assert shown_order(page) == [shown[0], shown[2], shown[1]]
    assert [page.form(at.ballot).fields[name] for name in shown_order(page)] == [
        ["1"],
        ["2"],
        ["3"],
    ]
    assert "is now 2 of 3" in page.text
    button = response.text[response.text.index(f'id="up-{third}"') :]
    assert "data-focus" in button[: button.index(">")]


def test_a_move_leaves_unranked_options_unranked(at: Booth) -> None:
    """Ensure a partial ranking stays partial when its options change places."""
    response = at.press({**at.ranks(1, 2, ""), "move": f"{at.options[1]}:up"})

    fields = Page(response.text).form(at.ballot).fields
    assert [fields[f"mark_{option}"] for option in at.options] == [["2"], ["1"], [""]]


def test_an_unranked_option_moved_up_joins_the_ranking(at: Booth) -> None:
    """Ensure the buttons alone suffice to rank."""
    response = at.press({**at.ranks(1, "", ""), "move": f"{at.options[2]}:up"})

    fields = Page(response.text).form(at.ballot).fields
    assert [fields[f"mark_{option}"] for option in at.options] == [["1"], [""], ["2"]]


def test_moving_does_not_renumber_doubles(at: Booth) -> None:
    """Ensure a move is refused with an explanation while two options share a rank."""
    response = at.press({**at.ranks(1, 1, 2), "move": f"{at.options[2]}:up"})

    fields = Page(response.text).form(at.ballot).fields
    assert response.status_code == 422
    assert [fields[f"mark_{option}"] for option in at.options] == [["1"], ["1"], ["2"]]


@pytest.mark.parametrize("move", ["", "up", "999:up", "x:up", "{first}:sideways", "9" * 30 + ":up"])
def test_a_move_of_nothing_changes_nothing(at: Booth, move: str) -> None:
    """Ensure damaged buttons neither fail nor change ranks."""
    asked = move.format(first=at.options[0])

    response = at.press({**at.ranks(2, 1, ""), "move": asked})

    fields = Page(response.text).form(at.ballot).fields
    assert response.status_code == 200
    assert [fields[f"mark_{option}"] for option in at.options] == [["2"], ["1"], [""]]


def test_put_in_order_sorts_the_rows_and_keeps_the_ranks(at: Booth) -> None:
    """Ensure the rows follow the ranks as entered, doubles included, the unranked ones last."""
    response = at.press({**at.ranks(2, "", 1), "step": "order"})

    page = Page(response.text)
    first, second, third = (f"mark_{at.options[place]}" for place in (2, 0, 1))
    assert shown_order(page) == [first, second, third]
    assert page.form(at.ballot).fields[first] == ["1"]
    assert page.form(at.ballot).fields[third] == [""]


def test_change_returns_from_the_review_with_the_ranks(at: Booth) -> None:
    """Ensure nothing is lost between review and form."""
    response = at.send(at.review(3, 1, 2), step="edit")

    fields = Page(response.text).form(at.ballot).fields
    assert [fields[name] for name in at.ranks(3, 1, 2)] == [["3"], ["1"], ["2"]]


def test_htmx_gets_the_ballot_alone(at: Booth) -> None:
    """Ensure a move, an error and a review answer with the block that is swapped."""
    for fields in ({"move": f"{at.options[0]}:down"}, at.ranks(1, 1, ""), at.ranks(1, 2, 3)):
        response = at.press(fields, headers=PART)

        assert response.text.lstrip().startswith('<section id="ballot"')
        assert "HX-Request" in response.headers["Vary"]


@pytest.mark.parametrize("step", ["review", "cast"])
def test_a_ballot_after_closing_is_shown_back_and_not_recorded(
    db: Database, clock: FakeClock, poll: Poll, at: Booth, step: str
) -> None:
    """Ensure who is too late reads why and sees the ranking that was entered."""
    review = at.review(3, 1, 2)
    clock.advance(hours=24)

    response = at.send(review, step=step)

    page = Page(response.text)
    titles = [option["title"] for option in poll.frozen["options"]]
    assert response.status_code == 409
    assert "This poll has closed." in page.text
    assert page.text.index(titles[1]) < page.text.index(titles[2]) < page.text.index(titles[0])
    assert recorded(db, poll) == []


def test_the_last_second_counts(db: Database, clock: FakeClock, poll: Poll, at: Booth) -> None:
    """Ensure the window is half open: one second before closing is in time."""
    review = at.review(1, 2, 3)
    clock.advance(hours=24, seconds=-1)

    assert at.send(review, step="cast").status_code == 303
    assert len(recorded(db, poll)) == 1


@pytest.mark.parametrize("field", ["mark_999", "mark_x", "group", "weight"])
def test_a_field_the_ballot_does_not_have_is_refused(
    db: Database, poll: Poll, at: Booth, field: str
) -> None:
    """Ensure nobody smuggles in an option of another poll or a weight."""
    fields = at.review(1, 2, 3).form(at.ballot).fields

    response = at.client.post(at.ballot, data={**fields, field: "1", "step": "cast"})

    assert response.status_code == 422
    assert recorded(db, poll) == []


def test_a_rank_sent_twice_is_refused(db: Database, poll: Poll, at: Booth) -> None:
    """Ensure a second value for one option is never silently dropped."""
    fields = at.review(1, 2, 3).form(at.ballot).fields
    name = f"mark_{at.options[0]}"

    response = at.client.post(at.ballot, data={**fields, name: ["1", "2"], "step": "cast"})

    assert response.status_code == 422
    assert recorded(db, poll) == []


def test_a_damaged_key_is_refused(db: Database, poll: Poll, at: Booth) -> None:
    """Ensure a form without its key is explained and nothing is stored."""
    response = at.send(at.review(1, 2, 3), step="cast", submission_key="<script>")

    assert response.status_code == 422
    assert "This form is damaged" in response.text
    assert recorded(db, poll) == []


def test_the_thirty_first_ballot_of_a_minute_waits(db: Database, poll: Poll, at: Booth) -> None:
    """Ensure casting is limited, and that the earlier ballot stays."""
    statuses = [at.cast(1, 2, 3).status_code for _ in range(31)]

    assert statuses == [303] * 30 + [429]
    assert len(recorded(db, poll)) == 1


def test_who_has_no_ballot_has_no_receipt(client: PageChecker, poll: Poll, at: Booth) -> None:
    """Ensure the receipt's address leads to the poll for visitors and for those yet to vote."""
    for browser in (client, at.client):
        response = browser.get(f"/polls/{poll.id}/receipt")

        assert response.status_code == 303
        assert response.headers["Location"] == f"/polls/{poll.id}"


def test_a_receipt_is_shown_to_its_voter_alone(
    app: Flask, db: Database, poll: Poll, at: Booth, voter: Actor
) -> None:
    """Ensure nobody else, staff included, sees code or ranking while the poll is open."""
    at.cast(1, 2, 3)
    with db.reading() as reader:
        stored = find_poll(reader, poll.id)
        assert stored is not None
        own = find_own_ballot(reader, voter, stored)
    assert own is not None

    for role in (None, Role.FACILITATOR, Role.SECRETARIAT):
        other = browser_of(app, db, make_person(db, StakeholderGroup.GOVERNMENT, role))
        for path in ("", "/results", "/receipts"):
            assert own.code not in other.get(f"/polls/{poll.id}{path}").text
        assert other.get(f"/polls/{poll.id}/receipt").status_code == 303


def test_the_ballots_address_leads_to_the_poll(client: PageChecker, poll: Poll) -> None:
    """Ensure a reload or a change of language on the ballot's page finds the poll again."""
    response = client.get(f"/polls/{poll.id}/ballot?lang=ar")

    assert response.status_code == 302
    assert response.headers["Location"] == f"/polls/{poll.id}?lang=ar#ballot"


@pytest.mark.parametrize("path", ["", "/results", "/receipt", "/receipts", "/results.json"])
def test_a_poll_that_does_not_exist_is_not_found(client: PageChecker, path: str) -> None:
    """Ensure every address of a poll says so."""
    assert client.get(f"/polls/77{path}").status_code == 404
