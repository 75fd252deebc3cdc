"""Applying a team's file: compare, change, and say what was changed.

A plan is an application that is taken back: what it says is what would happen, because it did.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.period import Period
from bot.services.people import leaving
from bot.services.sending import channels
from bot.services.team_file.team_apply_audit import ACTOR, note_changes
from bot.services.team_file.team_apply_chain import settle_chain
from bot.services.team_file.team_apply_hats import settle_hats
from bot.services.team_file.team_file import HatEntry, TeamFile, TeamFileError
from bot.services.teams.team_changes import Applying, Change, Verb, in_words, name_of
from storage import Session, Sessions, members, team_state, teams, workspaces
from storage.tables import Member, Team

__all__ = ["Change", "Verb", "apply", "plan"]

_LEFT_ALONE = ("edit_weeks", "review_months", "hat_check")  # where the file does not say them
_WHY_NOT = {
    "deleted": "has been deactivated in Slack",
    "is_bot": "is a bot",
    "is_restricted": "is a guest",
    "is_stranger": "is from another company's workspace",
}


def plan(sessions: Sessions, workspace_slack_id: str, file: TeamFile, now: datetime) -> list[Change]:
    """Tell what `apply` would change, and change nothing.

    Raises:
        TeamFileError: The file gives a hat to somebody who cannot have one.
    """
    with sessions.write() as session:
        changes = _bring_about(session, workspace_slack_id, file, now)
        session.rollback()
    return changes


def apply(sessions: Sessions, workspace_slack_id: str, file: TeamFile, now: datetime) -> list[Change]:
    """Make the team what the file says, in one transaction; a second time there is nothing to change.

    The workspace and the team are added when they are new. Hats and KPIs that the file lacks are archived, with
    their history; members that it lacks leave the team.

    Raises:
        TeamFileError: The file gives a hat to somebody who cannot have one. Nothing is changed.
    """
    with sessions.write() as session:
        return _bring_about(session, workspace_slack_id, file, now)


def _bring_about(session: Session, workspace_slack_id: str, file: TeamFile, now: datetime) -> list[Change]:
    workspace = workspaces.ensure(session, workspace_slack_id, now=now)
    week = Period.of(now.astimezone(ZoneInfo(file.team.timezone)))
    team = team_state.team_to_change(session, team_state.identity(workspace), file.team.slug)
    is_new = team is None
    if team is None:
        team = Team(
            workspace_id=team_state.identity(workspace), slug=file.team.slug, name=file.team.name, created_at=now
        )
        session.add(team)
    applying = Applying(session, team, file, now, week)
    _settle_team(applying, is_new=is_new)
    session.flush()
    _settle_members(applying)
    settle_hats(applying)
    settle_chain(applying)
    if applying.changes:
        session.flush()
        note_changes(applying)
        teams.touch_directory(session, team_state.identity(team))
    return applying.changes


def _settle_team(applying: Applying, *, is_new: bool) -> None:
    team, entry = applying.team, applying.file.team
    subject = f"team {entry.slug}"
    columns: dict[str, str | bool | int | None] = {
        "name": entry.name,
        "channel_id": entry.channel,
        "locale": entry.locale,
        "timezone": entry.timezone,
        "prompt_at": entry.schedule.prompt,
        "reminder_at": entry.schedule.reminder,
        "digest_at": entry.schedule.digest,
        **(entry.work.columns() if entry.work else {}),
        **(entry.quiet.columns() if entry.quiet else {}),
        **{name: value for name in _LEFT_ALONE if (value := getattr(entry, name)) is not None},
    }
    if is_new:
        for column, value in columns.items():
            setattr(team, column, value)
        applying.note(Verb.ADDED, subject, f"{entry.name}, channel {in_words(entry.channel)}, {entry.timezone}")
        return
    if team.archived_at is not None:
        team.archived_at = None
        applying.note(Verb.RESTORED, subject)
    was = team.channel_id
    applying.settle(subject, team, **columns)
    if team.channel_id != was:
        channels.resume(applying.session, team, now=applying.now, was=was)


def _settle_members(applying: Applying) -> None:
    session, team, entries = applying.session, applying.team, applying.file.members
    known = team_state.members(session, team.workspace_id, [entry.id for entry in entries])
    for entry in entries:
        member = known.get(entry.id) or members.ensure(session, team.workspace_id, entry.id)
        applying.members[entry.id] = member
        if member.refreshed_at is None:
            stated = {"name": entry.name, "timezone": entry.timezone, "locale": entry.locale}
            _describe(applying, member, {column: value for column, value in stated.items() if value is not None})
    _refuse_outsiders(applying)
    team_id = team_state.identity(team)
    before = team_state.memberships(session, team_id)
    for member in applying.members.values():
        if team_state.identity(member) not in before:
            teams.add_member(session, team, team_state.identity(member), now=applying.now)
            applying.note(Verb.ADDED, f"member {name_of(member)}")
    _let_go(applying, [member for _, member in before.values()])
    now_playing = team_state.memberships(session, team_id)
    if not any(entry.admin for entry in entries):
        _keep_an_admin(applying, team_id)
        return
    for entry in entries:
        membership, member = now_playing[team_state.identity(applying.members[entry.id])]
        applying.changed(f"member {name_of(member)}", "admin", membership.is_admin, entry.admin)
        membership.is_admin = entry.admin


def _keep_an_admin(applying: Applying, team_id: int) -> None:
    """Let a team whose file names no admin keep those whom it has; it always has one."""
    first = None if teams.admins(applying.session, team_id) else teams.longest_standing(applying.session, team_id)
    if first is not None:
        member, membership = first
        applying.changed(f"member {name_of(member)}", "admin", membership.is_admin, after=True)
        membership.is_admin = True


def _describe(applying: Applying, member: Member, stated: dict[str, str]) -> None:
    """Keep what the file says of somebody whom Slack has not described yet."""
    for column, value in stated.items():
        earlier = getattr(member, column)
        if earlier:
            applying.changed(f"member {name_of(member)}", column, earlier, value)
        setattr(member, column, value)


def _let_go(applying: Applying, playing: list[Member]) -> None:
    listed = {entry.id for entry in applying.file.members}
    for member in playing:
        if member.slack_user_id not in listed:
            session, team, now = applying.session, applying.team, applying.now
            leaving.end_dealings(session, team, member, actor=ACTOR, now=now)
            teams.remove_member(session, team_state.identity(team), team_state.identity(member), now=now)
            leaving.drop_owed(session, team, member)
            applying.note(Verb.REMOVED, f"member {name_of(member)}", "leaves the team")


def _refuse_outsiders(applying: Applying) -> None:
    roles = [(f"members › {entry.id} › admin", entry.id) for entry in applying.file.members if entry.admin]
    roles += [(f"hats › {hat.slug} › {role}", who) for hat in applying.file.hats for role, who in _people_of(hat)]
    problems = [
        f"{place}: {name_of(applying.members[slack_id])} ({slack_id}) {reason}"
        for place, slack_id in roles
        if (reason := _why_not(applying.members[slack_id]))
    ]
    if problems:
        raise TeamFileError(problems)


def _people_of(hat: HatEntry) -> list[tuple[str, str]]:
    owner = [("owner", hat.owner)] if hat.owner else []
    return owner + [("wearers", wearer) for wearer in hat.wearers if wearer != hat.owner]


def _why_not(member: Member) -> str | None:
    return next((reason for column, reason in _WHY_NOT.items() if getattr(member, column)), None)
