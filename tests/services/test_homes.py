"""The App Home of one person: their hats, and what is still to report."""

from datetime import timedelta

import pytest

from bot.domain.errors import Refused
from bot.services.homes import home
from bot.services.scene import Asker
from messages import catalog
from storage import Sessions
from tests.support.builders import a_hat, a_kpi, a_member, wears
from tests.support.fake_slack import words
from tests.support.week import FRIDAY_13, MONDAY_10, THIS_WEEK, Player, a_player, a_playing_team


@pytest.fixture
def anna(sqlite_sessions: Sessions) -> Player:
    return a_player(sqlite_sessions, a_playing_team(sqlite_sessions, name="North"), kpi={"name": "Leads"})


def test_an_owner_sees_their_hats_and_what_is_open(sqlite_sessions: Sessions, anna: Player) -> None:
    a_kpi(sqlite_sessions, anna.hat, "Calls")
    other = a_hat(sqlite_sessions, anna.team, "Goalkeeper")
    wears(sqlite_sessions, anna.member, other)
    wears(sqlite_sessions, anna.member, anna.hat)
    anna.reports(sqlite_sessions, "12", THIS_WEEK, now=FRIDAY_13)
    shown = home(sqlite_sessions, anna.asker, now=FRIDAY_13).content
    assert [one.hat.name for one in shown.owned] == ["Hat of Anna"]
    assert [hat.name for hat in shown.worn] == ["Goalkeeper"], "what they own is not told twice"
    assert [kpi.name for kpi in shown.due] == ["Calls"]
    assert [(kpi.name, kpi.value) for kpi in shown.reported] == [("Leads", 12)]
    view = catalog.home(shown, language="en")
    assert "Report week 48" in words(view)
    assert "Monday 10:00" in words(view)


def test_after_the_digest_the_next_week_is_asked_for(sqlite_sessions: Sessions, anna: Player) -> None:
    anna.reports(sqlite_sessions, "12", THIS_WEEK, now=FRIDAY_13)
    before = home(sqlite_sessions, anna.asker, now=MONDAY_10 - timedelta(seconds=1)).content
    after = home(sqlite_sessions, anna.asker, now=MONDAY_10).content
    assert (before.period, [kpi.name for kpi in before.due]) == (THIS_WEEK, [])
    assert (after.period, [kpi.name for kpi in after.due]) == ("2026-W49", ["Leads"])


def test_a_member_without_a_hat_and_a_stranger_get_a_home_too(sqlite_sessions: Sessions, anna: Player) -> None:
    erik = a_member(sqlite_sessions, anna.team, "Erik")
    for user in (erik.slack_user_id, "U0STRANGER"):
        shown = home(sqlite_sessions, Asker(anna.workspace.slack_team_id, user), now=FRIDAY_13).content
        assert (shown.owned, shown.due, shown.report) == ((), (), "")
        assert "You own no hat yet" in words(catalog.home(shown, language="en"))


def test_a_home_in_a_workspace_without_a_team_is_refused_with_a_sentence(sqlite_sessions: Sessions) -> None:
    with pytest.raises(Refused, match="no_team"):
        home(sqlite_sessions, Asker("T0EMPTY", "U1"), now=FRIDAY_13)
