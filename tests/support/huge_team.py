"""A team as large as it gets: 200 members, 60 hats with 12 KPIs each, and no name shorter than it may be."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from bot.domain.period import Period
from bot.domain.spelling import name_key
from bot.services.workspaces.api_tokens import MOST_TOKENS
from storage import Sessions
from storage.tables import (
    Alias,
    ApiToken,
    Assignment,
    Evidence,
    Hat,
    HatCheck,
    HatCheckHat,
    Kpi,
    Link,
    Member,
    Membership,
    Question,
    Reading,
    Source,
    Target,
    Team,
    Wearer,
    Workspace,
)

HATS, MEMBERS, KPIS = 60, 200, 12
WEEKS = 10
LONGEST_NAME = 80
# What Slack counts several times: an escaped character is five, and one outside the first plane is two.
HARD = "& <b> *Ö* 🧢 "
NURTURED, BUSY, FREE = 0, 1, HATS - 1  # the first is worn by everybody, the last is nobody's


def long_name(what: str, number: int, *, hard: bool = True) -> str:
    """Give a name of 80 characters."""
    start = f"{number} {what} "
    return (start + (HARD if hard else "Abcdefgh ") * LONGEST_NAME)[: LONGEST_NAME - 1] + "x"


@dataclass(frozen=True)
class HugeTeam:
    """Slack's ids of two of its people, who are admins and own the hats, and what is in it."""

    sessions: Sessions
    workspace: str
    team_id: int
    english: str
    swedish: str
    hat_slugs: list[str]
    kpi_slugs: list[str]


def a_huge_team(sessions: Sessions, now: datetime, *, workspace: str = "T0HUGE", channel: str = "C0NORTH") -> HugeTeam:
    """Build it, in a workspace of its own, with readings of nine weeks and a chain of 60 links."""
    with sessions.write() as session:
        row = Workspace(slack_team_id=workspace, installed_at=now)
        session.add(row)
        session.flush()
        team = Team(
            workspace_id=row.id or 0,
            slug="huge-team-" + "x" * 50,
            name=long_name("team", 0),
            channel_id=channel,
            created_at=now,
            holidays="SE",
            quiet_from="00:00",
            quiet_until="00:00",
        )
        session.add(team)
        session.flush()
        scope = {"workspace_id": row.id, "team_id": team.id}
        rows = _rows(scope, now)
        for table, values in rows.items():
            session.execute(insert(table), values)
    hats = [hat["slug"] for hat in rows[Hat]]
    kpis = [kpi["slug"] for kpi in rows[Kpi]]
    people = [member["slack_user_id"] for member in rows[Member]]
    return HugeTeam(sessions, workspace, team.id or 0, people[0], people[1], hats, kpis)


