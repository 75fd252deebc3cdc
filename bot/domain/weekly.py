"""A time of the week, as teams and people set it: ``Friday 13:00``, ``fredag 13.00``."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = {
    "mon": 0, "man": 0, "mandag": 0,
    "tue": 1, "tues": 1, "tis": 1, "tisdag": 1,
    "wed": 2, "ons": 2, "onsdag": 2,
    "thu": 3, "thur": 3, "thurs": 3, "tor": 3, "tors": 3, "torsdag": 3,
    "fri": 4, "fre": 4, "fredag": 4,
    "sat": 5, "lor": 5, "lordag": 5,
    "sun": 6, "son": 6, "sondag": 6,
}  # fmt: skip
_WEEKDAYS = {name.lower(): number for number, name in enumerate(_ENGLISH)} | _SHORT
_WRITTEN = re.compile(r"([a-z]+)\.?,?\s+(?:(?:at|kl\.?)\s+)?([0-9]{1,2})[:.]([0-9]{2})")
_LAST_HOUR, _LAST_MINUTE = 23, 59


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    """A local weekday (0 is Monday, 6 is Sunday), hour and minute.

    Raises:
        ValueError: there is no such weekday or time. The text is a sentence for a person.
    """

    weekday: int
    hour: int
    minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday < len(_ENGLISH):
            raise ValueError(f"A weekday is a number from 0 (Monday) to 6 (Sunday), not {self.weekday}.")
        if not (0 <= self.hour <= _LAST_HOUR and 0 <= self.minute <= _LAST_MINUTE):
            raise ValueError(f"There is no time {self.hour:02d}:{self.minute:02d}.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``Friday 13:00``, ``fri 13:00``, ``fredag 13.00`` or ``fre kl 13.00``.

        Raises:
            ValueError: it is not written like that, or there is no such weekday or time.
        """
        plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
        written = _WRITTEN.fullmatch(plain.strip())
        if written is None or written[1] not in _WEEKDAYS:
            raise ValueError(f"A time of the week is written like Friday 13:00, and “{text.strip()[:40]}” is not.")
        return cls(_WEEKDAYS[written[1]], int(written[2]), int(written[3]))

    def __str__(self) -> str:
        return f"{_ENGLISH[self.weekday]} {self.hour:02d}:{self.minute:02d}"
