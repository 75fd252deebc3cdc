"""What must never be read in a log: tokens and credentials, masked wherever they turn up."""

import re
from typing import Final

MASK: Final = "***"
_TOKENS: Final = re.compile(r"\b(xox[a-z](?:\.xox[a-z])?|xapp)-[\w.-]+|\bhat_[\w-]{8,}")
# As a header, in JSON, in a `repr`: everything up to the end of its value, whatever its scheme.
_AUTHORIZATION: Final = re.compile(
    r"""(authorization\\?["']?\s*[:=,]\s*\\?["']?)(?:(?:basic|bearer|token)\s+)?[^\s"'\\,;)}\]]+""", re.IGNORECASE
)
_NAMED: Final = re.compile(
    r"""((?:client_secret|refresh_token|access_token|signing_secret)\\?["']?\s*[:=]\s*\\?["']?)[^\s"'\\,;&)}\]]+"""
    r"""|(encryption_keys\\?["']?\s*[:=]\s*\\?["']?)[^\s"'\\;&)}\]]+""",  # several, with commas between them
    re.IGNORECASE,
)
# The password in an address such as a database's.
_IN_ADDRESS: Final = re.compile(r"""(://[^\s:/@"']*:)[^\s/@"']+(?=@)""")


def masked(text: str) -> str:
    """Return a text with every token of Slack's and of ours, and every credential that is named, made unreadable."""
    text = _TOKENS.sub(lambda found: f"{_kind(found.group())}{MASK}", text)
    text = _IN_ADDRESS.sub(rf"\1{MASK}", text)
    text = _AUTHORIZATION.sub(rf"\1{MASK}", text)
    return _NAMED.sub(lambda found: f"{found[1] or found[2]}{MASK}", text)


def _kind(token: str) -> str:
    """Keep how a token begins: which kind it was may be read."""
    return "hat_" if token.startswith("hat_") else f"{token.partition('-')[0]}-"
