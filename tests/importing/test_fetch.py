"""Claims about fetching pages: who may be asked, who is really asked, and what is taken."""

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import trustme

from deliberate.domain.errors import Invalid
from deliberate.importing import read_page
from deliberate.importing.addresses import check_address, check_resolved, parse_hosts
from deliberate.importing.fetch import fetch_page
from deliberate.settings import Settings
from tests.factories import PAGE
from tests.support.remote import HEAD, Answer, RemoteSite, Wire, page, says

HOSTS = parse_hosts("www.example.org, *.forum.example")
ADDRESS = "https://www.example.org/content/igf-2024-ws-77?print=1#top"
PUBLIC = "93.184.215.14"
HTML = "<html><body>{}</body></html>".format(
    "".join(f"<p>{line}</p>" for line in PAGE.splitlines() if line)
).encode()
MEGABYTE = bytes(1024 * 1024)


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    """The authority that the test's transport trusts."""
    return trustme.CA()


@pytest.fixture
def site(ca: trustme.CA) -> Iterator[Callable[..., RemoteSite]]:
    """Starts sites that give one answer, with a certificate for www.example.org by default."""
    started: list[RemoteSite] = []

    def start(answer: Answer, *names: str, by: trustme.CA = ca) -> RemoteSite:
        started.append(RemoteSite(answer, by, *(names or ("www.example.org",))))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def fetch(site: Callable[..., RemoteSite], ca: trustme.CA) -> Callable[..., tuple[bytes, str]]:
    """Fetches ADDRESS, or another, from a site that gives this answer."""

    def ask(answer: Answer, address: str = ADDRESS, **options: Any) -> tuple[bytes, str]:
        wire = Wire(site(answer).port, ca)
        options = {"resolver": lambda _host: [PUBLIC], "seconds": 3.0, **options}
        return fetch_page(address, HOSTS, transport=wire, **options)

    return ask


def never(_host: str) -> list[str]:
    """A lookup that must not happen."""
    raise AssertionError("The host was looked up.")


def refusal(act: Callable[..., object], *arguments: Any, **options: Any) -> str:
    """What an act is refused with, in one line."""
    with pytest.raises(Invalid) as caught:
        act(*arguments, **options)
    return f"{caught.value.title} {caught.value.advice}".strip()


