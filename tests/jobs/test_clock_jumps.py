"""A clock that is set while bots run: nothing is said twice, and nobody is asked when they should not be."""

from datetime import timedelta
from typing import Any

from bot.slack.outcomes import Outcome
from bot.slack.port import Postable
from storage import Sessions
from tests.support.fake_slack import FakeSlack, PostedButInDoubt
from tests.support.replica import Replica, StandingClock, replica
from tests.support.week import CHANNEL, FRIDAY_13, MONDAY_8, MONDAY_10, a_player, a_playing_team

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_clock_set_forward_while_a_message_is_on_its_way_makes_nobody_send_it_again(
    sqlite_sessions: Sessions,
) -> None:
    anna = a_player(sqlite_sessions, a_playing_team(sqlite_sessions), "Anna")
    clock = StandingClock(FRIDAY_13)
    slack = FakeSlack(clock)

    class SetForward(FakeSlack):
        """The clock is set while the message is on its way, and the other bot looks what there is to do."""

        def post(self, workspace: str, recipient: str, message: Postable, **options: Any) -> Outcome:
            clock.forward(hours=3)
            other.tick()
            return slack.post(workspace, recipient, message, **options)

    sender = Replica(sqlite_sessions, SetForward(clock), clock, monotonic=lambda: 0.0)
    other = Replica(sqlite_sessions, slack, clock, monotonic=lambda: 0.0)
    other.tick(FRIDAY_13 - HOUR)
    sender.tick(FRIDAY_13)
    for _ in range(3):
        other.tick()
        sender.tick()
    assert len(slack.all_in(anna.id)) == 1
    sender.close()
    other.close()


def test_a_clock_set_back_repeats_nothing(sqlite_sessions: Sessions) -> None:
    anna = a_player(sqlite_sessions, a_playing_team(sqlite_sessions), "Anna")
    clock = StandingClock(FRIDAY_13)
    slack = FakeSlack(clock)
    bot = Replica(sqlite_sessions, slack, clock, monotonic=lambda: 0.0)
    for due in (FRIDAY_13, MONDAY_8, MONDAY_10):
        for now in (due, due - HOUR, due, due - DAY, due + HOUR):
            bot.tick(now)
    assert [len(slack.all_in(who)) for who in (anna.id, CHANNEL)] == [2, 1]
    bot.close()


def test_what_a_replica_whose_clock_is_a_day_ahead_sent_in_doubt_is_found_by_one_that_tells_the_time(
    sqlite_sessions: Sessions,
) -> None:
    anna = a_player(sqlite_sessions, a_playing_team(sqlite_sessions), "Anna")
    right, ahead = StandingClock(FRIDAY_13 - DAY), StandingClock(FRIDAY_13)
    slack = FakeSlack(right)  # Slack's clock is right
    slack.answers(anna.id, PostedButInDoubt())
    with replica(sqlite_sessions, slack, ahead) as first, replica(sqlite_sessions, slack, right) as second:
        first.tick()
        second.tick()
        second.tick(FRIDAY_13 + timedelta(seconds=2))
    (said,) = slack.all_in(anna.id)
    assert said.at == FRIDAY_13 - DAY


def test_what_a_jump_made_late_waits_for_the_morning(sqlite_sessions: Sessions) -> None:
    team = a_playing_team(sqlite_sessions, prompt_at="Thursday 13:00")
    anna = a_player(sqlite_sessions, team, "Anna")
    thursday_13 = FRIDAY_13 - DAY
    clock = StandingClock(thursday_13 - HOUR)
    slack = FakeSlack(clock)
    bot = Replica(sqlite_sessions, slack, clock, monotonic=lambda: 0.0)
    bot.tick()
    for hours in (7, 10, 13, 17, 17.9):  # 20:00, 23:00, 02:00, 06:00 and 06:54
        bot.tick(thursday_13 + timedelta(hours=hours))
    assert slack.said == []
    bot.tick(thursday_13 + timedelta(hours=18, minutes=5))
    (prompt,) = slack.all_in(anna.id)
    assert "Sorry that I ask later than usual." in prompt.words
    bot.close()


def test_what_a_jump_moved_to_a_day_off_is_left_to_the_reminder(sqlite_sessions: Sessions) -> None:
    anna = a_player(sqlite_sessions, a_playing_team(sqlite_sessions), "Anna")
    clock = StandingClock(FRIDAY_13 - HOUR)
    slack = FakeSlack(clock)
    bot = Replica(sqlite_sessions, slack, clock, monotonic=lambda: 0.0)
    bot.tick()
    for hours in range(8, 60, 4):
        bot.tick(FRIDAY_13 + timedelta(hours=hours))
    assert slack.said == []
    bot.tick(MONDAY_8)
    assert "friendly reminder" in slack.last_in(anna.id).words
    bot.close()
