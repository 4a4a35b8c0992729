"""S6: finding one's way in a long, deep discussion: reply, fold, sort, filter, what is new."""

import re

import pytest
from playwright.sync_api import expect

from deliberate.domain.people import StakeholderGroup
from deliberate.storage.database import Database
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.clock import FakeClock
from tests.support.journeys import OpenVisit, Visit
from tests.support.threads import write_many

pytestmark = pytest.mark.browser
READER = "reader@example.org"
DEEP = 8


def make_long(db: Database) -> tuple[int, list[int]]:
    """A discussion of 160 comments and one branch of eight replies below each other; their ids."""
    deliberation = make_deliberation(db).id
    people = [make_person(db, group) for group in StakeholderGroup.registrable()]
    write_many(db, deliberation, 160, people, deepest=8)
    branch: list[int] = []
    for depth in range(DEEP + 1):
        parent = branch[-1] if branch else None
        text = f"Step {depth}: a lantern wants oil, a wick and somebody who comes every evening."
        comment = make_comment(db, deliberation, people[depth % 5], parent_id=parent, body=text)
        branch.append(comment.id)
    return deliberation, branch


def test_s06_a_deep_branch_stays_readable_and_takes_a_reply(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure indentation is capped, the address of a reply shows what it answers, and one can."""
    _deliberation, branch = make_long(db)
    make_person(db, email=READER)
    reader = visit(READER, narrow=True)
    page = reader.page

    page.goto(f"/comments/{branch[6]}")
    for comment_id in (branch[0], branch[5], branch[6], branch[7]):
        expect(page.locator(f"#c{comment_id}")).to_be_visible()
    expect(page.locator(f"#c{branch[6]}")).to_be_in_viewport()
    boxes = [page.locator(f"#c{each} .prose").bounding_box() for each in branch[: DEEP - 1]]
    edges = [round(box["x"]) for box in boxes if box]
    assert edges[0] < edges[1] < edges[2] < edges[3] == edges[4] == edges[5] == edges[6]
    assert all(box and box["width"] >= 200 for box in boxes)
    expect(page.locator(f"#c{branch[5]} header")).to_contain_text("in reply to")
    reader.look("deep")

    page.locator(f"#c{branch[6]}").get_by_role("link", name="Reply").click()
    expect(page.locator("#reply")).to_be_in_viewport()
    page.locator("#reply-body").fill("I come every evening.")
    page.locator("#reply").get_by_role("button", name="Publish comment").click()
    own = page.locator("article.comment", has_text="I come every evening.")
    expect(own).to_be_in_viewport()
    expect(own).to_contain_text("in reply to")
    if scripts:
        expect(own).to_be_focused()

    fold = page.locator(f"li:has(> #c{branch[0]}) > details.branch > summary")
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#c{branch[1]}")).to_be_hidden()
    expect(page.locator(f"#c{branch[0]}")).to_be_visible()


def test_s06_a_long_discussion_is_sorted_filtered_and_read_on(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure each order and filter does what it says, and "show more" adds to what is there."""
    deliberation, branch = make_long(db)
    answer = make_comment(
        db, deliberation, parent_id=branch[0], body="Une lanterne veut de l'huile.", language="fr"
    )
    visitor = visit(narrow=not scripts)
    page = visitor.page
    address = f"/deliberations/{deliberation}"

    page.goto(address)
    oldest = roots(visitor)
    assert oldest == sorted(oldest)
    choose(visitor, Order="Newest first")
    assert roots(visitor)[0] == branch[0]
    assert roots(visitor) == sorted(roots(visitor), reverse=True)
    choose(visitor, Order="Not answered yet")
    assert roots(visitor)
    expect(page.locator("#comments details.branch")).to_have_count(0)
    choose(visitor, Order="Support across groups")
    assert roots(visitor) not in (oldest, sorted(oldest, reverse=True))
    visitor.look("sorted")

    choose(visitor, Order="Oldest first", Group="Government", **{"Kind of comment": "Asks"})
    expect(page.get_by_text("4 comments match.")).to_be_visible()
    expect(page.locator("#comments article")).to_have_count(4)
    expect(page.locator("#comments header .g-gov")).to_have_count(4)
    expect(page.locator("#comments header .kind-question")).to_have_count(4)
    choose(visitor, Group="All", Language="French", **{"Kind of comment": "All"})
    expect(page.get_by_text("1 comment matches.")).to_be_visible()
    page.get_by_role("link", name="Show in its thread").click()
    expect(page.locator(f"#c{branch[0]}")).to_be_visible()
    expect(page.locator(f"#c{answer.id}")).to_be_in_viewport()

    page.goto(address)
    read_on(visitor)


def read_on(visitor: Visit) -> None:
    """The rest of a thread and the next threads: in place with scripts, else on their own page."""
    page = visitor.page
    first = roots(visitor)
    rest = page.locator(".rest a", has_text=re.compile("Show .* more repl")).first
    shown = page.locator("article.comment").count()
    rest.click()
    if visitor.scripts:
        expect(page.locator(f"#c{first[-1]}")).to_be_attached()
        page.wait_for_function(
            "n => document.querySelectorAll('article.comment').length > n", arg=shown
        )
        assert "?" not in page.url
    else:
        assert "thread=" in page.url
        page.get_by_role("link", name="All comments").click()

    page.get_by_role("link", name="Show more comments").click()
    if visitor.scripts:
        page.wait_for_function(
            "n => document.querySelectorAll('#comments > li > article').length > n", arg=len(first)
        )
        assert roots(visitor)[: len(first)] == first
        expect(page.locator("article.comment:focus")).to_have_count(1)
        assert "?" not in page.url
    else:
        assert "after=" in page.url
        assert not set(roots(visitor)) & set(first)
        expect(page.get_by_role("link", name="Earlier comments")).to_be_visible()
    visitor.look("read-on")


def test_s06_what_came_since_the_last_visit_is_marked(
    db: Database, visit: OpenVisit, clock: FakeClock, *, scripts: bool
) -> None:
    """Ensure what others wrote meanwhile is counted, one press away, and old once it was read."""
    deliberation, branch = make_long(db)
    make_person(db, email=READER)
    reader = visit(READER, narrow=True)
    page = reader.page
    if scripts:
        with page.expect_response("**/visit"):
            page.goto(f"/deliberations/{deliberation}")
    else:
        page.goto(f"/deliberations/{deliberation}")
        page.get_by_role("button", name="Mark as read").click()
    expect(page.locator(".new-tag")).to_have_count(0)
    clock.advance(hours=2)
    fresh = make_comment(db, deliberation, parent_id=branch[7], body="And now it is lit.").id

    page.goto(f"/deliberations/{deliberation}")
    expect(page.locator(".news")).to_contain_text("1 new since your last visit")
    page.get_by_role("link", name="Jump to the first new one").click()
    expect(page.locator(f"#c{fresh}")).to_be_in_viewport()
    expect(page.locator(f"#c{fresh} .new-tag")).to_have_text("New")
    reader.look("new")
    page.get_by_role("button", name="Mark as read").click()
    expect(page.locator(".news strong")).to_have_count(0)
    page.goto(f"/comments/{fresh}")
    expect(page.locator(f"#c{fresh}")).to_be_visible()
    expect(page.locator(".new-tag")).to_have_count(0)


def roots(visitor: Visit) -> list[int]:
    """The ids of the comments that begin the threads on the page, in its order."""
    script = "articles => articles.map(article => Number(article.id.slice(1)))"
    found: list[int] = visitor.page.locator("#comments > li > article").evaluate_all(script)
    return found


def choose(visitor: Visit, **choices: str) -> None:
    """Set the fields for sorting and filtering by their labels and show the result."""
    page = visitor.page
    form = page.locator(".order-form")
    if not form.is_visible():
        page.get_by_text("Sort and filter").click()
    for label, words in choices.items():
        form.get_by_label(label, exact=True).select_option(label=words)
    with page.expect_navigation():
        form.get_by_role("button", name="Show").click()