def test_a_page_is_fetched_from_the_address_that_was_checked(
    site: Callable[..., RemoteSite], ca: trustme.CA
) -> None:
    """Ensure the name is looked up once, and the connection goes to what was found then."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    remote = site(page(HTML))
    wire = Wire(remote.port, ca)

    body, name = fetch_page(
        ADDRESS, HOSTS, resolver=lambda _host: next(answers), transport=wire, seconds=3.0
    )

    assert (body, name) == (HTML, "igf-2024-ws-77.html")
    assert read_page(body, name).reference == "WS #77"
    assert wire.asked == [f"https://{PUBLIC}/content/igf-2024-ws-77?print=1"]
    assert next(answers) == ["127.0.0.1"]
    [request] = remote.requests
    assert request.startswith(b"GET /content/igf-2024-ws-77?print=1 HTTP/1.1\r\n")
    assert b"\r\nHost: www.example.org\r\n" in request
    assert b"\r\nAccept-Encoding: identity\r\n" in request
    assert b"cookie" not in request.lower()
    assert b"authorization" not in request.lower()


@pytest.mark.parametrize("names", ["evil.example", PUBLIC], ids=["other name", "number"])
def test_the_certificate_is_checked_against_the_name(
    site: Callable[..., RemoteSite], ca: trustme.CA, names: str
) -> None:
    """Ensure neither another name nor the number that is connected to is good enough."""
    wire = Wire(site(page(HTML), names).port, ca)

    text = refusal(fetch_page, ADDRESS, HOSTS, resolver=lambda _host: [PUBLIC], transport=wire)

    assert "could not prove" in text


def test_a_certificate_of_an_unknown_authority_is_refused(
    site: Callable[..., RemoteSite], ca: trustme.CA
) -> None:
    """Ensure the right name in a certificate that anybody could have made is not enough."""
    wire = Wire(site(page(HTML), by=trustme.CA()).port, ca)

    text = refusal(fetch_page, ADDRESS, HOSTS, resolver=lambda _host: [PUBLIC], transport=wire)

    assert "could not prove" in text


def test_nothing_is_taken_from_the_environment(
    fetch: Callable[..., tuple[bytes, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure a proxy that is set for other programs is not used."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert fetch(page(HTML))[0] == HTML


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://www.example.org/", "begin with https://"),
        ("file:///etc/passwd", "not an address"),
        ("gopher://www.example.org/", "not an address"),
        ("ftp://www.example.org/", "not an address"),
        ("javascript:alert(1)", "not an address"),
        ("www.example.org/page", "not an address"),
        ("//www.example.org/page", "not an address"),
        ("https:www.example.org", "not an address"),
        ("https:///page", "not an address"),
        ("", "not an address"),
        ("https://www.example.org/a b", "not an address"),
        ("https://www.example.org/\r\nHost: evil", "not an address"),
        ("https://www.example.org\t.evil.example/", "not an address"),
        ("https://evil.example\\@www.example.org/", "not an address"),
        ("https://[www.example.org/", "not an address"),
        ("https://www.example.org:abc/", "not an address"),
        ("https://www.example.org:99999/", "not an address"),
        (f"https://www.example.org/{'a' * 2000}", "longer than"),
        ("https://www.example.org@evil.example/", "up to the @"),
        ("https://name:word@www.example.org/", "up to the @"),
        ("https://@www.example.org/", "up to the @"),
        ("https://www.example.org:8443/", "443"),
        ("https://www.example.org:80/", "443"),
        ("https://www.example.org:0/", "443"),
        ("https://evil.example/", "this host"),
        ("https://evil-www.example.org/", "this host"),
        ("https://www.example.org.evil.example/", "this host"),
        ("https://evil.example#@www.example.org/", "this host"),
        ("https://evil.example?@www.example.org/", "this host"),
        ("https://forum.example/", "this host"),
        ("https://evilforum.example/", "this host"),
        ("https://xn--xample-2of.org/", "this host"),
        ("https://localhost/", "name a host"),
        ("https://127.0.0.1/", "name a host"),
        ("https://2130706433/", "name a host"),
        ("https://0177.0.0.1/", "name a host"),
        ("https://0x7f.0x1/", "name a host"),
        ("https://127.1/", "name a host"),
        ("https://[::1]/", "name a host"),
        ("https://[::ffff:127.0.0.1]/", "name a host"),
        ("https://www.еxample.org/", "name a host"),
        ("https://www.ｅxample.org/", "name a host"),
        ("https://www。example。org/", "name a host"),
        ("https://www.example.org../", "name a host"),
        ("https://www..example.org/", "name a host"),
        ("https://www.example.org%2eevil.example/", "name a host"),
        ("https://www.example.org%00.evil.example/", "name a host"),
        ("https://www_x.forum.example/", "name a host"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_before_any_lookup(
    address: str, words: str
) -> None:
    """Ensure each trick is refused in words that say what is wrong with it."""
    assert words in refusal(fetch_page, address, HOSTS, resolver=never)


@pytest.mark.parametrize(
    ("address", "host", "path"),
    [
        ("HTTPS://WWW.Example.ORG/Page", "www.example.org", "/Page"),
        ("https://www.example.org.:443/", "www.example.org", "/"),
        ("  https://a.b.forum.example?q=1  ", "a.b.forum.example", "/?q=1"),
        ("https://a.forum.example/é%20/x", "a.forum.example", "/%C3%A9%20/x"),
    ],
)
def test_an_address_is_taken_in_each_way_people_write_it(
    address: str, host: str, path: str
) -> None:
    """Ensure case, a last dot, the usual port, spaces around it and letters in it do no harm."""
    target = check_address(address, HOSTS)

    assert (target.host, target.path) == (host, path)


def test_nothing_is_fetched_unless_hosts_are_named() -> None:
    """Ensure it is off by default, and the person learns what to do instead."""
    hosts = parse_hosts(Settings().import_hosts)

    assert hosts == ()
    assert "switched off" in refusal(fetch_page, ADDRESS, hosts, resolver=never)


@pytest.mark.parametrize(
    "hosts", ["*", "*.", "*.*.org", "org", "127.0.0.1", "a.org:443", "https://a.org", "bücher.de"]
)
def test_only_host_names_may_be_permitted(hosts: str) -> None:
    """Ensure a setting that could match too much, or nothing, stops the program at its start."""
    with pytest.raises(ValueError, match="not a host name"):
        Settings(import_hosts=f"www.example.org,{hosts}")


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.8.8.8",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1",
        "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
        "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:93.184.215.14", "::ffff:127.0.0.1", "::93.184.215.14",
        "64:ff9b::5db8:d70e", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:10::1", "2001:db8::1", "2002:7f00:1::",
        "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1",
        "ff02::1", "2a00:1450::1%eth0",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused_wherever_it_stands(address: str) -> None:
    """Ensure one such address among public ones is enough to refuse the host."""
    for found in ([address], [PUBLIC, address], [address, PUBLIC]):
        assert "private network" in refusal(check_resolved, found)


@pytest.mark.parametrize("address", [PUBLIC, "100.128.0.1", "172.32.0.1", "2a00:1450:4001::1"])
def test_a_public_address_is_taken(address: str) -> None:
    """Ensure neighbours of the refused networks can be asked."""
    assert check_resolved([address, PUBLIC]) == address


def test_a_host_that_leads_inside_is_not_connected_to(
    site: Callable[..., RemoteSite], ca: trustme.CA
) -> None:
    """Ensure the check stands between the lookup and the connection."""
    wire = Wire(site(page(HTML)).port, ca)

    text = refusal(
        fetch_page, ADDRESS, HOSTS, resolver=lambda _host: [PUBLIC, "10.0.0.1"], transport=wire
    )

    assert "private network" in text
    assert wire.asked == []


def test_an_unknown_host_is_said_to_be_unknown() -> None:
    """Ensure a lookup that fails, or finds nothing, is a message and not a fault."""

    def fail(_host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert "not known" in refusal(fetch_page, ADDRESS, HOSTS, resolver=fail)
    assert "not known" in refusal(fetch_page, ADDRESS, HOSTS, resolver=lambda _host: [])


def test_a_slow_lookup_is_given_up() -> None:
    """Ensure the limit covers the lookup, which cannot be interrupted."""

    def dawdle(_host: str) -> list[str]:
        time.sleep(1.5)
        return [PUBLIC]

    assert "too long" in refusal(fetch_page, ADDRESS, HOSTS, resolver=dawdle, seconds=0.1)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", HEAD + b"\r\n"])
def test_a_slow_drip_is_given_up(fetch: Callable[..., tuple[bytes, str]], start: bytes) -> None:
    """Ensure the limit is for all of it: silence, slow headers and a slow body end alike."""

    def drip(connection: socket.socket) -> None:
        for byte in (start, *[b"a"] * 40):
            connection.sendall(byte)
            time.sleep(0.05)

    assert "too long" in refusal(fetch, drip, seconds=0.4)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirection_is_shown_and_not_followed(
    fetch: Callable[..., tuple[bytes, str]], status: int
) -> None:
    """Ensure nobody is led on to this machine; the person reads where it would have gone."""
    head = b"HTTP/1.1 %d Moved\r\nLocation: https://127.0.0.1/admin\r\n" % status

    text = refusal(fetch, page(b"", head))

    assert text == (
        "This address leads on to another one; enter that one instead. https://127.0.0.1/admin"
    )


def test_a_relative_redirection_is_shown_whole(fetch: Callable[..., tuple[bytes, str]]) -> None:
    """Ensure what the person reads can be entered as it stands."""
    head = b"HTTP/1.1 301 Moved\r\nLocation: ../igf-2024-ws-78\r\n"

    assert refusal(fetch, page(b"", head)).endswith(" https://www.example.org/igf-2024-ws-78")


def endless(connection: socket.socket) -> None:
    """Send a body without a length until the other side has enough."""
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(MEGABYTE)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (endless, "larger than 2 MB"),
        (page(MEGABYTE * 2 + b"a"), "larger than 2 MB"),
        (says(HEAD, b"Content-Length: 9999999999\r\n\r\n"), "larger than 2 MB"),
        (page(gzip.compress(MEGABYTE * 40), HEAD + b"Content-Encoding: gzip\r\n"), "compressed"),
        (page(b"", HEAD + b"Content-Encoding: br\r\n"), "compressed"),
        (says(HEAD, b"X-Huge: ", b"a" * 200_000, b"\r\n\r\n"), "cannot be read"),
        (says(HEAD, b"X-Many: a\r\n" * 20_000, b"\r\n"), "cannot be read"),
        (says(HEAD, b"Content-Length: 500\r\n\r\nhalf"), "broke off"),
        (says(b"SSH-2.0-OpenSSH_9.2\r\n"), "cannot be read"),
        (says(b""), "broke off"),
        (page(HTML, b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"), "neither a web page"),
        (page(HTML, b"HTTP/1.1 200 OK\r\nContent-Type: text/htmlx\r\n"), "neither a web page"),
        (page(HTML, b"HTTP/1.1 200 OK\r\n"), "neither a web page"),
        (page(HTML, b"HTTP/1.1 404 Not Found\r\n"), "no page at this address"),
        (page(HTML, b"HTTP/1.1 403 Forbidden\r\n"), "to programs"),
        (page(HTML, b"HTTP/1.1 500 Oh\r\n"), "this answer. 500"),
        (page(HTML, b"HTTP/1.1 206 Partial\r\n"), "this answer. 206"),
    ],
)
def test_an_answer_that_is_no_page_is_refused(
    fetch: Callable[..., tuple[bytes, str]], answer: Answer, words: str
) -> None:
    """Ensure size, kind, status and form of the answer are each held to their limit."""
    assert words in refusal(fetch, answer)


def test_a_host_that_does_not_answer_is_said_to_be_out_of_reach(ca: trustme.CA) -> None:
    """Ensure a closed port is a message and not a fault."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    text = refusal(
        fetch_page, ADDRESS, HOSTS, resolver=lambda _host: [PUBLIC], transport=Wire(port, ca)
    )

    assert "cannot be reached" in text


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("text/plain; charset=windows-1256", "مساء".encode("cp1256"), "مساء".encode()),
        ("text/plain; charset=ISO-8859-1", "it’s".encode("cp1252"), "it’s".encode()),
        ("text/plain; charset=utf-8", b"it\xe2\x80\x99s", b"it\xe2\x80\x99s"),
        ("text/plain; charset=koi8-r", b"\xef\xbb\xbfplain", b"\xef\xbb\xbfplain"),
        ("text/plain; charset=punycode", b"abc-\xff", b"abc-\xff"),
        ("text/plain; charset=nonsense", b"abc\xff", b"abc\xff"),
        ("TEXT/PLAIN", b"abc", b"abc"),
    ],
)
def test_the_header_names_the_encoding(
    fetch: Callable[..., tuple[bytes, str]], kind: str, sent: bytes, kept: bytes
) -> None:
    """Ensure letters outside ASCII survive although the page does not name its encoding."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n".encode()

    assert fetch(page(sent, head))[0] == kept


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("", "www.example.org.html"),
        ("/igf/", "igf.html"),
        ("/a/b.php?x=/c", "b.html"),
        ("/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "passwd.html"),
        ("/a%00b%0a%22c%5cd", "abcd.html"),
        (f"/{'a' * 300}", f"{'a' * 100}.html"),
    ],
)
def test_the_file_is_named_after_the_address(
    fetch: Callable[..., tuple[bytes, str]], path: str, name: str
) -> None:
    """Ensure the name says what it is and can stand anywhere a name is shown."""
    assert fetch(page(HTML), f"https://www.example.org{path}")[1] == name
