"""When a team works, as its admins set it: what reminders of unanswered questions go by."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.working_time import WorkingWeek
from bot.services.editing import FieldProblem, FieldProblems
from bot.services.holiday_calendars import calendar_called
from messages.formats import Formats
from messages.i18n import LANGUAGES
from messages.settings_content import WorkingTime
from storage.tables import Team

LONGEST_WAIT: Final = 80  # working hours until a reminder
_LONGEST_NUMBER: Final = 3  # digits
FIELDS: Final = ("working_days", "work_starts", "work_ends", "holidays", "answer_hours")


def working_time(team: Team) -> WorkingTime:
    """Return when a team works, to show it in a form."""
    return WorkingTime(team.working_days, team.work_starts, team.work_ends, team.holidays, team.answer_hours)


def read_working_time(typed: Mapping[str, str], problems: FieldProblems) -> dict[str, Any]:
    """Read the fields of a form into a team's columns; one that was opened without them changes none.

    `problems` gets what is wrong with a field.
    """
    if not set(FIELDS) <= set(typed):
        return {}
    days = "".join(sorted(day for day in typed["working_days"].split(",") if day in set("1234567")))
    if not days:
        problems["working_days"] = FieldProblem("working_days_missing")
    starts, ends = typed["work_starts"], typed["work_ends"]
    try:
        week = WorkingWeek.of(days, starts, ends)
        starts, ends = f"{week.opens:%H:%M}", f"{week.closes:%H:%M}"
    except ValueError:
        problems["work_ends"] = FieldProblem("work_ends_first")
    written = typed["holidays"].strip()
    holidays = calendar_called(written, _countries()) if written else ""
    if holidays is None:
        problems["holidays"] = FieldProblem("holidays_unknown", {"text": written})
    hours = typed["answer_hours"].strip()
    readable = hours.isdecimal() and len(hours) <= _LONGEST_NUMBER and 1 <= int(hours) <= LONGEST_WAIT
    if not readable:
        problems["answer_hours"] = FieldProblem("answer_hours_range")
    return {
        "working_days": days,
        "work_starts": starts,
        "work_ends": ends,
        "holidays": holidays or "",
        "answer_hours": int(hours) if readable else 0,
    }


def _countries() -> dict[str, str]:
    """Give the codes of countries by their names in every language that the bot speaks."""
    return {name: code for language in LANGUAGES for name, code in Formats(language).countries().items()}
