"""Readings that come from programs: checked row by row, stored all or none, once for each idempotency key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from bot.domain.cadence import is_due
from bot.domain.edit_window import EditWindow
from bot.domain.numbers import MAX_DIGITS
from bot.domain.period import Period
from bot.domain.spelling import name_key
from bot.domain.words import Cadence, Unit
from bot.services.sending.texts import storable
from storage import Session, Sessions, api, audits, kpis, team_state, teams
from storage.api import Bearer
from storage.readings import Stored
from storage.readings_bulk import NewReading, store_many
from storage.tables import Kpi, Team

LONGEST_NOTE: Final = 500
KEYS_KEPT: Final = timedelta(days=7)
_SMALLEST: Final = Decimal("0.000001")
_LARGEST: Final = Decimal(10) ** MAX_DIGITS
OK: Final = 200
_OFTEN: Final[Mapping[str, str]] = {Cadence.BIWEEKLY: "every two weeks", Cadence.MONTHLY: "once a month"}


@dataclass(frozen=True, slots=True)
class Given:
    """One row as a program sent it."""

    kpi: str
    week: str
    value: Decimal
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a field of a row; rows count from 0."""

    index: int
    field: str
    detail: str


class RowsRefusedError(Exception):
    """Some rows cannot be taken. Nothing was stored."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        super().__init__(f"{len(problems)} rows cannot be taken")
        self.problems = tuple(problems)


class KeyReusedError(Exception):
    """The idempotency key belongs to a request that said something else."""


@dataclass(frozen=True)
class Taken:
    """What a request is answered, and whether it had its effect before."""

    answer: Mapping[str, Any]
    replayed: bool = False


@dataclass(frozen=True)
class Idempotency:
    """A key, and a hash of what the request says."""

    key: str
    fingerprint: str


def take(
    sessions: Sessions, holder: Bearer, rows: Sequence[Given], once: Idempotency | None, *, now: datetime
) -> Taken:
    """Store a request's rows in one transaction. With a key, the same request again gets the same answer.

    Raises:
        RowsRefusedError: Names each bad row. Nothing is stored, and the key is free again.
        KeyReusedError: The key came with another request before.
    """
    with sessions.write() as session:
        if once and not api.begin_request(session, holder, key=once.key, fingerprint=once.fingerprint, now=now):
            return _as_before(session, holder, once)
        team = teams.get(session, holder.workspace_id, holder.team_id)
        if team is None:
            raise RowsRefusedError([RowProblem(0, "kpi", "The team is gone.")])
        counted = store_many(session, _checked(session, team, rows, now), source="api")
        answer = {
            "readings": len(rows),
            "new": counted[Stored.NEW],
            "corrected": counted[Stored.CORRECTED],
            "same": counted[Stored.SAME],
        }
        if answer["same"] < len(rows):
            _note(session, holder, answer, now)
        if once:
            api.finish_request(session, holder, once.key, status=OK, answer=answer)
        return Taken(answer)


def forget_old_keys(sessions: Sessions, now: datetime) -> None:
    """Forget which requests have had their effect once nobody repeats them any more."""
    with sessions.read() as session:
        if not api.has_requests(session, before=now - KEYS_KEPT):
            return
    with sessions.write() as session:
        api.forget_requests(session, before=now - KEYS_KEPT)


def _as_before(session: Session, holder: Bearer, once: Idempotency) -> Taken:
    made = api.request_made(session, holder, once.key)
    if made is None or made.fingerprint != once.fingerprint:
        raise KeyReusedError
    return Taken(made.answer, replayed=True)


def _note(session: Session, holder: Bearer, answer: Mapping[str, Any], now: datetime) -> None:
    audits.add(
        session,
        workspace_id=holder.workspace_id,
        team_id=holder.team_id,
        actor="API",
        action="readings.received",
        subject=holder.name,
        now=now,
        after={name: answer[name] for name in ("new", "corrected")},
    )


def _checked(session: Session, team: Team, rows: Sequence[Given], now: datetime) -> list[NewReading]:
    window = EditWindow.at(now, team.timezone, team.edit_weeks)
    known = {kpi.key: kpi for kpi in kpis.entities(session, team_state.identity(team))}
    problems: list[RowProblem] = []
    readings: list[NewReading] = []
    seen: dict[tuple[int, str], int] = {}
    for index, row in enumerate(rows):
        kpi = known.get(name_key(row.kpi))
        found = [*_wrong_kpi(row, kpi), *_wrong_week(row, kpi, window)]
        found += _wrong_value(row, kpi) + _wrong_note(row)
        if not found and kpi is not None:
            week, kpi_id = str(Period.parse(row.week)), team_state.identity(kpi)
            first = seen.setdefault((kpi_id, week), index)
            if first != index:
                found.append(("kpi", f"{kpi.slug} in {week} is in row {first} already."))
            readings.append(NewReading(kpi_id, week, row.value, row.note, None, now))
        problems += [RowProblem(index, field, detail) for field, detail in found]
    if problems:
        raise RowsRefusedError(problems)
    return readings


def _wrong_kpi(row: Given, kpi: Kpi | None) -> list[tuple[str, str]]:
    if kpi is None:
        return [("kpi", f"The team has no KPI “{storable(row.kpi, 60)}”; GET /api/v1/kpis lists them.")]
    if kpi.archived_at is not None:
        return [("kpi", f"{kpi.slug} has been put away; nothing is reported for it any more.")]
    if kpi.formula:
        return [("kpi", f"{kpi.slug} is computed from other KPIs ({kpi.formula}); report those.")]
    return []


def _wrong_week(row: Given, kpi: Kpi | None, window: EditWindow) -> list[tuple[str, str]]:
    try:
        week = Period.parse(row.week)
    except ValueError as reason:
        return [("week", storable(str(reason), 200))]
    if week > window.last:
        return [("week", f"{week} has not begun; it is {window.last} now.")]
    if week not in window:
        return [("week", f"{week} cannot be changed any more; the oldest week that can is {window.first}.")]
    if kpi is not None and not is_due(kpi.cadence, week):
        before = next(earlier for back in range(1, 7) if is_due(kpi.cadence, earlier := week.shift(-back)))
        return [("week", f"{kpi.slug} is reported {_OFTEN[kpi.cadence]}, and not for {week}; {before} was its turn.")]
    return []


def _wrong_value(row: Given, kpi: Kpi | None) -> list[tuple[str, str]]:
    if not row.value.is_finite() or row.value.adjusted() >= MAX_DIGITS or abs(row.value) >= _LARGEST:
        return [("value", f"A number has at most {MAX_DIGITS} digits.")]
    if row.value.adjusted() < _SMALLEST.adjusted() - 1 or row.value != row.value.quantize(_SMALLEST):
        return [("value", "A number has at most six decimals.")] if row.value else []
    if kpi is None or kpi.unit != Unit.COUNT:
        return []
    if row.value < 0:
        return [("value", f"{kpi.slug} is counted and cannot be below zero.")]
    if kpi.decimals == 0 and row.value != row.value.to_integral_value():
        return [("value", f"{kpi.slug} is counted in whole numbers.")]
    return []


def _wrong_note(row: Given) -> list[tuple[str, str]]:
    if row.note is not None and storable(row.note, LONGEST_NOTE) != row.note:
        return [("note", f"A note is text of at most {LONGEST_NOTE} characters.")]
    return []
