"""When people may be asked for something: not in quiet hours, nor on days off."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# A longer break than a week would push one week's messages into the next one's: then they keep their time.
MOST_DAYS: Final = 6
_MIDNIGHT: Final = time(0)
_AN_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AskingTime:
    """On which days (ISO weekdays, 1 is Monday) and at which local times people of a team may be asked.

    Nobody is asked between `quiet_from` and `quiet_until`, which may span midnight; there are no quiet hours when the
    two are the same. `is_holiday` tells whether a local date is a public holiday.
    """

    days: frozenset[int]
    quiet_from: time
    quiet_until: time
    is_holiday: Callable[[date], bool] = lambda _: False

    @classmethod
    def of(
        cls, days: str, quiet_from: str, quiet_until: str, is_holiday: Callable[[date], bool] = lambda _: False
    ) -> "AskingTime":
        """Read what is stored: weekdays such as `12345`, times such as `20:00`.

        Raises:
            ValueError: a weekday or a time is none.
        """
        times = time.fromisoformat(quiet_from), time.fromisoformat(quiet_until)
        return cls(frozenset(int(day) for day in days) or frozenset(range(1, 8)), *times, is_holiday)

    def works_on(self, day: date) -> bool:
        """Tell whether people may be asked on a local date."""
        return day.isoweekday() in self.days and not self.is_holiday(day)

    def working_day(self, day: date) -> date:
        """Give the first working day from a date on; the date itself when there is none within six days."""
        coming = (day + timedelta(days=ahead) for ahead in range(MOST_DAYS + 1))
        return next((each for each in coming if self.works_on(each)), day)

    def allows(self, instant: datetime, zone: str) -> bool:
        """Tell whether somebody in a zone may be asked at an instant."""
        return self.forward(instant, zone) == instant

    def forward(self, instant: datetime, zone: str) -> datetime:
        """Give the first instant, from this one on, at which somebody may be asked, in UTC.

        It is the same instant when there is none within six days.
        """
        first = instant.astimezone(ZoneInfo(zone)).date()
        for ahead in range(MOST_DAYS + 1):
            for opens, closes in self._windows(first + timedelta(days=ahead), zone):
                if instant < closes:
                    return max(instant, opens).astimezone(UTC)
        return instant

    def back(self, instant: datetime, zone: str) -> datetime | None:
        """Give the last instant, until this one, at which somebody may be asked; None when there is none in six days.

        Where people may not be asked at the instant itself, it is an hour before the time in which they may ends.
        """
        last = instant.astimezone(ZoneInfo(zone)).date()
        for ago in range(MOST_DAYS + 1):
            for opens, closes in reversed(list(self._windows(last - timedelta(days=ago), zone))):
                if opens <= instant:
                    return instant if instant < closes else max(opens, closes - _AN_HOUR)
        return None

    def _windows(self, day: date, zone: str) -> Iterator[tuple[datetime, datetime]]:
        """Yield from when until when people may be asked on a local day, in UTC."""
        if not self.works_on(day):
            return
        midnight, next_midnight = _instant(day, _MIDNIGHT, zone), _instant(day + timedelta(days=1), _MIDNIGHT, zone)
        quiet_from, quiet_until = _instant(day, self.quiet_from, zone), _instant(day, self.quiet_until, zone)
        if self.quiet_from == self.quiet_until:
            windows = [(midnight, next_midnight)]
        elif self.quiet_from > self.quiet_until:
            windows = [(quiet_until, quiet_from)]
        else:
            windows = [(midnight, quiet_from), (quiet_until, next_midnight)]
        yield from ((opens, closes) for opens, closes in windows if opens < closes)


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)