def _rows(scope: dict[str, Any], now: datetime) -> dict[Any, list[dict[str, Any]]]:
    of_workspace, of_team = {"workspace_id": scope["workspace_id"]}, {"team_id": scope["team_id"]}
    long_ago = now - timedelta(weeks=WEEKS)
    weeks = [str(Period.of(now.date()).shift(-n)) for n in range(WEEKS)]
    members, hats = range(1, MEMBERS + 1), range(1, HATS + 1)
    kpis = range(1, HATS * KPIS + 1)
    slug = "x" * 50
    rows: dict[Any, list[dict[str, Any]]] = {}
    rows[Member] = [
        {
            "id": n,
            "slack_user_id": f"U{n:010}",
            "name": long_name("person", n),
            "handle": f"person{n}",
            "locale": "sv-SE" if n % 2 == 0 else "en-US",
            "timezone": "Europe/Stockholm",
            "refreshed_at": now,
            **of_workspace,
        }
        for n in members
    ]
    rows[Membership] = [{"member_id": n, "is_admin": n <= 2, "joined_at": long_ago, **scope} for n in members]
    rows[Hat] = [
        {
            "id": n,
            "slug": f"hat-{n}-{slug}"[:60],
            "name": long_name("hat", n),
            "side": ("sales", "marketing")[n % 2],
            "position": ("defender", "midfielder", "forward", "libero")[n % 4],
            "ask_about": (HARD * 100)[:500],
            "created_at": long_ago,
            **scope,
        }
        for n in hats
    ]
    rows[Alias] = [
        {"hat_id": hat["id"], "kind": "slug", "text": hat["slug"], "key": name_key(hat["slug"]), **of_team}
        for hat in rows[Hat]
    ] + [
        {"hat_id": n, "kind": "alias", "text": text, "key": name_key(text), **of_team}
        for n in hats
        for i in range(10)
        if (text := f"{n} {i} alias {'Abcdefgh ' * 9}"[:78])
    ]
    # Both have half of the hats, and one is nobody's.
    rows[Assignment] = [
        {"hat_id": n, "member_id": 1 + n % 2, "started_at": long_ago, "review_at": now, **of_workspace}
        for n in hats[:-1]
    ]
    rows[Wearer] = [
        {"hat_id": hat, "member_id": n, "since": long_ago, **of_workspace}
        for n in members
        for hat in (hats if n <= 2 else hats[:2])
    ]
    rows[Kpi] = [
        {
            "id": n,
            "hat_id": 1 + (n - 1) // KPIS,
            "slug": f"kpi-{n}-{slug}"[:60],
            "key": name_key(f"kpi-{n}-{slug}"[:60]),
            "name": long_name("kpi", n),
            "unit": ("count", "money", "percent", "duration")[n % 4],
            "currency": "SEK" if n % 4 == 1 else None,
            "sequence": n,
            "is_goal": n == kpis[-1],
            "created_at": long_ago,
            **of_team,
        }
        for n in kpis
    ]
    rows[Target] = [
        {
            "kpi_id": n,
            "valid_from": "2020-W01",
            "value": Decimal(999_999_999),
            "comparator": "at_least",
            "agreed_at": now,
        }
        for n in kpis
    ]
    rows[Link] = [{"upstream_id": n, "downstream_id": n + KPIS, "lag_weeks": 1, **of_team} for n in kpis[:-KPIS:KPIS]]
    rows[Reading] = [
        {
            "kpi_id": n,
            "period": week,
            "value": Decimal(900_000_000 + (n * 37 + i * 1013) % 997),
            "note": "" if i else (HARD * 50)[:300],
            "source": "modal",
            "reported_at": now,
        }
        for i, week in enumerate(weeks[1:])
        for n in kpis
        if i or n % 3  # a third of the last week is still owed
    ]
    rows[Question] = [
        {
            "id": n,
            "hat_id": hats[n % 3],
            "asker_id": 1 + (n // 3) % 2,
            "text": (HARD * 300)[:2000],
            "key": f"q{n}",
            "channel_id": "C0NORTH",
            "thread_ts": f"1.{n}",
            "asked_at": now - timedelta(hours=n),
            **of_workspace,
        }
        for n in range(1, 61)
    ]
    rows[HatCheck] = [
        {"id": n * 100 + i, "member_id": n, "period": week, "answered_at": now, **scope}
        for n in members[:20]
        for i, week in enumerate(weeks[1:5])
    ]
    rows[HatCheckHat] = [{"hat_check_id": check["id"], "hat_id": hat} for check in rows[HatCheck] for hat in hats[::7]]
    rows[Evidence] = [
        {"hat_id": hat, "member_id": n, "kind": "took_it", "key": f"e{hat}.{n}", "occurred_at": now, **of_workspace}
        for hat in hats
        for n in members[:12]
    ]
    rows[ApiToken] = [
        {"name": long_name("token", n), "prefix": "hat_12345678", "token_hash": f"{n:064}", "created_at": now, **scope}
        for n in range(MOST_TOKENS - 1)  # one more may be made
    ]
    rows[Source] = [
        {
            "kpi_id": n,
            "address": f"https://{'very-long-name.' * 10}example.org/{'path/' * 200}{n}",
            "expression": "v" * 500,
            "week_expression": "w" * 500,
            "next_at": now + timedelta(days=90),
            "failing_since": now,
            "told_at": now,
            "problem": '{"name": "no_column", "text": "x"}',
            "created_at": now,
            **scope,
        }
        for n in kpis[::6]
    ]
    return rows
