"""How soon Slack takes another message, where two replicas look at the same workspace at once."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

from sqlmodel import col, select

from bot.services.sending.pacing import paced
from storage import Session, Sessions, deliveries, lanes
from storage.tables import Delivery
from tests.support.builders import NOW, a_team

LEASE, PAUSE = timedelta(minutes=2), timedelta(seconds=30)


def owed(sessions: Sessions, *recipients: str) -> int:
    """Owe one team's people a message each, in a workspace in which something was sent before."""
    team = a_team(sessions)
    with sessions.write() as session:
        for recipient in recipients:
            deliveries.owe_news(
                session,
                workspace_id=team.workspace_id,
                team_id=team.id,
                kind="offer",
                recipient=recipient,
                about=f"proposal-{recipient}",
                now=NOW,
            )
        lanes.move(session, {(team.workspace_id, ""): NOW - timedelta(hours=1)})
    return team.workspace_id


def claimed(session: Session, *, limit: int) -> list[deliveries.Claimed]:
    return deliveries.claim(session, now=NOW, limit=limit, lease=LEASE)


def test_a_workspace_is_left_alone_while_another_replica_claims_there_and_neither_waits_for_ever(
    sessions: Sessions,
) -> None:
    workspace_id = owed(sessions, "U1", "U2", "U3")

    def hold() -> None:
        with sessions.write() as session:
            lanes.hold(session, workspace_id, until=NOW + PAUSE)

    with ThreadPoolExecutor(1) as other:
        with sessions.write() as session:
            claims = claimed(session, limit=2)
            held = other.submit(hold)
            wait([held], timeout=0.5)  # on PostgreSQL it is done by then, on SQLite it waits for its turn
            granted = paced(session, claims, NOW)
        held.result(timeout=10)
    with sessions.read() as session:
        found = session.exec(select(Delivery.not_before).where(col(Delivery.state) == "due")).all()
    assert len(granted) + len(found) == 3
    assert all(moment >= NOW + PAUSE for moment in found), "what was not claimed waits, and what was put back"


def test_what_is_due_in_other_workspaces_or_is_claimed_already_does_not_wait(sessions: Sessions) -> None:
    workspace_id, _ = owed(sessions, "U1"), owed(sessions, "U2")
    with sessions.write() as session:
        lanes.hold(session, workspace_id, until=NOW + PAUSE)
    with sessions.write() as session:
        assert [one.recipient for one in claimed(session, limit=5)] == ["U2"]
        lanes.hold(session, workspace_id + 1, until=NOW + PAUSE)
    with sessions.write() as session:
        assert [one.recipient for one in deliveries.claim(session, now=NOW + PAUSE, limit=5, lease=LEASE)] == ["U1"]
