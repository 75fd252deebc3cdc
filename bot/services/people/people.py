"""What Slack says of people, remembered: names, zones, languages, and who is no longer there."""

import re
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.services.people import leaving
from bot.services.sending.texts import storable
from bot.services.workspaces.authority import is_described
from bot.slack.port import Profile, Slack
from storage import Session, Sessions, hearing, members, workspaces
from storage.tables import Workspace

REFRESH_AFTER = timedelta(hours=12)
MOST_AT_ONCE = 50
# Who is about to be asked is described no longer ago than this: people travel, and are asked where they are.
FRESH_ENOUGH = timedelta(hours=1)
ASKED_WITHIN = timedelta(hours=1)
# Whom Slack cannot describe now is asked about again this long after, behind those who wait for the first time.
ASK_AGAIN_AFTER = timedelta(hours=1)
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4})?")


def remember(sessions: Sessions, workspace: str, profile: Profile, *, now: datetime, event_id: str = "") -> bool:
    """Store what Slack says of a member that a team knows, and act on it; return whether one does.

    Somebody who has been deactivated leaves their teams; a guest, bot or stranger owns nothing any more. `event_id` is
    that of the event that told it: told again, after a newer one, it is no news.
    """
    with sessions.write() as session:
        found = workspaces.by_slack_id(session, workspace)
        if found is None or (event_id and not _is_news(session, found, profile, event_id, now)):
            return False
        known = members.describe(
            session,
            found.id or 0,
            profile.slack_user_id,
            now=now,
            name=storable(profile.name, 200),
            timezone=_known_zone(profile.timezone),
            locale=profile.locale if profile.locale and _LOCALE.fullmatch(profile.locale) else None,
            is_bot=profile.is_bot,
            is_restricted=profile.is_restricted,
            is_stranger=profile.is_stranger,
            deleted=profile.deleted,
        )
        member = members.by_slack_id(session, found.id or 0, profile.slack_user_id) if known else None
        if member is not None:
            leaving.follow(session, member, now=now)
        return known


def _is_news(session: Session, workspace: Workspace, profile: Profile, event_id: str, now: datetime) -> bool:
    """Tell whether an event is about somebody whom a team knows, and has not been told before."""
    workspace_id = workspace.id or 0
    known = members.by_slack_id(session, workspace_id, profile.slack_user_id)
    return known is not None and hearing.first_time(session, workspace_id, event_id, now=now)


def get_to_know(sessions: Sessions, slack: Slack, workspace: str, user: str, *, now: datetime) -> None:
    """Let a person whom nobody has spoken of before be described by Slack, so that they can be offered a hat."""
    if knows(sessions, workspace, user):
        return
    profile = slack.profile(workspace, user)
    if profile is None:
        return
    with sessions.write() as session:
        found = workspaces.by_slack_id(session, workspace)
        if found is None:
            return
        members.ensure(session, found.id or 0, user)
    remember(sessions, workspace, profile, now=now)


def knows(sessions: Sessions, workspace: str, user: str) -> bool:
    """Tell whether Slack has described a person before."""
    with sessions.read() as session:
        found = workspaces.by_slack_id(session, workspace)
        member = members.by_slack_id(session, found.id or 0, user) if found else None
        return member is not None and member.refreshed_at is not None and is_described(member)


def refresh_before_asking(
    sessions: Sessions,
    slack: Slack,
    soon: Collection[tuple[int, str]],
    *,
    now: datetime,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Ask Slack about people who will be asked before long, where it was asked longer ago than an hour.

    A few at a time: what remains is for the next round. Whom Slack cannot describe now is asked where they were.

    Args:
        sessions: The database.
        slack: Whom to ask.
        soon: The workspace and Slack's id of each.
        now: The present.
        stopping: Whether to end: each question may take Slack seconds.

    Returns:
        How many were described.
    """
    with sessions.read() as session:
        stale = members.described_before(session, soon, before=now - FRESH_ENOUGH)
    return sum(
        _described(sessions, slack, workspace, user, now=now)
        for workspace, user in stale[:MOST_AT_ONCE]
        if not stopping()
    )


def _described(sessions: Sessions, slack: Slack, workspace: str, user: str, *, now: datetime) -> bool:
    profile = slack.profile(workspace, user)
    return remember(sessions, workspace, profile, now=now) if profile else False


def refresh(sessions: Sessions, slack: Slack, *, now: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
    """Ask Slack about members that were last described long ago, a few at a time; return how many were.

    `stopping` is as in `refresh_before_asking`.
    """
    with sessions.read() as session:
        stale = [
            (workspace.slack_team_id, user)
            for workspace in workspaces.live(session)
            for user in members.stale(session, workspace.id or 0, before=now - REFRESH_AFTER, limit=MOST_AT_ONCE)
        ]
    described = 0
    for workspace, user in stale[:MOST_AT_ONCE]:
        if stopping():
            break
        profile = slack.profile(workspace, user)
        if profile:
            described += remember(sessions, workspace, profile, now=now)
        else:
            _put_off(sessions, workspace, user, now=now)
    return described


def _put_off(sessions: Sessions, workspace: str, user: str, *, now: datetime) -> None:
    with sessions.write() as session:
        found = workspaces.by_slack_id(session, workspace)
        if found:
            members.describe(session, found.id or 0, user, now=now - REFRESH_AFTER + ASK_AGAIN_AFTER)


def _known_zone(name: str | None) -> str | None:
    """Return the zone if this machine knows it. Without one, the team's zone counts."""
    try:
        return ZoneInfo(name).key if name else None
    except (ValueError, KeyError, OSError):  # what zoneinfo raises for a name that is not a zone
        return None
