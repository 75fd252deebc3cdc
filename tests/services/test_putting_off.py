"""'Not now' and 'nothing this week'."""

from datetime import datetime, timedelta

import pytest

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.services.digests.digests import digest_of
from bot.services.people import absence
from bot.services.readings import duties
from bot.services.sending import putting_off, weekly_prompt
from messages import catalog, ids
from storage import Sessions
from tests.support.builders import added
from tests.support.fake_slack import FakeSlack
from tests.support.replica import Replica, StandingClock
from tests.support.week import (
    FRIDAY_13,
    MONDAY_8,
    MONDAY_10,
    THIS_WEEK,
    Player,
    a_player,
    a_playing_team,
    deliveries_of,
)

SATURDAY_8 = datetime.fromisoformat("2026-11-28T07:00:00+00:00")
MONDAY_7_30 = datetime.fromisoformat("2026-11-30T06:30:00+00:00")


NOTHING = "Nothing to report this week…"


class Dugout:
    """A team of one, its bot, and what it said."""

    def __init__(self, sessions: Sessions, **team: str) -> None:
        self.sessions = sessions
        self.anna = a_player(sessions, a_playing_team(sessions, **team))
        self.clock = StandingClock(FRIDAY_13)
        self.slack = FakeSlack(self.clock)
        self.bot = Replica(sessions, self.slack, self.clock)

    @property
    def state(self) -> str:
        return f"{self.anna.team.id}:{THIS_WEEK}"

    def heard(self) -> list[str]:
        return [row.kind for row in deliveries_of(self.sessions, recipient=self.anna.id, state="sent")]

    def snooze(self, choice: str) -> datetime:
        answer = putting_off.snooze(self.sessions, self.anna.asker, self.state, choice, now=self.clock.now)
        return answer.content

    def skip(self, reason: str = "") -> None:
        putting_off.skip(self.sessions, self.anna.asker, self.state, reason, now=self.clock.now)

    def shown(self) -> str:
        posted = weekly_prompt.posted(self.sessions, self.anna.asker, self.state, now=self.clock.now).content
        assert posted is not None
        message = catalog.prompt(posted.weekly.asked, language="en")
        return f"{message.text} {message.blocks}"

    def menu(self) -> list[str]:
        """Return what can be chosen in the menu beside Report."""
        posted = weekly_prompt.posted(self.sessions, self.anna.asker, self.state, now=self.clock.now).content
        assert posted is not None
        blocks = catalog.prompt(posted.weekly.asked, language="en").blocks
        elements = [element for block in blocks for element in block.get("elements", ())]
        (menu,) = [element for element in elements if element.get("action_id") == ids.REPORT_LATER]
        return [option["text"]["text"] for option in menu["options"]]

    def refusal(self, call: str, *arguments: str) -> str:
        with pytest.raises(Refused) as refused:
            getattr(self, call)(*arguments)
        return refused.value.name


@pytest.fixture
def dugout(sessions: Sessions) -> Dugout:
    return Dugout(sessions)


def test_on_a_friday_tomorrow_morning_is_mondays_and_the_menu_says_so(sqlite_sessions: Sessions) -> None:
    dugout = Dugout(sqlite_sessions, quiet_until="07:30", reminder_at="")
    dugout.bot.tick()
    options = [f"{each}" for each in dugout.menu()]
    assert options == ["Ask me again in 1 h", "Ask me again in 3 h", "Ask me again on Monday morning", NOTHING]
    assert dugout.snooze("tomorrow") == MONDAY_8, "of a message that was sent before the menu was made so"
    assert "I ask you again on Monday 08:00" in dugout.shown()
    for now in (SATURDAY_8, MONDAY_7_30):
        dugout.bot.tick(now)
    assert dugout.heard() == ["prompt"], "nobody is asked on a day off"
    dugout.bot.tick(MONDAY_8)
    assert dugout.heard() == ["prompt", "snooze"]


def test_who_is_away_is_asked_again_when_they_are_back(dugout: Dugout) -> None:
    dugout.bot.tick()
    absence.go_away(dugout.sessions, dugout.anna.asker, "2026-12-03", now=dugout.clock.now)
    assert dugout.snooze("tomorrow") == datetime.fromisoformat("2026-12-03T07:00:00+00:00")
    assert dugout.menu()[2:] == [NOTHING], "after the digest there is nothing to put off until"


def test_a_prompt_comes_again_when_the_person_said_and_no_reminder_after_it(sessions: Sessions) -> None:
    dugout = Dugout(sessions, working_days="123456")
    dugout.bot.tick()
    at = dugout.snooze("tomorrow")
    assert (at, str(at.tzinfo)) == (SATURDAY_8, "Europe/Stockholm")
    assert "I ask you again on Saturday 08:00" in dugout.shown()
    dugout.bot.tick(SATURDAY_8 - timedelta(seconds=1))
    assert dugout.heard() == ["prompt"]
    for now in (SATURDAY_8, MONDAY_8, MONDAY_10):
        dugout.bot.tick(now)
    assert dugout.heard() == ["prompt", "snooze"]
    assert ids.REPORT_LATER not in str(dugout.slack.last_in(dugout.anna.id).message.blocks), (
        "it cannot be put off again"
    )


