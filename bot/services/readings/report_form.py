"""The report modal: its pages, and what was typed on one of them when the person goes to another.

Going on stores the page, as the form's last button does: nothing that was typed is lost, whatever becomes of the
modal, and the state that travels in it stays short however many KPIs there are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.services.readings.duties import Duty, current_period, duty_in, oldest_week, scene_and_week
from bot.services.readings.reports import PAGE, Problems, Remark, store
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language
from messages.content import Misread, ReportField, ReportForm
from storage import Session, Sessions, members, teams
from storage.kpis import KpiRow

Step = Literal["next", "previous", "notes"]
_MOST_PAGES: Final = 1000
_NUMBER_OF_WEEK = re.compile(r"(?:(?:v|w|week|vecka)\.?\s*)?([0-9]{1,2})")


@dataclass(frozen=True)
class FormState:
    """What a modal remembers: the team and week, the page, and whether it asks for notes. Written `7:2026-W48|2|n`."""

    duty: str
    page: int = 1
    notes: bool = False

    @classmethod
    def read(cls, text: str) -> "FormState":
        """Read what `str` wrote.

        Raises:
            Refused: `form_outdated`, when it is something else.
        """
        duty, *rest = text.split("|")
        if not rest:
            return cls(duty)
        page, notes = rest if len(rest) == 2 else ("", "")  # noqa: PLR2004  # page and notes
        if not page.isdecimal() or len(page) > len(str(_MOST_PAGES)):
            raise Refused("form_outdated")
        return cls(duty, int(page), notes == "n")

    def __str__(self) -> str:
        if self.page == 1 and not self.notes:
            return self.duty
        return f"{self.duty}|{self.page}|{'n' if self.notes else ''}"


def open_form(
    sessions: Sessions, asker: Asker, state: str | None, *, now: datetime, week: str = ""
) -> Answer[ReportForm]:
    """Prepare the report modal, for the week in `state`, the one that was written, or the one that is due now.

    Raises:
        Refused: `nothing_to_report`, when the asker owns no hat with a KPI in the team; `form_outdated`;
            `week_unreadable` and `week_closed` for a written week.
    """
    with sessions.read() as session:
        scene, period = scene_and_week(session, asker, state)
        with in_language(scene.language):
            if week:
                period = _week_called(session, scene, week, now)
            duty = duty_in(session, scene, period, now)
            # Who wrote notes for this week wants to see them when they come back.
            notes = any(note or confidence for note, confidence in duty.remarks.values())
            return Answer(scene.language, _form(duty, FormState(duty.state, notes=notes)))


def change(
    sessions: Sessions,
    asker: Asker,
    state: str,
    step: Step,
    typed: Mapping[int, str],
    remarks: Mapping[int, Remark],
    *,
    now: datetime,
) -> Answer[ReportForm]:
    """Prepare what the modal shows next: fields for notes, or another page once this one has been stored.

    With a number that cannot be read nothing is stored, and the page comes again with what is wrong where it is.

    Raises:
        Refused: as `bot.services.readings.reports.submit`.
    """
    here = FormState.read(state)
    with sessions.write() as session:
        scene, period = scene_and_week(session, asker, here.duty)
        with in_language(scene.language):
            duty = duty_in(session, scene, period, now)
            if step == "notes":
                return Answer(scene.language, _form(duty, replace(here, notes=not here.notes), typed))
            after = store(session, duty, typed, remarks, scene.language, now=now)
            if isinstance(after, Problems):
                return Answer(scene.language, _form(duty, here, typed, after))
            there = here.page + (1 if step == "next" else -1)
            return Answer(scene.language, _form(after, replace(here, page=there)))


def _form(
    duty: Duty, state: FormState, typed: Mapping[int, str] | None = None, problems: Problems | None = None
) -> ReportForm:
    pages = max(1, -(-len(duty.rows) // PAGE))
    page = min(max(1, state.page), pages)
    rows = duty.rows[(page - 1) * PAGE : page * PAGE]
    return ReportForm(
        team=duty.team.name,
        period=str(duty.period),
        fields=tuple(_field(duty, row, typed or {}, problems) for row in rows),
        state=str(replace(state, duty=duty.state, page=page)),
        page=page,
        pages=pages,
        notes=state.notes,
    )


def _field(duty: Duty, row: KpiRow, typed: Mapping[int, str], problems: Problems | None) -> ReportField:
    last_week = row.value if row.period == str(duty.period.shift(-1)) else None
    problem = problems.by_kpi.get(row.id) if problems else None
    return ReportField(
        kpi_id=row.id,
        kpi=replace(duty.value_of(row), value=row.value, period=row.period, previous=last_week),
        hat=duty.hat_of[row.hat_id],
        suggested=duty.stored.get(row.id, row.value),
        reported=row.id in duty.stored,
        typed=typed.get(row.id),
        misread=Misread(problem.name, problem.text, problem.choices) if problem else None,
    )


def _week_called(session: Session, scene: Scene, text: str, now: datetime) -> Period:
    team = teams.get(session, scene.workspace_id, scene.team_id)
    member = members.get(session, scene.workspace_id, scene.member_id) if scene.member_id else None
    if team is None or member is None:
        raise Refused("nothing_to_report")
    current = current_period(team, member, now)
    try:
        week = _read_week(text.strip(), current.shift(1))
    except ValueError as error:
        raise Refused("week_unreadable", text=text, example=str(current)) from error
    oldest = oldest_week(team, current, now)
    if not oldest <= week <= current.shift(1):
        raise Refused("week_closed", week=str(week), first=str(oldest), last=str(current))
    return week


def _read_week(text: str, latest: Period) -> Period:
    """Read `2026-W46`, or `46` and `week 46` as the last such week that there has been."""
    number = _NUMBER_OF_WEEK.fullmatch(text.casefold())
    if number is None:
        return Period.parse(text)
    year = latest.year if int(number[1]) <= latest.week else latest.year - 1
    return Period(year, int(number[1]))
