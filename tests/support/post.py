"""A real mail server for tests, and people whose mail it takes."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deliberate.mailing.office import MailServer, Office, parse_sender

SITE = "https://forum.example.org"


class Mailroom:
    """Takes mail, unless told what to answer an address or a message with."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}
        self.answer_to_message = ""

    async def handle_RCPT(  # noqa: N802 (aiosmtpd names it.)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Take the recipient or refuse it."""
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd names it.)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take the message or refuse it."""
        if self.answer_to_message:
            return self.answer_to_message
        self.recipients += envelope.rcpt_tos
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Mailroom, Office]]:
    """A server on a free port, and the office that hands mail to it."""
    room = Mailroom()
    port = _free_port()
    controller = Controller(room, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield room, office_at(port)
    finally:
        controller.stop()


def office_at(port: int) -> Office:
    """An office that hands mail to a server on this machine."""
    server = MailServer("127.0.0.1", port, is_encrypted=False)
    sender = parse_sender("deliberate <forum@example.org>")
    return Office(sender, SITE, "Internet Governance Forum", server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def text_of(message: EmailMessage) -> str:
    """The plain text of a message."""
    part = message.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


def html_of(message: EmailMessage) -> str:
    """The HTML of a message."""
    part = message.get_body(("html",))
    assert part is not None
    html: str = part.get_content()
    return html