def test_a_second_choice_moves_it_and_after_it_came_there_is_no_third_message(dugout: Dugout) -> None:
    dugout.bot.tick()
    dugout.snooze("tomorrow")
    dugout.snooze("hour")
    dugout.bot.tick(FRIDAY_13 + timedelta(hours=1))
    assert dugout.heard() == ["prompt", "snooze"]
    assert dugout.refusal("snooze", "hour") == "asked_twice"
    dugout.bot.tick(SATURDAY_8)
    assert dugout.heard() == ["prompt", "snooze"]


def test_after_the_reminder_nothing_can_be_put_off(dugout: Dugout) -> None:
    dugout.bot.tick()
    dugout.bot.tick(MONDAY_8)
    assert dugout.heard() == ["prompt", "reminder"]
    assert dugout.refusal("snooze", "hour") == "asked_twice"


def test_who_reported_meanwhile_is_not_asked_again(dugout: Dugout) -> None:
    dugout.bot.tick()
    dugout.snooze("hour")
    dugout.anna.reports(dugout.sessions, "12", THIS_WEEK, now=dugout.clock.now)
    dugout.bot.tick(FRIDAY_13 + timedelta(hours=1))
    assert dugout.heard() == ["prompt"]
    assert dugout.refusal("snooze", "hour") == "report_there"


def test_a_skipped_week_asks_no_more_and_the_digest_says_so_kindly(dugout: Dugout) -> None:
    dugout.bot.tick()
    dugout.skip("  Trade fair\nin Malmö ")
    assert "Trade fair in Malmö" in dugout.shown()
    assert ids.REPORT_UNSKIP in dugout.shown()
    dugout.bot.tick(MONDAY_8)
    dugout.bot.tick(MONDAY_10)
    assert dugout.heard() == ["prompt"]
    digest = dugout.slack.last_in("C0NORTH").words
    assert "Nothing this week, and that is fine: Anna (Trade fair in Malmö)" in digest
    assert "Still to come" not in digest


def test_a_week_skipped_before_the_prompt_has_none(dugout: Dugout) -> None:
    dugout.skip()
    dugout.bot.tick()
    assert dugout.heard() == []
    assert dugout.refusal("snooze", "hour") == "report_there"


def test_what_was_skipped_can_be_taken_back(dugout: Dugout) -> None:
    dugout.bot.tick()
    dugout.skip()
    assert putting_off.unskip(dugout.sessions, dugout.anna.asker, dugout.state).content == dugout.state
    assert "How did week 48 go" in dugout.shown()
    dugout.bot.tick(MONDAY_8)
    assert dugout.heard() == ["prompt", "reminder"]


def test_who_reports_after_all_skips_no_more(dugout: Dugout) -> None:
    dugout.bot.tick()
    dugout.skip("Ill")
    dugout.anna.reports(dugout.sessions, "12", THIS_WEEK, now=dugout.clock.now)
    with dugout.sessions.read() as session:
        digest = digest_of(session, dugout.anna.team, Period.parse(THIS_WEEK))
    assert (digest.skipped, digest.missing) == ((), ())
    assert dugout.refusal("skip") == "report_there"


def test_who_wants_no_reminders_gets_none(dugout: Dugout) -> None:
    dugout.anna.member.reminders = False
    added(dugout.sessions, dugout.anna.member)
    for now in (FRIDAY_13, MONDAY_8):
        dugout.bot.tick(now)
    assert dugout.heard() == ["prompt"]


def test_a_reminder_that_is_late_does_not_come_after_the_digest(sqlite_sessions: Sessions) -> None:
    dugout = Dugout(sqlite_sessions, reminder_at="Monday 09:30")
    dugout.bot.tick()
    dugout.bot.tick(MONDAY_10 + timedelta(minutes=1))
    assert dugout.heard() == ["prompt"]


@pytest.mark.parametrize("state", ["", "x", "999:2026-W48", "1:2020-W01"])
@pytest.mark.parametrize("what", ["snooze", "open_skip", "skip", "unskip"])
def test_a_button_of_another_time_is_refused(sqlite_sessions: Sessions, state: str, what: str) -> None:
    anna: Player = a_player(sqlite_sessions, a_playing_team(sqlite_sessions))
    calls = {
        "snooze": lambda: putting_off.snooze(sqlite_sessions, anna.asker, state, "hour", now=FRIDAY_13),
        "open_skip": lambda: putting_off.open_skip(sqlite_sessions, anna.asker, state, now=FRIDAY_13),
        "skip": lambda: putting_off.skip(sqlite_sessions, anna.asker, state, "", now=FRIDAY_13),
        "unskip": lambda: putting_off.unskip(sqlite_sessions, anna.asker, state or "x"),
    }
    if state or what == "unskip":
        try:
            calls[what]()
        except Refused as refused:
            assert refused.name == "form_outdated"  # noqa: PT017 (an old week's button to undo may also do nothing)
        else:
            assert what == "unskip"
    assert duties.read_state("1:2026-W48")
