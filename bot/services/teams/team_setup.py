"""Setting a team up in Slack, and changing its settings: the same form, made by anybody, changed by its admins."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.domain.errors import Refused
from bot.domain.schedule import DEFAULT_DIGEST, DEFAULT_PROMPT, DEFAULT_REMINDER
from bot.domain.spelling import name_key, slugify
from bot.domain.weekly import WeeklyTime
from bot.domain.zones import zone_called
from bot.services.installs.onboarding_news import owe_welcome
from bot.services.people.joining import let_in
from bot.services.sending import channels
from bot.services.teams.working_settings import read_working_time, working_time
from bot.services.workspaces.authority import admin, can_own, is_described, the_team
from bot.services.workspaces.editing import (
    SENT_TWICE_WITHIN,
    FieldProblem,
    FieldProblems,
    Problems,
    note,
    one_line,
    read_ids,
)
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate_team, scene_of
from messages.editing_content import TeamForm
from messages.formats import Formats
from messages.i18n import LANGUAGES, language_of
from messages.life_content import Done
from storage import Session, Sessions, members, team_state, teams, workspaces
from storage.tables import Member, Team, Workspace

ZONE_WHEN_UNKNOWN: Final = "Europe/Stockholm"
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,19}")
_TIMES = ("prompt", "reminder", "digest")
_EXAMPLE = "Friday 13:00"  # of a time, for whoever could not be understood
_LONGEST_SLUG = 55  # leaves room for a number


def blank(sessions: Sessions, asker: Asker, channel: str | None) -> Answer[TeamForm]:
    """Prepare the form for a new team, with what is known of the asker and the channel they are in.

    Raises:
        Refused: `cannot_join` for guests, bots and strangers; `channel_has_team`.
    """
    with sessions.read() as session:
        workspace = workspaces.by_slack_id(session, asker.workspace)
        member = members.by_slack_id(session, workspace.id or 0, asker.user) if workspace else None
        spoken = language_of(members.spoken_locale(member) if member else None)
        with in_language(spoken):
            if workspace is None or member is None or not can_own(member):
                raise Refused("cannot_join")
            if not is_described(member):
                raise Refused("slack_silent")
            here = channel if channel and _CHANNEL.fullmatch(channel) else ""
            taken = _team_in(session, workspace, here) if here else None
            if taken is not None:
                raise Refused("channel_has_team", team=taken.name)
            form = TeamForm(
                state="",
                locale=spoken,
                timezone=member.timezone or ZONE_WHEN_UNKNOWN,
                channel=here,
                prompt=str(DEFAULT_PROMPT),
                reminder=str(DEFAULT_REMINDER),
                digest=str(DEFAULT_DIGEST),
            )
            return Answer(spoken, form)


def create(sessions: Sessions, asker: Asker, typed: Mapping[str, str], *, now: datetime) -> Answer[Done | Problems]:
    """Add a team with the asker as its admin; its channel, or else the asker, is told how to go on.

    Doing it again changes nothing.

    Raises:
        Refused: `cannot_join` for guests, bots and strangers.
    """
    with sessions.write() as session:
        workspace = workspaces.ensure(session, asker.workspace, now=now)
        # One after the other: two teams of one name, or in one channel, must not be there at once.
        workspaces.lock(session, team_state.identity(workspace))
        member = members.by_slack_id(session, workspace.id or 0, asker.user)
        spoken = language_of(members.spoken_locale(member) if member else None)
        with in_language(spoken):
            if member is None or not can_own(member):
                raise Refused("cannot_join")
            if not is_described(member):
                raise Refused("slack_silent")
            same = _set_up_already(session, workspace, member, typed, now)
            if same is not None:
                return Answer(spoken, Done("team_set_up", {"team": same.name, "team_id": same.id}))
            columns, problems = _read(session, workspace, None, typed, spoken)
            if problems:
                return Answer(spoken, Problems(problems))
            return Answer(spoken, _create(session, workspace, member, columns, now))


def filled(sessions: Sessions, asker: Asker) -> Answer[TeamForm]:
    """Prepare the form for the settings of the asker's team.

    Raises:
        Refused: `not_admin`, `not_a_member`.
    """
    with scene_of(sessions, asker) as (session, scene):
        admin(session, scene, asker.user)
        team = the_team(session, scene)
        form = TeamForm(
            state=str(team.id),
            name=team.name,
            locale=team.locale,
            timezone=team.timezone,
            channel=team.channel_id or "",
            prompt=team.prompt_at,
            reminder=team.reminder_at,
            digest=team.digest_at,
            working=working_time(team),
        )
        return Answer(scene.language, form)


def change(
    sessions: Sessions, asker: Asker, state: str, typed: Mapping[str, str], *, now: datetime
) -> Answer[Done | Problems]:
    """Store a team's settings.

    Raises:
        Refused: `form_outdated`, `not_admin`, `not_a_member`.
    """
    (team_id,) = read_ids(state, 1)
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            admin(session, scene, asker.user)
            workspaces.lock(session, scene.workspace_id)
            # Whoever pauses its channel now is waited for: the new one is not paused.
            teams.lock(session, scene.workspace_id, scene.team_id)
            team = the_team(session, scene)
            workspace = workspaces.get(session, scene.workspace_id)
            columns, problems = _read(session, workspace, team, typed, scene.language)
            columns |= read_working_time(typed, problems)
            if problems:
                return Answer(scene.language, Problems(problems))
            before = {name: getattr(team, name) for name in columns}
            for name, value in columns.items():
                setattr(team, name, value)
            if before["channel_id"] != team.channel_id:
                channels.resume(session, team, now=now, was=before["channel_id"])
            note(session, scene, asker.user, "team.settings", team.slug, now=now, before=before, after=columns)
            return Answer(scene.language, Done("team_changed", {"team": team.name}))


def _create(session: Session, workspace: Workspace, member: Member, columns: dict[str, Any], now: datetime) -> Done:
    workspace_id = team_state.identity(workspace)
    name = str(columns["name"])
    team = Team(workspace_id=workspace_id, slug=_free_slug(session, workspace_id, name), name=name, created_at=now)
    for column, value in columns.items():
        setattr(team, column, value)
    session.add(team)
    session.flush()
    team_id = team_state.identity(team)
    scene = Scene(workspace_id, team_id, team.name, team.directory_version, member.id, team.locale)
    note(session, scene, member.slack_user_id, "team.added", team.slug, now=now, after=columns)
    let_in(session, scene, team, member, now=now)
    teams.set_admin(session, team_id, team_state.identity(member), is_admin=True)
    subject, before, after = member.slack_user_id, {"admin": False}, {"admin": True}
    note(session, scene, subject, "member.admin", subject, now=now, before=before, after=after)
    owe_welcome(session, team, member, now=now)
    return Done("team_set_up", {"team": team.name, "team_id": team_id})


def _set_up_already(
    session: Session, workspace: Workspace, member: Member, typed: Mapping[str, str], now: datetime
) -> Team | None:
    """Return the team of that name and channel that the asker has just set up: the form was sent twice."""
    for team in teams.of_workspace(session, team_state.identity(workspace)):
        same = name_key(team.name) == name_key(typed.get("name", "")) and (team.channel_id or "") == typed.get(
            "channel"
        )
        new = team.created_at > now - SENT_TWICE_WITHIN
        if same and new and any(one.id == member.id for one in teams.admins(session, team_state.identity(team))):
            return team
    return None


def _read(
    session: Session, workspace: Workspace, team: Team | None, typed: Mapping[str, str], language: str
) -> tuple[dict[str, Any], FieldProblems]:
    problems: FieldProblems = {}
    name = one_line(typed.get("name", ""), problems, "name")
    others = [one for one in teams.of_workspace(session, workspace.id or 0) if team is None or one.id != team.id]
    if any(name_key(one.name) == name_key(name) for one in others):
        problems.setdefault("name", FieldProblem("team_taken", {"name": name}))
    if typed.get("locale") not in LANGUAGES:
        problems["locale"] = FieldProblem("choice_unknown")
    zone = zone_called(typed.get("timezone", ""))
    if zone is None:
        problems["timezone"] = FieldProblem("zone_unknown", {"text": typed.get("timezone", "")})
    channel = typed.get("channel", "")
    taken = next((one for one in others if channel and one.channel_id == channel), None)
    if channel and not _CHANNEL.fullmatch(channel):
        problems["channel"] = FieldProblem("channel_unknown")
    elif taken is not None:
        problems["channel"] = FieldProblem("channel_taken", {"team": taken.name})
    columns: dict[str, Any] = {
        "name": name,
        "locale": typed.get("locale", ""),
        "timezone": zone or "",
        "channel_id": channel or None,
        **{f"{time}_at": _weekly(typed.get(time, ""), problems, time, language) for time in _TIMES},
    }
    return columns, problems


def _weekly(text: str, problems: FieldProblems, where: str, language: str) -> str:
    if not text.strip():
        return ""
    formats = Formats(language)
    try:
        return str(WeeklyTime.parse(formats.in_english(text)))
    except ValueError:
        problems[where] = FieldProblem("time_unreadable", {"example": formats.weekly(_EXAMPLE)})
        return ""


def _team_in(session: Session, workspace: Workspace, channel: str) -> Team | None:
    live = teams.of_workspace(session, team_state.identity(workspace))
    return next((team for team in live if team.channel_id == channel), None)


def _free_slug(session: Session, workspace_id: int, name: str) -> str:
    base = slugify(name)
    slug, number = base, 2
    while teams.by_slug(session, workspace_id, slug) is not None:
        slug, number = f"{base[:_LONGEST_SLUG].rstrip('-')}-{number}", number + 1
    return slug
