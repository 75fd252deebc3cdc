"""The pitch in the digest's thread: once, as a picture, or in words where Slack takes no files."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.services.sending import pictures
from bot.slack.outcomes import Refusal
from storage import Sessions
from tests.support.builders import a_kpi, a_link
from tests.support.fake_slack import FakeSlack, KilledAfterPosting, PostedButInDoubt, Said
from tests.support.replica import Replica, StandingClock, replica
from tests.support.week import CHANNEL, FRIDAY_13, MONDAY_10, THIS_WEEK, a_player, a_playing_team, deliveries_of


@dataclass
class Monday:
    """Monday at 10, before the digest goes out."""

    sessions: Sessions
    clock: StandingClock
    slack: FakeSlack
    bot: Replica

    def pitches(self) -> list[Said]:
        """Return every pitch that stands in the channel."""
        return [one for one in self.slack.all_in(CHANNEL) if one.message.text.startswith("The pitch of")]

    def kinds(self) -> list[str]:
        """Return the block types of the only one."""
        (only,) = self.pitches()
        return [block["type"] for block in only.message.blocks]


@pytest.fixture
def monday(sqlite_sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monday]:
    monkeypatch.setattr(pictures, "PICTURES", pictures.Pictures())
    sessions, clock = sqlite_sessions, StandingClock(FRIDAY_13)
    slack = FakeSlack(clock)
    team = a_playing_team(sessions, name="North", prompt_at="", reminder_at="")
    anna = a_player(sessions, team, "Anna", kpi={"name": "Leads"})
    a_link(sessions, anna.kpi, a_kpi(sessions, anna.hat, "Deals", is_goal=True))
    anna.reports(sessions, "12", THIS_WEEK, now=FRIDAY_13)
    with replica(sessions, slack, clock) as bot:
        clock.now = MONDAY_10
        yield Monday(sessions, clock, slack, bot)


def test_while_other_messages_go_out_no_picture_is_begun(monday: Monday) -> None:
    monday.bot.drawing.yielding = lambda: True
    monday.bot.tick()
    monday.bot.tick()
    assert monday.pitches() == []
    assert "digest" in {row.kind for row in deliveries_of(monday.sessions) if row.state == "sent"}
    monday.bot.drawing.yielding = lambda: False
    monday.bot.tick()
    assert monday.kinds() == ["header", "image", "context"]


def test_the_digests_thread_gets_the_pitch_as_a_picture_that_says_what_it_shows(monday: Monday) -> None:
    monday.bot.tick()
    monday.bot.tick()
    (pitch,) = monday.pitches()
    (digest,) = [one for one in monday.slack.all_in(CHANNEL) if one.thread_ts is None]
    assert pitch.thread_ts == digest.ts
    assert monday.kinds() == ["header", "image", "context"]
    assert "Anna" in pitch.message.blocks[1]["alt_text"]
    ((_, name, content, _),) = monday.slack.files
    assert name == f"pitch-{THIS_WEEK}.png"
    assert content.startswith(b"\x89PNG")


def test_where_slack_takes_no_files_the_thread_gets_it_in_words(monday: Monday) -> None:
    monday.slack.takes_files = False
    monday.bot.tick()
    monday.bot.tick()
    assert monday.kinds() == ["header", "section", "context"]
    assert "Anna" in monday.pitches()[0].words


def test_two_replicas_post_one_pitch(monday: Monday) -> None:
    with replica(monday.sessions, monday.slack, monday.clock) as other:
        for bot in (monday.bot, other, monday.bot, other):
            bot.tick()
            monday.clock.forward(minutes=1)
    assert len(monday.pitches()) == 1


@pytest.mark.parametrize("step", [KilledAfterPosting(), PostedButInDoubt()], ids=["dies", "in doubt"])
def test_a_pitch_that_may_have_been_posted_is_looked_for_first(
    monday: Monday, step: KilledAfterPosting | PostedButInDoubt
) -> None:
    monday.slack.answers(CHANNEL, None, None, step)  # the digest, its detail, and then the pitch
    monday.bot.tick()
    (owed,) = deliveries_of(monday.sessions, kind="digest_pitch")
    assert (owed.state != "sent", len(monday.pitches())) == (True, 1)
    with replica(monday.sessions, monday.slack, monday.clock) as other:
        for _ in range(3):
            monday.clock.forward(minutes=5)
            other.tick()
    assert len(monday.pitches()) == 1


def test_a_digest_that_could_not_be_posted_has_no_pitch(monday: Monday) -> None:
    monday.slack.answers(CHANNEL, Refusal("is_archived"))
    monday.bot.tick()
    monday.bot.tick()
    assert (monday.slack.all_in(CHANNEL), monday.slack.files) == ([], [])


def test_a_digest_with_nothing_in_its_thread_has_no_pitch_there_either(sqlite_sessions: Sessions) -> None:
    clock = StandingClock(MONDAY_10)
    slack = FakeSlack(clock)
    team = a_playing_team(sqlite_sessions, name="South", prompt_at="", reminder_at="")
    a_player(sqlite_sessions, team, "Johan", kpi={"name": "Deals", "is_goal": True})
    with replica(sqlite_sessions, slack, clock) as bot:
        bot.tick()
        bot.tick()
    assert [one.thread_ts for one in slack.all_in(CHANNEL)] == [None]


def test_what_is_written_does_not_wait_for_pictures(monday: Monday) -> None:
    monday.bot.planner.plan(monday.clock())
    for _ in range(3):
        monday.bot.dispatcher.dispatch()
        monday.clock.forward(seconds=5)
    assert len(monday.slack.all_in(CHANNEL)) == 2  # the digest and its detail
    monday.bot.drawing.dispatch()
    assert len(monday.pitches()) == 1


def test_a_replica_that_ends_while_it_draws_leaves_the_pitch_to_another(monday: Monday) -> None:
    monday.bot.planner.plan(monday.clock())
    monday.bot.dispatcher.dispatch()
    monday.bot.drawing.stopping = lambda: bool(monday.slack.files)
    monday.bot.drawing.dispatch()
    assert monday.pitches() == []
    with replica(monday.sessions, monday.slack, monday.clock) as other:
        other.drawing.dispatch()
    assert len(monday.pitches()) == 1
    assert monday.kinds() == ["header", "image", "context"]
