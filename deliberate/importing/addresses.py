"""Which addresses of other sites may be asked for a page: the part that needs no network.

The rules are those of OWASP's cheat sheet on server-side request forgery: a list of permitted
host names, and addresses of machines that anybody on the internet may reach, nothing else.
"""

import ipaddress
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from deliberate.domain.errors import Invalid

LONGEST = 2000
HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}")
"""A name of two labels or more. The last begins with a letter, or it would be a number that some
systems read as an address: 127.1, 0x7f.1 (WHATWG URL, "ends in a number")."""
KEPT = "!$&'()*+,;=:@/?%-._~"
"""What stays as it is in a path and a query (RFC 3986, section 3.3); `%` is taken as encoded."""

IPv4 = ipaddress.IPv4Address
IPv6 = ipaddress.IPv6Address
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""The one part of IPv6 that is given out for machines on the internet (RFC 4291, 2.4)."""
REFUSED_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        [
            "0.0.0.0/8",  # This network, RFC 791.
            "10.0.0.0/8",  # Private, RFC 1918.
            "100.64.0.0/10",  # Between a provider and its customers, RFC 6598.
            "127.0.0.0/8",  # This machine, RFC 1122.
            "169.254.0.0/16",  # Link-local, where clouds serve credentials, RFC 3927.
            "172.16.0.0/12",  # Private, RFC 1918.
            "192.0.0.0/24",  # Protocol assignments, RFC 6890.
            "192.0.2.0/24",  # Documentation, RFC 5737.
            "192.88.99.0/24",  # Relays of 6to4, RFC 7526.
            "192.168.0.0/16",  # Private, RFC 1918.
            "198.18.0.0/15",  # Benchmarks, RFC 2544.
            "198.51.100.0/24",  # Documentation, RFC 5737.
            "203.0.113.0/24",  # Documentation, RFC 5737.
            "224.0.0.0/4",  # Multicast, RFC 5771.
            "240.0.0.0/4",  # Reserved, and broadcast, RFC 1112.
        ],
    )
)
REFUSED_V6 = tuple(
    map(
        ipaddress.IPv6Network,
        [
            "2001::/23",  # Protocol assignments, Teredo among them (RFC 2928, RFC 4380).
            "2001:db8::/32",  # Documentation, RFC 3849.
            "2002::/16",  # 6to4, which carries an IPv4 address, RFC 3056.
            "3fff::/20",  # Documentation, RFC 9637.
        ],
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """A page that may be asked for: the host's name and the path with its query, encoded."""

    host: str
    path: str


def parse_hosts(text: str) -> tuple[str, ...]:
    """Host names separated by commas, `*.` in front standing for every name below one.

    Raises ValueError that names what is not a host name.
    """
    hosts = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for host in hosts:
        if not HOST.fullmatch(host.removeprefix("*.")):
            raise ValueError(f"{host!r} is not a host name such as example.org or *.example.org")
    return hosts


def check_address(address: str, hosts: Collection[str]) -> Target:
    """The page at this address, if it is one that may be asked for; Invalid in plain words if not.

    `hosts` are the permitted names as `parse_hosts` gives them; none means that nothing may.
    """
    if not hosts:
        raise Invalid("Import by address is switched off on this site.", "Send the page as a file.")
    parts = _split(address.strip())
    host = (parts.hostname or "").removesuffix(".")
    if not HOST.fullmatch(host):
        raise Invalid(
            "The address does not name a host that can be asked.",
            "It needs a name such as www.example.org, in plain letters, and not a number.",
        )
    if not any(_permits(pattern, host) for pattern in hosts):
        raise Invalid(
            "Pages of this host are not imported by address.",
            "Send the page as a file, or ask whoever runs this site to permit the host.",
        )
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return Target(host, quote(path, safe=KEPT))


def check_resolved(addresses: Iterable[str]) -> str:
    """The first of a host's IP addresses, to be connected to, if every one of them is public.

    Raises Invalid when one is not, since what else the name leads to cannot be trusted then.
    """
    found = [ipaddress.ip_address(address) for address in addresses]
    if not found:
        raise Invalid("The host of this address is not known.", "Check how it is written.")
    if not all(map(is_public, found)):
        raise Invalid("The host of this address leads into a private network.")
    return str(found[0])


def is_public(address: IPv4 | IPv6) -> bool:
    """Whether this is the address of one machine on the internet (IANA special registries).

    IPv6 addresses that carry an IPv4 address are not: mapped ones, 6to4, Teredo and NAT64 lead
    to wherever that points.
    """
    if isinstance(address, IPv4):
        return not any(address in network for network in REFUSED_V4)
    carried = any(address in network for network in REFUSED_V6)
    return address in GLOBAL_UNICAST and not carried and address.scope_id is None


def _split(address: str) -> SplitResult:
    """The parts of an https address without anything that programs read differently."""
    broken = Invalid("This is not an address of a web page.", "It begins with https://.")
    if len(address) > LONGEST:
        raise Invalid("This address is longer than 2,000 characters.")
    if "\\" in address or not address.isprintable() or " " in address:
        raise broken
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise broken from error
    if parts.scheme == "http":
        raise Invalid("Only addresses that begin with https:// are asked, because the answer of "
                      "others could be changed on its way.")  # fmt: skip
    if parts.scheme != "https" or not parts.netloc:
        raise broken
    if "@" in parts.netloc:
        raise Invalid("The address holds a name or a password.", "Leave out all up to the @.")
    if port not in (None, 443):
        raise Invalid("Only the usual port of https, 443, is asked.", "Leave out the port.")
    return parts


def _permits(pattern: str, host: str) -> bool:
    """Whether a host is the one named, or lies below it where the name begins with `*.`."""
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return host == pattern
