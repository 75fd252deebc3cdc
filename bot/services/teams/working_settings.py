"""When a team works and when it is asked, as its admins set it: what prompts and reminders go by."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from bot.domain.working_time import WorkingWeek
from bot.services.teams.holiday_calendars import calendar_called
from bot.services.workspaces.editing import FieldProblem, FieldProblems
from messages.formats import Formats
from messages.i18n import LANGUAGES
from messages.settings_content import WorkingTime
from storage.tables import Team

LONGEST_WAIT: Final = 80  # working hours until a reminder
_LONGEST_NUMBER: Final = 3  # digits
MOST_WEEKS: Final = 52  # back in which numbers can be changed
FIELDS: Final = ("working_days", "work_starts", "work_ends", "holidays", "answer_hours")
ASKING_FIELDS: Final = ("quiet_from", "quiet_until", "edit_weeks")


def working_time(team: Team) -> WorkingTime:
    """Return when a team works, to show it in a form."""
    return WorkingTime(
        team.working_days,
        team.work_starts,
        team.work_ends,
        team.holidays,
        team.answer_hours,
        team.quiet_from,
        team.quiet_until,
        team.edit_weeks,
    )


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
        **_read_asking_time(typed, problems),
    }


def _read_asking_time(typed: Mapping[str, str], problems: FieldProblems) -> dict[str, Any]:
    """Read when nobody is asked for numbers, and how long those can be changed."""
    if not set(ASKING_FIELDS) <= set(typed):
        return {}
    quiet = {}
    for name in ("quiet_from", "quiet_until"):
        try:
            quiet[name] = f"{time.fromisoformat(typed[name]):%H:%M}"
        except ValueError:
            problems[name] = FieldProblem("time_missing")
    weeks = typed["edit_weeks"].strip()
    readable = weeks.isdecimal() and len(weeks) <= _LONGEST_NUMBER and int(weeks) <= MOST_WEEKS
    if not readable:
        problems["edit_weeks"] = FieldProblem("edit_weeks_range")
    return {**quiet, "edit_weeks": int(weeks) if readable else 0}


def _countries() -> dict[str, str]:
    """Give the codes of countries by their names in every language that the bot speaks."""
    return {name: code for language in LANGUAGES for name, code in Formats(language).countries().items()}
