"""Which weeks can be reported or corrected: the present one, and so many before it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.period import Period


@dataclass(frozen=True, slots=True)
class EditWindow:
    """The weeks from `first` to `last`, both included."""

    first: Period
    last: Period

    @classmethod
    def at(cls, now: datetime, zone: str, weeks: int) -> "EditWindow":
        """Give the window of a team in `zone` whose numbers stay open for so many weeks back.

        Raises:
            zoneinfo.ZoneInfoNotFoundError: there is no such zone.
        """
        last = Period.of(now.astimezone(ZoneInfo(zone)))
        return cls(last.shift(-weeks), last)

    def __contains__(self, week: Period) -> bool:
        return self.first <= week <= self.last
