"""The map of arguments and the facilitator's bench, as a browser without scripts shows them."""

import pytest
import sqlalchemy as sa
from flask import Flask

from deliberate.actions.arguments import choose_excerpt, edit_argument, waive_comments
from deliberate.actions.comments import retract_comment
from deliberate.actions.regrouping import mark_answered, merge_arguments
from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Actor, Role, StakeholderGroup
from deliberate.domain.synthesis import ArgumentKind
from deliberate.domain.threads import CommentKind
from deliberate.inputs.synthesis import ArgumentEdit, NewAnswer
from deliberate.storage.arguments import Argument, Citation, Waiver, list_arguments
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.arguing import TEXT, citations_of, make_argument
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of, renew

pytestmark = pytest.mark.one_database
GOVERNMENT, TECHNICAL = StakeholderGroup.GOVERNMENT, StakeholderGroup.TECHNICAL


@pytest.fixture
def facilitator(db: Database) -> Actor:
    """A facilitator."""
    return make_person(db, role=Role.FACILITATOR, name="Fatou Facilitator")


@pytest.fixture
def bench(app: Flask, db: Database, facilitator: Actor) -> PageChecker:
    """The facilitator's browser."""
    return browser_of(app, db, facilitator)


@pytest.fixture
def home(db: Database) -> Deliberation:
    """A discussion."""
    return make_deliberation(db)


def address(home: Deliberation) -> str:
    """The bench of a discussion."""
    return f"/deliberations/{home.id}/synthesis"


def form_on(home: Deliberation) -> str:
    """Where the form on the bench leads: back to the same comments."""
    return f"{address(home)}?state=not_yet"


def sort(client: PageChecker, home: Deliberation, act: str, ids: list[int], **fields: str) -> int:
    """Tick comments on the bench and press a button; gives the status."""
    ticked = [str(number) for number in ids]
    data = {"comment_ids": ticked, "act": act, **fields}
    return client.submit(address(home), form_on(home), data).status_code


def test_a_facilitator_sorts_every_comment(
    db: Database, bench: PageChecker, home: Deliberation, facilitator: Actor
) -> None:
    """Ensure comments begin an argument, join it, or are set aside, and the bench empties."""
    first, second, third = [make_comment(db, home.id).id for _ in range(3)]

    assert sort(bench, home, "begin", [first], kind="against", text=TEXT) == 303
    with db.reading() as reader:
        (argument,) = list_arguments(reader, home.id)
    assert sort(bench, home, "cite", [second], argument_id=str(argument.id)) == 303
    page = bench.page(address(home))
    assert "2 of 3 comments collected" in page.text
    assert "1 not sorted yet" in page.text
    assert sort(bench, home, "waive", [third], reason="It is about another session.") == 303

    page = bench.page(address(home))
    assert "all sorted" in page.text
    assert (argument.kind, argument.written_by) == (ArgumentKind.AGAINST, facilitator.name)
    assert [each.comment_id for each in citations_of(db, argument.id)] == [first, second]
    aside = bench.page(f"/deliberations/{home.id}/arguments/waived").text
    assert f"Set aside by {facilitator.name}: It is about another session." in aside


@pytest.mark.parametrize(
    ("act", "tick", "fields", "message"),
    [
        ("cite", False, {}, "Tick at least one comment."),
        ("cite", True, {"argument_id": ""}, "Choose one of the options."),
        ("begin", True, {"text": "Short"}, "Write at least 8 characters."),
        ("begin", True, {"text": "x" * 301}, "Shorten this to 300 characters."),
        ("begin", True, {"text": "Sort \u202ethis now"}, "invisible direction marks"),
        ("begin", True, {"text": TEXT, "kind": "maybe"}, "Choose one of the options."),
        ("waive", True, {"reason": "No."}, "Write at least 10 characters."),
    ],
)
def test_what_cannot_be_sorted_is_explained_and_kept(
    db: Database, bench: PageChecker, home: Deliberation, facilitator: Actor,
    act: str, tick: bool, fields: dict[str, str], message: str,
) -> None:  # fmt: skip
    """Ensure ticks and texts stay, the fault is named, and nothing is written."""
    make_argument(db, facilitator, home.id, [make_comment(db, home.id).id])
    comment = make_comment(db, home.id)
    before = count_rows(db)
    typed = {"reason": "", **fields}
    ticked = [str(comment.id)] if tick else []

    response = bench.submit(
        address(home), form_on(home), {"comment_ids": ticked, "act": act, **typed}
    )

    assert response.status_code == 422
    assert message in response.text
    assert count_rows(db) == before
    for text in (fields.get("text", ""), fields.get("reason", "")):
        assert text in response.text
    assert (f'value="{comment.id}" checked' in response.text) is tick


