"""Readings from and to a CSV file. A file goes in whole or not at all."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.durations import parse_duration
from bot.domain.numbers import Ambiguous, Invalid, NumberProblem, parse_number
from bot.domain.period import Period
from bot.domain.spelling import name_key
from bot.domain.words import Unit
from bot.services.kpis.computed import values_of_team
from bot.services.readings.readings_csv import (
    COLUMNS,
    COMPUTED,
    Problems,
    ReadingsFileError,
    Row,
    rows_of,
    shown_note,
)
from bot.services.team_file.team_file_yaml import nearest
from bot.services.teams.which_team import team_called
from storage import Session, Sessions, kpis, readings, team_state
from storage.readings import Stored
from storage.readings_bulk import NewReading, store_many
from storage.tables import Kpi, Team

__all__ = ["ImportResult", "ReadingsFileError", "export_readings", "import_readings"]

_LONGEST_NOTE: Final = 500
_DECIMALS: Final = Decimal("0.000001")
_PLAIN_DIGITS: Final = 15
_FIRST_WEEK, _LAST_WEEK = "0001-W01", "9999-W53"
_WHY = {
    NumberProblem.EMPTY: "the value is missing",
    NumberProblem.NOT_A_NUMBER: "“{text}” is not a number",
    NumberProblem.NOT_WHOLE: "“{text}” is not a whole number, and {kpi} counts whole things",
    NumberProblem.NEGATIVE: "“{text}” is below zero",
    NumberProblem.TOO_LARGE: "“{text}” has more digits than can be kept",
}


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many of a file's rows were new, corrected an earlier value, or said the same again."""

    new: int
    corrected: int
    same: int

    @property
    def rows(self) -> int:
        """All of them."""
        return self.new + self.corrected + self.same


