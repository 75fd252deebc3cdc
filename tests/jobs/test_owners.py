"""Half a year of owners in twelve zones, over both changes of every clock; `make soak` lives the long version."""

import random

import pytest
from structlog.testing import capture_logs

from bot.domain.period import Period
from storage import Sessions
from tests.support.owners import ZONES, Simulation

# From summer time to winter time and back, on both sides of the equator.
HALF_A_YEAR = list(Period.span(Period(2026, 40), Period(2027, 14)))


@pytest.mark.timeout(300)
def test_everybody_is_asked_once_on_time_at_most_twice_and_never_in_vain(sqlite_sessions: Sessions) -> None:
    with capture_logs():
        life = Simulation(sqlite_sessions, random.Random(60), owners=36, periods=HALF_A_YEAR)
        life.live()
    told = life.told()
    assert min(told[kind] for kind in ("prompt", "reminder", "snooze")) > 100, told
    assert {owner.rhythm.zone for owner in life.owners.values()} == set(ZONES)