def test_everybody_reads_the_map(
    db: Database, client: PageChecker, home: Deliberation, facilitator: Actor
) -> None:
    """Ensure kinds, words, groups, excerpts, answers, silence and links to comments are shown."""
    said = make_comment(
        db, home.id, make_person(db, GOVERNMENT, name="Gus"), body="Lamps <b>glow</b> & *last*."
    )
    asked = make_comment(db, home.id, make_person(db, TECHNICAL), kind=CommentKind.QUESTION)
    argument = make_argument(db, facilitator, home.id, [said.id], text="Lamps last <i>long</i>.")
    make_argument(db, facilitator, home.id, [asked.id], kind=ArgumentKind.QUESTION)
    with db.writing() as tx:
        choose_excerpt(tx, facilitator, citations_of(db, argument.id)[0].id, "glow</b> & last")
        mark_answered(tx, facilitator, argument.id, NewAnswer(comment_id=asked.id))

    page = client.page(f"/deliberations/{home.id}/arguments")

    assert "Lamps last <i>long</i>." in page.text
    assert "In the words of Fatou Facilitator, facilitator" in page.text
    assert "glow</b> & last" in page.text
    assert {f"/comments/{said.id}", f"/arguments/{argument.id}"} <= set(page.links)
    assert f"Answered: #{asked.id}" in page.text
    assert "All of it was answered." in page.text
    assert "No answer yet to what the technical community raised." in page.text
    assert page.text.count("Unheard.") == 3
    assert not page.forms
    discussion = client.page(f"/deliberations/{home.id}")
    assert f"/deliberations/{home.id}/arguments" in discussion.links
    assert address(home) not in discussion.links


def test_what_is_taken_back_leaves_its_place_without_text(
    db: Database, bench: PageChecker, client: PageChecker, home: Deliberation, facilitator: Actor
) -> None:
    """Ensure the words are gone from every page, and facilitators are told."""
    author = make_person(db, name="Vera Vanish")
    comment = make_comment(db, home.id, author, body="Words that were regretted.")
    argument = make_argument(db, facilitator, home.id, [comment.id])
    with db.writing() as tx:
        choose_excerpt(tx, facilitator, citations_of(db, argument.id)[0].id, "were regretted")

    with db.writing() as tx:
        retract_comment(tx, author, comment.id)

    for path in (f"/deliberations/{home.id}/arguments", f"/arguments/{argument.id}"):
        text = client.page(path).text
        assert "Taken back by its author." in text
        assert "regretted" not in text
        assert "Vera" not in text
    assert "Cited comments were taken back or hidden" in bench.page(address(home)).text
    assert "no longer counts" in bench.page(f"/arguments/{argument.id}").text


def test_a_citation_of_a_changed_comment_says_so(
    db: Database, client: PageChecker, home: Deliberation, facilitator: Actor
) -> None:
    """Ensure an excerpt is marked that no longer stands in the comment, and only that."""
    comments = [make_comment(db, home.id, body="Lamps glow in the dark.") for _ in range(2)]
    argument = make_argument(db, facilitator, home.id, [each.id for each in comments])
    with db.writing() as tx:
        for citation in citations_of(db, argument.id):
            choose_excerpt(tx, facilitator, citation.id, "Lamps glow")
        tx.get_one(Comment, comments[0].id).body_html = "<p>Lamps shine.</p>"
        for comment in comments:
            tx.get_one(Comment, comment.id).version = 2

    text = client.page(f"/arguments/{argument.id}").text

    assert text.count("changed since") == 1


