"""Which addresses a person may let the bot ask, and what links become."""

import pytest

from bot.domain.addresses import is_public, read_allowed
from bot.domain.source_links import csv_address

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:7f00:1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "3fff::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2606:4700::1111%eth0",
    "5f00::1",
    "",
    "localhost",
    "0x7f.1",
    "2130706433",
    "127.1",
    "017700000001",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_lies_inside_a_network_is_not_asked(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_lies_on_the_internet_is(address: str) -> None:
    assert is_public(address)


def test_hosts_are_allowed_by_name_and_port() -> None:
    assert read_allowed("") == frozenset()
    assert read_allowed("127.0.0.1:8080, Intranet:80  [::1]:9000") == {
        ("127.0.0.1", 8080),
        ("intranet", 80),
        ("::1", 9000),
    }


@pytest.mark.parametrize("text", ["intranet", ":80", "intranet:", "intranet:http", "intranet:0", "intranet:70000"])
def test_a_host_without_its_port_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        read_allowed(text)


@pytest.mark.parametrize(
    ("link", "csv"),
    [
        (
            "https://docs.google.com/spreadsheets/d/1aB-c_9/edit#gid=42",
            "https://docs.google.com/spreadsheets/d/1aB-c_9/export?format=csv&gid=42",
        ),
        (
            "https://docs.google.com/spreadsheets/d/1aB/edit?usp=sharing",
            "https://docs.google.com/spreadsheets/d/1aB/export?format=csv",
        ),
        (
            " https://docs.google.com/spreadsheets/u/0/d/1aB/edit?gid=7#gid=7 ",
            "https://docs.google.com/spreadsheets/d/1aB/export?format=csv&gid=7",
        ),
        (
            "https://docs.google.com/spreadsheets/d/e/2PACX-1v/pubhtml?gid=3&single=true",
            "https://docs.google.com/spreadsheets/d/e/2PACX-1v/pub?gid=3&single=true&output=csv",
        ),
        (
            "https://docs.google.com/spreadsheets/d/e/2PACX-1v/pub?output=csv",
            "https://docs.google.com/spreadsheets/d/e/2PACX-1v/pub?output=csv",
        ),
        ("https://docs.google.com.evil.example/spreadsheets/d/1aB/edit", None),
        ("https://evil.example/docs.google.com/spreadsheets/d/1aB/edit", None),
        ("https://docs.google.com/document/d/1aB/edit", None),
        ("https://example.com/weeks.csv", None),
        ("http://[broken", None),
    ],
)
def test_a_sheets_link_becomes_its_csv(link: str, csv: str | None) -> None:
    assert csv_address(link) == csv
