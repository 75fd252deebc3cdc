"""Which weeks a KPI is reported for: every week, every second one, or one a month."""

from datetime import date, timedelta
from typing import Final

from bot.domain.period import Period
from bot.domain.words import Cadence

# Weeks are counted from a fixed Monday, 2026-W02, not by their numbers: after a year of 53 weeks two odd weeks follow
# each other, and a KPI would be left out for three weeks.
ANCHOR: Final = date(2026, 1, 5)


def is_due(cadence: Cadence | str, period: Period) -> bool:
    """Tell whether a KPI of a cadence is reported for a week.

    Biweekly ones are due in every second week counted from 2026-W02, which are the even weeks of 2026. Monthly ones
    are due in the week that has the month's last day: by the Monday after it, the month is known.
    """
    if cadence == Cadence.BIWEEKLY:
        return (period.monday - ANCHOR).days // 7 % 2 == 0
    if cadence == Cadence.MONTHLY:
        return period.monday.month != (period.sunday + timedelta(days=1)).month
    return True
