"""Public holidays of a country (`SE`) or one of its regions (`DE-BY`), as the `holidays` library knows them."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final

_DAYS_OFF: Final = ("public", "de_facto")  # categories of the library
LONGEST_CODE: Final = 10
"""Characters of a code that a team can keep."""


def calendar_called(text: str, names: Mapping[str, str] | None = None) -> str | None:
    """Return the code of a country or region: `SE`, `DE-BY`; None when the library has no such one.

    Countries may be given by their codes of two or three letters or their English name, regions by their code or name
    behind a hyphen: `se`, `SWE`, `Sweden`, `DE-Bayern`.

    Args:
        text: What was typed.
        names: The codes of countries by their names in another language.
    """
    called = {_key(name): code for name, code in (names or {}).items() if code in _countries().values()}
    called |= _countries()
    # A name may have a hyphen of its own: Guinea-Bissau is no region of Guinea.
    country, _, region = text.strip().partition("-")
    whole = called.get(_key(text)) if country else None
    if whole is not None:
        return whole
    code = called.get(_key(country))
    if code is None:
        return None
    found = _region(code, region.strip()) if region.strip() else ""
    if found is None:
        return None
    full = f"{code}-{found}" if found else code
    return full if len(full) <= LONGEST_CODE else None


@cache
def is_holiday_in(code: str) -> Callable[[date], bool]:
    """Tell public holidays, and days that are off in practice, such as Midsummer's Eve in Sweden.

    Nowhere are there any for an empty code, or one that the library does not know.
    """
    country, _, region = code.partition("-")
    try:
        calendar = _days_off(country, region or None) if country else {}
    except NotImplementedError:  # what the library raises for a country or region that it does not know
        calendar = {}
    return lambda day: day in calendar


def _days_off(country: str, region: str | None) -> Any:
    known = _library().country_holidays(country, subdiv=region).supported_categories
    return _library().country_holidays(country, subdiv=region, categories=[one for one in _DAYS_OFF if one in known])


def _library() -> Any:
    # It costs every start a tenth of a second, and most teams have set no holidays.
    import holidays  # noqa: PLC0415

    return holidays


@cache
def _countries() -> dict[str, str]:
    """Give the code of two letters of every country, by its codes and its name."""
    supported = _library().list_supported_countries(include_aliases=False)
    found: dict[str, str] = {}
    for name, (_, code, *others) in _library().registry.COUNTRIES.items():
        if code in supported:
            found |= {_key(called): code for called in (name, code, *others)}
    return found


def _region(country: str, text: str) -> str | None:
    calendar = _library().country_holidays(country)
    known = {_key(code): code for code in calendar.subdivisions}
    named = {_key(name): code for name, code in (calendar.subdivisions_aliases or {}).items()}
    return known.get(_key(text)) or named.get(_key(text))


def _key(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
