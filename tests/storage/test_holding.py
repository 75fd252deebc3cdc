"""What is held keeps others from holding it as well, and keeps nobody from adding what belongs to it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from storage import Session, Sessions, audits, hats, teams, workspaces
from storage.tables import Hat, Team
from tests.support.builders import NOW, a_hat, a_team

Hold = Callable[[Session, Team, Hat], object]
HOLDS: dict[str, Hold] = {
    "workspace": lambda session, team, _: workspaces.lock(session, team.workspace_id),
    "team": lambda session, team, _: teams.lock(session, team.workspace_id, team.id or 0),
    "hat": lambda session, _, hat: hats.lock(session, hat.id or 0),
}


@pytest.mark.parametrize("hold", HOLDS.values(), ids=HOLDS)
def test_one_holds_it_after_the_other(sessions: Sessions, hold: Hold) -> None:
    team = a_team(sessions)
    hat, held = a_hat(sessions, team), list[str]()

    def second() -> None:
        with sessions.write() as session:
            hold(session, team, hat)
            held.append("second")

    with ThreadPoolExecutor(1) as other:
        with sessions.write() as session:
            hold(session, team, hat)
            waiting = other.submit(second)
            wait([waiting], timeout=0.3)
            held.append("first")
        waiting.result(timeout=10)
    assert held == ["first", "second"]


@pytest.mark.postgres
def test_who_holds_a_hat_and_notes_it_waits_for_nobody_who_holds_the_team_and_waits_for_the_hat(
    postgres_sessions: Sessions,
) -> None:
    team = a_team(postgres_sessions)
    hat = a_hat(postgres_sessions, team)
    place = {"workspace_id": team.workspace_id, "team_id": team.id or 0}

    def agree() -> None:
        with postgres_sessions.write() as session:
            audits.add(session, **place, actor="U1", action="hat.owner", subject=hat.slug, now=NOW)

    with ThreadPoolExecutor(1) as other, postgres_sessions.write() as session:
        for hold in HOLDS.values():
            hold(session, team, hat)
        other.submit(agree).result(timeout=5)