def test_two_facilitators_who_reword_at_once_see_both_texts(
    db: Database, bench: PageChecker, home: Deliberation, facilitator: Actor
) -> None:
    """Ensure the second is told, finds both texts, and can then save over the newer one."""
    argument = make_argument(db, facilitator, home.id, [make_comment(db, home.id).id])
    path = f"/arguments/{argument.id}"
    mine = {**bench.page(path).form(path).fields, "text": ["My own words for this."]}
    theirs = ArgumentEdit(kind=ArgumentKind.FOR, text="Their words for this.", version=1)
    other = make_person(db, role=Role.FACILITATOR)
    with db.writing() as tx:
        edit_argument(tx, other, argument.id, theirs)

    conflict = bench.post(path, data=mine)

    assert conflict.status_code == 409
    assert "My own words for this." in conflict.text
    assert "Their words for this." in conflict.text
    assert bench.post(path, data={**mine, "version": "2"}).status_code == 303
    with db.reading() as reader:
        assert [line.text for line in list_arguments(reader, home.id)] == ["My own words for this."]


def test_arguments_are_merged_split_and_emptied(
    db: Database, bench: PageChecker, client: PageChecker, home: Deliberation, facilitator: Actor
) -> None:
    """Ensure every way of regrouping works from the page, and old addresses lead on."""
    ids = [make_comment(db, home.id).id for _ in range(3)]
    first = make_argument(db, facilitator, home.id, ids[:2])
    second = make_argument(db, facilitator, home.id, ids[2:], text="Lamps need oil to burn.")
    path, own = f"/arguments/{first.id}", [str(each.id) for each in citations_of(db, first.id)]

    def regroup(act: str, chosen: str, **fields: str) -> int:
        data = {"citation_ids": [chosen], "act": act, **fields}
        return bench.submit(path, f"{path}/citations", data).status_code

    assert regroup("move", own[0], argument_id=str(second.id)) == 303
    assert [each.comment_id for each in citations_of(db, second.id)] == [ids[0], ids[2]]
    assert regroup("split", own[1], text="Oil has a price, too.") == 303
    assert offers_no_regrouping(bench, path)
    assert bench.submit(path, f"{path}/withdrawal").status_code == 303
    assert bench.get(path).status_code == 410
    with db.reading() as reader:
        part = next(line for line in list_arguments(reader, home.id) if line.id != second.id)
    merged = bench.submit(
        f"/arguments/{part.id}", f"/arguments/{part.id}/merger", {"argument_id": str(second.id)}
    )
    assert merged.headers["Location"] == f"/arguments/{second.id}"
    assert client.get(f"/arguments/{part.id}").headers["Location"] == f"/arguments/{second.id}"
    assert len(citations_of(db, second.id)) == 3


def offers_no_regrouping(bench: PageChecker, path: str) -> bool:
    """Whether an argument without citations offers nothing to regroup."""
    return all(form.action != f"{path}/citations" for form in bench.page(path).forms)


