"""What follows a digest: its thread, values that come late, a discussion, and posting it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from sqlmodel import select

from bot.domain.errors import Refused
from bot.services.digests import digest_discussion, digest_showing
from bot.slack.outcomes import InDoubt, Refusal
from storage import Sessions, chain, readings_bulk, sources
from storage.readings_bulk import NewReading
from storage.tables import Membership
from tests.support.builders import a_kpi, a_link, reads
from tests.support.database import at_once
from tests.support.fake_slack import FakeSlack, KilledAfterPosting, Said, words
from tests.support.replica import Replica, StandingClock, replica
from tests.support.week import CHANNEL, FRIDAY_13, MONDAY_10, THIS_WEEK, Player, a_player, a_playing_team, deliveries_of


def under(slack: FakeSlack) -> list[Said]:
    """Return what is under digests, the pitch left out."""
    found = [one for one in slack.all_in(CHANNEL) if one.thread_ts is not None]
    return [one for one in found if not one.message.text.startswith("The pitch of")]


@dataclass
class Monday:
    """A digest was posted on Monday at 10: 120 leads of Anna's, and Johan's deals are still to come."""

    sessions: Sessions
    clock: StandingClock
    slack: FakeSlack
    bot: Replica
    anna: Player
    johan: Player

    def later(self, minutes: float = 2) -> None:
        """Let time pass, and send what has become due: what follows from what is sent needs a second round."""
        self.clock.forward(minutes=minutes)
        self.bot.tick()
        self.bot.tick()

    def posted(self) -> list[Said]:
        """Return what stands in the channel by itself."""
        return [one for one in self.slack.all_in(CHANNEL) if one.thread_ts is None]

    def thread(self) -> list[str]:
        """Return what is under the digest, the pitch left out."""
        return [one.words for one in under(self.slack)]

    def changes(self) -> list[str]:
        """Return the lines in the thread that tell what changed."""
        return [one for one in self.thread() if one.startswith("Updated")]

    def updated(self) -> list[str]:
        """Return what the digest has been changed to."""
        return [words(message.blocks) for _, _, ts, message in self.slack.updates if ts == self.posted()[0].ts]

    @property
    def value(self) -> str:
        return f"{self.anna.team.id}:{THIS_WEEK}"


@pytest.fixture
def monday(sessions: Sessions) -> Iterator[Monday]:
    clock = StandingClock(FRIDAY_13)
    slack = FakeSlack(clock)
    team = a_playing_team(sessions, name="North", prompt_at="", reminder_at="")
    anna = a_player(sessions, team, "Anna", kpi={"name": "Leads"})
    johan = a_player(
        sessions, team, "Johan", kpi={"name": "Deals", "is_goal": True, "sequence": 1}, timezone="Europe/Stockholm"
    )
    a_link(sessions, anna.kpi, johan.kpi)
    anna.reports(sessions, "120", THIS_WEEK, now=FRIDAY_13)
    with replica(sessions, slack, clock) as bot:
        assert bot.tick(MONDAY_10)
        bot.tick()
        yield Monday(sessions, clock, slack, bot, anna, johan)


def test_the_detail_comes_in_the_digests_thread_and_the_report_is_kept(monday: Monday) -> None:
    (digest,) = monday.posted()
    assert "*Deals* is still to come" in digest.words
    (detail,) = monday.thread()
    assert "The numbers of week 48 in detail" in detail
    assert "Leads → Deals" in detail
    with monday.sessions.read() as session:
        assert chain.report(session, monday.anna.team.id or 0, THIS_WEEK) is not None


def test_a_late_value_updates_the_digest_in_place_with_one_line_in_its_thread(monday: Monday) -> None:
    monday.johan.reports(monday.sessions, "12", THIS_WEEK, now=monday.clock())
    monday.later()
    (now,) = monday.updated()
    assert "*Deals: 12*." in now
    assert "Updated Monday 10:02" in now
    assert monday.changes() == ["Updated: *Deals* 12, by Johan\nUpdated: *Deals* 12, by Johan"]
    assert len(monday.posted()) == 1, "no second digest"


def test_the_detail_is_brought_up_to_date_with_the_digest(monday: Monday) -> None:
    (detail,) = under(monday.slack)
    assert "Deals*  10% of Leads" not in detail.words
    monday.johan.reports(monday.sessions, "12", THIS_WEEK, now=monday.clock())
    monday.later()
    (now,) = [words(message.blocks) for _, _, ts, message in monday.slack.updates if ts == detail.ts]
    assert "*Deals*  10% of Leads" in now


def test_a_week_without_numbers_gets_its_detail_when_they_come(sessions: Sessions) -> None:
    clock = StandingClock(MONDAY_10)
    slack = FakeSlack(clock)
    team = a_playing_team(sessions, name="South", prompt_at="", reminder_at="")
    anna = a_player(sessions, team, "Anna", kpi={"name": "Leads"})
    a_link(sessions, anna.kpi, a_kpi(sessions, anna.hat, "Deals", is_goal=True))
    with replica(sessions, slack, clock) as bot:
        bot.tick()
        bot.tick()
        assert under(slack) == []
        anna.reports(sessions, "120", THIS_WEEK, now=clock())
        clock.forward(minutes=2)
        bot.tick()
        bot.tick()
    assert sum("The numbers of week 48 in detail" in one.words for one in under(slack)) == 1


def test_several_changes_within_a_minute_are_one_update(monday: Monday) -> None:
    monday.anna.reports(monday.sessions, "125", THIS_WEEK, now=monday.clock())
    monday.later(0.3)
    monday.johan.reports(monday.sessions, "12", THIS_WEEK, now=monday.clock())
    monday.later(0.3)
    monday.anna.reports(monday.sessions, "130", THIS_WEEK, now=monday.clock())
    assert monday.updated() == []
    monday.later()
    assert len(monday.updated()) == 1
    (line,) = monday.changes()
    assert line.split("\n")[0] == "Updated: *Leads* 120 → 130, by Anna · *Deals* 12, by Johan"
    monday.johan.reports(monday.sessions, "13", THIS_WEEK, now=monday.clock())
    monday.later()
    assert len(monday.updated()) == 2
    assert monday.changes()[1].split("\n")[0] == "Updated: *Deals* 12 → 13, by Johan"


def test_a_value_that_is_put_back_updates_the_digest_and_says_nothing(monday: Monday) -> None:
    monday.anna.reports(monday.sessions, "125", THIS_WEEK, now=monday.clock())
    monday.clock.forward(seconds=5)
    monday.anna.reports(monday.sessions, "120", THIS_WEEK, now=monday.clock())
    monday.later()
    assert len(monday.updated()) == 1
    assert monday.changes() == []


def test_the_same_value_once_more_is_no_change(monday: Monday) -> None:
    monday.anna.reports(monday.sessions, "120", THIS_WEEK, now=monday.clock())
    monday.later()
    assert monday.updated() == []


@pytest.mark.parametrize("way", ["import", "api", "pull"])
def test_whatever_stores_a_value_updates_the_digest(monday: Monday, way: str) -> None:
    now, kpi_id = monday.clock(), monday.johan.kpi.id or 0
    with monday.sessions.write() as session:
        if way == "pull":
            sources.store_pulled(session, kpi_id=kpi_id, period=THIS_WEEK, value=Decimal(9), now=now)
        else:
            row = NewReading(kpi_id, THIS_WEEK, Decimal(9), None, None, now)
            readings_bulk.store_many(session, [row], source=way)
    monday.later()
    assert "*Deals: 9*." in monday.updated()[0]
    told = {"import": "from an imported file", "api": "sent by a program", "pull": "read from"}[way]
    assert f"*Deals* 9, {told}" in monday.changes()[0]


def test_a_week_whose_digest_is_still_to_come_needs_no_update(monday: Monday) -> None:
    monday.anna.reports(monday.sessions, "7", "2026-W49", now=monday.clock())
    monday.later()
    assert monday.slack.updates == []
    assert deliveries_of(monday.sessions, kind="digest_update") == []


def test_a_week_that_is_too_long_ago_is_left_as_it_was_posted(monday: Monday) -> None:
    monday.clock.forward(weeks=8)
    reads(monday.sessions, monday.johan.kpi, {THIS_WEEK: 5}, now=monday.clock())
    monday.later()
    assert monday.slack.updates == []
    (update,) = deliveries_of(monday.sessions, kind="digest_update")
    assert update.state == "skipped"


def test_where_the_digest_was_deleted_one_new_message_tells_of_it_and_is_kept_up_to_date(monday: Monday) -> None:
    monday.slack.failed_updates.append(Refusal("message_not_found"))
    monday.johan.reports(monday.sessions, "12", THIS_WEEK, now=monday.clock())
    monday.later()
    _, moved = monday.posted()
    assert "Week 48 has changed in North: *Deals* 12, by Johan." in moved.words
    assert "`/hat digest 2026-W48`" in moved.words
    assert monday.changes() == [], "there is no thread to tell it in"
    monday.anna.reports(monday.sessions, "130", THIS_WEEK, now=monday.clock())
    monday.later()
    assert len(monday.posted()) == 2, "the one new message is changed, no other comes"
    (_, _, ts, message) = monday.slack.updates[-1]
    assert ts == moved.ts
    assert "*Leads* 120 → 130, by Anna · *Deals* 12, by Johan" in words(message.blocks)


def test_where_the_channel_takes_nothing_any_more_the_admins_are_told(monday: Monday) -> None:
    team, erik = monday.anna.team, a_player(monday.sessions, monday.anna.team, "Erik")
    with monday.sessions.write() as session:
        place = session.exec(select(Membership).where(Membership.member_id == erik.member.id)).one()
        place.is_admin = True
    monday.slack.failed_updates.append(Refusal("is_archived"))
    monday.slack.answers(CHANNEL, Refusal("is_archived"))
    monday.johan.reports(monday.sessions, "12", THIS_WEEK, now=monday.clock())
    monday.later()
    assert len(monday.posted()) == 1
    told = "\n".join(one.words for one in monday.slack.all_in(erik.id))
    assert f"has changed in {team.name}" in told
    assert told.count("Unarchive it") == 1


def test_an_update_whose_outcome_is_unknown_is_made_again_and_told_once(monday: Monday) -> None:
    monday.slack.failed_updates.append(InDoubt("TimeoutError"))
    monday.johan.reports(monday.sessions, "12", THIS_WEEK, now=monday.clock())
    monday.later()
    monday.later()
    assert len(monday.updated()) == 1
    assert len(monday.changes()) == 1


def test_a_process_that_dies_when_the_line_is_posted_leaves_one_line(monday: Monday) -> None:
    monday.johan.reports(monday.sessions, "12", THIS_WEEK, now=monday.clock())
    monday.clock.forward(minutes=2)
    monday.bot.tick()
    assert len(monday.changes()) == 1
    monday.slack.answers(CHANNEL, KilledAfterPosting())
    monday.johan.reports(monday.sessions, "13", THIS_WEEK, now=monday.clock())
    monday.clock.forward(minutes=2)
    assert not monday.bot.tick()
    with replica(monday.sessions, monday.slack, monday.clock) as other:
        monday.clock.forward(minutes=5)
        other.tick()
        other.tick()
    assert [line.split("\n")[0] for line in monday.changes()] == [
        "Updated: *Deals* 12, by Johan",
        "Updated: *Deals* 12 → 13, by Johan",
    ]


def test_two_people_who_report_at_once_are_one_update(monday: Monday) -> None:
    now = monday.clock()
    at_once(
        lambda: monday.anna.reports(monday.sessions, "130", THIS_WEEK, now=now),
        lambda: monday.johan.reports(monday.sessions, "12", THIS_WEEK, now=now),
    )
    monday.later()
    assert len(deliveries_of(monday.sessions, kind="digest_update")) == 1
    (line,) = monday.changes()
    assert line.split("\n")[0] == "Updated: *Leads* 120 → 130, by Anna · *Deals* 12, by Johan"


def test_a_discussion_begins_once_whoever_presses(monday: Monday) -> None:
    def press(player: Player) -> digest_discussion.Begun:
        return digest_discussion.discuss(monday.sessions, player.asker, monday.value, now=monday.clock()).content

    first, second = press(monday.anna), press(monday.johan)
    assert (first.is_new, second.is_new) == (True, False)
    monday.later(0)
    (said,) = [one for one in monday.slack.all_in(CHANNEL) if "make of" in one.words]
    assert said.thread_ts == monday.posted()[0].ts
    third = press(monday.anna)
    assert (third.channel_id, third.ts) == (said.channel, said.ts), "the link leads to the discussion"


def test_nobody_discusses_what_was_never_posted(monday: Monday) -> None:
    with pytest.raises(Refused):
        digest_discussion.discuss(
            monday.sessions, monday.anna.asker, f"{monday.anna.team.id}:2026-W40", now=monday.clock()
        )


def an_admin(monday: Monday) -> Player:
    with monday.sessions.write() as session:
        place = session.exec(select(Membership).where(Membership.member_id == monday.anna.member.id)).one()
        place.is_admin = True
    return monday.anna


def test_an_admin_can_post_a_digest_once_more_and_a_second_press_posts_nothing(monday: Monday) -> None:
    admin = an_admin(monday)
    shown = digest_showing.show(monday.sessions, admin.asker, "", now=monday.clock()).content
    assert (shown.period, shown.discuss) == (THIS_WEEK, "")
    assert digest_showing.show(monday.sessions, monday.johan.asker, "", now=monday.clock()).content.again == ""
    with pytest.raises(Refused):
        digest_showing.post_again(monday.sessions, monday.johan.asker, shown.again, now=monday.clock())
    done = [
        digest_showing.post_again(monday.sessions, admin.asker, shown.again, now=monday.clock()).content.name
        for _ in range(2)
    ]
    assert done == ["digest_again", "digest_again_already"]
    monday.later(0)
    assert len(monday.posted()) == 2
    monday.johan.reports(monday.sessions, "12", THIS_WEEK, now=monday.clock())
    monday.later()
    (_, _, ts, _) = monday.slack.updates[0]
    assert ts == monday.posted()[1].ts, "the newest one is kept up to date"


@pytest.mark.parametrize(
    ("written", "week"),
    [("2026-W40", "2026-W40"), ("2026w40", "2026-W40"), ("40", "2026-W40"), ("w40", "2026-W40"), ("50", "2025-W50"),
     ("preview", "2026-W49"), ("nästa", "2026-W49"), ("2026-W49", "2026-W49")],
)  # fmt: skip
def test_any_week_can_be_named(monday: Monday, written: str, week: str) -> None:
    shown = digest_showing.show(monday.sessions, monday.johan.asker, written, now=monday.clock()).content
    assert shown.period == week
    assert shown.is_preview is (week == "2026-W49")


@pytest.mark.parametrize(
    ("written", "refusal"), [("soon", "digest_words"), ("2026-W54", "digest_words"), ("2027-W01", "digest_future")]
)
def test_a_week_that_cannot_be_shown_is_refused_with_what_can(monday: Monday, written: str, refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        digest_showing.show(monday.sessions, monday.johan.asker, written, now=monday.clock())
    assert refused.value.name == refusal
