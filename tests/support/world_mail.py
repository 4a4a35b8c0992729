"""Mail in the world: a mailed link of each purpose, and a letter that waits."""

from collections.abc import Mapping

import sqlalchemy as sa

from deliberate.actions.follows import follow
from deliberate.actions.mailboxes import CONFIRMATION_LASTS, mail_link
from deliberate.domain.mail import Purpose
from deliberate.domain.notices import Subject
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.database import Database
from deliberate.storage.mailboxes import get_mailbox
from deliberate.storage.outbox import Mail
from deliberate.storage.people import find_person
from tests import factories


def add_mail(db: Database) -> dict[str, int | str]:
    """Somebody who has links to confirm their address and to choose a password."""
    person = factories.make_person(db)
    with db.writing() as tx:
        row = find_person(tx, person.id or 0)
        assert row is not None
        for purpose in Purpose:
            mail_link(tx, row, purpose, CONFIRMATION_LASTS)
        tx.flush()
        mails = tx.scalars(sa.select(Mail).where(Mail.person_id == row.id).order_by(Mail.id)).all()
        confirmation, new_password = mails
        return {
            "confirmation_token": confirmation.details["token"],
            "new_password_token": new_password.details["token"],
            "stop_key": get_mailbox(tx, row.id).stop_key,
            "mail": new_password.id,
        }


def add_following(db: Database, ids: Mapping[str, int | str]) -> None:
    """Followers of the open discussion, and what they were told of it."""
    for subject in (f"discussion:{ids['open']}", "group:Civil Society"):
        parsed = Subject.parse(subject)
        assert parsed is not None
        person = factories.make_person(db)
        with db.writing() as tx:
            follow(tx, person, parsed)
    run_due_jobs(db)
