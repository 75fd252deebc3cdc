"""Whatever goes wrong on the way, a message goes out once."""

from contextlib import ExitStack
from datetime import timedelta
from itertools import count
from time import sleep
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.schedule import Kind
from bot.jobs.lease import LEASE
from bot.services.sending import outbox
from bot.services.sending.letters import Occasion
from bot.slack.outcomes import InDoubt, NotSent, Refusal, Sent, Throttled
from bot.slack.port import LookupFailed
from storage import Sessions
from tests.support.builders import added
from tests.support.database import at_once
from tests.support.fake_slack import (
    CrashesAfterPosting,
    FakeSlack,
    KilledAfterPosting,
    KilledBeforePosting,
    PostedButInDoubt,
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


@pytest.fixture
def anna(sessions: Sessions) -> Player:
    return a_player(sessions, a_playing_team(sessions, name="North"), "Anna", kpi={"name": "Leads"})


def test_a_prompt_comes_on_friday_at_one_and_asks_for_what_is_missing(
    bot: Replica, slack: FakeSlack, anna: Player
) -> None:
    bot.tick(FRIDAY_13 - timedelta(seconds=1))
    assert slack.said == []
    bot.tick(FRIDAY_13)
    prompt = slack.last_in(anna.id)
    assert "How did week 48 go in North?" in prompt.words
    assert "Leads" in prompt.words
    assert "Monday 10:00" in prompt.words
    assert "later than usual" not in prompt.words


def test_the_week_of_one_owner_is_a_prompt_a_reminder_and_a_digest(
    bot: Replica, slack: FakeSlack, anna: Player
) -> None:
    for now in (FRIDAY_13, MONDAY_8, MONDAY_10):
        bot.tick(now)
        bot.tick(now + timedelta(minutes=1))
    assert [said.recipient for said in slack.said] == [anna.id, anna.id, CHANNEL]
    assert "friendly reminder" in slack.all_in(anna.id)[1].words
    digest = slack.last_in(CHANNEL).words
    assert "North, week 48" in digest
    assert "Anna" in digest
    assert "Still to come" in digest
    assert {row.state for row in deliveries_of(bot.sessions)} == {"sent"}


def test_who_has_reported_is_neither_prompted_nor_reminded(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    anna.reports(sessions, "12", THIS_WEEK, now=FRIDAY_13 - timedelta(hours=1))
    for now in (FRIDAY_13, MONDAY_8, MONDAY_10):
        bot.tick(now)
    assert slack.all_in(anna.id) == []
    assert "12" in slack.last_in(CHANNEL).words


def test_only_who_has_not_reported_is_reminded(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    erik = a_player(sessions, anna.team, "Erik")
    bot.tick(FRIDAY_13)
    anna.reports(sessions, "12", THIS_WEEK, now=FRIDAY_13 + timedelta(hours=1))
    bot.tick(MONDAY_8)
    assert len(slack.all_in(anna.id)) == 1
    assert len(slack.all_in(erik.id)) == 2


def test_a_member_who_left_gets_nothing_even_when_it_was_owed_already(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    slack.answers(anna.id, Throttled(30))
    bot.tick(FRIDAY_13)
    anna.member.deleted = True
    added(sessions, anna.member)
    bot.tick(FRIDAY_13 + timedelta(seconds=30))
    bot.tick(MONDAY_8)
    assert slack.all_in(anna.id) == []
    assert [row.error for row in deliveries_of(sessions)] == ["the person has left"]


def test_in_doubt_and_found_in_the_history_is_not_sent_again(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    slack.answers(anna.id, PostedButInDoubt())
    bot.tick(FRIDAY_13)
    assert [row.state for row in deliveries_of(sessions)] == ["due"]
    bot.tick(FRIDAY_13 + timedelta(seconds=2))
    (said,) = slack.all_in(anna.id)
    (row,) = deliveries_of(sessions)
    assert len(slack.tried) == 1
    assert (row.state, row.channel_id, row.message_ts) == ("sent", said.channel, said.ts)


def test_in_doubt_and_not_found_is_sent(bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player) -> None:
    slack.answers(anna.id, InDoubt("TimeoutError"))
    bot.tick(FRIDAY_13)
    bot.tick(FRIDAY_13 + timedelta(seconds=2))
    assert len(slack.all_in(anna.id)) == 1
    assert len(slack.sought) == 1
    assert [row.state for row in deliveries_of(sessions)] == ["sent"]


def test_while_the_history_cannot_be_read_a_doubtful_message_waits_as_long_as_slack_asks(
    bot: Replica, slack: FakeSlack, anna: Player
) -> None:
    slack.answers(anna.id, PostedButInDoubt())
    slack.lookups.extend([LookupFailed("ratelimited", 30), LookupFailed("TimeoutError")])
    bot.tick(FRIDAY_13)
    bot.tick(FRIDAY_13 + timedelta(seconds=2))
    bot.tick(FRIDAY_13 + timedelta(seconds=31))
    assert len(slack.sought) == 1, "Slack asked for 30 seconds from the second tick"
    bot.tick(FRIDAY_13 + timedelta(seconds=32))
    bot.tick(FRIDAY_13 + timedelta(seconds=60))
    assert len(slack.sought) == 3
    assert len(slack.tried) == 1


def test_a_post_that_crashes_after_slack_took_it_is_looked_for_before_it_is_repeated(
    bot: Replica, slack: FakeSlack, anna: Player
) -> None:
    slack.answers(anna.id, CrashesAfterPosting())
    with capture_logs() as logs:
        bot.tick(FRIDAY_13)
    assert "delivery_crashed" in [log["event"] for log in logs]
    bot.tick(FRIDAY_13 + timedelta(minutes=5))
    assert len(slack.all_in(anna.id)) == 1


@pytest.mark.parametrize("death", [KilledBeforePosting(), KilledAfterPosting()], ids=["before posting", "after"])
def test_a_claim_of_a_dead_worker_is_taken_over_after_its_lease_and_looked_for_first(
    sessions: Sessions,
    slack: FakeSlack,
    clock: StandingClock,
    anna: Player,
    death: Step,
) -> None:
    slack.answers(anna.id, death)
    with replica(sessions, slack, clock) as first:
        assert not first.tick(FRIDAY_13)
    with replica(sessions, slack, clock) as second:
        second.tick(FRIDAY_13 + LEASE)
        assert slack.sought == [], "the lease is not over"
        second.tick(FRIDAY_13 + LEASE + timedelta(seconds=1))
    assert len(slack.sought) == 1
    assert len(slack.all_in(anna.id)) == 1


def test_a_worker_whose_lease_is_over_leaves_the_message_to_whoever_took_it_over(
    bot: Replica, slack: FakeSlack, sessions: Sessions, clock: StandingClock, anna: Player
) -> None:
    class SlowHistory(FakeSlack):
        """Looking takes so long that another replica takes the claim over and sends."""

        def find(self, workspace: str, recipient: str, key: str, **options: Any) -> Sent | None:
            found = super().find(workspace, recipient, key, **options)
            clock.forward(seconds=LEASE.total_seconds() + 1)
            with replica(sessions, slack, clock) as other:
                other.tick()
            return found

    slow = SlowHistory(clock, said=slack.said)
    slack.answers(anna.id, InDoubt("TimeoutError"))
    bot.tick(FRIDAY_13)
    with replica(sessions, slow, clock) as hindered:
        hindered.tick(FRIDAY_13 + timedelta(seconds=2))
        hindered.tick(FRIDAY_13 + timedelta(minutes=10))
    assert len(slack.all_in(anna.id)) == 1
    assert [row.state for row in deliveries_of(sessions)] == ["sent"]


def test_a_throttled_message_goes_out_after_retry_after_and_not_before(
    bot: Replica, slack: FakeSlack, anna: Player
) -> None:
    slack.answers(anna.id, Throttled(30))
    bot.tick(FRIDAY_13)
    bot.tick(FRIDAY_13 + timedelta(seconds=29))
    assert len(slack.tried) == 1
    bot.tick(FRIDAY_13 + timedelta(seconds=30))
    assert len(slack.all_in(anna.id)) == 1
    assert slack.sought == [], "Slack said that it was not sent"


def test_while_slack_is_away_the_pauses_grow(bot: Replica, slack: FakeSlack, anna: Player) -> None:
    slack.answers(anna.id, *[NotSent("ConnectionRefusedError")] * 5)
    tried_at = []
    for second in range(70):
        before = len(slack.tried)
        bot.tick(FRIDAY_13 + timedelta(seconds=second))
        if len(slack.tried) > before:
            tried_at.append(second)
    assert tried_at == [0, 2, 6, 14, 30, 62]
    assert len(slack.all_in(anna.id)) == 1


def test_what_slack_will_never_take_is_tried_once(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    slack.answers(anna.id, Refusal("account_inactive"))
    with capture_logs() as logs:
        for hour in range(5):
            bot.tick(FRIDAY_13 + timedelta(hours=hour))
    assert len(slack.tried) == 1
    assert [(row.state, row.error) for row in deliveries_of(sessions)] == [("failed", "account_inactive")]
    (failed,) = [log for log in logs if log["event"] == "delivery_failed"]
    assert failed["log_level"] == "error"
    assert failed["recipient"] == anna.id


def test_a_message_that_cannot_be_rendered_does_not_stop_the_others(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    broken = a_player(sessions, anna.team, "Erik", prompt_at="Friday 13:00")
    bot.tick(FRIDAY_13 - timedelta(hours=1))
    # A zone that this machine does not know, written by hand: the prompt tells the digest's time in it.
    slack.answers(broken.id, NotSent("ConnectionRefusedError"))
    bot.tick(FRIDAY_13)
    broken.member.timezone = "Atlantis/Capital"
    added(sessions, broken.member)
    with capture_logs() as logs:
        bot.tick(FRIDAY_13 + timedelta(seconds=5))
    assert "delivery_crashed" in [log["event"] for log in logs]
    assert len(slack.all_in(anna.id)) == 1
    broken.member.timezone = "Europe/Stockholm"
    added(sessions, broken.member)
    bot.tick(FRIDAY_13 + timedelta(minutes=10))
    assert len(slack.all_in(broken.id)) == 1


def test_what_was_sent_is_recorded_while_others_are_written(
    sessions: Sessions, slack: FakeSlack, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = a_playing_team(sessions)
    for number in range(3):
        a_player(sessions, team, f"Player {number}")
    recorded: list[int] = []
    write = outbox.COMPOSERS[Kind.PROMPT]

    def slowly(occasion: Occasion) -> Any:
        before = len(recorded)
        recorded.append(sum(row.state == "sent" for row in deliveries_of(sessions, kind="prompt", period=THIS_WEEK)))
        while len(slack.said) < before:
            sleep(0.01)
        sleep(0.1)  # until the worker has handed its result over
        return write(occasion)

    monkeypatch.setitem(outbox.COMPOSERS, Kind.PROMPT, slowly)
    with replica(sessions, slack, clock) as bot:
        bot.dispatcher.monotonic = count().__next__  # every look at the clock is a second later
        bot.tick()
    assert recorded[0] == 0
    assert recorded[-1] >= 1, "the last one was not written yet"


def test_a_bot_that_was_down_sends_late_within_the_grace_and_says_so(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    bot.tick(FRIDAY_13 + timedelta(hours=6))
    assert "Sorry that I ask later than usual" in slack.last_in(anna.id).words
    assert [row.late for row in deliveries_of(sessions, kind="prompt", period=THIS_WEEK)] == [True]
    bot.tick(MONDAY_10 + timedelta(hours=23))
    assert "Sorry, this comes later than it should" in slack.last_in(CHANNEL).words
    assert [said.recipient for said in slack.said] == [anna.id, CHANNEL], "no reminder after the digest"


def test_after_the_grace_a_message_is_skipped_and_told_once(
    sessions: Sessions, slack: FakeSlack, clock: StandingClock, anna: Player
) -> None:
    with replica(sessions, slack, clock) as bot:
        bot.tick(FRIDAY_13 + timedelta(hours=24, seconds=1))
        bot.tick(FRIDAY_13 + timedelta(hours=25))
        told = [(owed.kind, owed.recipient, str(owed.period)) for owed in bot.missed]
    assert slack.said == []
    assert ("prompt", anna.id, THIS_WEEK) in told
    assert len(told) == len(set(told))
    (skipped,) = deliveries_of(sessions, kind="prompt", period=THIS_WEEK)
    assert (skipped.state, skipped.error) == ("skipped", "missed by more than its grace")
    with replica(sessions, slack, clock) as again:
        again.tick(FRIDAY_13 + timedelta(hours=26))
        assert again.missed == [], "another replica told it already"


def test_the_grace_holds_at_the_moment_of_sending_too(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    bot.tick(MONDAY_8 - timedelta(hours=1))
    slack.answers(anna.id, Throttled(timedelta(hours=2, minutes=1).total_seconds()))
    bot.tick(MONDAY_8)
    bot.tick(MONDAY_8 + timedelta(hours=2, minutes=1))
    assert slack.all_in(anna.id) == []
    (reminder,) = deliveries_of(sessions, kind="reminder", period=THIS_WEEK)
    assert (reminder.state, reminder.error) == ("skipped", "missed by more than its grace")


def test_two_dispatchers_at_once_send_each_message_once(
    sessions: Sessions, slack: FakeSlack, clock: StandingClock
) -> None:
    team = a_playing_team(sessions)
    players = [a_player(sessions, team, f"Player {number}") for number in range(25)]
    with ExitStack() as stack:
        bots = [stack.enter_context(replica(sessions, slack, clock, workers=5)) for _ in range(2)]
        assert at_once(*[bot.tick for bot in bots]) == [True, True]
        clock.now = MONDAY_10
        at_once(*[bot.tick for bot in bots])
    prompts = [said.recipient for said in slack.said if said.at == FRIDAY_13]
    assert sorted(prompts) == sorted(player.id for player in players)
    assert len(slack.all_in(CHANNEL)) == 1
