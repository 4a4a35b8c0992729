"""S9: report a comment; its author reads which rule, appeals, and another moderator answers."""

import pytest
from playwright.sync_api import expect

from deliberate.domain.people import Role
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.database import Database
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.journeys import OpenVisit, Visit
from tests.support.moderating import APPEAL

pytestmark = pytest.mark.browser
BODY = "Whoever sells lamp oil is a crook."


def test_s09_a_report_leads_to_a_hiding_and_an_appeal_undoes_it(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure everybody concerned finds what became of it, and only the log tells the others."""
    for number in (1, 2):
        make_person(db, role=Role.FACILITATOR, email=f"facilitator{number}@example.org")
    make_person(db, email="reporter@example.org")
    author = make_person(db, email="author@example.org")
    home = make_deliberation(db).id
    comment = make_comment(db, home, author, body=BODY).id
    reporter = visit("reporter@example.org", narrow=not scripts)

    report(reporter, home, comment)
    hide(visit("facilitator1@example.org"), comment)
    run_due_jobs(db)
    appeal(visit("author@example.org", narrow=scripts), home, comment)
    answer(visit("facilitator2@example.org", narrow=not scripts), comment)
    find_it_again(reporter, home, comment)


def report(reporter: Visit, home: int, comment: int) -> None:
    """From the comment to the form, with a rule and a note."""
    page = reporter.page
    page.goto(f"/deliberations/{home}")
    page.locator(f'#c{comment} a[href="/comments/{comment}/flag"]').click()
    form = reporter.form(f"/comments/{comment}/flag")
    form.get_by_label("Personal attack").check()
    form.locator('[name="note"]').fill("I sell lamp oil.")
    reporter.look("report")
    form.get_by_role("button", name="Send the report").click()
    expect(page.locator("main")).to_contain_text("Personal attack")


def hide(facilitator: Visit, comment: int) -> None:
    """From the queue to the case, and hide it by a rule."""
    page = facilitator.page
    page.goto("/moderation")
    expect(page.locator("main")).to_contain_text("I sell lamp oil.")
    facilitator.look("queue")
    page.locator(f'a[href="/moderation/comments/{comment}"]').click()
    page.get_by_text("Hide it", exact=True).first.click()
    form = page.locator("details[open] form")
    form.locator('[name="rule"]').select_option("attack")
    form.locator('[name="words"]').fill("Please answer the argument.")
    facilitator.look("case")
    form.get_by_role("button", name="Hide it").click()
    expect(page.locator("main")).to_contain_text("Nothing waits here.")


def appeal(author: Visit, home: int, comment: int) -> None:
    """From the inbox to the rule, and the one appeal."""
    page = author.page
    page.goto("/inbox")
    expect(page.locator("main")).to_contain_text("By the rule: personal attack.")
    page.get_by_role("link", name="A moderator hid what you wrote").click()
    expect(page.locator("main")).to_contain_text("Please answer the argument.")
    expect(page.locator("main")).to_contain_text(BODY)
    author.look("own")
    author.send(f"/comments/{comment}/appeal", text=APPEAL)
    expect(page.locator("#appeal")).to_contain_text("Your appeal waits for another moderator")
    page.goto(f"/deliberations/{home}")
    expect(page.locator(f"#c{comment}")).to_contain_text("Hidden by a moderator: personal attack.")
    expect(page.locator(f"#c{comment}")).not_to_contain_text(BODY)


def answer(facilitator: Visit, comment: int) -> None:
    """Another moderator grants it."""
    page = facilitator.page
    page.goto("/moderation?why=appealed")
    page.locator(f'a[href="/moderation/comments/{comment}"]').click()
    page.get_by_label("The rule does not apply: show it again").check()
    page.locator('#acts [name="words"]').first.fill("Nobody is named here.")
    facilitator.look("answer")
    page.get_by_role("button", name="Answer the appeal").click()
    expect(page.locator("main")).to_contain_text("Nothing waits here.")


def find_it_again(reader: Visit, home: int, comment: int) -> None:
    """The text is back, and the public log tells of both acts without it."""
    page = reader.page
    page.goto(f"/deliberations/{home}")
    expect(page.locator(f"#c{comment}")).to_contain_text(BODY)
    page.goto(f"/moderation/log?deliberation={home}")
    expect(page.locator("main")).to_contain_text("Appeal answered: shown again")
    expect(page.locator("main")).to_contain_text("Hidden")
    expect(page.locator("main")).not_to_contain_text(BODY)
    reader.look("log")
