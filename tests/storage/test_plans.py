"""How much PostgreSQL looks at for a query, also while it does not know yet how much there is."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import event

from storage import Session, Sessions, hats, kpis, readings
from storage.tables import Hat, Kpi, Link, Reading, Team, Workspace
from storage.team_state import identity
from tests.support.builders import NOW, WEEK

pytestmark = pytest.mark.postgres
TEAMS, KPIS = 30, 12
# A team's own looked up in a small table of all teams; all KPIs paired with all would be 130,000 rows.
ENOUGH = 20_000
ASKED: Mapping[str, Callable[[Session, int], object]] = {
    "the KPIs as they stood": lambda session, team_id: kpis.of_team(session, team_id, period=WEEK),
    "the readings": readings.of_team,
    "the links": kpis.links,
    "the hats": hats.all_of_team,
    "the wearers": hats.wearers_of_team,
}


@pytest.fixture
def team_id(postgres_sessions: Sessions) -> int:
    """One of many teams with a chain each, all of which came at once."""
    with postgres_sessions.write() as session:
        workspace = Workspace(slack_team_id="T1", installed_at=NOW)
        session.add(workspace)
        session.flush()
        for number in range(TEAMS):
            last = _chain(session, identity(workspace), number)
    return last


def _chain(session: Session, workspace_id: int, number: int) -> int:
    team = Team(workspace_id=workspace_id, slug=f"team-{number}", name=f"Team {number}", created_at=NOW)
    session.add(team)
    session.flush()
    here = {"workspace_id": workspace_id, "team_id": identity(team)}
    hat = Hat(**here, name="Hunter", slug="hunter", side="sales", position="midfielder", created_at=NOW)
    session.add(hat)
    session.flush()
    chain = [
        Kpi(
            team_id=identity(team),
            hat_id=identity(hat),
            **dict.fromkeys(("name", "slug", "key"), f"k{step}"),
            sequence=step,
            created_at=NOW,
        )
        for step in range(KPIS)
    ]
    session.add_all(chain)
    session.flush()
    ids = [identity(kpi) for kpi in chain]
    session.add_all(Link(team_id=identity(team), upstream_id=up, downstream_id=down) for up, down in pairwise(ids))
    session.add_all(Reading(kpi_id=kpi, period=WEEK, value=Decimal(1), reported_at=NOW) for kpi in ids)
    return identity(team)


@pytest.mark.parametrize("what", list(ASKED))
def test_what_is_asked_for_one_team_is_found_without_looking_at_all_of_them_again_and_again(
    postgres_sessions: Sessions, team_id: int, what: str
) -> None:
    with postgres_sessions.read() as session, noted(session) as statements:
        ASKED[what](session, team_id)
        asked = list(statements)
        seen = sum(_seen(session, *one) for one in asked)
    assert asked
    assert seen < ENOUGH


def test_after_much_has_come_at_once_the_database_is_told_to_count_it(
    postgres_sessions: Sessions, team_id: int
) -> None:
    assert team_id
    postgres_sessions.take_stock()
    with postgres_sessions.read() as session:
        known = session.connection().exec_driver_sql("SELECT reltuples FROM pg_class WHERE relname = 'kpi'").scalar()
    assert known == TEAMS * KPIS


def test_sqlite_needs_not_be_told(sqlite_sessions: Sessions) -> None:
    sqlite_sessions.take_stock()
    with sqlite_sessions.read() as session:
        found = session.connection().exec_driver_sql("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'")
        assert not found.all()


@contextmanager
def noted(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """Collect statements and their values."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        statements.append((statement, values))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _seen(session: Session, statement: str, values: Any) -> int:
    """Count the rows that are looked at, those that are left out among them."""
    told = session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values).scalar()
    return _rows((told if isinstance(told, list) else json.loads(told or ""))[0]["Plan"])


def _rows(node: Mapping[str, Any]) -> int:
    here = node["Actual Rows"] + sum(node[name] for name in node if name.startswith("Rows Removed by"))
    return int(here * node["Actual Loops"]) + sum(_rows(below) for below in node.get("Plans", ()))
