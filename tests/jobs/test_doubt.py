"""What may have been sent is looked for, also when nobody needs it any more: it is taken back where it stands."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.services.agreements import agreement_answers, agreements
from bot.services.agreements.agreement_closing import left_behind
from bot.services.people import leaving
from bot.services.questions import question_withdrawal
from bot.services.sending import channels
from bot.slack.outcomes import InDoubt
from bot.slack.port import LookupFailed
from storage import Sessions
from storage.tables import Delivery, Hat, Member, Team, Workspace
from tests.support.builders import a_hat, added
from tests.support.club import Club
from tests.support.desk import THREAD, Desk
from tests.support.fake_slack import FakeSlack, PostedButInDoubt
from tests.support.replica import Replica
from tests.support.week import CHANNEL, FRIDAY_13, MONDAY_10, THIS_WEEK, Player, a_player, a_playing_team, deliveries_of

SOON = timedelta(seconds=2)  # a first attempt is repeated after this


@pytest.fixture
def anna(sessions: Sessions) -> Player:
    return a_player(sessions, a_playing_team(sessions, name="North"), "Anna", kpi={"name": "Leads"})


@pytest.fixture
def club(sessions: Sessions) -> Iterator[Club]:
    club = Club(sessions)
    yield club
    club.close()


@pytest.fixture
def desk(sessions: Sessions) -> Iterator[Desk]:
    desk = Desk(sessions)
    yield desk
    desk.club.close()


def the_prompt(sessions: Sessions) -> Delivery:
    (row,) = deliveries_of(sessions, kind="prompt", period=THIS_WEEK)
    return row


def test_a_prompt_that_arrived_and_became_pointless_counts_as_sent(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    slack.answers(anna.id, PostedButInDoubt())
    bot.tick(FRIDAY_13)
    anna.reports(sessions, "12", THIS_WEEK, now=FRIDAY_13)
    bot.tick(FRIDAY_13 + SOON)
    (said,) = slack.all_in(anna.id)
    row = the_prompt(sessions)
    assert (row.state, row.channel_id, row.message_ts) == ("sent", said.channel, said.ts)


def test_one_that_did_not_arrive_is_skipped(bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player) -> None:
    slack.answers(anna.id, InDoubt("TimeoutError"))
    bot.tick(FRIDAY_13)
    anna.reports(sessions, "12", THIS_WEEK, now=FRIDAY_13)
    bot.tick(FRIDAY_13 + SOON)
    assert slack.all_in(anna.id) == []
    assert [key for _, key in slack.sought] == [the_prompt(sessions).key]
    assert the_prompt(sessions).state == "skipped"


def test_what_surely_was_not_sent_is_not_looked_for(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    bot.tick(FRIDAY_13 - timedelta(hours=1))
    anna.reports(sessions, "12", THIS_WEEK, now=FRIDAY_13 - timedelta(minutes=1))
    bot.tick(FRIDAY_13)
    assert the_prompt(sessions).state == "skipped"
    assert slack.sought == []


def test_it_waits_while_slack_cannot_tell_and_is_given_up_where_nobody_can_look(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    slack.answers(anna.id, PostedButInDoubt())
    slack.lookups.extend([LookupFailed("ratelimited", 30), LookupFailed("user_not_found")])
    bot.tick(FRIDAY_13)
    anna.reports(sessions, "12", THIS_WEEK, now=FRIDAY_13)
    bot.tick(FRIDAY_13 + SOON)
    row = the_prompt(sessions)
    assert (row.state, row.doubtful, row.not_before) == ("due", True, FRIDAY_13 + SOON + timedelta(seconds=30))
    bot.tick(row.not_before)
    assert the_prompt(sessions).state == "skipped"


def test_it_is_not_looked_for_for_ever(bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player) -> None:
    slack.answers(anna.id, PostedButInDoubt())
    slack.lookups.extend([LookupFailed("TimeoutError")] * 20)
    bot.tick(FRIDAY_13)
    bot.tick(FRIDAY_13 + timedelta(days=8))
    assert the_prompt(sessions).state == "due"
    bot.tick(FRIDAY_13 + timedelta(days=8, minutes=5))
    assert (the_prompt(sessions).state, the_prompt(sessions).error) == ("skipped", "missed by more than its grace")


@pytest.mark.parametrize(
    ("table", "gone", "state"), [(Team, "archived_at", "sent"), (Workspace, "uninstalled_at", "skipped")]
)
def test_where_the_team_is_gone_it_is_found_and_where_the_app_is_gone_nobody_can_look(
    bot: Replica,
    slack: FakeSlack,
    sessions: Sessions,
    anna: Player,
    table: type[Team | Workspace],
    gone: str,
    state: str,
) -> None:
    slack.answers(anna.id, PostedButInDoubt())
    bot.tick(FRIDAY_13)
    with sessions.write() as session:
        row = session.get_one(table, (anna.team if table is Team else anna.workspace).id)
        setattr(row, gone, FRIDAY_13)
    bot.tick(FRIDAY_13 + SOON)
    assert the_prompt(sessions).state == state


def proposed(club: Club, sessions: Sessions) -> tuple[Hat, Member]:
    """Let an offer to Maria arrive in doubt."""
    hat, maria = a_hat(sessions, club.team, "Sales", created_at=club.now), club.joins("Maria")
    agreements.propose(sessions, club.directory, club.asker(club.anna), "sales", maria.slack_user_id, now=club.now)
    club.slack.answers(maria.slack_user_id, PostedButInDoubt())
    club.replica.tick()
    return hat, maria


def the_offer_closed(club: Club, maria: Member) -> str:
    """Let time go by; return what has taken the place of the only message that Maria got about the offer."""
    for _ in range(3):
        club.clock.forward(seconds=10)
        club.replica.tick()
    offer = club.slack.all_in(maria.slack_user_id)[0]
    return next(
        message.text for _, channel, ts, message in club.slack.updates if (channel, ts) == (offer.channel, offer.ts)
    )


def test_an_offer_in_doubt_that_is_taken_back_loses_its_buttons(club: Club, sessions: Sessions) -> None:
    _, maria = proposed(club, sessions)
    agreements.withdraw(sessions, club.directory, club.asker(club.anna), "sales", now=club.now)
    assert "taken back" in the_offer_closed(club, maria)
    (offer,) = deliveries_of(sessions, kind="offer")
    assert offer.state == "sent"


def test_so_it_does_when_its_reader_leaves_the_team(club: Club, sessions: Sessions) -> None:
    _, maria = proposed(club, sessions)
    leaving.leave(sessions, club.asker(maria), club.team.id or 0, now=club.now)
    assert the_offer_closed(club, maria)


def test_who_answers_an_offer_in_doubt_waits_for_nothing(club: Club, sessions: Sessions) -> None:
    _, maria = proposed(club, sessions)
    (proposal,) = club.proposals()
    agreement_answers.accept(sessions, club.asker(maria), f"{proposal.id}.1", now=club.now)
    workspace = club.workspace.slack_team_id
    assert left_behind(sessions, workspace, proposal.id or 0, now=club.now) == [], "its change is owed"
    assert the_offer_closed(club, maria)


def test_a_mention_in_doubt_is_looked_for_in_its_thread_when_the_question_was_withdrawn(desk: Desk) -> None:
    club = desk.club
    club.oskar.reach = "thread"
    added(club.sessions, club.oskar)
    club.slack.answers(CHANNEL, PostedButInDoubt())
    desk.asks_in_thread()
    workspace = club.workspace.slack_team_id
    question_withdrawal.withdraw(club.sessions, workspace, CHANNEL, THREAD, club.anna.slack_user_id, now=club.now)
    club.clock.forward(seconds=2)
    club.replica.tick()
    (mention,) = deliveries_of(club.sessions, kind="question_mention")
    (said,) = [one for one in club.slack.all_in(CHANNEL) if one.key == mention.key]
    assert (mention.state, mention.message_ts, said.thread_ts) == ("sent", said.ts, THREAD)


@pytest.mark.parametrize(
    ("arrives", "state", "by_dm"), [(PostedButInDoubt(), "sent", 0), (InDoubt("TimeoutError"), "failed", 1)]
)
def test_a_mention_in_doubt_is_looked_for_before_it_takes_another_way_around_a_channel_that_was_archived(
    desk: Desk, arrives: PostedButInDoubt | InDoubt, state: str, by_dm: int
) -> None:
    club = desk.club
    club.oskar.reach = "thread"
    added(club.sessions, club.oskar)
    club.slack.answers(CHANNEL, arrives)
    desk.asks_in_thread()
    channels.closed(club.sessions, club.workspace.slack_team_id, CHANNEL, "is_archived", now=club.now)
    for _ in range(2):
        club.clock.forward(seconds=2)
        club.replica.tick()
    (mention,) = deliveries_of(club.sessions, kind="question_mention")
    assert mention.state == state
    assert len(club.slack.all_in(club.oskar.slack_user_id)) == by_dm


def test_a_digest_in_doubt_waits_for_its_channel_when_that_cannot_be_looked_into_any_more(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    slack.answers(CHANNEL, PostedButInDoubt())
    slack.lookups.append(LookupFailed("channel_not_found"))
    bot.tick(MONDAY_10)
    bot.tick(MONDAY_10 + SOON)
    (digest,) = deliveries_of(sessions, kind="digest")
    assert (digest.state, digest.error, digest.doubtful) == ("due", "paused: channel_not_found", True)
    later = MONDAY_10 + timedelta(hours=2)
    assert channels.opened(sessions, anna.workspace.slack_team_id, CHANNEL, now=later)
    bot.tick(later)
    (digest,) = deliveries_of(sessions, kind="digest")
    (posted,) = [said for said in slack.all_in(CHANNEL) if said.key == digest.key]
    assert (digest.state, digest.message_ts) == ("sent", posted.ts)


@pytest.mark.parametrize(("error", "state"), [("user_disabled", "failed"), ("missing_scope", "due")])
def test_what_is_in_doubt_is_looked_for_no_longer_where_nobody_is(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player, error: str, state: str
) -> None:
    slack.answers(anna.id, InDoubt("TimeoutError"))
    slack.lookups.append(LookupFailed(error))
    bot.tick(FRIDAY_13)
    bot.tick(FRIDAY_13 + SOON)
    assert (the_prompt(sessions).state, the_prompt(sessions).error) == (state, error)


def test_a_number_that_comes_while_the_digest_is_in_doubt_gets_into_the_one_that_stands(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    slack.answers(CHANNEL, PostedButInDoubt())
    bot.tick(MONDAY_10)
    anna.reports(sessions, "12", THIS_WEEK, now=MONDAY_10)
    for seconds in (1, 2, 70, 80):
        bot.tick(MONDAY_10 + timedelta(seconds=seconds))
    digest = slack.all_in(CHANNEL)[0]
    assert "12" not in digest.words
    changed = [message for _, _, ts, message in slack.updates if ts == digest.ts]
    assert any("12" in str(message.blocks) for message in changed)
