"""Sixty weeks of two hundred owners in twelve zones."""

import random

from structlog.testing import capture_logs

from bot.domain.period import Period
from storage import Sessions
from tests.support.owners import Simulation
from tests.support.soaking import Artefact

WEEKS = list(Period.span(Period(2026, 40), Period(2027, 46)))


def test_two_hundred_owners_are_asked_as_promised(sqlite_sessions: Sessions, artefact: Artefact) -> None:
    with capture_logs():
        life = Simulation(sqlite_sessions, random.Random(artefact.seed), owners=200, periods=WEEKS, workers=24)
        life.live()
    told = life.told()
    artefact.record("sixty weeks", **told)
    assert min(told[kind] for kind in ("prompt", "reminder", "snooze")) > 500, told
