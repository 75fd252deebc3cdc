"""Fetching what an address shows, without letting whoever typed it look into the network around the bot.

1. Only http and https, without a name or password in the address.
2. The host is looked up once; every address that it has must be public, or allowed by name in the settings.
3. The connection goes to an address that has been checked: a name that changes its mind is not asked again.
4. Redirects are followed by hand, and each goes through the same gate.
5. No more is read than is allowed, and not for longer.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import quote, urljoin, urlsplit

from bot.domain.addresses import is_public

MOST_BYTES: Final = 2_000_000
MOST_REDIRECTS: Final = 5
CONNECT_SECONDS: Final = 5.0
TOTAL_SECONDS: Final = 15.0
_PIECE: Final = 65_536
_PORTS: Final = {"http": 80, "https": 443}
_SAFE: Final = "!#$%&'()*+,/:;=?@[]~"
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_HEADERS: Final = {
    "User-Agent": "Hattrick",
    "Accept": "text/csv, application/json;q=0.9, */*;q=0.1",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
Socket = TypeVar("Socket", bound=socket.socket)
Resolve = Callable[[str, int], list[str]]


class SourceFailed(Exception):  # noqa: N818  # reads as what happened
    """A source could not be read. `name` and `values` choose and fill the sentence; `passing` may mend by itself."""

    def __init__(self, name: str, /, *, passing: bool = False, **values: str) -> None:
        super().__init__(name)
        self.name, self.values, self.passing = name, values, passing


@dataclass(frozen=True)
class Page:
    """What an address shows. `kind` is its content type, `charset` what it says of its encoding ("" for nothing)."""

    content: bytes
    kind: str
    charset: str


@dataclass(frozen=True)
class Target:
    """An address in its parts, checked for what can be told without asking anybody."""

    scheme: str
    host: str
    port: int
    path: str


def look_up(host: str, port: int) -> list[str]:
    """Return every address of a host.

    Raises:
        OSError: It has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Fetcher:
    """Fetches addresses. `allowed` are hosts and ports that need not be public."""

    allowed: frozenset[tuple[str, int]] = frozenset()
    resolve: Resolve = look_up
    seconds: float = TOTAL_SECONDS
    context: ssl.SSLContext | None = field(default=None, repr=False)

    def fetch(self, address: str) -> Page:
        """Return what an address shows.

        Raises:
            SourceFailed: It cannot be asked, or answers with something else than a page.
        """
        with _time_limit(self.seconds) as limit:
            for _ in range(MOST_REDIRECTS + 1):
                target = read_address(address)
                try:
                    response = self._ask(target, limit)
                    if response.status not in _REDIRECTS:
                        page = _page(response)
                        limit.check()
                        return page
                    location = response.headers.get("Location", "")
                except (OSError, http.client.HTTPException) as error:
                    raise _unreachable(error, target, over=limit.over) from error
                address = _joined(address, location)
        raise SourceFailed("too_many_redirects")

    def _ask(self, target: Target, limit: "_Limit") -> http.client.HTTPResponse:
        plain = self._connect(target, limit)
        if target.scheme == "https":
            context = self.context or ssl.create_default_context()
            # The handshake comes after it is watched: it is the server's first chance to be slow.
            wrapped = context.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
            limit.watch(wrapped).do_handshake()
            plain = wrapped
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = plain
        host = f"[{target.host}]" if ":" in target.host else target.host
        named = host if target.port == _PORTS[target.scheme] else f"{host}:{target.port}"
        connection.request("GET", target.path, headers={**_HEADERS, "Host": named})
        response = connection.getresponse()
        limit.opened.callback(response.close)  # it reads through a file of its own, which keeps the socket open
        return response

    def _connect(self, target: Target, limit: "_Limit") -> socket.socket:
        """Connect to one of the host's addresses, all of which have been checked."""
        try:
            addresses = self.resolve(target.host, target.port)
        except (OSError, UnicodeError) as error:
            raise SourceFailed("host_unknown", passing=True, host=target.host[:60]) from error
        if (target.host, target.port) not in self.allowed and not all(map(is_public, addresses)):
            raise SourceFailed("address_private", host=target.host[:60])
        last: OSError | None = None
        for address in addresses:
            try:
                return limit.watch(socket.create_connection((address, target.port), timeout=CONNECT_SECONDS))
            except OSError as error:
                last = error
        raise last or OSError("the host has no address")


def read_address(address: str) -> Target:
    """Read an address, without asking anybody.

    Raises:
        SourceFailed: `address_unreadable`, `address_scheme`, `address_secret`.
    """
    try:
        parts = urlsplit(address.strip())
        port, host = parts.port, (parts.hostname or "").rstrip(".")
        named = host if host.isascii() else host.encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise SourceFailed("address_unreadable") from error
    if parts.scheme not in _PORTS:
        raise SourceFailed("address_scheme")
    if parts.username is not None or parts.password is not None:
        raise SourceFailed("address_secret")
    written = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    if not named or not named.isprintable() or any(c in named for c in " /\\@%"):
        raise SourceFailed("address_unreadable")
    return Target(parts.scheme, named.lower(), port or _PORTS[parts.scheme], written)


def _page(response: http.client.HTTPResponse) -> Page:
    if response.status != HTTPStatus.OK:
        raise _refused(response.status)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise SourceFailed("encoded")
    read = bytearray()
    while piece := response.read1(_PIECE):
        read += piece
        if len(read) > MOST_BYTES:
            raise SourceFailed("too_large", limit=str(MOST_BYTES // 1_000_000))
    if response.length:
        raise http.client.IncompleteRead(b"")
    return Page(bytes(read), response.headers.get_content_type(), response.headers.get_content_charset() or "")


def _refused(status: int) -> SourceFailed:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return SourceFailed("not_public")
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return SourceFailed("not_there", status=str(status))
    passing = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS
    return SourceFailed("status", passing=passing, status=str(status))


def _unreachable(error: Exception, target: Target, *, over: bool) -> SourceFailed:
    host = target.host[:60]
    if over or isinstance(error, TimeoutError):
        return SourceFailed("too_slow", passing=True, host=host)
    if isinstance(error, ssl.SSLCertVerificationError):
        return SourceFailed("certificate", host=host)
    return SourceFailed("unreachable", passing=True, host=host)


def _joined(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError as error:
        raise SourceFailed("address_unreadable") from error


class _Limit:
    """Ends whatever connection is open when the time is over: a server that drips is not waited for."""

    def __init__(self) -> None:
        self.over = False
        self.opened = ExitStack()
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()

    def watch(self, opened: Socket) -> Socket:
        """Let a connection end with the time."""
        with self._lock:
            self._open.append(opened)
        self.opened.callback(opened.close)
        self.check()
        return opened

    def check(self) -> None:
        """Raise TimeoutError when the time is over: what has been read may be half of it."""
        if self.over:
            raise TimeoutError

    def end(self) -> None:
        with self._lock:
            self.over = True
            for opened in self._open:
                _shut(opened)


@contextmanager
def _time_limit(seconds: float) -> Iterator[_Limit]:
    limit = _Limit()
    timer = threading.Timer(seconds, limit.end)
    timer.daemon = True
    timer.start()
    try:
        yield limit
    finally:
        timer.cancel()
        limit.opened.close()


def _shut(opened: socket.socket) -> None:
    try:
        opened.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended by itself
