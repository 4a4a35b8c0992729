"""The message around a letter, with the headers that mail programs and providers go by.

`Message-ID` comes from the outbox's row, so a mail that was sent twice is known as one. Mail
that one can do without carries `List-Unsubscribe` and the one-click form of RFC 8058. Python's
header classes refuse line breaks, but they also decode words that are already encoded (RFC 2047),
in which line breaks can hide: such words are kept from being any, so that nobody smuggles a header
in through a name or a title.
"""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

from deliberate.domain.mail import Stream
from deliberate.mailing.letters import Letter
from deliberate.mailing.office import Office

# Long lines are left whole: folding would break the links of List-Unsubscribe. Bodies are
# encoded to seven bits, which every server on the way takes.
_POLICY = SMTP.clone(max_line_length=990, cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a letter is for, and how its message is known."""

    name: str
    email: str
    stream: Stream
    message_key: str
    thread: str | None
    stop_key: str
    written_at: datetime


def build_message(office: Office, envelope: Envelope, letter: Letter) -> EmailMessage:
    """The whole message. Raises `ValueError` when a header cannot be made of what it is given."""
    message = EmailMessage(_POLICY)
    message["From"] = office.sender
    message["To"] = _recipient(envelope)
    message["Subject"] = _as_written(letter.subject)
    message["Date"] = envelope.written_at
    message["Message-ID"] = f"<{envelope.message_key}@{office.host}>"
    if envelope.thread is not None:
        first = f"<{envelope.thread}.thread@{office.host}>"
        message["In-Reply-To"] = message["References"] = first
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    if envelope.stream.can_be_ended:
        _add_list_headers(message, office, envelope)
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def stop_address(office: Office, stop_key: str, stream: Stream) -> str:
    """The link by which one stream of mail is ended, without signing in."""
    return f"{office.site}/unsubscribe/{stop_key}/{stream.value}"


def _add_list_headers(message: EmailMessage, office: Office, envelope: Envelope) -> None:
    """What RFC 2919 (List-Id), RFC 2369 and RFC 8058 (List-Unsubscribe) ask for."""
    link = stop_address(office, envelope.stop_key, envelope.stream)
    subject = quote(f"unsubscribe {envelope.stream.value} {envelope.email}")
    letter = f"mailto:{office.sender.addr_spec}?subject={subject}"
    message["List-Id"] = f"deliberate <{envelope.stream.value}.{office.host}>"
    message["List-Unsubscribe"] = f"<{link}>, <{letter}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Precedence"] = "bulk"


def _as_written(text: str) -> str:
    """A text of people for a header, in which nothing is decoded."""
    return text.replace("=?", "= ?")


def _recipient(envelope: Envelope) -> Address:
    """The address. Raises `ValueError` for one that no header can carry."""
    local, _, domain = envelope.email.rpartition("@")
    try:
        return Address(_as_written(envelope.name), local, domain.encode("idna").decode())
    except UnicodeError as error:
        raise ValueError("the domain of the address is no host name") from error
