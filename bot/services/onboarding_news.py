"""What is told in a team's first hour: the kinds of deliveries, and how each names its occasion."""

from datetime import datetime
from typing import Final

from storage import Session, deliveries
from storage.tables import Member, Team

INSTALLED: Final = "installed"
HELLO: Final = "hello"
WELCOME: Final = "welcome"
HATS_ASKED: Final = "hats_asked"


def owe_welcome(session: Session, team: Team, by: Member, *, now: datetime) -> None:
    """Owe the team's channel the news that it is there; without a channel, the one who set it up."""
    owe(session, team, WELCOME, team.channel_id or by.slack_user_id, f"welcome-{by.id}", now=now)


def owe(session: Session, team: Team, kind: str, recipient: str, about: str, *, now: datetime) -> bool:
    """Owe a person or channel one message of the first hour; return whether it is new."""
    return deliveries.owe_news(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        kind=kind,
        recipient=recipient,
        about=about,
        now=now,
    )


def owe_without_team(
    session: Session, workspace_id: int, kind: str, recipient: str, about: str, *, now: datetime
) -> bool:
    """Do the same in a workspace that has no team yet."""
    return deliveries.owe_news(
        session, workspace_id=workspace_id, team_id=None, kind=kind, recipient=recipient, about=about, now=now
    )
