"""Numbers and dates as the reader's language writes them."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import Final

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol, is_currency

from messages.content import KpiValue
from messages.durations import as_typed, in_parts
from messages.escaping import NOTHING, mrkdwn, plain
from messages.i18n import N_, translations
from messages.languages import language as described

_PERIOD = re.compile(r"([0-9]{4})-W([0-9]{2})")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MOST_PLACES = 6  # decimals that are shown
_LONGEST = 18  # digits before a number is shown as a power of ten
_LARGEST = 300  # digits of a float64
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AMOUNT = re.compile(r"([^\d−-]*)(\d[\d\s.,]*?)([^\d]*)")
_COMPARED: Final = {
    "more_than": N_("more than %(value)s"),
    "at_most": N_("at most %(value)s"),
    "less_than": N_("under %(value)s"),
}
_SIGNS: Final = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<"}
_USUAL: Final = {"higher": "at_least", "lower": "at_most"}
_GROUP = 3  # decimals that could be read as a group of thousands


def rounded(number: Decimal, decimals: int) -> Decimal:
    """Round to some decimals, without a negative zero; a number that is written as a power of ten stays as it is."""
    return number if number.adjusted() > _LONGEST else number.quantize(Decimal(1).scaleb(-decimals)) + 0


@lru_cache(maxsize=4096)
def _number(locale: Locale, value: Decimal, decimals: int, unit: str, currency: str | None) -> str:
    if not value.is_finite():
        return NOTHING
    if value.adjusted() > _LONGEST:
        return f"{value:.3e}"
    share = value / 100 if unit == "percent" else value
    pattern = "#,##0" + ("." + "0" * _places(value, decimals) if _places(value, decimals) else "")
    if unit == "money" and currency and _CURRENCY.fullmatch(currency):
        space = "\u00a0" if get_currency_symbol(currency, locale)[-1].isalpha() else ""
        money = f"¤{space}{pattern}" if locale.language == "en" else f"{pattern}\u00a0¤"
        return format_currency(share, currency, money, locale=locale, currency_digits=False)
    if unit == "percent":
        sign = "%" if locale.language == "en" else "\u00a0%"
        return format_percent(share, pattern + sign, locale=locale)
    written = format_decimal(share, pattern, locale=locale)
    if unit == "duration":
        return _duration(locale, value, decimals, written)
    return written


def _duration(locale: Locale, hours: Decimal, decimals: int, written: str) -> str:
    """Write hours as the KPI is read: with decimals as hours alone, else in hours and minutes."""
    gettext = translations(locale.language).gettext
    if decimals or hours.adjusted() > _MOST_PLACES:
        return f"{gettext('%(number)s h') % {'number': written}}".replace(" ", "\u00a0")
    return in_parts(hours, lambda count: str(format_decimal(count, "#,##0", locale=locale)), gettext)


def _range(low: str, high: str) -> str:
    """Write two amounts as one range; what stands before and behind both is written once: ``10–20 %``."""
    first, last = _AMOUNT.fullmatch(low), _AMOUNT.fullmatch(high)
    if first and last and first[1] == last[1] and first[3] == last[3]:
        return f"{first[1]}{first[2]}–{last[2]}{last[3]}"
    return f"{low} – {high}"


def known_currency(code: str) -> bool:
    """Tell whether there is a currency of that ISO 4217 code."""
    return bool(_CURRENCY.fullmatch(code)) and is_currency(code, "en")


def _places(value: Decimal, decimals: int) -> int:
    """Give how many decimals are shown: as many as the KPI has, and more when the number was written with more."""
    exponent = value.normalize().as_tuple().exponent
    written = -exponent if isinstance(exponent, int) else 0
    return max(0, decimals, min(written, _MOST_PLACES))


@lru_cache(maxsize=1024)
def _day(locale: Locale, day: date) -> str:
    return format_date(day, "d MMMM y", locale=locale)


def point(value: Decimal) -> float:
    """Give a number as Slack's charts and tables take it: JSON knows no infinities and no exact decimals."""
    return float(value) if value.is_finite() and value.adjusted() < _LARGEST else 0.0


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(described(language).locale)


