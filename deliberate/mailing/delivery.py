"""Handing messages to a mail server (RFC 5321), and telling apart what can go wrong.

A refusal of the recipient's address is the address's fault, and only then; when the server
refuses this site, is down or busy, the mail is tried again later.
"""

import re
import smtplib
import ssl
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from deliberate.mailing.office import MailServer

TIMEOUT_SECONDS = 30
_ENHANCED = re.compile(r"\s*5\.(\d+)\.\d+\b")
# RFC 3463 section 3: subjects 1 and 2 are about the address and the mailbox.
_ABOUT_ADDRESS = {"0", "1", "2"}
# RFC 4954: the server wants this site to sign in, or refuses how it did.
_ABOUT_SITE = {530, 534, 535, 538}


class AddressRefusedError(Exception):
    """The server will not take mail for this address (5xx to RCPT)."""


class MailRefusedError(Exception):
    """The server will never take this message."""


class TryLaterError(Exception):
    """The message was not taken now."""


class Courier:
    """One connection to a mail server, made when first needed and kept for several messages."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Nothing is connected yet."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Say good-bye to the server."""
        self._hang_up()

    def deliver(self, message: EmailMessage) -> None:
        """Hand one message over to whom it names; when this returns, the server has taken it.

        Raises `AddressRefusedError`, `MailRefusedError` or `TryLaterError`.
        """
        try:
            self._connect().send_message(
                message, _address(message, "From"), [_address(message, "To")]
            )
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            raise _refusal(code, reason) from error
        except (smtplib.SMTPDataError, smtplib.SMTPNotSupportedError) as error:
            # Without SMTPUTF8 on the way no message can be made that would fit.
            if getattr(error, "smtp_code", 550) >= 500:
                raise MailRefusedError(str(error)) from error
            raise TryLaterError(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise TryLaterError(f"{type(error).__name__}: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = _connect(self.server)
        return self._connection

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except (smtplib.SMTPException, OSError):
                connection.close()


def _address(message: EmailMessage, header: str) -> str:
    """The one address in a header, quoted as a server expects it."""
    address: str = message[header].addresses[0].addr_spec
    return address


def _connect(server: MailServer) -> smtplib.SMTP:
    """A connection that is encrypted whenever the server offers it, and for a password always."""
    context = ssl.create_default_context()
    if server.is_encrypted:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        _prepare(connection, server, context)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: smtplib.SMTP, server: MailServer, context: ssl.SSLContext) -> None:
    connection.ehlo()
    is_safe = server.is_encrypted or server.is_here
    if not is_safe and connection.has_extn("starttls"):
        connection.starttls(context=context)
        is_safe = True
    if server.name:
        if not is_safe:
            raise TryLaterError("The mail server offers no encryption to send the password with.")
        connection.login(server.name, server.password)


def _refusal(code: int, reason: bytes | str) -> Exception:
    """What a refusal of the recipient means (RFC 5321 section 4.2.1, RFC 3463)."""
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    told = f"{code} {text}"
    if code < 500 or code in _ABOUT_SITE:
        return TryLaterError(told)
    enhanced = _ENHANCED.match(text)
    if enhanced is not None and enhanced[1] not in _ABOUT_ADDRESS:
        return TryLaterError(told)
    return AddressRefusedError(told)