def test_answers_are_marked_and_unmarked(
    db: Database, bench: PageChecker, home: Deliberation, facilitator: Actor
) -> None:
    """Ensure a typed number works with its sign, mistakes stay in the form, and it can go."""
    asked, answering = (
        make_comment(db, home.id, kind=CommentKind.QUESTION),
        make_comment(db, home.id),
    )
    argument = make_argument(db, facilitator, home.id, [asked.id], kind=ArgumentKind.QUESTION)
    path = f"/arguments/{argument.id}"

    wrong = bench.submit(path, f"{path}/answers", {"comment_id": "#99999"})
    both = bench.submit(path, f"{path}/answers", {"comment_id": ""})
    right = bench.submit(
        path, f"{path}/answers", {"comment_id": f"#{answering.id}", "asking": str(asked.id)}
    )

    assert (wrong.status_code, both.status_code, right.status_code) == (422, 422, 303)
    assert "There is no such comment." in wrong.text
    assert "Give either a comment or an argument." in both.text
    assert f"Answered: #{answering.id}" in bench.page(path).text
    assert "No answer yet to" not in bench.page(f"/deliberations/{home.id}/arguments").text
    assert "All of it was answered." in bench.page(f"/deliberations/{home.id}/arguments").text


def test_an_excerpt_is_chosen_from_the_comment(
    db: Database, bench: PageChecker, home: Deliberation, facilitator: Actor
) -> None:
    """Ensure words that are not in the comment are refused and kept to be mended."""
    comment = make_comment(db, home.id, body="Lamps glow.\n\nThey *last* long.")
    argument = make_argument(db, facilitator, home.id, [comment.id])
    path = f"/citations/{citations_of(db, argument.id)[0].id}/excerpt"

    wrong = bench.submit(path, data={"excerpt": "Lamps never glow."})
    right = bench.submit(path, data={"excerpt": "glow. They last"})

    assert wrong.status_code == 422
    assert "Copy the words from the comment" in wrong.text
    assert "Lamps never glow." in wrong.text
    assert right.status_code == 303
    assert citations_of(db, argument.id)[0].excerpt == "glow. They last"


def test_only_facilitators_sort(app: Flask, db: Database, home: Deliberation) -> None:
    """Ensure others are refused with a sentence and see no way in."""
    make_comment(db, home.id)
    for role in (None, Role.MAG_MEMBER, Role.SECRETARIAT):
        browser = browser_of(app, db, make_person(db, role=role))

        assert "Only facilitators may do this." in browser.page(address(home), 403).text
        assert address(home) not in browser.page(f"/deliberations/{home.id}/arguments").links


def test_a_summary_cites_arguments_and_warns_of_unsorted_comments(
    db: Database, bench: PageChecker, facilitator: Actor, clock: FakeClock
) -> None:
    """Ensure the desk offers arguments, warns without blocking, and the edition freezes them."""
    home = make_deliberation(db, output=OutputKind.CALL_TO_ACTION, days=1)
    comment = make_comment(db, home.id, make_person(db, TECHNICAL))
    make_comment(db, home.id)
    argument = make_argument(db, facilitator, home.id, [comment.id])
    clock.advance(days=2)
    renew(bench, db, facilitator)
    path = f"/deliberations/{home.id}/summary"

    desk = bench.page(path)
    draft = bench.submit(path, data={"insert": f"argument:{argument.id}"})

    assert "1 comment is in no argument and not set aside" in desk.text
    assert f"[[argument:{argument.id}]]" in draft.text
    body = f"The groups say [[argument:{argument.id}]] and little else besides that."
    saved = {"body": body, "level": "divergence", "level_reason": "Hardly anybody spoke."}
    assert bench.submit(path, data=saved).status_code == 303
    published = bench.submit(path, "/summaries/1/publication")
    edition = bench.get(f"{published.headers['Location']}.json").json
    assert edition is not None
    (frozen,) = edition["document"]["arguments"]
    assert (frozen["text"], frozen["people"]) == (TEXT, {"Technical Community": 1})
    assert frozen["comments"] == [{"id": comment.id, "group": "Technical Community", "excerpt": ""}]
    with db.writing() as tx:
        edit = ArgumentEdit(kind=ArgumentKind.FOR, text="Something else entirely.", version=1)
        edit_argument(tx, facilitator, argument.id, edit)
    page = bench.page(published.headers["Location"])
    assert page.text.count(TEXT) == 2
    assert "Something else entirely." not in page.text


