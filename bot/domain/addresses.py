"""Which addresses on the internet may be asked for something that a person has typed in.

Anything else (this machine, the network around it, the metadata services of clouds) would let whoever can type an
address look where only the server can. See OWASP's 'Server-Side Request Forgery Prevention'.
"""

from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

# Public by their number, but inside: Azure's platform (168.63.129.16), protocol assignments (192.0.0.0/24, in which
# Oracle's metadata live, and which older Pythons take for global), relays to IPv6 (192.88.99.0/24).
_INSIDE: Final = (IPv4Network("168.63.129.16/32"), IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
# The only block from which addresses are given out (IANA), less those that wrap an IPv4 address (6to4, Teredo) or
# stand in examples.
_GLOBAL_IPV6: Final = IPv6Network("2000::/3")
_NOT_GLOBAL_IPV6: Final = (IPv6Network("2001::/23"), IPv6Network("2002::/16"), IPv6Network("3fff::/20"))


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the internet, and to nobody's own network. Never raises."""
    try:
        parsed = ip_address(address)
    except (AddressValueError, ValueError):
        return False
    if isinstance(parsed, IPv4Address):
        return _is_public_ipv4(parsed)
    if parsed.ipv4_mapped is not None:
        return _is_public_ipv4(parsed.ipv4_mapped)
    return _is_public_ipv6(parsed)


def _is_public_ipv4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not any(address in inside for inside in _INSIDE)


def _is_public_ipv6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in _GLOBAL_IPV6:
        return False
    return address.is_global and not any(address in network for network in _NOT_GLOBAL_IPV6)


def read_allowed(text: str) -> frozenset[tuple[str, int]]:
    """Read `host:port` entries with commas or spaces between them; an IPv6 address stands in brackets.

    Raises:
        ValueError: One of them is written differently. The text is a sentence for a person.
    """
    allowed = set()
    for entry in text.replace(",", " ").split():
        host, colon, port = entry.rpartition(":")
        if not colon or not host or not port.isdecimal() or not 0 < int(port) <= 65535:  # noqa: PLR2004  # ports
            raise ValueError(f"write host:port, such as intranet.example:8080, in place of “{entry[:60]}”")
        allowed.add((host.strip("[]").lower(), int(port)))
    return frozenset(allowed)
