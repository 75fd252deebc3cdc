"""What Slack says of people, remembered: names, zones, languages, and who is no longer there."""

from datetime import datetime, timedelta

from bot.services import leaving
from bot.slack.port import Profile, Slack
from storage import Sessions, members, workspaces

REFRESH_AFTER = timedelta(hours=12)
MOST_AT_ONCE = 50


def remember(sessions: Sessions, workspace: str, profile: Profile, *, now: datetime) -> bool:
    """Store what Slack says of a member that a team knows, and act on it; return whether one does.

    Somebody who has been deactivated leaves their teams; a guest, bot or stranger owns nothing any more.
    """
    with sessions.write() as session:
        found = workspaces.by_slack_id(session, workspace)
        if found is None:
            return False
        known = members.describe(
            session,
            found.id or 0,
            profile.slack_user_id,
            now=now,
            name=profile.name[:200],
            timezone=profile.timezone,
            locale=profile.locale,
            is_bot=profile.is_bot,
            is_restricted=profile.is_restricted,
            is_stranger=profile.is_stranger,
            deleted=profile.deleted,
        )
        member = members.by_slack_id(session, found.id or 0, profile.slack_user_id) if known else None
        if member is not None:
            leaving.follow(session, member, now=now)
        return known


def refresh(sessions: Sessions, slack: Slack, *, now: datetime) -> int:
    """Ask Slack about members that were last described long ago, a few at a time; return how many were."""
    with sessions.read() as session:
        stale = [
            (workspace.slack_team_id, user)
            for workspace in workspaces.live(session)
            for user in members.stale(session, workspace.id or 0, before=now - REFRESH_AFTER, limit=MOST_AT_ONCE)
        ]
    profiles = [(workspace, slack.profile(workspace, user)) for workspace, user in stale[:MOST_AT_ONCE]]
    return sum(remember(sessions, workspace, profile, now=now) for workspace, profile in profiles if profile)
