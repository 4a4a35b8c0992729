"""From where mail is sent: the server that takes it, the sender, and the site that links lead to.

Values come from the settings; what is wrong with one is said at the start of the program.
"""

import re
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 25, "smtps": 465}
_SUBMISSION = 587
_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server. `is_encrypted` means TLS from the first byte (RFC 8314 section 3.3)."""

    host: str
    port: int
    is_encrypted: bool
    name: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_here(self) -> bool:
        """Whether the server runs on this machine, so that nothing travels over a network."""
        return _LOOPBACK.fullmatch(self.host) is not None


@dataclass(frozen=True, slots=True)
class Office:
    """What every mail of this site has in common. Without a `server` nothing is sent.

    `site` is the address of the site without a slash at its end.
    """

    sender: Address
    site: str
    forum: str
    server: MailServer | None = None

    @property
    def host(self) -> str:
        """The host name that identifies this site in Message-IDs and List-Ids."""
        return urlsplit(self.site).hostname or "localhost"


def parse_server(address: str) -> MailServer:
    """The server at `smtp://name:password@host:port` or `smtps://…`.

    Raises `ValueError`, which never repeats the password.
    """
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        raise ValueError("the port of the mail server is no number") from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("write the mail server as smtp://name:password@host:587")
    if parts.password is not None and not parts.username:
        raise ValueError("the mail server has a password but no name")
    usual = _SUBMISSION if parts.username and parts.scheme == "smtp" else _PORTS[parts.scheme]
    return MailServer(
        host=parts.hostname,
        port=port or usual,
        is_encrypted=parts.scheme == "smtps",
        name=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def parse_sender(text: str) -> Address:
    """The sender from `Name <address@host>` or an address alone. Raises `ValueError`."""
    name, address = parseaddr(text)
    local, at, domain = address.rpartition("@")
    if not (at and local and domain) or any(sign in text for sign in "\r\n"):
        raise ValueError("write the sender as deliberate <address@host>")
    return Address(name or "deliberate", addr_spec=address)


def parse_site(address: str) -> str:
    """The site's address without a slash at its end. Raises `ValueError`."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise ValueError("write the site's address as https://deliberate.example.org")
    if parts.path.strip("/") or parts.fragment or parts.username:
        raise ValueError("the site's address ends with its host name")
    return address.rstrip("/")
