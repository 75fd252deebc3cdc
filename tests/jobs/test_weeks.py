"""Sixty weeks in a few seconds: the same local time all year round, restarts, and random misfortune."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.domain.period import Period
from bot.slack.outcomes import InDoubt, NotSent, Throttled
from bot.slack.port import LookupFailed
from storage import Sessions
from tests.support.database import opened, sqlite_url
from tests.support.fake_slack import (
    CrashesAfterPosting,
    FakeSlack,
    Killed,
    KilledAfterPosting,
    KilledBeforePosting,
    PostedButInDoubt,
    Said,
    Step,
)
from tests.support.replica import Replica, StandingClock, replica
from tests.support.week import (
    CHANNEL,
    FRIDAY_13,
    MONDAY_8,
    MONDAY_10,
    THIS_WEEK,
    Player,
    a_player,
    a_playing_team,
    deliveries_of,
)

# From October 2026 to November 2027: two changes of the clock in each of the three zones, and one twice.
FIRST_WEEK, LAST_WEEK = Period(2026, 40), Period(2027, 46)
WEEKS = [str(period) for period in Period.span(FIRST_WEEK, LAST_WEEK)]
ZONES = {"Europe/Stockholm": "C0STHLM", "America/New_York": "C0NYC", "Australia/Sydney": "C0SYD"}
PROMPT, REMINDER, DIGEST = (4, 13), (0, 8), (0, 10)
# Erik lives in New York: on his Monday morning, teams further east have had their digest. He is reminded on Friday,
# an hour before his quiet hours.
ERIKS_ZONE, EARLY_REMINDER = "America/New_York", (4, 19)


@pytest.mark.timeout(300)
def test_for_sixty_weeks_everybody_is_asked_once_a_week_at_the_same_local_time(sessions: Sessions) -> None:
    clock = StandingClock(datetime(2026, 9, 29, tzinfo=UTC))
    slack = FakeSlack(clock)
    dutiful, silent = {}, {}
    for zone, channel in ZONES.items():
        team = a_playing_team(sessions, channel_id=channel, timezone=zone, created_at=clock.now)
        dutiful[zone] = a_player(sessions, team, "Anna", since=clock.now, timezone=None)
        silent[zone] = a_player(sessions, team, "Erik", since=clock.now, timezone=ERIKS_ZONE)

    with replica(sessions, slack, clock, workers=2) as bot:
        for now, week in _interesting_instants():
            already = len(slack.said)
            bot.tick(now)
            for said in slack.said[already:]:
                for player in dutiful.values():
                    if said.recipient == player.id:
                        player.reports(sessions, "12", week, now=now)
            assert bot.missed == []
    for zone, channel in ZONES.items():
        _came_weekly(slack.all_in(dutiful[zone].id), [PROMPT], zone)
        reminder = REMINDER if zone == ERIKS_ZONE else EARLY_REMINDER
        _came_weekly(slack.all_in(silent[zone].id), [PROMPT, reminder], ERIKS_ZONE)
        _came_weekly(slack.all_in(channel), [DIGEST], zone)
    assert {row.state for row in deliveries_of(sessions)} == {"sent", "skipped"}, "skipped are only the reminders"
    assert {row.kind for row in deliveries_of(sessions, state="skipped")} == {"reminder"}


def _interesting_instants() -> Iterator[tuple[datetime, str]]:
    """Yield when something is due in each zone, and a few instants between.

    In the week before a change of the clock, in the week after it and in every tenth, a second before, too: what
    comes an hour early is there by then, and what comes an hour late is not there when it is due.
    """
    for period in Period.span(FIRST_WEEK, LAST_WEEK):
        due = {_local(period.monday, *time, zone) for time in (PROMPT, REMINDER, DIGEST) for zone in ZONES}
        due.add(_local(period.monday, *EARLY_REMINDER, ERIKS_ZONE))
        between = {_at(period.monday, 5.5), _at(period.monday, 7.9)}
        if period.week % 10 == 0 or _clock_changes(period.monday):
            between |= {at - timedelta(seconds=1) for at in due}
        for now in sorted(due | between):
            yield now, str(period)


def _local(monday: date, weekday: int, hour: int, zone: str) -> datetime:
    day = monday + timedelta(days=weekday or 7)
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _clock_changes(monday: date) -> bool:
    """Tell whether any zone moves its clock in the week from this Monday on or in the one before."""
    return any(
        _at(monday, -7).astimezone(ZoneInfo(zone)).utcoffset() != _at(monday, 7).astimezone(ZoneInfo(zone)).utcoffset()
        for zone in ZONES
    )


def _at(monday: date, days: float) -> datetime:
    return datetime(monday.year, monday.month, monday.day, tzinfo=UTC) + timedelta(days=days)


def _came_weekly(said: list[Said], times: list[tuple[int, int]], zone: str) -> None:
    local = [one.at.astimezone(ZoneInfo(zone)) for one in said]
    assert {(at.weekday(), at.hour) for at in local} == set(times)
    assert {(at.minute, at.second) for at in local} == {(0, 0)}
    assert len(said) == len(WEEKS) * len(times)
    # One in each calendar week: most reminders and all digests come in the week after.
    by_week = Counter((at.isocalendar()[:2], at.weekday(), at.hour) for at in local)
    assert set(by_week.values()) == {1}


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(FRIDAY_13 - timedelta(days=1))


def _the_week() -> Iterator[datetime]:
    for due in (FRIDAY_13, MONDAY_8, MONDAY_10):
        for seconds in (-1, 0, 5, 100, 600):
            yield due + timedelta(seconds=seconds)


def test_a_bot_that_is_started_anew_before_every_tick_sends_the_same_week(
    sessions: Sessions, slack: FakeSlack, clock: StandingClock
) -> None:
    team = a_playing_team(sessions)
    players = [a_player(sessions, team, name) for name in ("Anna", "Erik")]
    for now in _the_week():
        with replica(sessions, slack, clock) as bot:
            bot.tick(now)
            assert bot.missed == []
    _said_the_whole_week(slack, players)


@pytest.mark.parametrize("death", [KilledBeforePosting(), KilledAfterPosting()], ids=["before posting", "after"])
@pytest.mark.parametrize("stage", range(5))
def test_a_bot_that_dies_at_any_message_of_the_week_loses_and_doubles_nothing(
    sqlite_sessions: Sessions, slack: FakeSlack, clock: StandingClock, death: Step, stage: int
) -> None:
    team = a_playing_team(sqlite_sessions)
    players = [a_player(sqlite_sessions, team, name) for name in ("Anna", "Erik")]
    # Two prompts, two reminders and a digest: the one of this stage ends the process.
    slack.outcomes.extend([None] * stage + [death])
    survived = []
    for now in _the_week():
        with replica(sqlite_sessions, slack, clock, workers=1) as bot:
            survived.append(bot.tick(now))
    assert survived.count(False) == 1
    _said_the_whole_week(slack, players)


def test_a_bot_that_dies_between_planning_and_sending_loses_nothing(
    sessions: Sessions, slack: FakeSlack, clock: StandingClock
) -> None:
    player = a_player(sessions, a_playing_team(sessions), "Anna")
    with replica(sessions, slack, clock) as first:
        assert first.planner.plan(FRIDAY_13) == 1
    with replica(sessions, slack, clock) as second:
        second.tick(FRIDAY_13)
    assert len(slack.all_in(player.id)) == 1


def test_two_bots_that_plan_the_same_instant_owe_each_message_once(
    sessions: Sessions, slack: FakeSlack, clock: StandingClock
) -> None:
    a_player(sessions, a_playing_team(sessions), "Anna")
    with replica(sessions, slack, clock) as first, replica(sessions, slack, clock) as second:
        assert (first.planner.plan(FRIDAY_13), second.planner.plan(FRIDAY_13)) == (1, 0)
        assert first.planner.plan(FRIDAY_13 + timedelta(seconds=5)) == 0
    assert len(deliveries_of(sessions, period=THIS_WEEK)) == 1


def test_somebody_whose_zone_nobody_knows_does_not_keep_others_from_being_asked(
    sessions: Sessions, slack: FakeSlack, clock: StandingClock
) -> None:
    team = a_playing_team(sessions)
    lost = a_player(sessions, team, "Erik", timezone="Atlantis/Capital")
    found = a_player(sessions, team, "Anna")
    with replica(sessions, slack, clock) as bot:
        bot.tick(FRIDAY_13)
    assert slack.all_in(lost.id) == []
    assert len(slack.all_in(found.id)) == 1


def test_no_reminder_comes_before_its_own_prompt(sessions: Sessions, slack: FakeSlack, clock: StandingClock) -> None:
    team = a_playing_team(sessions, prompt_at="Monday 09:00")
    player = a_player(sessions, team, "Anna")
    with replica(sessions, slack, clock) as bot:
        bot.tick(MONDAY_8)
        bot.tick(MONDAY_8 + timedelta(hours=1))
    assert ["How did week 48 go" in said.words for said in slack.all_in(player.id)] == [True]


def test_a_switched_off_time_sends_nothing(sessions: Sessions, slack: FakeSlack, clock: StandingClock) -> None:
    team = a_playing_team(sessions, reminder_at="", digest_at="")
    a_player(sessions, team, "Anna", prompt_at="")
    with replica(sessions, slack, clock) as bot:
        for now in _the_week():
            bot.tick(now)
    assert slack.said == []


def _said_the_whole_week(slack: FakeSlack, players: list[Player]) -> None:
    told = Counter((said.recipient, "reminder" in said.message.text) for said in slack.said)
    people = {(player.id, reminder): 1 for player in players for reminder in (False, True)}
    assert told == people | {(CHANNEL, False): 1}


# Properties

_MISFORTUNE = st.sampled_from(
    [
        None,
        Throttled(30),
        NotSent("ConnectionRefusedError"),
        InDoubt("TimeoutError"),
        PostedButInDoubt(),
        CrashesAfterPosting(),
        KilledBeforePosting(),
        KilledAfterPosting(),
    ]
)
_LOOKUP = st.sampled_from([LookupFailed("TimeoutError"), LookupFailed("ratelimited", 30), Killed()])
_SCHEDULE = st.lists(
    st.tuples(
        st.integers(0, 1),  # which of two replicas ticks
        st.sampled_from([0, 1, 5, 40, 95, 400]),  # seconds that pass before
        st.lists(_MISFORTUNE, max_size=3),
        st.lists(_LOOKUP, max_size=1),
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def peopled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A database with a team of two, to copy from, and the two."""
    file = tmp_path_factory.mktemp("peopled") / "team.db"
    shutil.copyfile(sqlite_template, file)
    with opened(sqlite_url(file)) as sessions:
        team = a_playing_team(sessions)
        return file, [a_player(sessions, team, name).id for name in ("Anna", "Erik")]