def import_readings(
    sessions: Sessions,
    workspace_slack_id: str,
    team_slug: str | None,
    source: Path | str,
    now: datetime,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> ImportResult:
    """Store a file's readings in one transaction; a correction keeps the earlier value.

    Args:
        sessions: The database.
        workspace_slack_id: Slack's id of the workspace.
        team_slug: Which team; None when there is only one.
        source: A CSV file, or its text, with the columns week, kpi, value and perhaps note, in any order. A KPI is
            called by its slug or its name.
        now: The present: no later week is taken.
        progress: Told how many rows are stored, and of how many.

    Raises:
        ReadingsFileError: With up to twenty bad rows, each named by its line. Nothing is written.
        TeamNotFoundError: There is no such team, or there are several to choose from.
    """
    with sessions.write() as session:
        team = team_called(session, workspace_slack_id, team_slug)
        checked = _Checking(session, team, now).check(source)
        done = 0

        def tell(count: int) -> None:
            nonlocal done
            done += count
            if progress:
                progress(done, len(checked))

        counted = store_many(session, checked, source="import", progress=tell)
    return ImportResult(counted[Stored.NEW], counted[Stored.CORRECTED], counted[Stored.SAME])


def export_readings(
    sessions: Sessions, workspace_slack_id: str, team_slug: str | None, *, with_computed: bool = False
) -> str:
    """Write every reading of a team as CSV, by week and chain; `import_readings` takes it back.

    With computed values there is one more column, which says `yes` beside them: an import passes them over.

    Raises:
        TeamNotFoundError: There is no such team, or there are several to choose from.
    """
    with sessions.read() as session:
        team_id = team_state.identity(team_called(session, workspace_slack_id, team_slug))
        rows = [
            (week, kpi, _written(value), shown_note(note))
            for week, kpi, value, note in readings.export_rows(session, team_id)
        ]
        found = _computed_rows(session, team_id) if with_computed else []
        order = {kpi.slug: place for place, kpi in enumerate(kpis.entities(session, team_id))} if found else {}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    if with_computed:
        writer.writerow((*COLUMNS, COMPUTED))
        marked = [(week, kpi, value, note, "") for week, kpi, value, note in rows]
        marked += [(week, kpi, value, "", "yes") for week, kpi, value in found]
        marked.sort(key=lambda row: (row[0], order.get(row[1], 0)))
        writer.writerows(marked)
    else:
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return text.getvalue()


def _computed_rows(session: Session, team_id: int) -> list[tuple[str, str, str]]:
    """Give (week, KPI's slug, value) of every live KPI with a formula, for all weeks that it can be computed for."""
    values = values_of_team(session, team_id, first=_FIRST_WEEK, last=_LAST_WEEK)
    return [
        (week, slug, _written(value))
        for slug, (kpi_id, formula, _, _) in kpis.formulas(session, team_id).items()
        if formula
        for week, value in values.get(kpi_id, {}).items()
    ]


def _written(value: Decimal) -> str:
    """Write a number so that no reader can take its decimal point for a thousands separator."""
    plain = f"{value:f}"
    _, point, decimals = plain.partition(".")
    return plain + "0" if point and len(decimals) == len("000") else plain


@dataclass
class _Names:
    """A team's KPIs by what a file may call them: the slug first, then the name, live ones first."""

    by_slug: dict[str, Kpi] = field(default_factory=dict)
    by_name: dict[str, list[Kpi]] = field(default_factory=dict)
    remembered: dict[str, Kpi | str] = field(default_factory=dict)

    @classmethod
    def of(cls, entities: Iterable[Kpi]) -> "_Names":
        names = cls()
        for kpi in sorted(entities, key=lambda kpi: kpi.archived_at is not None):
            names.by_slug[kpi.key] = kpi
            names.by_name.setdefault(name_key(kpi.name), []).append(kpi)
        return names

    def find(self, text: str) -> Kpi | str:
        """Give the KPI, or what is wrong with its name."""
        if text not in self.remembered:
            self.remembered[text] = self._find(text)
        return self.remembered[text]

    def _find(self, text: str) -> Kpi | str:
        if not text:
            return "the KPI is missing"
        key = name_key(text)
        if key in self.by_slug:
            return self.by_slug[key]
        found = self.by_name.get(key, [])
        live = [kpi for kpi in found if kpi.archived_at is None] or found
        if len(live) > 1:
            return f"“{text}” is the name of several KPIs; use one of {', '.join(kpi.slug for kpi in live)}"
        return live[0] if live else f"there is no KPI {text[:60]}{nearest(key, self._suggestions())}"

    def _suggestions(self) -> list[str]:
        return [kpi.slug for kpi in self.by_slug.values()]


class _Checking:
    """Turns rows into readings, or says what is wrong with them."""

    def __init__(self, session: Session, team: Team, now: datetime) -> None:
        self._team = team
        self._now = now
        self._last = Period.of(now.astimezone(ZoneInfo(team.timezone)))
        self._names = _Names.of(kpis.entities(session, team_state.identity(team)))
        self._weeks: dict[str, str | ValueError] = {}
        self._seen: dict[tuple[int, str], int] = {}
        self._problems = Problems()

    def check(self, source: Path | str) -> list[NewReading]:
        """Give every row as a reading.

        Raises:
            ReadingsFileError: One row or more cannot be.
        """
        checked = []
        for row in rows_of(source, self._problems):
            if row.computed:
                continue
            try:
                checked.append(self._reading(row))
            except ValueError as reason:
                self._problems.add(row.line, str(reason))
        self._problems.settle()
        return checked

    def _reading(self, row: Row) -> NewReading:
        week = self._week(row.week)
        kpi = self._names.find(row.kpi)
        if isinstance(kpi, str):
            raise ValueError(kpi)  # noqa: TRY004  # the row is wrong
        if kpi.formula:
            raise ValueError(f"{kpi.slug} is computed from other KPIs, so it takes no values")
        kpi_id = team_state.identity(kpi)
        if (earlier := self._seen.setdefault((kpi_id, week), row.line)) != row.line:
            raise ValueError(f"{kpi.slug} in {week} stands on line {earlier} already")
        if row.note is not None and (len(row.note) > _LONGEST_NOTE or "\0" in row.note):
            raise ValueError(f"the note must be text of at most {_LONGEST_NOTE} characters")
        return NewReading(kpi_id, week, self._value(row.value, kpi), row.note, None, self._now)

    def _week(self, text: str) -> str:
        """Read a week; the same text is read once, however many rows have it."""
        if text not in self._weeks:
            try:
                week = Period.parse(text) if text else None
            except ValueError as reason:
                self._weeks[text] = reason
            else:
                self._weeks[text] = self._accepted(week)
        found = self._weeks[text]
        if isinstance(found, ValueError):
            raise found
        return found

    def _accepted(self, week: Period | None) -> str | ValueError:
        if week is None:
            return ValueError("the week is missing")
        if week > self._last:
            return ValueError(f"{week} has not begun; it is {self._last} now")
        return str(week)

    def _value(self, text: str, kpi: Kpi) -> Decimal:
        if text.isascii() and text.isdigit() and len(text) <= _PLAIN_DIGITS:
            return Decimal(text)
        language = self._team.locale
        if kpi.unit == Unit.DURATION:
            number = parse_duration(text, language=language)
        else:
            number = parse_number(text, whole=kpi.unit == Unit.COUNT and kpi.decimals == 0, language=language)
        if isinstance(number, Ambiguous):
            choices = " or ".join(_written(choice) for choice in number.choices)
            raise ValueError(f"“{text[:40]}” can be {choices}; write one of these")  # noqa: TRY004  # same
        if isinstance(number, Invalid):
            raise ValueError(_WHY[number.reason].format(text=text[:40], kpi=kpi.slug))  # noqa: TRY004  # same
        if number.value != number.value.quantize(_DECIMALS):
            raise ValueError(f"“{text[:40]}” has more than six decimals")
        return number.value
