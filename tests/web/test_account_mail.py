"""Confirming an address, choosing a password by mail, and ending mail, without scripts."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from deliberate.actions.second_steps import start_half_sign_in
from deliberate.app import create_app
from deliberate.domain.mail import Rhythm, Stream
from deliberate.domain.people import Actor
from deliberate.jobs.worker import run_due_jobs
from deliberate.settings import Settings
from deliberate.storage.database import Database
from deliberate.storage.mailboxes import Mailbox, MailLink, get_mailbox
from deliberate.storage.outbox import Mail
from deliberate.storage.people import find_person_by_email
from tests.factories import PASSWORD, make_person
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.second_steps import set_up
from tests.support.signed_in import browser_of
from tests.web.test_account_register import FIELDS

NEW_PASSWORD = "eleven owls at the window"


def mails(db: Database) -> list[Mail]:
    """Every mail in the outbox, in the order it was written."""
    with db.reading() as reader:
        return list(reader.scalars(sa.select(Mail).order_by(Mail.id)))


def last_token(db: Database) -> str:
    """The secret in the newest mail."""
    return str(mails(db)[-1].details["token"])


def mailbox(db: Database, email: str) -> Mailbox:
    """The mailbox of the person with this address."""
    with db.reading() as reader:
        person = find_person_by_email(reader, email)
        assert person is not None
        return get_mailbox(reader, person.id)


def mailbox_of(db: Database, actor: Actor) -> Mailbox:
    """The mailbox of somebody."""
    with db.reading() as reader:
        return get_mailbox(reader, actor.id or 0)


def ask_for_password(client: PageChecker, db: Database, email: str) -> str:
    """Ask for a new password, let the worker answer, and return the page that was shown."""
    answer = client.submit("/forgotten-password", data={"email": email})
    shown = client.page(answer.headers["Location"]).text
    run_due_jobs(db)
    return shown


def test_an_address_is_confirmed_by_a_button_and_not_by_looking(
    app: Flask, db: Database, client: PageChecker
) -> None:
    """Ensure a program that opens every link confirms nothing; the button does, once."""
    client.submit("/register", data=FIELDS)
    token = last_token(db)
    assert "not confirmed yet" in client.page("/account").text

    visitor = browser_of(app, db, None)
    visitor.page(f"/confirmations/{token}")
    assert mailbox(db, "nia@example.org").confirmed_at is None
    visitor.submit(f"/confirmations/{token}")

    assert mailbox(db, "nia@example.org").confirmed_at is not None
    assert "Your address is confirmed." in client.page("/account").text
    assert visitor.get(f"/confirmations/{token}").status_code == 410
    with db.reading() as reader:
        assert token not in {link.token_hash for link in reader.scalars(sa.select(MailLink))}


@pytest.mark.one_database
def test_a_link_works_for_a_day_and_the_newest_alone(
    db: Database, client: PageChecker, clock: FakeClock
) -> None:
    """Ensure an old mail found by somebody else opens nothing, and links are not mailed at will."""
    client.submit("/register", data=FIELDS)
    first = last_token(db)
    sent = [client.submit("/account", "/account/mail/confirmation").status_code for _ in range(4)]
    newest = last_token(db)

    assert sent == [303, 303, 303, 429]
    assert client.get(f"/confirmations/{first}").status_code == 410
    assert client.get(f"/confirmations/{newest}").status_code == 200
    clock.advance(hours=24)
    assert client.get(f"/confirmations/{newest}").status_code == 410
    assert client.get(f"/new-password/{newest}").status_code == 404
    assert client.get("/confirmations/nonsense").status_code == 404


def test_a_forgotten_password_is_replaced_by_mail(
    app: Flask, db: Database, client: PageChecker
) -> None:
    """Ensure the link sets a password, ends every sign-in, and works no second time."""
    person = make_person(db, email="ada@example.org")
    elsewhere = browser_of(app, db, person)
    ask_for_password(client, db, "Ada@example.org")
    token = last_token(db)

    weak = client.submit(f"/new-password/{token}", data={"password": "ada@example.org"})
    done = client.submit(f"/new-password/{token}", data={"password": NEW_PASSWORD})

    assert (weak.status_code, done.status_code) == (422, 303)
    assert elsewhere.get("/account").status_code == 303
    assert client.get(f"/new-password/{token}").status_code == 410
    assert mails(db)[-1].kind == "password_changed"
    entered = {"email": "ada@example.org", "password": NEW_PASSWORD}
    assert client.submit("/sign-in", data=entered).status_code == 303
    assert "ada@example.org" in client.page("/account").text


@pytest.mark.one_database
def test_known_and_unknown_addresses_are_answered_alike(
    app: Flask, db: Database, client: PageChecker
) -> None:
    """Ensure nobody learns who has an account, and only accounts are mailed."""
    make_person(db, email="ada@example.org")
    stranger = browser_of(app, db, None)

    known = ask_for_password(client, db, "ada@example.org")
    unknown = ask_for_password(stranger, db, "nobody@example.org")

    assert known == unknown
    assert [mail.kind for mail in mails(db)] == ["new_password"]


@pytest.mark.one_database
def test_an_address_that_is_not_confirmed_gets_its_confirmation_instead(
    app: Flask, db: Database, client: PageChecker
) -> None:
    """Ensure nothing else is mailed to it, a link for a new password included."""
    client.submit("/register", data=FIELDS)
    ask_for_password(browser_of(app, db, None), db, "nia@example.org")

    assert [mail.kind for mail in mails(db)] == ["confirm_address", "confirm_address"]


@pytest.mark.one_database
def test_a_new_password_does_not_replace_the_second_step(
    db: Database, client: PageChecker, clock: FakeClock
) -> None:
    """Ensure whoever reads the mail still needs the app, also where a sign-in was half done."""
    person = make_person(db, email="ada@example.org")
    set_up(db, person)
    with db.writing() as tx:
        start_half_sign_in(tx, person.id or 0)
    ask_for_password(client, db, "ada@example.org")
    token = last_token(db)
    clock.advance(minutes=59)

    client.submit(f"/new-password/{token}", data={"password": NEW_PASSWORD})

    entered = {"email": "ada@example.org", "password": NEW_PASSWORD}
    assert client.submit("/sign-in", data=entered).headers["Location"] == "/sign-in/second-step"
    assert client.get("/account").status_code == 303


@pytest.mark.one_database
def test_a_link_for_a_password_lasts_an_hour(
    db: Database, client: PageChecker, clock: FakeClock
) -> None:
    """Ensure a mail left open on a shared computer soon opens nothing."""
    make_person(db, email="ada@example.org")
    ask_for_password(client, db, "ada@example.org")
    clock.advance(minutes=60)

    assert client.get(f"/new-password/{last_token(db)}").status_code == 410


@pytest.mark.one_database
def test_a_password_is_changed_with_the_old_one(app: Flask, db: Database) -> None:
    """Ensure an unattended browser is not enough, and sign-ins elsewhere end."""
    person = make_person(db, email="ada@example.org")
    here, elsewhere = browser_of(app, db, person), browser_of(app, db, person)
    right = {"old_password": PASSWORD, "password": NEW_PASSWORD}

    wrong = here.submit("/account/password", data={**right, "old_password": "not the password"})
    assert wrong.status_code == 422
    assert NEW_PASSWORD not in wrong.text
    assert here.submit("/account/password", data=right).status_code == 303

    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


@pytest.mark.one_database
def test_mail_is_ended_by_a_bare_post(app: Flask, db: Database) -> None:
    """Ensure mail programs end a stream without cookie or token, and looking ends nothing."""
    person = make_person(db)
    key = mailbox_of(db, person).stop_key
    program = app.test_client()

    program.get(f"/unsubscribe/{key}/official")
    assert mailbox_of(db, person).official
    sent = program.post(
        f"/unsubscribe/{key}/official", data={"List-Unsubscribe": "One-Click"}
    ).status_code

    assert sent == 303
    assert not mailbox_of(db, person).official
    assert mailbox_of(db, person).rhythm is Rhythm.WEEKLY
    program.post(f"/unsubscribe/{key}/{Stream.DIGEST}")
    assert mailbox_of(db, person).rhythm is Rhythm.NONE
    assert program.post(f"/unsubscribe/{key}/account").status_code == 404
    assert program.post("/unsubscribe/nonsense/all").status_code == 404


@pytest.mark.one_database
def test_an_address_that_refused_mail_says_so_and_begins_anew(app: Flask, db: Database) -> None:
    """Ensure the person learns why no mail comes, and can mend it."""
    person = make_person(db)
    with db.writing() as tx:
        stopped = get_mailbox(tx, person.id or 0)
        stopped.failures, stopped.stopped_at = 3, stopped.confirmed_at
    browser = browser_of(app, db, person)
    assert "Mail to you has stopped." in browser.page("/account").text

    browser.submit("/account", "/account/mail/resumption")

    assert mailbox_of(db, person).takes_mail


@pytest.mark.one_database
def test_a_developer_reads_every_mail_and_nobody_else_can(
    db: Database, client: PageChecker, settings: Settings
) -> None:
    """Ensure the outbox shows text and HTML where nothing is sent, and nowhere else."""
    client.submit("/register", data=FIELDS)
    page = client.page("/outbox/1")
    html = client.get("/outbox/1/html")

    token = last_token(db)
    assert "/outbox/1" in client.page("/outbox").links
    assert any(link.endswith(f"/confirmations/{token}") for link in page.links)
    assert html.headers["Content-Security-Policy"].endswith("; sandbox")
    assert re.search(rf'href="http://localhost/confirmations/{token}"', html.text)
    server = {
        "mail_server": "smtp://127.0.0.1",
        "mail_from": "a@b.example",
        "site_address": "https://b.example",
    }
    for change in ({"production": True, "secret_key": "k" * 32}, server):
        site = create_app(settings.model_copy(update=change), db=db).test_client()
        statuses = [site.get(f"/outbox{path}").status_code for path in ("", "/1", "/1/html")]
        assert statuses == [404] * 3


@pytest.mark.one_database
def test_a_site_without_mail_says_whom_to_ask(db: Database, settings: Settings) -> None:
    """Ensure nobody waits for a mail that will never come."""
    change = {"production": True, "secret_key": "k" * 32}
    site = create_app(settings.model_copy(update=change), db=db).test_client()

    assert "This site sends no mail." in site.get("/forgotten-password").text
