"""What somebody owes a team for a week: which, of whom, and what has been said of it already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.cadence import is_due
from bot.domain.edit_window import EditWindow
from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.domain.source_links import host_of
from bot.services.hats.hats import kpi_value, names
from bot.services.teams.rhythms import rhythm_of
from bot.services.workspaces.scene import Asker, Scene, locate, locate_team
from messages.content import HatName, KpiValue
from storage import Session, hats, kpis, members, readings, sources, teams
from storage.hats import HatRow
from storage.kpis import KpiRow
from storage.sources import Origin
from storage.tables import Member, Team

LARGEST_ID = 2**31 - 1
# Where values come from when nobody types them.
UNTYPED: Final = ("pull", "api", "import")


@dataclass(frozen=True)
class Duty:
    """What one person owes a team for one week: their hats, KPIs, and what has been said already."""

    team: Team
    member: Member
    period: Period
    hats: tuple[HatName, ...]
    hat_of: dict[int, HatName]
    rows: tuple[KpiRow, ...]
    stored: dict[int, Decimal]
    remarks: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    origins: dict[int, Origin] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """What travels in buttons and modals to find this duty again."""
        return write_state(self.team.id or 0, self.period)

    @property
    def done(self) -> bool:
        """Whether every KPI has a value for the week."""
        return all(row.id in self.stored for row in self.rows)

    def values(self, *, reported: bool) -> tuple[KpiValue, ...]:
        """Return the KPIs that have a value for the week, or those that have none yet."""
        return tuple(self.value_of(row) for row in self.rows if (row.id in self.stored) is reported)

    def value_of(self, row: KpiRow) -> KpiValue:
        """Return a KPI with what was said for the week."""
        note, confidence = self.remarks.get(row.id, ("", None))
        value = self.stored.get(row.id)
        shown = replace(kpi_value(row), value=value, period=str(self.period), note=note, confidence=confidence)
        came = self.origins.get(row.id)
        if came is None or came.source not in UNTYPED:
            return shown
        return replace(shown, origin=came.source, origin_host=host_of(came.address or ""))

    def digest_at(self) -> datetime | None:
        """Return when the team sees the week, in the member's zone; None when the digest is switched off."""
        due = rhythm_of(self.team, self.member).digest_due(self.period)
        return due.astimezone(ZoneInfo(self.member.timezone or self.team.timezone)) if due else None


def write_state(team_id: int, period: Period) -> str:
    """Name a team and a week in a button's value."""
    return f"{team_id}:{period}"


def read_state(state: str) -> tuple[int, Period]:
    """Read what `write_state` wrote.

    Raises:
        Refused: `form_outdated`, when it is something else.
    """
    team, _, period = state.partition(":")
    try:
        team_id, week = int(team), Period.parse(period)
        week.shift(-1), week.shift(1)  # there are weeks beside it
    except ValueError as error:
        raise Refused("form_outdated") from error
    if not 0 < team_id <= LARGEST_ID:
        raise Refused("form_outdated")
    return team_id, week


def duty_of(session: Session, team: Team, member: Member, period: Period, *, now: datetime) -> Duty:
    """Collect what a member owes a team for a week: for their own hats, and for those of owners who are away `now`."""
    player = (team.id or 0, member.id or 0)
    owned = hats.reported_by(session, *player, now=now)
    return duties_of(session, {player: (team, member)}, {player: owned}, period)[player]


def duties_of(
    session: Session,
    players: Mapping[tuple[int, int], tuple[Team, Member]],
    owned: Mapping[tuple[int, int], Sequence[HatRow]],
    period: Period,
) -> dict[tuple[int, int], Duty]:
    """Collect what members owe for a week; both `players` and the hats `owned` are by the ids of team and member."""
    hat_ids = sorted({hat.id for player in players for hat in owned.get(player, ())})
    known = kpis.of_hats(session, hat_ids, period=str(period.shift(-1)), agreed_in=str(period)) if hat_ids else []
    rows: dict[int, list[tuple[int, KpiRow]]] = {}
    for place, row in enumerate(known):
        if not row.formula and is_due(row.cadence, period):
            rows.setdefault(row.hat_id, []).append((place, row))
    asked = [row.id for of_hat in rows.values() for _, row in of_hat]
    stored = readings.of_period(session, asked, str(period)) if asked else {}
    remarks = readings.remarks_of_period(session, list(stored), str(period)) if stored else {}
    origins = sources.origins(session, list(stored), str(period)) if stored else {}
    said = _Said(stored, remarks, origins)
    return {player: _duty(*whose, period, owned.get(player, ()), rows, said) for player, whose in players.items()}


class _Said(NamedTuple):
    """What has been said of a week already, by KPI."""

    stored: dict[int, Decimal]
    remarks: dict[int, tuple[str, str | None]]
    origins: dict[int, Origin]


def _duty(
    team: Team,
    member: Member,
    period: Period,
    owned: Sequence[HatRow],
    by_hat: Mapping[int, list[tuple[int, KpiRow]]],
    said: _Said,
) -> Duty:
    """Pick one member's share; each KPI comes with its place in the chain's order."""
    # The hats in the chain's order, each with its KPIs in that order.
    theirs = sorted(by_hat[hat.id] for hat in owned if hat.id in by_hat)
    rows = tuple(row for of_hat in theirs for _, row in of_hat)
    ids = {row.id for row in rows}
    return Duty(
        team=team,
        member=member,
        period=period,
        hats=names([hat for hat in owned if hat.id in by_hat]),
        hat_of={hat.id: HatName(hat.slug, hat.name) for hat in owned},
        rows=rows,
        stored={kpi_id: value for kpi_id, value in said.stored.items() if kpi_id in ids},
        remarks={kpi_id: remark for kpi_id, remark in said.remarks.items() if kpi_id in ids},
        origins={kpi_id: origin for kpi_id, origin in said.origins.items() if kpi_id in ids},
    )


def scene_and_week(session: Session, asker: Asker, state: str | None) -> tuple[Scene, Period | None]:
    """Find the team and the week that a state names; without one, the asker's team and no week.

    Raises:
        Refused: `form_outdated`.
    """
    if state is None:
        return locate(session, asker), None
    team_id, period = read_state(state)
    return locate_team(session, asker, team_id), period


def duty_in(session: Session, scene: Scene, period: Period | None, now: datetime) -> Duty:
    """Collect what the asker owes for a week, or for the one that is due now.

    Raises:
        Refused: `nothing_to_report`; `form_outdated` for a week that cannot be reported (any more).
    """
    team = teams.get(session, scene.workspace_id, scene.team_id)
    member = members.get(session, scene.workspace_id, scene.member_id) if scene.member_id else None
    if team is None or member is None:
        raise Refused("nothing_to_report")
    current = current_period(team, member, now)
    if period is not None and not oldest_week(team, current, now) <= period <= current.shift(1):
        raise Refused("form_outdated")
    duty = duty_of(session, team, member, period or current, now=now)
    if not duty.rows:
        raise Refused("nothing_to_report")
    return duty


def oldest_week(team: Team, current: Period, now: datetime) -> Period:
    """Return the first week that can still be reported, or corrected, in a team; the one that is due always can."""
    return min(current, EditWindow.at(now, team.timezone, team.edit_weeks).first)


def current_period(team: Team, member: Member, now: datetime) -> Period:
    """Return the week that a member reports on right now."""
    return rhythm_of(team, member).reporting_period(now)
