"""The kinds of values that a team's file is made of, each with what is said of one that is not."""

import re
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from bot.domain.spelling import slugify
from bot.domain.weekly import WeeklyTime
from messages.i18n import LANGUAGES

_MOST = Decimal(10) ** 15
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def one_line(text: str) -> str:
    """Refuse anything but one line of visible characters."""
    if _CONTROL.search(text):
        raise ValueError("must be one line of visible characters")
    return text


def lines(text: str) -> str:
    """Refuse what cannot be seen."""
    if _CONTROL_BUT_LINES.search(text):
        raise ValueError("must be visible characters")
    return text


def _slug(text: str) -> str:
    try:
        proper = slugify(text)
    except ValueError:
        proper = ""
    if text != proper:
        example = f", such as {proper}" if proper else ""
        raise ValueError(f"must be small letters and digits with hyphens between words{example}")
    return text


def _channel(text: str) -> str:
    if text.startswith("#") or re.fullmatch(r"[CG][A-Z0-9]{1,19}", text):
        return text
    raise ValueError('must be a channel\'s id such as C0TEAMHAT1, or its "#name" in quotes')


def _person(text: str) -> str:
    if text.startswith("@") or re.fullmatch(r"[UW][A-Z0-9]{1,19}", text):
        return text
    raise ValueError('must be a member\'s id such as U0ANNA0001, or a "@handle" in quotes')


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone's name such as Europe/Stockholm") from None
    return name


def _weekly(text: str) -> str:
    if not text:
        return text
    try:
        return str(WeeklyTime.parse(text))
    except ValueError:
        raise ValueError('must be a weekday and a time such as Friday 13:00, or "" to switch it off') from None


def spoken(code: str) -> str:
    """Refuse a language that there are no translations for."""
    if code not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
    return code


def number(value: Decimal) -> Decimal:
    """Refuse what cannot be stored exactly."""
    if abs(value) >= _MOST:
        raise ValueError("is too large")
    if value != round(value, 6):
        raise ValueError("has more than six decimals")
    return value


Name = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(one_line)]
Slug = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_slug)]
Channel = Annotated[str, AfterValidator(_channel)]
Person = Annotated[str, AfterValidator(_person)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_zone)]
Weekly = Annotated[str, AfterValidator(_weekly)]
Number = Annotated[Decimal, AfterValidator(number)]


class Part(BaseModel):
    """A part of the file: fields that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True)
