"""A team as the file that would make it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.domain.period import Period
from bot.services.agreements.agreed import bounds_held, in_words
from bot.services.team_file.team_file import (
    HatEntry,
    KpiEntry,
    LinkEntry,
    MemberEntry,
    Schedule,
    TeamEntry,
    TeamFile,
    WeekEntry,
)
from bot.services.team_file.team_file_sources import SourceEntry
from bot.services.team_file.team_file_work import Quiet, Work
from bot.services.teams.which_team import team_called
from storage import Session, Sessions, sources, team_state
from storage import kpis as stored_kpis
from storage.tables import Hat, Kpi, Member, Source, Target, TargetOverride, Team


def export_team(sessions: Sessions, workspace_slack_id: str, team_slug: str | None, now: datetime) -> str:
    """Write a team as YAML; applied to the same team, it changes nothing.

    Args:
        sessions: The database.
        workspace_slack_id: Slack's id of the workspace.
        team_slug: Which team; None when there is only one.
        now: The present: targets are those of its week.

    Raises:
        TeamNotFoundError: There is no such team, or there are several to choose from.
    """
    with sessions.read() as session:
        file = _file_of(session, team_called(session, workspace_slack_id, team_slug), now)
    content = file.model_dump(by_alias=True, exclude_defaults=True)
    # What is worth seeing even where it is as usual.
    content["team"] |= {"locale": file.team.locale, "timezone": file.team.timezone}
    content["team"]["schedule"] = file.team.schedule.model_dump()
    content["hats"] = [_showing("owner", hat) for hat in file.hats]
    content["links"] = [_showing("lag", link) for link in file.links]
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)


def _showing(field: str, entry: HatEntry | LinkEntry) -> dict[str, Any]:
    """Give an entry without what is as usual, but for one field."""
    said = entry.model_dump(by_alias=True, exclude_defaults=True)
    everything = entry.model_dump(by_alias=True)
    return {name: said.get(name, value) for name, value in everything.items() if name in said or name == field}


class _Dumper(yaml.SafeDumper):
    """Writes tuples as lists, words as text and decimals as plain numbers."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # PyYAML's hook
        return True


def _write_decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    whole = value == value.to_integral_value()
    kind = "int" if whole else "float"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", f"{int(value)}" if whole else f"{value:f}")


_Dumper.add_representer(tuple, yaml.SafeDumper.represent_list)
_Dumper.add_representer(Decimal, _write_decimal)
_Dumper.add_multi_representer(str, lambda dumper, text: dumper.represent_str(str(text)))


def _file_of(session: Session, team: Team, now: datetime) -> TeamFile:
    team_id = team_state.identity(team)
    week = str(Period.of(now.astimezone(ZoneInfo(team.timezone))))
    hats = [hat for hat in team_state.hats(session, team_id) if hat.archived_at is None]
    kpis = [kpi for kpi in stored_kpis.entities(session, team_id) if kpi.archived_at is None]
    by_hat: dict[int, list[Kpi]] = defaultdict(list)
    for kpi in kpis:
        by_hat[kpi.hat_id].append(kpi)
    place = {kpi.hat_id: number for number, kpi in reversed(list(enumerate(kpis)))}
    hats.sort(key=lambda hat: (place.get(team_state.identity(hat), len(kpis)), hat.name, hat.slug))
    targets, weeks = team_state.targets(session, team_id), _weeks(session, kpis)
    pulled = {source.kpi_id: source for source in sources.of_team(session, team_id)}
    measured = {
        hat_id: tuple(
            _kpi(kpi, targets.get(kpi.id or 0, []), weeks[kpi.id or 0], pulled.get(kpi.id or 0), week) for kpi in of_hat
        )
        for hat_id, of_hat in by_hat.items()
    }
    entries = _hats(session, team_id, hats, measured)
    order = tuple(kpi.slug for kpi in kpis)
    usual = tuple(kpi.slug for entry in entries for kpi in entry.kpis)
    slugs = {team_state.identity(kpi): kpi.slug for kpi in kpis}
    return TeamFile(
        team=_team(team),
        members=_members(session, team_id, entries, team.workspace_id),
        hats=entries,
        links=tuple(
            LinkEntry(
                source=slugs[link.upstream_id],
                target=slugs[link.downstream_id],
                lag=link.lag_weeks,
                lag_known=link.lag_known,
                rate=link.rate,
            )
            for link in team_state.links(session, team_id)
            if link.upstream_id in slugs and link.downstream_id in slugs
        ),
        goal=next((kpi.slug for kpi in kpis if kpi.is_goal), None),
        order=None if order == usual else order,
    )


