"""Sending what waits in the outbox, one mail at a time and outside every transaction.

A mail is leased, sent, and then noted as sent. A worker that dies in between leaves a lease that
runs out, and the mail is sent again under the same Message-ID: at least once, and as a rule once.
"""

import threading

import structlog

from deliberate.domain.mail import MailState
from deliberate.jobs.digests import write_due_digests
from deliberate.jobs.letters import compose
from deliberate.mailing.delivery import (
    AddressRefusedError,
    Courier,
    MailRefusedError,
    TryLaterError,
)
from deliberate.mailing.messages import build_message
from deliberate.mailing.office import Office
from deliberate.storage import mailboxes, outbox
from deliberate.storage.database import Database
from deliberate.storage.outbox import Mail

log = structlog.get_logger()
PAUSE_SECONDS = 1.0


def send_due_mail(db: Database, office: Office) -> int:
    """Send everything that is due now and return how many mails were tried."""
    with db.reading() as reader:
        if not outbox.has_work(reader, can_send=office.server is not None):
            return 0
    with db.writing() as tx:
        outbox.tidy(tx)
    if office.server is None:
        return 0
    tried = 0
    with Courier(office.server) as courier:
        while (mail := _claim(db)) is not None:
            tried += 1
            _send(db, office, courier, mail)
    return tried


def deliver(db: Database, office: Office, stop: threading.Event) -> None:
    """Write digests at their hour, and send what becomes due, until told to stop."""
    while not stop.is_set():
        try:
            write_due_digests(db)
            send_due_mail(db, office)
        except Exception as error:
            log.error("post_failed", exc_info=error)
        stop.wait(PAUSE_SECONDS)


def _claim(db: Database) -> Mail | None:
    with db.writing() as tx:
        return outbox.claim(tx)


def _send(db: Database, office: Office, courier: Courier, mail: Mail) -> None:
    """Send a leased mail and note what became of it; addresses do not get into the log."""
    try:
        state = _hand_over(db, office, courier, mail)
    except AddressRefusedError as error:
        _settle(db, mail, MailState.FAILED, str(error), refused=True)
    except MailRefusedError as error:
        _settle(db, mail, MailState.FAILED, str(error))
    except Exception as error:
        known = isinstance(error, TryLaterError)
        log.error("mail_postponed", id=mail.id, kind=mail.kind, exc_info=None if known else error)
        with db.writing() as tx:
            outbox.postpone(tx, mail, f"{type(error).__name__}: {error}")
    else:
        _settle(db, mail, state, refused=False if state is MailState.SENT else None)


def _hand_over(db: Database, office: Office, courier: Courier, mail: Mail) -> MailState:
    """Write the letter and hand it to the server; nothing of this is in a transaction."""
    with db.reading() as reader:
        composed = compose(reader, office, mail)
    if composed is None:
        return MailState.DROPPED
    envelope, letter = composed
    try:
        message = build_message(office, envelope, letter)
    except ValueError as error:
        raise MailRefusedError(f"No message can be made of this: {error}") from error
    courier.deliver(message)
    return MailState.SENT


def _settle(
    db: Database,
    mail: Mail,
    state: MailState,
    error: str | None = None,
    refused: bool | None = None,
) -> None:
    """Note the end of a mail, and what it says about the address when it says anything."""
    with db.writing() as tx:
        if outbox.settle(tx, mail, state, error) and refused is not None:
            mailboxes.note_delivery(tx, mail.person_id, refused=refused)
    log.info("mail_settled", id=mail.id, kind=mail.kind, state=state.value)
