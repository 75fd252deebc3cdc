"""`/metrics` tells an operator what waits, what was done and what went wrong, and names nobody."""

from datetime import timedelta
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from bot.playground.seed import ANNA, TEAM
from bot.slack.client import SlackClient
from bot.web.server import create_web
from messages.content import Message
from storage import Sessions
from storage.tables import Delivery
from tests.support.builders import added
from tests.support.http_api import InProcess, an_api
from tests.support.playground import start_playground
from tests.support.replica import StandingClock
from tests.support.week import TUESDAY, a_playing_team

HELLO = Message("Hello", [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}])
Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]
# What tells few things apart. A person's, a team's or a workspace's name would make a series for each.
LABELS = {"kind", "state", "outcome", "method", "door", "code", "place", "known_by", "check", "le"}
# The library's own, of the process and its interpreter.
FOREIGN = ("python_", "process_")


def figures(web: InProcess) -> Figures:
    families = text_string_to_metric_families(web.get("/metrics").text)
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def figure(found: Figures, name: str, **labels: str) -> float:
    return found.get((name, frozenset(labels.items())), 0.0)


def watched(sessions: Sessions) -> InProcess:
    return InProcess(create_web(sessions, bolt=None, clock=StandingClock(TUESDAY)))


def owe_some(sessions: Sessions, *rows: dict[str, Any]) -> None:
    team = a_playing_team(sessions)
    for number, row in enumerate(rows):
        owed = {"kind": "news", "recipient": f"U{number}", "period": "x", "key": str(number), "state": "due"}
        moments = {"due_at": TUESDAY, "not_before": TUESDAY}
        scope = {"workspace_id": team.workspace_id, "team_id": team.id}
        added(sessions, Delivery(**{**owed, **moments, **scope, **row}))


def test_it_tells_what_could_be_sent_now_since_when_and_what_is_in_doubt(sessions: Sessions) -> None:
    minutes = {n: TUESDAY - timedelta(minutes=n) for n in (-5, 3, 7, 90)}
    owe_some(
        sessions,
        {"not_before": minutes[3]},
        {"not_before": minutes[7], "doubtful": True},
        {"not_before": minutes[-5], "doubtful": True},
        {"not_before": minutes[90], "state": "claimed", "claimed_at": TUESDAY},
        {"not_before": minutes[90], "state": "sent", "doubtful": True},
    )
    found = figures(watched(sessions))
    assert figure(found, "hattrick_deliveries_due") == 2
    assert figure(found, "hattrick_deliveries_due_oldest_seconds") == 7 * 60
    assert figure(found, "hattrick_deliveries_in_doubt") == 2


def test_nothing_waits_where_nothing_is_owed(sessions: Sessions) -> None:
    found = figures(watched(sessions))
    assert ("hattrick_deliveries_due_oldest_seconds", frozenset()) in found
    assert figure(found, "hattrick_deliveries_due_oldest_seconds") == 0


def test_slacks_answers_are_counted_by_method_and_outcome(sqlite_sessions: Sessions) -> None:
    web = watched(sqlite_sessions)
    before = figures(web)
    with start_playground() as playground:
        slack = SlackClient({TEAM: playground.workspace()["bot_token"]}.get, base_url=playground.api_url)
        playground.faults(
            {"kind": "ratelimited", "method": "chat.postMessage", "retry_after": 7, "times": 1},
            {"kind": "server_error", "method": "chat.postMessage", "times": 1},
        )
        for _ in range(3):
            slack.post(TEAM, ANNA, HELLO)
        slack.post(TEAM, "U0NOBODY", HELLO)
        base_url = playground.api_url
    SlackClient({TEAM: "xoxb-0"}.get, base_url=base_url).post(TEAM, ANNA, HELLO)
    after = figures(web)
    name = "hattrick_slack_call_seconds_count"
    for outcome in ("ok", "throttled", "failed", "refused", "unreachable"):
        labels = {"method": "chat.postMessage", "outcome": outcome}
        assert figure(after, name, **labels) - figure(before, name, **labels) == 1, outcome


def test_requests_over_http_are_counted_by_door_and_code(sqlite_sessions: Sessions) -> None:
    with an_api(sqlite_sessions) as api:
        before = figures(api.client)
        api.post({"kpi": "visits", "week": "2026-W47", "value": 4})
        api.client.get("/api/v1/kpis")
        after = figures(api.client)
    name = "hattrick_http_request_seconds_count"
    for code in ("200", "401"):
        assert figure(after, name, door="api", code=code) - figure(before, name, door="api", code=code) == 1
    assert figure(after, name, door="watch", code="200") > figure(before, name, door="watch", code="200")


def test_no_label_tells_people_teams_or_workspaces_apart(sqlite_sessions: Sessions) -> None:
    found = figures(watched(sqlite_sessions))
    labels = {label for name, pairs in found if not name.startswith(FOREIGN) for label, _ in pairs}
    assert labels <= LABELS
    assert "check" in labels
