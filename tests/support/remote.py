"""Another site: a TLS server on this machine, and the wire that leads to it instead of out."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable

import httpx
import trustme

Answer = Callable[[socket.socket], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def says(*parts: bytes) -> Answer:
    """An answer of these bytes, after which the connection ends."""
    return lambda connection: connection.sendall(b"".join(parts))


def page(body: bytes, head: bytes = HEAD) -> Answer:
    """An answer with this body and its length."""
    return says(head, b"Content-Length: %d\r\n\r\n" % len(body), body)


class RemoteSite:
    """A server that gives the same answer to everybody and keeps what it was sent.

    `names` are the hosts its certificate is made out to, by the authority `ca`.
    """

    def __init__(self, answer: Answer, ca: trustme.CA, *names: str) -> None:
        self.answer, self.requests = answer, list[bytes]()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert(*names).configure_cert(self.context)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, name="remote-site")
        self.thread.start()

    def close(self) -> None:
        """Stop serving. An answer that is still being sent breaks off."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()

    def _serve(self) -> None:
        # Closing the listener is how `close` ends this; a guest who leaves is no fault either.
        with contextlib.suppress(OSError):
            while True:
                raw, _address = self.listener.accept()
                with raw, contextlib.suppress(OSError):
                    raw.settimeout(5)
                    with self.context.wrap_socket(raw, server_side=True) as connection:
                        self.requests.append(connection.recv(65536))
                        self.answer(connection)


class Wire(httpx.AsyncBaseTransport):
    """The real transport, with its end plugged into a site on this machine.

    `asked` are the addresses it was told to connect to. Certificates of `ca` are trusted.
    """

    def __init__(self, port: int, ca: trustme.CA) -> None:
        self.port, self.asked = port, list[str]()
        context = ssl.create_default_context()
        ca.configure_trust(context)
        self.inner = httpx.AsyncHTTPTransport(verify=context, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request on, unchanged but for where it goes."""
        self.asked.append(str(request.url))
        request.url = request.url.copy_with(host="127.0.0.1", port=self.port)
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connection."""
        await self.inner.aclose()
