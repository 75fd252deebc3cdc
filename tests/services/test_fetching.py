"""An address that somebody typed is read, and never lets them look inside the network."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from bot.services.sources.fetching import Fetcher, SourceFailed, read_address
from tests.domain.test_addresses import PRIVATE
from tests.support.sources import SourceServer, a_source_server


@pytest.fixture(scope="module")
def server() -> Iterator[SourceServer]:
    with a_source_server() as running:
        yield running


@pytest.fixture
def fetcher(server: SourceServer) -> Fetcher:
    return Fetcher(frozenset({server.place}), seconds=5)


def why(fetcher: Fetcher, address: str) -> str:
    with pytest.raises(SourceFailed) as failed:
        fetcher.fetch(address)
    return failed.value.name


def test_what_an_address_shows_comes_whole_with_its_kind(server: SourceServer, fetcher: Fetcher) -> None:
    address = server.shows("/weeks.csv?a=b%20c", "week,value\n2026-W48,1\n", "text/csv; charset=ISO-8859-1")
    page = fetcher.fetch(f"{address}#tab")
    assert (page.content, page.kind, page.charset) == (b"week,value\n2026-W48,1\n", "text/csv", "iso-8859-1")
    assert server.hosts[-1] == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize("address", [one for one in PRIVATE if one and ":" not in one])
def test_no_private_ipv4_address_is_connected_to(address: str) -> None:
    """Also in the spellings that only the system's own look-up understands."""
    assert why(Fetcher(resolve=lambda _host, _port: [address]), f"http://{address}/") == "address_private"


@pytest.mark.parametrize("address", [one for one in PRIVATE if ":" in one and "%" not in one])
def test_no_private_ipv6_address_is_connected_to(address: str) -> None:
    assert why(Fetcher(), f"http://[{address}]/") == "address_private"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0"])
def test_this_machine_is_not_asked_under_any_name(server: SourceServer, host: str) -> None:
    before = len(server.asked)
    assert why(Fetcher(), server.url("/weeks.csv", host)) in {"address_private", "host_unknown"}
    assert len(server.asked) == before


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    fetcher = Fetcher(resolve=lambda _host, _port: ["93.184.216.34", "10.0.0.7"])
    assert why(fetcher, "http://example.com/") == "address_private"


def test_a_name_is_looked_up_once_and_the_checked_address_is_used(server: SourceServer) -> None:
    """A name that answers with a public address first and a private one later wins nothing."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) > 1 else ["127.0.0.1", "::1"]

    server.shows("/weeks.csv", "ok")
    allowed = Fetcher(frozenset({("rebind.example", server.port)}), resolve=rebinding)
    assert allowed.fetch(server.url("/weeks.csv", "rebind.example")).content == b"ok"
    assert asked == ["rebind.example"]


def test_only_the_allowed_port_of_an_allowed_host_is_open(server: SourceServer) -> None:
    assert why(Fetcher(frozenset({("127.0.0.1", 1)})), server.url()) == "address_private"
    assert why(Fetcher(frozenset({("localhost", server.port)})), server.url()) == "address_private"


def test_redirects_are_followed(server: SourceServer, fetcher: Fetcher) -> None:
    server.shows("/end.csv", "here")
    server.leads("/two", "/end.csv", 307)
    assert fetcher.fetch(server.leads("/one", server.url("/two"), 301)).content == b"here"


@pytest.mark.parametrize(
    ("to", "name"),
    [
        ("http://169.254.169.254/latest/meta-data/", "address_private"),
        ("http://10.0.0.1/", "address_private"),
        ("http://[::1]:80/", "address_private"),
        ("http://localhost:1/", "address_private"),
        ("http://[fd00:ec2::254]/", "address_private"),
        ("file:///etc/passwd", "address_scheme"),
        ("ftp://example.com/x", "address_scheme"),
        ("gopher://127.0.0.1:6379/_INFO", "address_scheme"),
        ("http://user:secret@example.com/", "address_secret"),
        ("http://[broken", "address_unreadable"),
    ],
)
def test_a_redirect_goes_through_the_same_gate(server: SourceServer, fetcher: Fetcher, to: str, name: str) -> None:
    assert why(fetcher, server.leads("/away", to)) == name


def test_a_ring_of_redirects_ends(server: SourceServer, fetcher: Fetcher) -> None:
    before = len(server.asked)
    assert why(fetcher, server.leads("/ring", "/ring")) == "too_many_redirects"
    assert len(server.asked) - before == 6


@pytest.mark.parametrize("headers_too", [False, True])
def test_a_server_that_drips_is_left_when_the_time_is_over(server: SourceServer, headers_too: bool) -> None:
    fetcher = Fetcher(frozenset({server.place}), seconds=0.5)
    began = time.monotonic()
    assert why(fetcher, server.drips("/slow", seconds=20, headers_too=headers_too)) == "too_slow"
    assert time.monotonic() - began < 3


def test_a_server_that_sends_too_much_is_left(server: SourceServer, fetcher: Fetcher) -> None:
    assert why(fetcher, server.floods("/huge", 50)) == "too_large"


@pytest.mark.parametrize(
    ("status", "name", "passing"),
    [
        (401, "not_public", False),
        (403, "not_public", False),
        (404, "not_there", False),
        (410, "not_there", False),
        (418, "status", False),
        (429, "status", True),
        (500, "status", True),
        (503, "status", True),
        (204, "status", False),
    ],
)
def test_other_answers_are_told_apart(
    server: SourceServer, fetcher: Fetcher, status: int, name: str, passing: bool
) -> None:
    with pytest.raises(SourceFailed) as failed:
        fetcher.fetch(server.shows("/status", "", status=status))
    assert (failed.value.name, failed.value.passing) == (name, passing)


def test_half_of_a_page_is_no_page(server: SourceServer, fetcher: Fetcher) -> None:
    def half(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 1000\r\n\r\nweek,value\n")

    server.answers["/half"] = half
    assert why(fetcher, server.url("/half")) == "unreachable"


def test_what_is_no_http_is_unreachable(server: SourceServer, fetcher: Fetcher) -> None:
    def odd(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"SSH-2.0-OpenSSH\r\n")

    server.answers["/odd"] = odd
    assert why(fetcher, server.url("/odd")) == "unreachable"


def test_nobody_listening_is_unreachable_and_may_pass() -> None:
    with a_source_server() as gone:
        place, address = gone.place, gone.url()
    with pytest.raises(SourceFailed) as failed:
        Fetcher(frozenset({place})).fetch(address)
    assert (failed.value.name, failed.value.passing) == ("unreachable", True)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("", "address_scheme"),
        ("example.com/x.csv", "address_scheme"),
        ("javascript:alert(1)", "address_scheme"),
        ("http://", "address_unreadable"),
        ("http:///x", "address_unreadable"),
        ("http://a b/", "address_unreadable"),
        ("http://exa\x00mple.com/", "address_unreadable"),
        ("http://example.com:99999/", "address_unreadable"),
        ("http://example.com\\@127.0.0.1/", "address_secret"),
        ("https://me@example.com/", "address_secret"),
        ("http://" + "a" * 300 + "é.com/", "address_unreadable"),
    ],
)
def test_what_is_no_address_is_refused_without_asking_anybody(address: str, name: str) -> None:
    with pytest.raises(SourceFailed) as failed:
        read_address(address)
    assert failed.value.name == name


def test_an_address_cannot_bring_headers_along() -> None:
    target = read_address("http://example.com/a\r\nX-Evil: 1?b=c d\u00e5")
    assert "\r" not in target.path
    assert "\n" not in target.path
    assert " " not in target.path
    assert target.path.isascii()
