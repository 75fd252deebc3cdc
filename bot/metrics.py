"""What Prometheus reads at /metrics: counted and timed where it happens.

Labels take few values: kinds, outcomes and Slack's methods, never a person, a team or a workspace. A child is looked up
by its labels once and kept, for `/hat who` is answered in less than a millisecond.
"""

from functools import cache
from typing import Final

from prometheus_client import Counter, Histogram

_QUICK: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3)
_NETWORK: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

DELIVERIES = Counter("hattrick_deliveries", "Deliveries worked off, by what came of them.", ["kind", "state"])
TICK_SECONDS = Histogram("hattrick_tick_seconds", "How long a tick of the planner and the dispatcher took.")
LISTENER_SECONDS = Histogram(
    "hattrick_listener_seconds",
    "How long what people did in Slack was worked on, by kind (command, action, view, shortcut, event) and outcome.",
    ["kind", "outcome"],
    buckets=_QUICK,
)
SLACK_CALL_SECONDS = Histogram(
    "hattrick_slack_call_seconds",
    "How long calls of Slack's Web API took, by method and outcome (ok, refused, throttled, failed, unreachable).",
    ["method", "outcome"],
    buckets=_NETWORK,
)
HTTP_REQUEST_SECONDS = Histogram(
    "hattrick_http_request_seconds",
    "How long requests over HTTP took, by door (slack, api, watch, other) and status code.",
    ["door", "code"],
    buckets=_QUICK,
)
CRASHES = Counter("hattrick_crashes", "Errors that nobody expected; each has its traceback in the log.", ["place"])
EVENTS_REPEATED = Counter(
    "hattrick_events_repeated",
    "Events that Slack told again: marked as such by Slack, or known to the database and left without effect.",
    ["known_by"],
)
SOURCE_PULLS = Counter("hattrick_source_pulls", "Values read from sources, by outcome (read, failed).", ["outcome"])


@cache
def _listener(kind: str, outcome: str) -> Histogram:
    return LISTENER_SECONDS.labels(kind, outcome)


def listened(kind: str, outcome: str, seconds: float) -> None:
    """Count one thing that somebody did in Slack."""
    _listener(kind, outcome).observe(seconds)
