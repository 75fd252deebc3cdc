"""What most tests of jobs begin with: one bot and a Slack, on the Friday at which a team is asked."""

from collections.abc import Iterator

import pytest

from storage import Sessions
from tests.support.fake_slack import FakeSlack
from tests.support.replica import Replica, StandingClock, replica
from tests.support.week import FRIDAY_13


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(FRIDAY_13)


@pytest.fixture
def slack(clock: StandingClock) -> FakeSlack:
    return FakeSlack(clock)


@pytest.fixture
def bot(sessions: Sessions, slack: FakeSlack, clock: StandingClock) -> Iterator[Replica]:
    with replica(sessions, slack, clock) as started:
        yield started
