"""How services owe somebody of a team a message."""

from datetime import datetime

from storage import Session, deliveries
from storage.tables import Team


def owe_to(session: Session, team: Team, kind: str, recipient: str, about: str, *, now: datetime) -> bool:
    """Owe a person or channel one piece of news of the team; return whether it is new."""
    return deliveries.owe_news(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        kind=kind,
        recipient=recipient,
        about=about,
        now=now,
    )
