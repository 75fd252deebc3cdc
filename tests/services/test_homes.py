"""The App Home of one person: their hats, and what is still to report."""

from datetime import timedelta

import pytest

from bot.domain.errors import Refused
from bot.playground.blockkit import validate_view
from bot.services.homes.homes import home
from bot.services.workspaces.scene import Asker
from messages import catalog
from storage import Sessions
from storage.tables import Absence, Deputy
from tests.support.builders import a_hat, a_kpi, a_link, a_member, added, owns, wears
from tests.support.database import counted_statements
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


def test_the_number_of_queries_does_not_grow_with_hats_and_kpis(sqlite_sessions: Sessions, anna: Player) -> None:
    with counted_statements(sqlite_sessions.engine) as few:
        home(sqlite_sessions, anna.asker, now=FRIDAY_13)
    for number in range(12):
        hat = a_hat(sqlite_sessions, anna.team, f"Hat {number}")
        owns(sqlite_sessions, anna.member, hat)
        wears(sqlite_sessions, a_member(sqlite_sessions, anna.team, f"Member {number}"), hat)
        first, *others = [a_kpi(sqlite_sessions, hat, f"KPI {number} {one}") for one in range(4)]
        for other in others:
            a_link(sqlite_sessions, first, other)
    with counted_statements(sqlite_sessions.engine) as many:
        shown = home(sqlite_sessions, anna.asker, now=FRIDAY_13).content
    assert len(shown.owned) == 13
    assert len(many) <= len(few)


def test_a_hat_shows_its_thirteen_weeks_its_deputy_and_what_was_done_for_it(
    sqlite_sessions: Sessions, anna: Player
) -> None:
    for week, value in ((45, "10"), (46, "30"), (47, "20")):
        anna.reports(sqlite_sessions, value, f"2026-W{week}", now=FRIDAY_13)
    (hat,) = home(sqlite_sessions, anna.asker, now=FRIDAY_13).content.owned
    assert [str(point) for point in hat.kpis[0].points] == ["10", "30", "20"]
    shown = words(catalog.home(home(sqlite_sessions, anna.asker, now=FRIDAY_13).content, language="en"))
    assert "▁█▄ (3 weeks: from 10 to 20)" in shown
    assert "reported 3 numbers" in shown
    assert "Nobody stands in for you here." in shown


def test_an_owner_who_is_away_is_stood_in_for_in_the_deputys_home(sqlite_sessions: Sessions, anna: Player) -> None:
    erik = a_member(sqlite_sessions, anna.team, "Erik")
    scope = {"workspace_id": anna.workspace.id, "member_id": erik.id}
    added(sqlite_sessions, Deputy(hat_id=anna.hat.id, since=FRIDAY_13, **scope))
    asker = Asker(anna.workspace.slack_team_id, erik.slack_user_id)
    assert home(sqlite_sessions, asker, now=FRIDAY_13).content.owned == ()
    away = {"starts_at": FRIDAY_13 - timedelta(days=1), "ends_at": FRIDAY_13 + timedelta(days=9)}
    added(sqlite_sessions, Absence(workspace_id=anna.workspace.id, member_id=anna.member.id, **away))
    (hat,) = home(sqlite_sessions, asker, now=FRIDAY_13).content.owned
    assert hat.stands_in_for is not None
    assert hat.stands_in_for.name == "Anna"


def test_nothing_is_computed_when_a_home_is_opened(
    sqlite_sessions: Sessions, anna: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_link(sqlite_sessions, anna.kpi, a_kpi(sqlite_sessions, anna.hat, "Deals"))

    def compute(*_: object) -> None:
        raise AssertionError("statistics were computed")

    monkeypatch.setattr("bot.services.chain.chain_reports.computed_report", compute)
    chain = home(sqlite_sessions, anna.asker, now=FRIDAY_13).content.chain
    assert ([link.source.name for link in chain.links], chain.known) == (["Leads"], False)


def test_the_whole_of_a_huge_team_fits_into_slacks_limits(sqlite_sessions: Sessions, anna: Player) -> None:
    for number in range(59):
        hat = a_hat(sqlite_sessions, anna.team, f"{number} {'Hat & <b> ' * 9}"[:80], slug=f"hat-{number}")
        owns(sqlite_sessions, anna.member, hat)
        for one in range(12):
            a_kpi(sqlite_sessions, hat, f"{number} {one} {'KPI & <b> ' * 9}"[:80], slug=f"kpi-{number}-{one}")
    shown = home(sqlite_sessions, anna.asker, now=FRIDAY_13, hat="hat-3").content
    assert len(shown.owned) == 60
    for language in ("en", "sv"):
        view = catalog.home(shown, language=language)
        assert validate_view(view) == []
        assert len(view["blocks"]) <= 100