@settings(max_examples=40, deadline=None)
@given(schedule=_SCHEDULE)
def test_whatever_happens_every_message_goes_out_once_within_its_grace(
    peopled: tuple[Path, list[str]], schedule: list[tuple[int, int, list[Step], list[LookupFailed | Killed]]]
) -> None:
    template, people = peopled
    clock = StandingClock(FRIDAY_13)
    slack = FakeSlack(clock)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "hattrick.db"
        shutil.copyfile(template, file)
        with opened(sqlite_url(file), pool_size=4) as sessions, capture_logs():
            bots = [Replica(sessions, slack, clock, workers=1) for _ in range(2)]
            for which, seconds, outcomes, lookups in schedule:
                clock.forward(seconds=seconds)
                slack.outcomes.extend(outcomes)
                slack.lookups.extend(lookups)
                if not bots[which].tick():
                    bots[which] = Replica(sessions, slack, clock, workers=1)
            slack.outcomes.clear()
            slack.lookups.clear()
            for _ in range(3):  # the longest pause, and the lease of a dead worker
                clock.forward(minutes=6)
                assert bots[0].tick()
            for bot in bots:
                bot.close()
            assert {row.state for row in deliveries_of(sessions)} == {"sent"}
    assert sorted(said.recipient for said in slack.said) == sorted(people)
