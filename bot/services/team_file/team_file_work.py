"""The part of a team's file that says when the team works."""

from datetime import time
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.services.teams.holiday_calendars import calendar_called
from messages.formats import WEEKDAYS
from storage.tables import Team

_MINUTES: Final = 24 * 60
_NORWAY: Final = "NO"


def _clock(written: Any) -> Any:
    """Take a time without quotes for what it says: YAML reads 17:00 as a number to the base of sixty."""
    if isinstance(written, int) and not isinstance(written, bool) and 0 <= written < _MINUTES:
        return f"{written // 60:02d}:{written % 60:02d}"
    return written


def _time(text: str) -> str:
    try:
        return f"{time.fromisoformat(text):%H:%M}"
    except ValueError:
        raise ValueError('must be a time such as "08:00"') from None


def _country(written: Any) -> Any:
    """Take NO without quotes for Norway: YAML reads it as a no."""
    return _NORWAY if written is False else written


def _calendar(text: str) -> str:
    code = calendar_called(text) if text else ""
    if code is None:
        raise ValueError('must be a country such as SE, a region such as DE-BY, or "" for no holidays')
    return code


def _weekday(text: str) -> str:
    found = [day for day in WEEKDAYS if day.casefold() == text.casefold()]
    if not found:
        raise ValueError("must be weekdays such as Monday")
    return found[0]


_Weekday = Annotated[str, AfterValidator(_weekday)]
_Time = Annotated[str, BeforeValidator(_clock), AfterValidator(_time)]
_Calendar = Annotated[str, BeforeValidator(_country), AfterValidator(_calendar)]


class Work(BaseModel):
    """When the team works, on each member's own clock, and after how many working hours it reminds of a question."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True)

    days: Annotated[tuple[_Weekday, ...], Field(min_length=1)] = WEEKDAYS[:5]
    starts: _Time = Field(default="08:00", alias="from")
    ends: _Time = Field(default="17:00", alias="until")
    holidays: _Calendar = ""
    answer_hours: Annotated[int, Field(ge=1, le=80)] = 8

    @model_validator(mode="after")
    def _ends_later(self) -> "Work":
        if self.ends <= self.starts:
            raise ValueError("must end later than it begins")
        return self

    def columns(self) -> dict[str, Any]:
        """Return it as a team's columns."""
        return {
            "working_days": "".join(sorted({str(WEEKDAYS.index(day) + 1) for day in self.days})),
            "work_starts": self.starts,
            "work_ends": self.ends,
            "holidays": self.holidays,
            "answer_hours": self.answer_hours,
        }

    @classmethod
    def of(cls, team: Team) -> "Work":
        """Return when a team works."""
        days = tuple(WEEKDAYS[int(day) - 1] for day in team.working_days)
        return cls.model_validate(
            {
                "days": days,
                "from": team.work_starts,
                "until": team.work_ends,
                "holidays": team.holidays,
                "answer_hours": team.answer_hours,
            }
        )


class Quiet(BaseModel):
    """Between which times, on each member's own clock, nobody is asked for numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True)

    starts: _Time = Field(default="20:00", alias="from")
    ends: _Time = Field(default="07:00", alias="until")

    def columns(self) -> dict[str, Any]:
        """Return it as a team's columns."""
        return {"quiet_from": self.starts, "quiet_until": self.ends}

    @classmethod
    def of(cls, team: Team) -> "Quiet":
        """Return when a team is not asked."""
        return cls.model_validate({"from": team.quiet_from, "until": team.quiet_until})
