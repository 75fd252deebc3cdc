"""Days as people write them: `24/12`, `24 december`, `v. 50`, `next Monday`, `nästa måndag`, in English and Swedish."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

FURTHEST: Final = timedelta(days=3 * 366)
# A day without a year that lies further ahead than this was meant to be one that has passed.
FURTHEST_WITHOUT_YEAR: Final = timedelta(days=270)
_DAYS, _MONTHS = 7, 12

_MONTH_NAMES: Final = {
    name: number
    for number, names in enumerate(
        (
            ("january", "januari", "jan"),
            ("february", "februari", "feb", "febr"),
            ("march", "mars", "mar"),
            ("april", "apr"),
            ("may", "maj"),
            ("june", "juni", "jun"),
            ("july", "juli", "jul"),
            ("august", "augusti", "aug"),
            ("september", "sep", "sept"),
            ("october", "oktober", "oct", "okt"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon", "mandag", "mandagen", "man"),
            ("tuesday", "tue", "tues", "tisdag", "tisdagen", "tis"),
            ("wednesday", "wed", "onsdag", "onsdagen", "ons"),
            ("thursday", "thu", "thur", "thurs", "torsdag", "torsdagen", "tor", "tors"),
            ("friday", "fri", "fredag", "fredagen", "fre"),
            ("saturday", "sat", "lordag", "lordagen", "lor"),
            ("sunday", "sun", "sondag", "sondagen", "son"),
        )
    )
    for name in names
}
_NUMBERS: Final = {
    "a": 1, "one": 1, "en": 1, "ett": 1, "two": 2, "tva": 2, "three": 3, "tre": 3, "four": 4, "fyra": 4,
    "five": 5, "fem": 5, "six": 6, "sex": 6, "seven": 7, "sju": 7, "eight": 8, "atta": 8,
}  # fmt: skip
_RELATIVE: Final = {
    "today": 0, "idag": 0, "i dag": 0,
    "tomorrow": 1, "imorgon": 1, "i morgon": 1, "imorron": 1,
    "day after tomorrow": 2, "the day after tomorrow": 2, "overmorgon": 2, "i overmorgon": 2,
}  # fmt: skip

_LEADING = re.compile(r"^(?:(?:until|till|til|to|on|pa|den|the|fram)\s+)+")
_YEAR = r"(?:[\s,/.\-]+(?P<year>[0-9]{4}))?"
_ISO = re.compile(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})")
_NUMERIC = re.compile(r"(?P<day>[0-9]{1,2})[/.](?P<month>[0-9]{1,2})\.?" + _YEAR)
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|:?[ea]|\.)?\s*(?:of\s+)?(?P<month>[a-z]+)\.?" + _YEAR)
_MONTH_FIRST = re.compile(r"(?P<month>[a-z]+)\.?\s+(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?" + _YEAR)
_WEEK = re.compile(
    r"(?:(?P<year>[0-9]{4})-?)?(?:w|v|week|vecka|veckan|wk)\.?\s*(?P<week>[0-9]{1,2})"
    + _YEAR.replace("<year>", "<later>")
)
_WEEKDAY = re.compile(
    r"(?:(?P<which>next|nasta|this|on|pa|nu pa|coming|kommande)\s+)?(?P<name>[a-z]+)\.?"
    r"(?:\s+(?P<week>next week|nasta vecka))?"
)
_AHEAD = re.compile(
    r"(?:in|om)\s+(?P<number>[0-9]{1,3}|[a-z]+)\s+(?P<unit>days?|dagar|dag|weeks?|veckor|vecka|months?|manader|manad)"
)


class Unclear(StrEnum):
    """Why a text gives no day to come."""

    UNREADABLE = "unreadable"
    PAST = "past"
    TOO_FAR = "too_far"


def parse_day(text: str, today: date) -> date | Unclear:
    """Read the day that a person means, which lies after `today`.

    A week means its Monday. `friday` is the first one after today, `next friday` that of next week. Without a year the
    nearest day to come is meant; `24/12` is the 24th of December, `12/24` too.

    Args:
        text: What the person wrote, with or without a leading `until` or `till`.
        today: The person's own day.
    """
    words = _LEADING.sub("", _plain(text))
    for read in _READERS:
        found = read(words, today)
        if isinstance(found, date):
            return _judged(found, today)
        if found is not None:
            return found
    return Unclear.UNREADABLE


def _plain(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(bare.strip(" \t\n.!,").split())


def _judged(day: date, today: date) -> date | Unclear:
    if day <= today:
        return Unclear.PAST
    return day if day - today <= FURTHEST else Unclear.TOO_FAR


def _relative(words: str, today: date) -> date | None:
    if words in _RELATIVE:
        return today + timedelta(days=_RELATIVE[words])
    if words in {"next week", "nasta vecka"}:
        return _monday(today) + timedelta(weeks=1)
    if words in {"next month", "nasta manad"}:
        return _months_on(today.replace(day=1), 1)
    return None


def _ahead(words: str, today: date) -> date | None:
    found = _AHEAD.fullmatch(words)
    if found is None:
        return None
    written = found["number"]
    number = int(written) if written.isdecimal() else _NUMBERS.get(written)
    if number is None:
        return None
    if found["unit"].startswith("d"):
        return today + timedelta(days=number)
    if found["unit"].startswith("m"):
        return _months_on(today, number)
    return today + timedelta(weeks=number)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    first = date(year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def _iso(words: str, _today: date) -> date | Unclear | None:
    found = _ISO.fullmatch(words)
    return _on(int(found["year"]), int(found["month"]), int(found["day"])) if found else None


def _numeric(words: str, today: date) -> date | Unclear | None:
    found = _NUMERIC.fullmatch(words)
    if found is None:
        return None
    day, month = int(found["day"]), int(found["month"])
    if month > _MONTHS >= day:
        day, month = month, day
    return _dated(day, month, found["year"], today)


def _named(words: str, today: date) -> date | Unclear | None:
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        found = pattern.fullmatch(words)
        if found and found["month"] in _MONTH_NAMES:
            return _dated(int(found["day"]), _MONTH_NAMES[found["month"]], found["year"], today)
    return None


def _week(words: str, today: date) -> date | Unclear | None:
    found = _WEEK.fullmatch(words)
    if found is None:
        return None
    year, number = found["year"] or found["later"], int(found["week"])
    if year:
        return _monday_of(int(year), number)
    this_year = today.isocalendar().year
    return _nearest([_monday_of(each, number) for each in (this_year, this_year + 1)], today)


def _weekday(words: str, today: date) -> date | None:
    found = _WEEKDAY.fullmatch(words)
    if found is None or found["name"] not in _WEEKDAYS:
        return None
    number = _WEEKDAYS[found["name"]]
    if found["which"] in {"next", "nasta"} or found["week"]:
        return _monday(today) + timedelta(days=_DAYS + number)
    return today + timedelta(days=(number - today.weekday() - 1) % _DAYS + 1)


def _dated(day: int, month: int, year: str | None, today: date) -> date | Unclear:
    if year:
        return _on(int(year), month, day)
    # Eight years, for the 29th of February around a year such as 2100.
    return _nearest([_on(each, month, day) for each in range(today.year, today.year + 9)], today)


def _nearest(days: list[date | Unclear], today: date) -> date | Unclear:
    coming = [day for day in days if isinstance(day, date) and day > today]
    if not coming:
        return Unclear.UNREADABLE
    known = [day for day in days if isinstance(day, date)]
    passed = known[0] <= today and coming[0] - today > FURTHEST_WITHOUT_YEAR
    return Unclear.PAST if passed else coming[0]


def _on(year: int, month: int, day: int) -> date | Unclear:
    try:
        return date(year, month, day)
    except ValueError:
        return Unclear.UNREADABLE


def _monday_of(year: int, week: int) -> date | Unclear:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return Unclear.UNREADABLE


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


_READERS: Final[tuple[Callable[[str, date], date | Unclear | None], ...]] = (
    _relative,
    _ahead,
    _iso,
    _numeric,
    _week,
    _named,
    _weekday,
)
