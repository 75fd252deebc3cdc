"""What is told in a team's first hour: the kinds of deliveries, and how each names its occasion."""

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from bot.services.sending.owing import owe_to
from storage import Session, delivered, deliveries
from storage.tables import Delivery, Member, Team

INSTALLED: Final = "installed"
HELLO: Final = "hello"
WELCOME: Final = "welcome"
HATS_ASKED: Final = "hats_asked"
MOVED: Final = "welcome_moved"  # changes the welcome: it tells the step that is next now
# A welcome tells the next step for this long; later it is far up in the channel, and nobody looks for it there.
WELCOME_MOVES_FOR: Final = timedelta(days=14)
_WHAT_MOVES = ("hat.", "kpi.", "link.", "proposal.")


def owe_welcome(session: Session, team: Team, by: Member, *, now: datetime) -> None:
    """Owe the team's channel the news that it is there; without a channel, the one who set it up."""
    owe_to(session, team, WELCOME, team.channel_id or by.slack_user_id, f"welcome-{by.id}", now=now)


def owe_moved(session: Session, workspace_id: int, team_id: int, action: str, *, now: datetime) -> None:
    """Owe the team's welcome the step that is next once something was done; `action` is what the audit log calls it.

    What is owed and not yet taken is written when it is sent, and tells of this as well.
    """
    if not action.startswith(_WHAT_MOVES):
        return
    welcome = living_welcome(session, team_id, now=now)
    if welcome is None or delivered.is_waiting(session, team_id, MOVED):
        return
    deliveries.owe_news(
        session,
        workspace_id=workspace_id,
        team_id=team_id,
        kind=MOVED,
        recipient=welcome.recipient,
        about=f"moved-{uuid4().hex}",
        now=now,
    )


def living_welcome(session: Session, team_id: int, *, now: datetime) -> Delivery | None:
    """Return the team's welcome while it tells the next step."""
    welcome = delivered.last_sent(session, team_id=team_id, kind=WELCOME)
    return welcome if welcome is not None and welcome.due_at >= now - WELCOME_MOVES_FOR else None


def owe_without_team(
    session: Session, workspace_id: int, kind: str, recipient: str, about: str, *, now: datetime
) -> bool:
    """Owe somebody one message in a workspace that has no team yet; return whether it is new."""
    return deliveries.owe_news(
        session, workspace_id=workspace_id, team_id=None, kind=kind, recipient=recipient, about=about, now=now
    )
