"""Counters that Prometheus reads at /metrics."""

from prometheus_client import Counter, Histogram

DELIVERIES = Counter("hattrick_deliveries", "Deliveries worked off, by what came of them.", ["kind", "state"])
TICK_SECONDS = Histogram("hattrick_tick_seconds", "How long a tick of the planner and the dispatcher took.")