def test_a_summary_cannot_cite_what_does_not_stand(
    db: Database, bench: PageChecker, facilitator: Actor, clock: FakeClock
) -> None:
    """Ensure a merged argument is named as a reference that leads nowhere."""
    home = make_deliberation(db, days=1)
    ids = [make_comment(db, home.id).id for _ in range(2)]
    into, gone = [make_argument(db, facilitator, home.id, [number]) for number in ids]
    with db.writing() as tx:
        merge_arguments(tx, facilitator, gone.id, into.id)
    clock.advance(days=2)
    renew(bench, db, facilitator)
    path, body = f"/deliberations/{home.id}/summary", f"Some say so [[argument:{gone.id}]] " * 3
    draft = {"body": body, "level": "divergence", "level_reason": "Hardly anybody spoke."}
    bench.submit(path, data=draft)

    refused = bench.submit(path, "/summaries/1/publication")

    assert refused.status_code == 422
    assert f"[[argument:{gone.id}]] is not a figure, comment or argument" in refused.text


def test_pages_stay_small_in_a_long_discussion(
    db: Database, bench: PageChecker, client: PageChecker, home: Deliberation, facilitator: Actor
) -> None:
    """Ensure two thousand comments and a hundred arguments cost no more queries, and are paged.

    The client itself limits the size of each page.
    """
    first = make_comment(db, home.id, body="A first comment.")
    groups = StakeholderGroup.registrable()
    with db.writing() as tx:
        columns = [each.name for each in Comment.__table__.columns]
        row = dict(tx.execute(sa.select(Comment.__table__)).mappings().one())
        template = {name: row[name] for name in columns}
        rows = [
            {**template, "id": number, "path": f"{number:010d}", "submission_key": f"k{number}",
             "stakeholder_group": groups[number % 5].value}
            for number in range(first.id + 1, first.id + 2_000)
        ]  # fmt: skip
        tx.execute(sa.insert(Comment.__table__), rows)  # type: ignore[arg-type]
        tx.execute(sa.insert(Argument), [
            {"id": number, "deliberation_id": home.id, "kind": list(ArgumentKind)[number % 3],
             "text": f"Argument {number} of a long list.", "submission_key": f"a{number}",
             "written_by": facilitator.id, "written_at": first.written_at, "version": 1}
            for number in range(1, 121)
        ])  # fmt: skip
        tx.execute(sa.insert(Citation), [
            {"argument_id": 1 + number % 120 if number % 2 else 1, "comment_id": number,
             "excerpt": "", "comment_version": 1, "cited_by": facilitator.id,
             "cited_at": first.written_at}
            for number in range(first.id, first.id + 1_500)
        ])  # fmt: skip
    shown = {
        f"/deliberations/{home.id}/arguments": client,
        f"/deliberations/{home.id}/arguments?kind=for&page=2": client,
        "/arguments/1?page=3": bench,
        address(home): bench,
        f"{address(home)}?state=cited&group=Government&after=900": bench,
        "/citations/1/excerpt": bench,
    }

    for path, browser in shown.items():
        with recorded(db) as sent:
            page = browser.page(path)

        assert len(sent) <= 8, f"{path}: {len(sent)}"
        assert sum(link.startswith("/comments/") for link in page.links) <= 110
    assert "1500 of 2000 comments collected" in bench.page(address(home)).text
    assert count_rows(db)["waivers"] == 0


def test_setting_aside_is_undone(
    db: Database, bench: PageChecker, home: Deliberation, facilitator: Actor
) -> None:
    """Ensure a comment comes back to the bench from the public list."""
    comment = make_comment(db, home.id)
    with db.writing() as tx:
        waive_comments(tx, facilitator, home.id, [comment.id], "Off the point, it seems.")
    with db.reading() as reader:
        number = reader.scalar(sa.select(Waiver.id))

    response = bench.submit(
        f"/deliberations/{home.id}/arguments/waived", f"/waivers/{number}/withdrawal"
    )

    assert response.status_code == 303
    assert f"#{comment.id}" in bench.page(address(home)).text