def _weeks(session: Session, kpis: Sequence[Kpi]) -> dict[int, list[TargetOverride]]:
    found: dict[int, list[TargetOverride]] = defaultdict(list)
    for row in stored_kpis.overrides(session, [team_state.identity(kpi) for kpi in kpis]):
        found[row.kpi_id].append(row)
    return found


def _team(team: Team) -> TeamEntry:
    return TeamEntry.model_validate(
        {
            "slug": team.slug,
            "name": team.name,
            "channel": team.channel_id,
            "locale": team.locale,
            "timezone": team.timezone,
            "schedule": Schedule(prompt=team.prompt_at, reminder=team.reminder_at, digest=team.digest_at),
            "work": None if (work := Work.of(team)) == Work() else work,
            "quiet": None if (quiet := Quiet.of(team)) == Quiet() else quiet,
            "edit_weeks": _unusual(team, "edit_weeks"),
            "review_months": _unusual(team, "review_months"),
            "hat_check": team.hat_check,
        }
    )


def _unusual(team: Team, column: str) -> int | None:
    usual, value = Team.model_fields[column].default, getattr(team, column)
    return None if value == usual else int(value)


def _members(session: Session, team_id: int, hats: tuple[HatEntry, ...], workspace_id: int) -> tuple[MemberEntry, ...]:
    """Give everybody who plays in the team, and whoever has a hat of it."""
    playing = team_state.memberships(session, team_id)
    people = {member.slack_user_id: (member, membership.is_admin) for membership, member in playing.values()}
    with_hats = {person for hat in hats for person in (hat.owner, *hat.wearers) if person is not None}
    for slack_id, member in team_state.members(session, workspace_id, sorted(with_hats - people.keys())).items():
        people[slack_id] = (member, False)
    return tuple(_member(member, admin=admin) for member, admin in people.values())


def _member(member: Member, *, admin: bool) -> MemberEntry:
    return MemberEntry(
        id=member.slack_user_id,
        name=member.name or None,
        timezone=member.timezone,
        locale=member.locale,
        admin=admin,
    )


def _hats(
    session: Session, team_id: int, hats: list[Hat], kpis: dict[int, tuple[KpiEntry, ...]]
) -> tuple[HatEntry, ...]:
    owners, wearers = team_state.owners(session, team_id), team_state.wearers(session, team_id)
    aliases: dict[int, list[str]] = defaultdict(list)
    for row in team_state.aliases(session, team_id):
        if row.kind == "alias":
            aliases[row.hat_id].append(row.text)
    entries = []
    for hat in hats:
        hat_id = team_state.identity(hat)
        fields = {
            "slug": hat.slug,
            "name": hat.name,
            "aliases": aliases[hat_id],
            "side": hat.side,
            "position": hat.position,
            "ask_about": hat.ask_about,
            "owner": owners[hat_id].slack_user_id if hat_id in owners else None,
            "wearers": [member.slack_user_id for member in wearers.get(hat_id, [])],
            "kpis": kpis.get(hat_id, ()),
        }
        entries.append(HatEntry.model_validate(fields))
    return tuple(entries)


def _kpi(kpi: Kpi, agreed: list[Target], weeks: list[TargetOverride], source: Source | None, week: str) -> KpiEntry:
    held = next((row for row in reversed(agreed) if row.valid_from <= week), None)
    fields = {
        "slug": kpi.slug,
        "name": kpi.name,
        "unit": kpi.unit,
        "currency": kpi.currency,
        "direction": kpi.direction,
        "cadence": kpi.cadence,
        "decimals": kpi.decimals,
        "formula": kpi.formula,
        "shown_as": kpi.shown_as,
        "target": _target(held, kpi) if held else None,
        "weeks": [
            WeekEntry(
                week=row.period, target=in_words(bounds_held(row, kpi.direction), kpi.direction), reason=row.reason
            )
            for row in weeks
        ],
        # One that was given a formula later on is not pulled any more.
        "source": SourceEntry.of(source) if source and not kpi.formula else None,
    }
    return KpiEntry.model_validate(fields)


def _target(row: Target | TargetOverride, kpi: Kpi) -> Decimal | str:
    return in_words(bounds_held(row, kpi.direction), kpi.direction)
