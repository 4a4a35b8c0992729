"""Fetching a session page from another site's address, without being led anywhere else.

A server that asks for addresses people type can be made to ask machines that only it can reach
(OWASP ASVS 5.0, 1.3.6). So the host's name is looked up once, every address it has must be
public, and the connection goes to that address, while the certificate is still held against the
name. Nothing is followed, and time, size and kind of the answer are bounded.
"""

import asyncio
import codecs
import re
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote, urljoin

import httpx

from deliberate.domain.errors import Invalid
from deliberate.importing.addresses import Target, check_address, check_resolved
from deliberate.importing.text import LARGEST

SECONDS = 5.0
SUFFIXES = {"text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt"}
HEADERS = {
    "Accept": "text/html, application/xhtml+xml, text/plain;q=0.9",
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "deliberate (import of a session page)",
}
MOVED = frozenset([301, 302, 303, 307, 308])
GONE = frozenset([404, 410])
CLOSED = frozenset([401, 402, 403, 407, 451])
ENCODINGS = re.compile(
    r"iso8859-\d+|cp125\d|cp866|cp874|koi8-[ru]|utf-16(-[lb]e)?|gb18030|gbk|gb2312|big5|euc_(jp|kr)"
    r"|shift_jis"
)
"""What Python calls the encodings of the web (WHATWG Encoding) that session pages may be in."""
LONGEST_NAME = 100

Resolver = Callable[[str], Iterable[str]]
"""From a host's name to all its IP addresses. Raises OSError when there are none."""


def resolve(host: str) -> list[str]:
    """The IP addresses of a host as the operating system knows them, the preferred one first."""
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_rest, sockaddr in found]


def fetch_page(
    address: str,
    hosts: Collection[str],
    *,
    resolver: Resolver = resolve,
    transport: httpx.AsyncBaseTransport | None = None,
    seconds: float = SECONDS,
) -> tuple[bytes, str]:
    """The page at an https address, as bytes, and a name for it as a file.

    `hosts` are the permitted host names as `parse_hosts` gives them. Everything together, the
    lookup included, takes at most `seconds`. Raises Invalid in plain words when the address may
    not be asked, when nothing comes of it, and when the answer is no page of at most 2 MB.
    A page in another encoding of the web is turned into UTF-8 as its header says. Blocks, so it
    must not be called while a transaction is open.
    """
    target = check_address(address, hosts)
    ends = time.monotonic() + seconds
    # A thread of its own, because the system's lookup knows no time limit and cannot be stopped:
    # the thread is left behind then, and ends when the lookup gives up.
    pool = ThreadPoolExecutor(1, thread_name_prefix="fetch")
    work = pool.submit(_fetch, target, resolver, transport or _network(), ends)
    pool.shutdown(wait=False)
    try:
        return work.result(seconds + 0.5)
    except TimeoutError as error:
        raise Invalid(
            "The other site took too long to answer.",
            "Try again later, or send the page as a file.",
        ) from error
    except httpx.HTTPError as error:
        raise _failure(error) from error


def _network() -> httpx.AsyncBaseTransport:
    """The network itself: no proxy and no certificate from the environment, nothing repeated."""
    return httpx.AsyncHTTPTransport(trust_env=False, retries=0)


def _fetch(
    target: Target, resolver: Resolver, transport: httpx.AsyncBaseTransport, ends: float
) -> tuple[bytes, str]:
    try:
        pinned = check_resolved(resolver(target.host))
    except (OSError, UnicodeError) as error:
        raise Invalid(
            "The host of this address is not known.", "Check how it is written."
        ) from error
    return asyncio.run(_ask(target, pinned, transport, ends))


async def _ask(
    target: Target, pinned: str, transport: httpx.AsyncBaseTransport, ends: float
) -> tuple[bytes, str]:
    """Ask the machine at the pinned address for the page, by the name of its host."""
    where = httpx.URL(scheme="https", host=pinned, raw_path=target.path.encode("ascii"))
    client = httpx.AsyncClient(transport=transport, trust_env=False, timeout=None)  # noqa: S113
    request = client.build_request(
        "GET",
        where,
        headers={**HEADERS, "Host": target.host},
        extensions={"sni_hostname": target.host},
    )
    # One limit around all of it: the client's own limits begin anew with every packet.
    async with asyncio.timeout(ends - time.monotonic()), client:
        response = await client.send(request, stream=True, follow_redirects=False)
        kind, charset = _check(response, target)
        body = await _read(response)
    return _as_utf8(body, charset), _name(target, SUFFIXES[kind])


def _check(response: httpx.Response, target: Target) -> tuple[str, str | None]:
    """The kind and the encoding of an answer that holds a page. Raises Invalid for any other."""
    _check_status(response, target)
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind not in SUFFIXES:
        raise Invalid("What is at this address is neither a web page nor plain text.")
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in ("identity", ""):
        raise Invalid(
            "The other site sent the page compressed, although it was asked not to.",
            "Save the page and send it as a file.",
        )
    return kind, response.charset_encoding


def _check_status(response: httpx.Response, target: Target) -> None:
    status = response.status_code
    if status in MOVED:
        where = urljoin(f"https://{target.host}{target.path}", response.headers.get("Location", ""))
        shown = "".join(letter for letter in where if letter.isprintable())[:300]
        raise Invalid("This address leads on to another one; enter that one instead.", shown)
    if status in GONE:
        raise Invalid("There is no page at this address.", "Check how it is written.")
    if status in CLOSED:
        raise Invalid(
            "The other site does not give this page to programs.",
            "Open it in your browser, save it and send it as a file.",
        )
    if status != 200:
        raise Invalid("The other site did not give a page but this answer.", str(status))


async def _read(response: httpx.Response) -> bytes:
    """The body as it was sent. Raises Invalid as soon as it is larger than a page may be."""
    large = Invalid("This page is larger than 2 MB.", "Save the page without its pictures.")
    if int(response.headers.get("Content-Length", 0)) > LARGEST:
        raise large
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST:
            raise large
    return bytes(body)


def _failure(error: httpx.HTTPError) -> Invalid:
    """What to tell the person when the connection came to nothing."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Invalid(
                "The other site could not prove that it is the one named in the address.",
                "Its certificate is wrong or has expired.",
            )
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.ConnectError):
        return Invalid("The other site cannot be reached.", "Try again later.")
    return Invalid(
        "The other site's answer broke off or cannot be read.",
        "Try again later, or send the page as a file.",
    )


def _as_utf8(body: bytes, charset: str | None) -> bytes:
    """A page as UTF-8 when the header names another encoding that fits, else as it came.

    A byte order mark comes before the header (WHATWG Encoding, "decode").
    """
    if charset is None or body.startswith(
        (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        return body
    try:
        name = codecs.lookup(charset).name
        if not ENCODINGS.fullmatch(name):
            return body
        # On the web, the name Latin 1 means Windows-1252.
        return body.decode("cp1252" if name == "iso8859-1" else name).encode()
    except (LookupError, UnicodeError):
        return body


def _name(target: Target, suffix: str) -> str:
    """A name for the page's file: the last part of its path, with the ending of its kind."""
    last = unquote(target.path.split("?")[0].rstrip("/")).split("/")[-1]
    stem = re.sub(r"\.(?:html?|xhtml|txt|php|aspx?)$", "", last, flags=re.IGNORECASE)
    plain = "".join(letter for letter in stem if letter.isprintable() and letter not in '\\/:"')
    return f"{plain[:LONGEST_NAME].strip('. ') or target.host}{suffix}"
