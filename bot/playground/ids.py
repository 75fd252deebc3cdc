"""Identifiers, tokens and secrets that look like Slack's, repeatable for one seed."""

import random
import string

_UPPER = string.ascii_uppercase + string.digits
_HEX = "0123456789abcdef"


class Ids:
    """Hand out identifiers in Slack's shapes."""

    def __init__(self, seed: int = 0) -> None:
        # Repeatable on purpose: nothing here guards anything but a playground on the loopback address.
        self._random = random.Random(seed)  # noqa: S311
        self._serial = 0

    def new(self, prefix: str, length: int = 10) -> str:
        """Return an id such as `U07ABCDEF12`: the prefix and `length` upper-case letters and digits."""
        return prefix + "".join(self._random.choices(_UPPER, k=length))

    def hexes(self, length: int) -> str:
        """Return `length` random hexadecimal digits."""
        return "".join(self._random.choices(_HEX, k=length))

    def token(self, prefix: str) -> str:
        """Return a token such as `xoxb-1234-5678-abc`: prefix, two numbers and a secret part."""
        return f"{prefix}-{self._number()}-{self._number()}-{self.hexes(24)}"

    def trigger(self) -> str:
        """Return a trigger id in Slack's shape: two numbers and a hash, separated by dots."""
        self._serial += 1
        return f"{self._serial:011d}.{self._number()}.{self.hexes(32)}"

    def envelope(self) -> str:
        """Return an id in the shape of a UUID."""
        return "-".join(self.hexes(n) for n in (8, 4, 4, 4, 12))

    def _number(self) -> str:
        return str(self._random.randrange(10**11, 10**12))
