"""A team's channel in which Slack takes nothing any more: it is left alone until somebody mends it.

1. Slack's refusal, or its news that the channel was archived or deleted, pauses the channel. One admin hears once what
   to do.
2. What is owed there meanwhile waits, for as long as it may be late. What has another way takes that.
3. The bot is invited, the channel unarchived, another one chosen, or an admin posts the digest once more: what waited
   goes out.
"""

from datetime import datetime
from typing import Final

from bot.services.people import life_news
from bot.services.sending.letters import Composer, Occasion, Unneeded
from bot.services.sending.owing import owe_to
from messages import catalog
from messages.content import Message
from messages.i18n import language_of
from storage import Session, Sessions, deliveries, hearing, members, teams, workspaces
from storage.deliveries import Claimed
from storage.members import spoken_locale
from storage.tables import Team

PAUSED: Final = "channel_paused"
_LONGEST_ERROR: Final = 40


def refused(session: Session, claimed: Claimed, error: str, *, now: datetime) -> bool:
    """Pause the channel that refused a delivery, if it is the team's; return whether it is."""
    team = teams.get(session, claimed.workspace_id, claimed.team_id)
    if team is None or team.channel_id != claimed.recipient:
        return False
    return pause(session, team, claimed.recipient, error, now=now)


def pause(session: Session, team: Team, channel: str, error: str, *, now: datetime) -> bool:
    """Leave a team's channel alone, and let one admin know; once, until it was mended.

    Returns:
        False, when the team has another channel by now.
    """
    # One after the other: several deliveries may be refused at the same time, and somebody may choose another channel.
    teams.lock(session, team.workspace_id, team.id or 0)
    session.refresh(team)
    if team.channel_id != channel:
        return False
    if team.channel_paused_at is not None:
        return True
    team.channel_paused_at, team.channel_paused_for = now, error[:_LONGEST_ERROR]
    for admin in teams.admins(session, team.id or 0)[:1]:
        about = f"paused-{life_news.stamp(now)}"
        owe_to(session, team, PAUSED, admin.slack_user_id, about, now=now)
    return True


def resume(session: Session, team: Team, *, now: datetime, was: str | None = None) -> None:
    """Try a team's channel again; `was` is the one that it has taken the place of."""
    if team.channel_paused_at is None:
        return
    team.channel_paused_at = team.channel_paused_for = None
    if team.channel_id:
        channel = was or team.channel_id
        deliveries.release(session, team_id=team.id or 0, channel=channel, now=now, to=team.channel_id)


def closed(sessions: Sessions, workspace: str, channel: str, error: str, *, now: datetime, event_id: str = "") -> None:
    """Pause the teams whose channel was archived or deleted.

    `event_id` is that of the event that told it: told again, after the channel was mended, it is no news.
    """
    with sessions.write() as session:
        for team in _told_first(session, _teams_in(session, workspace, channel), event_id, now):
            pause(session, team, channel, error, now=now)


def opened(sessions: Sessions, workspace: str, channel: str, *, now: datetime, event_id: str = "") -> bool:
    """Try a channel again that the bot was invited to, or that was unarchived; return whether it was paused.

    `event_id` is as in `closed`.
    """
    with sessions.write() as session:
        paused = [team for team in _teams_in(session, workspace, channel) if team.channel_paused_at]
        for team in _told_first(session, paused, event_id, now):
            resume(session, team, now=now)
        return bool(paused)


def _told_first(session: Session, concerned: list[Team], event_id: str, now: datetime) -> list[Team]:
    """Return whom an event concerns, nobody when it has had its effect before."""
    if not concerned or not event_id:
        return concerned
    return concerned if hearing.first_time(session, concerned[0].workspace_id, event_id, now=now) else []


def _teams_in(session: Session, workspace: str, channel: str) -> list[Team]:
    found = workspaces.by_slack_id(session, workspace)
    return [team for team in teams.of_workspace(session, found.id or 0) if team.channel_id == channel] if found else []


def _paused(occasion: Occasion) -> Message | Unneeded:
    team = occasion.team
    if team.channel_paused_at is None or not team.channel_id:
        return Unneeded("the channel was mended already")
    reader = members.by_slack_id(occasion.session, team.workspace_id, occasion.claimed.recipient)
    language = language_of(spoken_locale(reader) if reader else None, team.locale)
    return catalog.channel_paused(team.name, team.channel_id, team.channel_paused_for or "", language=language)


def _to_the_next_admin(session: Session, team: Team, claimed: Claimed, now: datetime) -> None:
    """Tell another admin, when Slack does not bring it to the first one."""
    known = [admin.slack_user_id for admin in teams.admins(session, team.id or 0)]
    following = known[known.index(claimed.recipient) + 1 :] if claimed.recipient in known else known
    for slack_user_id in following[:1]:
        owe_to(session, team, PAUSED, slack_user_id, claimed.period, now=now)


COMPOSERS: Final[dict[str, Composer]] = {PAUSED: _paused}
OTHER_WAYS: Final = {PAUSED: _to_the_next_admin}
