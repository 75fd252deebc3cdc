"""The weekly report: what somebody reports of what they owe, and the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.domain.amounts import parse_amount
from bot.domain.errors import Refused
from bot.domain.numbers import Ambiguous, Invalid, NumberProblem
from bot.services.digests.pass_quality import passes_to_rate
from bot.services.hats.hats import kpi_value
from bot.services.readings.duties import Duty, duty_in, scene_and_week
from bot.services.sending.texts import storable
from bot.services.workspaces.scene import Answer, Asker, in_language
from messages.content import KpiValue, Receipt
from storage import Session, Sessions, readings, sources, weeks
from storage.kpis import KpiRow

# Slack's modals end at 100 blocks; a KPI with its hat's heading, a confidence and a note takes four.
PAGE: Final = 20
LONGEST_NOTE: Final = 500
CONFIDENCES: Final = ("on_track", "at_risk", "off_track")


@dataclass(frozen=True)
class Remark:
    """What a person says about a number beside it; "" takes away what was said before."""

    note: str = ""
    confidence: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field, and what it may have meant."""

    name: str
    text: str
    choices: tuple[Decimal, ...]
    kpi: KpiValue


@dataclass(frozen=True)
class Problems:
    """Fields that could not be read, by KPI. Nothing was stored."""

    by_kpi: dict[int, Problem]


@dataclass(frozen=True)
class Reported:
    """What was stored, and the state by which the message that asked for it is found again."""

    receipt: Receipt
    state: str


def submit(
    sessions: Sessions,
    asker: Asker,
    state: str,
    typed: Mapping[int, str],
    *,
    now: datetime,
    remarks: Mapping[int, Remark] | None = None,
) -> Answer[Reported | Problems]:
    """Store what was typed, by KPI; an empty field leaves its KPI as it is. All or nothing.

    Raises:
        Refused: `nothing_to_report`, `not_owner` when a KPI is not the asker's (any more); `form_empty` when every
            field is empty, unless it is the last page of a long form.
    """
    with sessions.write() as session:
        scene, period = scene_and_week(session, asker, state)
        with in_language(scene.language):
            duty = duty_in(session, scene, period, now)
            if not any(text.strip() for text in typed.values()) and not (len(duty.rows) > PAGE and duty.stored):
                raise Refused("form_empty")
            after = store(session, duty, typed, remarks or {}, scene.language, now=now)
            return Answer(
                scene.language,
                after if isinstance(after, Problems) else Reported(receipt_of(session, after), after.state),
            )


def store(
    session: Session,
    duty: Duty,
    typed: Mapping[int, str],
    remarks: Mapping[int, Remark],
    language: str,
    *,
    now: datetime,
) -> Duty | Problems:
    """Store what was typed for some of a duty's KPIs, whole or not at all; return the duty as it is then.

    Raises:
        Refused: `not_owner`.
    """
    rows = {row.id: row for row in duty.rows}
    if not (typed.keys() | remarks.keys()) <= rows.keys():
        raise Refused("not_owner")
    values, problems = _read(typed, remarks, duty, language)
    return Problems(problems) if problems else store_values(session, duty, values, remarks, source="modal", now=now)


def store_values(
    session: Session,
    duty: Duty,
    values: Mapping[int, Decimal],
    remarks: Mapping[int, Remark],
    *,
    source: str,
    now: datetime,
) -> Duty:
    """Store what was read for some of a duty's KPIs; return the duty as it is then.

    Who reports has something to report: a week that they had skipped is skipped no more.

    Raises:
        Refused: `not_owner`.
    """
    if not values.keys() <= {row.id for row in duty.rows}:
        raise Refused("not_owner")
    said = {kpi_id: _checked(remark) for kpi_id, remark in remarks.items()}
    for kpi_id, value in values.items():
        readings.store(
            session,
            kpi_id=kpi_id,
            period=str(duty.period),
            value=value,
            by=duty.member.id,
            source=source,
            now=now,
            note=said[kpi_id].note if kpi_id in said else None,
            confidence=said[kpi_id].confidence if kpi_id in said else None,
        )
    if values:
        weeks.unskip(session, duty.team.id or 0, duty.member.id or 0, str(duty.period))
    stored = {**duty.stored, **values}
    kept = readings.remarks_of_period(session, list(stored), str(duty.period)) if stored else {}
    came = sources.origins(session, list(stored), str(duty.period)) if stored else {}
    return replace(duty, stored=stored, remarks=kept, origins=came)


def receipt_of(session: Session, duty: Duty) -> Receipt:
    """Say what is stored of a duty and what is not, and ask for how good the passes to it were."""
    return Receipt(
        team=duty.team.name,
        period=str(duty.period),
        stored=duty.values(reported=True),
        missing=duty.values(reported=False),
        digest_at=duty.digest_at(),
        passes=passes_to_rate(session, duty.team, duty.member, duty.period, list(duty.stored)),
    )


def _read(
    typed: Mapping[int, str], remarks: Mapping[int, Remark], duty: Duty, language: str
) -> tuple[dict[int, Decimal], dict[int, Problem]]:
    values: dict[int, Decimal] = {}
    problems: dict[int, Problem] = {}
    for row in duty.rows:
        text, remark = typed.get(row.id, ""), remarks.get(row.id)
        if not text.strip():
            if remark and row.id in duty.stored:
                values[row.id] = duty.stored[row.id]
            elif remark and (remark.note.strip() or remark.confidence in CONFIDENCES):
                problems[row.id] = Problem(NumberProblem.EMPTY.value, text, (), kpi_value(row))
            continue
        read = read_amount(row, text, language)
        if isinstance(read, Problem):
            problems[row.id] = read
        else:
            values[row.id] = read
    return values, problems


def read_amount(row: KpiRow, text: str, language: str) -> Decimal | Problem:
    """Read a KPI's value as somebody typed it, or say what is wrong with it."""
    result = parse_amount(text, unit=row.unit, decimals=row.decimals, language=language)
    if isinstance(result, Ambiguous):
        return Problem("ambiguous", text, result.choices, kpi_value(row))
    if isinstance(result, Invalid):
        return Problem(result.reason.value, text, (), kpi_value(row))
    return result.value


def _checked(remark: Remark) -> Remark:
    confidence = remark.confidence if remark.confidence in CONFIDENCES else ""
    return Remark(storable(remark.note.strip(), LONGEST_NOTE), confidence)
