"""Months later: agreements are reviewed after months, not after days."""

from calendar import monthrange
from datetime import datetime

MONTHS_OF_A_YEAR = 12


def add_months(start: datetime, months: int) -> datetime:
    """Give the same day and time some months later; the last day of a shorter month for a day that it lacks."""
    year, month = divmod(start.year * MONTHS_OF_A_YEAR + start.month - 1 + months, MONTHS_OF_A_YEAR)
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
