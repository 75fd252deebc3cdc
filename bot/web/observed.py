"""Figures that are looked up when Prometheus asks, beside those that are counted where things happen."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

import structlog
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily

from bot.web.health import WELL, Remembered
from storage import Sessions, backlogs
from storage.backlogs import Backlog

REMEMBERED_SECONDS: Final = 5.0
log = structlog.get_logger()


class Observed:
    """What waits in the database, the connections in use, and the checks of `/readyz`. A collector of Prometheus's.

    The backlog is the database's: every replica tells the same.
    """

    def __init__(self, sessions: Sessions, clock: Callable[[], datetime], ready: Callable[[], dict[str, str]]) -> None:
        self._sessions, self._clock, self._ready = sessions, clock, ready
        self._backlog = Remembered(self._look, REMEMBERED_SECONDS)

    def collect(self) -> Iterable[Metric]:
        """Look everything up."""
        checks = GaugeMetricFamily(
            "hattrick_check_ok", "Whether a check of /readyz is well (1) or not (0).", labels=["check"]
        )
        for name, found in self._ready().items():
            checks.add_metric([name], float(found == WELL))
        yield checks
        in_use = self._sessions.in_use()
        yield GaugeMetricFamily("hattrick_database_connections", "Connections of the pool that are in use.", in_use)
        backlog = self._backlog()
        if backlog is None:
            return
        oldest = 0.0 if backlog.oldest is None else max(0.0, (self._clock() - backlog.oldest).total_seconds())
        yield GaugeMetricFamily(
            "hattrick_deliveries_due", "Deliveries that could be sent now and are not.", backlog.due
        )
        yield GaugeMetricFamily(
            "hattrick_deliveries_due_oldest_seconds", "For how long the oldest of them could have been sent.", oldest
        )
        yield GaugeMetricFamily(
            "hattrick_deliveries_in_doubt",
            "Open deliveries of which it is not known whether Slack has them; they are looked for before a repeat.",
            backlog.doubtful,
        )

    def _look(self) -> Backlog | None:
        try:
            with self._sessions.read() as session:
                return backlogs.backlog(session, now=self._clock())
        # The other figures must be told while the database is away; that it is, is one of them.
        except Exception:
            log.warning("backlog_unknown", exc_info=True)
            return None


def serve_metrics(
    web: FastAPI, sessions: Sessions, clock: Callable[[], datetime], ready: Callable[[], dict[str, str]]
) -> None:
    """Serve `/metrics`."""
    looked_up = CollectorRegistry()
    looked_up.register(Observed(sessions, clock, ready))

    @web.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(REGISTRY) + generate_latest(looked_up), media_type=CONTENT_TYPE_LATEST)
