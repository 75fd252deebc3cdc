"""A clock that jumps at random, forward and back and over both changes of summer time, while two replicas run."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.services.teams.rhythms import asking_time
from storage.tables import Team
from tests.support.database import copy_sqlite, opened
from tests.support.fake_slack import FakeSlack, PostedButInDoubt
from tests.support.replica import Replica, StandingClock
from tests.support.soaking import Artefact, setting
from tests.support.week import CHANNEL, a_player, a_playing_team

# Before each change of summer time in Europe: 25 October 2026 and 28 March 2027.
BEGINNINGS = (datetime(2026, 10, 19, 8, tzinfo=UTC), datetime(2027, 3, 22, 8, tzinfo=UTC))
ZONES = ("Europe/Stockholm", "America/New_York", "Asia/Tokyo")
STEPS = 400
JUMPS = (timedelta(days=1), timedelta(hours=1), timedelta(hours=-1), timedelta(hours=-26), timedelta(minutes=-5))


@pytest.mark.parametrize("began", BEGINNINGS, ids=["clocks go back", "clocks go forward"])
def test_a_clock_that_jumps_doubles_nothing_and_asks_nobody_in_quiet_hours(
    began: datetime, sqlite_template: Path, tmp_path: Path, artefact: Artefact
) -> None:
    lives, said, jumps = setting("clocks", 20), 0, 0
    for number in range(lives):
        chance = random.Random(f"{artefact.seed} {began} {number}")
        url = copy_sqlite(sqlite_template, tmp_path / f"{number}.db")
        made, jumped = _live(url, chance, began)
        said, jumps = said + made, jumps + jumped
    artefact.record(f"clock jumps from {began:%Y-%m-%d}", lives=lives, jumps=jumps, messages=said, doubled=0)
    assert said > lives


def _live(url: str, chance: random.Random, began: datetime) -> tuple[int, int]:
    """Live some weeks; return how many messages came and how often the clock jumped."""
    clock, real, jumped = StandingClock(began), [0.0], 0
    slack = FakeSlack(clock)
    with opened(url) as sessions:
        team = a_playing_team(sessions, created_at=began)
        people = [a_player(sessions, team, f"P{n}", timezone=zone, since=began) for n, zone in enumerate(ZONES)]
        bots = [Replica(sessions, slack, clock, workers=2, monotonic=lambda: real[0]) for _ in range(2)]
        for _ in range(STEPS):
            step = timedelta(minutes=chance.choice((1, 10, 60, 180)))
            real[0] += step.total_seconds()
            clock.now += step
            if chance.random() < 0.05:
                clock.now += chance.choice(JUMPS)
                jumped += 1
            if chance.random() < 0.1:
                slack.outcomes.append(PostedButInDoubt())
            chance.choice(bots).tick()
        for bot in bots:
            bot.close()
    keys = [said.key for said in slack.said]
    assert len(keys) == len(set(keys)), "a message was there twice"
    for person in people:
        _is_let_alone(team, person.member.timezone or "", slack, person.id)
    assert len({said.at for said in slack.all_in(CHANNEL)}) == len(slack.all_in(CHANNEL))
    return len(keys), jumped


def _is_let_alone(team: Team, zone: str, slack: FakeSlack, user: str) -> None:
    allowed = asking_time(team.working_days, team.quiet_from, team.quiet_until, team.holidays)
    for said in slack.all_in(user):
        local = said.at.astimezone(ZoneInfo(zone))
        assert allowed.allows(said.at, zone), f"asked at {local:%A %H:%M} in {zone}"
