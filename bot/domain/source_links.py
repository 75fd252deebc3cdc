"""Addresses as people copy them: what a browser shows for a Google Sheet becomes the address of its CSV."""

import re
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

LONGEST_ADDRESS: Final = 1500
_SHEET: Final = re.compile(r"/spreadsheets/(?:u/[0-9]+/)?d/(?P<published>e/)?(?P<id>[A-Za-z0-9_-]+)(?:/.*)?")
_GOOGLE: Final = "docs.google.com"


def csv_address(address: str) -> str | None:
    """Give the address of a Google Sheet's CSV, of the tab that the link names; None for any other address.

    Takes `/edit`, `/view`, `/pubhtml`, `/pub` and `/export` links. The sheet must be published to the web, or open to
    everybody who has the link.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    found = _SHEET.fullmatch(parts.path) if parts.hostname == _GOOGLE else None
    if found is None:
        return None
    named = parse_qs(parts.query) | parse_qs(parts.fragment)
    tab = {"gid": named["gid"][0]} if named.get("gid") else {}
    if found["published"]:
        single = {"single": "true"} if tab else {}
        return _joined(f"/spreadsheets/d/e/{found['id']}/pub", {**tab, **single, "output": "csv"})
    return _joined(f"/spreadsheets/d/{found['id']}/export", {"format": "csv", **tab})


def host_of(address: str) -> str:
    """Give the host of an address, as a person recognises it."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _joined(path: str, query: dict[str, str]) -> str:
    return urlunsplit(("https", _GOOGLE, path, urlencode(query), ""))