class Formats:
    """How one language writes numbers, weeks, dates and times."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = _locale(language)
        self.gettext = translations(language).gettext

    def number(self, value: Decimal | float, decimals: int = 0) -> str:
        """Write a plain number, such as ``12,500``; more decimals than asked for are shown when it has them."""
        return _number(self.locale, Decimal(str(value)), decimals, "count", None)

    def amount(self, value: Decimal | None, kpi: KpiValue) -> str:
        """Write a number in a KPI's unit; a missing one as ``–``.

        Percent values are stored as people write them (12 is 12 %) and durations in hours: one with decimals is shown
        as ``2.5 h``, one without as ``2 h 30 min``.
        """
        if value is None:
            return NOTHING
        return _number(self.locale, value, kpi.decimals, kpi.unit, kpi.currency)

    def value(self, kpi: KpiValue) -> str:
        """Write a KPI's value in its unit."""
        return self.amount(kpi.value, kpi)

    def target(self, kpi: KpiValue) -> str:
        """Write a KPI's target: ``100``, ``at most 5 %``, ``10–20``; a missing one as ``–``.

        That a value has to be at least the target is what everybody expects, and is not said.
        """
        if kpi.target is None:
            return NOTHING
        value = self.amount(kpi.target, kpi)
        if kpi.upper is not None:
            return _range(value, self.amount(kpi.upper, kpi))
        compared = _COMPARED.get(kpi.comparator)
        return self.gettext(compared) % {"value": value} if compared else value

    def typed_target(self, kpi: KpiValue) -> str:
        """Write a KPI's target as a person types it into a form; "" for none. It is read back as the same target."""
        if kpi.target is None:
            return ""
        if kpi.upper is not None:
            ends = [self.typed_amount(end, kpi) for end in (kpi.target, kpi.upper)]
            # A bare number would be read in the other end's unit, which need not be hours.
            bare = kpi.unit == "duration" and any(end[-1:].isdigit() for end in ends)
            low, high = (self.typed(kpi.target), self.typed(kpi.upper)) if bare else ends
            return f"{low}–{high}"
        usual = kpi.comparator in {"", _USUAL.get(kpi.direction)}
        sign = "" if usual else f"{_SIGNS.get(kpi.comparator, '')} "
        return sign + self.typed_amount(kpi.target, kpi)

    def typed_amount(self, value: Decimal, kpi: KpiValue) -> str:
        """Write a KPI's value as a person types it: a number without its unit, or a duration such as ``2 h 30 min``."""
        in_words = as_typed(value) if kpi.unit == "duration" and not kpi.decimals and value.is_finite() else None
        return in_words or self.typed(value)

    def typed(self, value: Decimal) -> str:
        """Write a number as a person types it into a form, so that it is read back as the same number.

        No unit and no groups of thousands; exactly three decimals get a zero after them, because ``1.234`` alone
        could also mean 1234.
        """
        whole, dot, fraction = f"{value.normalize():f}".partition(".")
        if not dot:
            return whole
        fraction = fraction + "0" if len(fraction) == _GROUP else fraction
        return whole + self.decimal_mark + fraction

    @cached_property
    def decimal_mark(self) -> str:
        """The decimal mark that is understood: a language that no parser knows is read as English."""
        return "," if self.language == "sv" else "."

    def delta(self, change: Decimal | None) -> str:
        """Write a relative change, such as 0.12, as ``+12 %``; a missing one as ``–``."""
        if change is None or not change.is_finite():
            return NOTHING
        percent = (change * 100).quantize(Decimal(1)) if abs(change) < 10**6 else change * 100
        sign = "+" if percent > 0 else "−" if percent < 0 else "±"
        return sign + _number(self.locale, abs(percent), 0, "percent", None)

    def share(self, fraction: Decimal, *, finer: int = 0) -> str:
        """Write a fraction, such as 0.031, as ``3.1 %``: one decimal below ten, none above; `finer`: that many more."""
        percent = fraction * 100
        decimals = finer + (1 if abs(percent) < 10 else 0)  # noqa: PLR2004 (ten percent, as said)
        return _number(self.locale, rounded(percent, decimals), 0, "percent", None)

    def rate(self, number: Decimal, *, finer: int = 0) -> str:
        """Write how many come of one, such as 12.5: two decimals, none from a thousand on; `finer`: that many more."""
        decimals = finer + (2 if abs(number) < 1000 else 0)  # noqa: PLR2004 (a thousand, as said)
        return self.number(rounded(number, decimals))

    def weekname(self, period: str) -> str:
        """Name a week: ``2026-W48`` is ``week 48``, ``vecka 48``."""
        found = _PERIOD.fullmatch(period)
        return self.gettext("week %(number)s") % {"number": int(found[2])} if found else mrkdwn(period, 20)

    def weeklabel(self, period: str) -> str:
        """Name a week on a chart's axis: ``w 48``, ``v 48``."""
        found = _PERIOD.fullmatch(period)
        return self.gettext("w %(number)s") % {"number": int(found[2])} if found else plain(period, 20)

    def day(self, day: date) -> str:
        """Write a date: ``3 March 2026``, ``3 mars 2026``."""
        return _day(self.locale, day)

    def daterange(self, first: date, last: date) -> str:
        """Write two dates as one range: ``23–29 November 2026``."""
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{self.day(last)}"
        start = format_date(first, "d MMMM" if first.year == last.year else "d MMMM y", locale=self.locale)
        return f"{start} – {self.day(last)}"

    def age(self, age: timedelta) -> str:
        """Write how long something has taken in one unit, such as ``3 hours``, ``2 dagar``; at least a minute."""
        shown = max(age, timedelta(minutes=1))
        return format_timedelta(shown, granularity="minute", threshold=1, locale=self.locale)

    def weekly(self, time: str) -> str:
        """Write a time of the week, ``Friday 13:00``, with the language's weekday: ``fredag 13:00``; as it is, else."""
        day, _, clock = time.partition(" ")
        return f"{self.weekday(WEEKDAYS.index(day))} {clock}" if day in WEEKDAYS else time

    def in_english(self, time: str) -> str:
        """Give a time of the week that begins with the language's weekday with the English one; as it is, else."""
        day, _, clock = time.strip().partition(" ")
        named = {self.weekday(number).casefold(): name for number, name in enumerate(WEEKDAYS)}
        return f"{named.get(day.casefold(), day)} {clock}"

    def weekday(self, number: int) -> str:
        """Name a weekday, 0 for Monday: ``Monday``, ``måndag``."""
        return str(self.locale.days["format"]["wide"][number])

    def countries(self) -> dict[str, str]:
        """Give the codes of countries by their names: ``Sweden``, ``Sverige`` is ``SE``."""
        return {name: code for code, name in self.locale.territories.items() if code.isalpha()}

    def moment(self, moment: datetime) -> str:
        """Write a weekday and a time, ``Monday 10:00``, ``måndag 10:00``, of an instant in the reader's zone."""
        return format_datetime(moment, "EEEE HH:mm", tzinfo=moment.tzinfo, locale=self.locale)
