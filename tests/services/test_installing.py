"""Installs over time: the app taken out and put back, everything erased in the end."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import func, select

from bot.services.installs.installing import (
    Installed,
    begin,
    forget_old_states,
    install,
    take_up,
)
from bot.services.installs.installs import Installs
from bot.services.installs.uninstalling import Eraser, access_changed, ended, let_in_unheard
from bot.services.people import privacy
from storage import Sessions, backlogs, deliveries, installs, workspaces
from storage.tables import InstallState, metadata
from tests.support.builders import NOW, a_hat, a_kpi, a_member, a_target, a_team, owns
from tests.support.database import counted_statements
from tests.support.fake_slack import FakeSlack
from tests.support.installed import VAULT, made, token_of
from tests.support.replica import StandingClock, replica


def columns(one: Installed) -> dict[str, Any]:
    names = ("is_org", "bot_user_id", "bot_id", "installer_id", "scopes")
    return {name: getattr(one, name) for name in names} | {"bot_token_encrypted": VAULT.seal(one.token)}


def states(sessions: Sessions) -> dict[str, int]:
    with sessions.read() as session:
        return backlogs.counts(session)


def owe(sessions: Sessions, workspace: str, recipient: str = "U1", about: str = "more") -> None:
    with sessions.write() as session:
        row = workspaces.by_slack_id(session, workspace)
        deliveries.owe_news(
            session,
            workspace_id=row.id if row and row.id else 0,
            team_id=None,
            kind="installed",
            recipient=recipient,
            about=about,
            now=NOW,
        )


# The app leaves


@pytest.mark.parametrize("times", [1, 2], ids=["one event", "both, each once more"])
def test_after_an_uninstall_nothing_is_sent_or_known_and_the_other_workspace_runs_on(
    sessions: Sessions, times: int
) -> None:
    for name in ("T1", "T2"):
        install(sessions, VAULT, made(name, f"xoxb-{name}"), now=NOW)
    for _ in range(times):
        ended(sessions, "T1", happened_at=NOW + timedelta(hours=1), now=NOW + timedelta(hours=1))
    owe(sessions, "T1")
    owe(sessions, "T2")
    clock = StandingClock(NOW + timedelta(hours=2))
    slack = FakeSlack(clock)
    with replica(sessions, slack, clock) as one:
        one.tick()
    assert {said.workspace for said in slack.said} == {"T2"}
    assert states(sessions) == {"sent": 2, "skipped": 2}
    assert token_of(sessions, "T1") is None
    assert token_of(sessions, "T2") == "xoxb-T2"
    with sessions.read() as session:
        gone = installs.named(session, "T1")
        assert gone is not None
        assert gone.bot_token_encrypted is None


def test_a_new_install_resumes_with_the_new_token(sessions: Sessions) -> None:
    install(sessions, VAULT, made(), now=NOW)
    later = NOW + timedelta(days=3)
    ended(sessions, "T1", happened_at=later, now=later)
    names = install(sessions, VAULT, made(token="xoxb-second"), now=later + timedelta(hours=1))
    assert names == ["T1"]
    assert token_of(sessions) == "xoxb-second"
    owe(sessions, "T1")
    clock = StandingClock(later + timedelta(hours=2))
    slack = FakeSlack(clock)
    with replica(sessions, slack, clock) as one:
        one.tick()
    assert [said.workspace for said in slack.said] == ["T1"]


def test_what_is_told_late_of_an_earlier_uninstall_stops_nothing(sessions: Sessions) -> None:
    install(sessions, VAULT, made(), now=NOW)
    again = NOW + timedelta(minutes=5)
    install(sessions, VAULT, made(token="xoxb-second"), now=again)
    assert ended(sessions, "T1", happened_at=NOW + timedelta(minutes=4), now=again) == []
    assert token_of(sessions) == "xoxb-second"


def test_an_uninstall_told_while_the_app_is_being_installed_again_leaves_it_its_token(sessions: Sessions) -> None:
    install(sessions, VAULT, made(), now=NOW)
    again = NOW + timedelta(minutes=5)
    with ThreadPoolExecutor(1) as other:
        with sessions.write() as session:
            installs.keep(session, "T1", installed_at=again, **columns(made(token="xoxb-second")))
            told = other.submit(ended, sessions, "T1", happened_at=NOW + timedelta(minutes=4), now=again)
            wait([told], timeout=0.5)  # it cannot be done before the install is
        assert told.result(timeout=10) == []
    assert token_of(sessions) == "xoxb-second"


def test_an_organisation_stops_in_all_its_workspaces_but_in_those_that_installed_it_themselves(
    sessions: Sessions,
) -> None:
    install(sessions, VAULT, made("E1", "xoxb-org", is_org=True, enterprise_id="E1"), now=NOW)
    known = Installs(sessions, VAULT.open)
    assert known.voice("T7", "E1", now=NOW)
    install(sessions, VAULT, made("T8", "xoxb-own", enterprise_id="E1"), now=NOW)
    later = NOW + timedelta(hours=1)
    assert ended(sessions, "E1", happened_at=later, now=later) == ["T7"]
    assert token_of(sessions, "T7") is None
    assert token_of(sessions, "T8") == "xoxb-own"


def test_a_token_that_is_doubted_is_looked_up_again_before_it_is_used(sessions: Sessions) -> None:
    install(sessions, VAULT, made("T1", "xoxb-old"), now=NOW)
    known = Installs(sessions, VAULT.open, seconds=lambda: 0.0)
    assert known.token_of("T1") == "xoxb-old"
    install(sessions, VAULT, made("T1", "xoxb-new"), now=NOW)
    assert known.token_of("T1") == "xoxb-old"
    known.look_again("T1")
    assert known.token_of("T1") == "xoxb-new"


def test_tokens_of_many_workspaces_are_looked_up_at_once_and_remembered_for_a_moment(sessions: Sessions) -> None:
    install(sessions, VAULT, made("E1", "xoxb-org", is_org=True, enterprise_id="E1"), now=NOW)
    assert Installs(sessions, VAULT.open).voice("T7", "E1", now=NOW)
    for name in ("T1", "T2"):
        install(sessions, VAULT, made(name, f"xoxb-{name}"), now=NOW)
    ended(sessions, "T2", happened_at=NOW + timedelta(hours=1), now=NOW + timedelta(hours=1))
    passed = 0.0
    known = Installs(sessions, VAULT.open, seconds=lambda: passed)
    with sessions.read() as session:
        with counted_statements(sessions.engine) as asked:
            known.look_up(session, {"T1", "T2", "T7", "T9"})
            known.look_up(session, {"T1", "T7"})
            assert (known.token_of("T1"), known.token_of("T7")) == ("xoxb-T1", "xoxb-org")
        assert len([one for one in asked if one.startswith("SELECT")]) == 1, "one statement for all of them"
        assert (known.token_of("T2"), known.token_of("T9")) == (None, None)
    install(sessions, VAULT, made("T1", "xoxb-new"), now=NOW)
    passed = 2.5
    with sessions.read() as session:
        known.look_up(session, {"T1"})
    assert known.token_of("T1") == "xoxb-new"


def test_a_workspace_that_loses_access_is_silent_until_it_is_granted_again(sessions: Sessions) -> None:
    install(sessions, VAULT, made("E1", "xoxb-org", is_org=True, enterprise_id="E1"), now=NOW)
    for name in ("T7", "T8"):
        assert Installs(sessions, VAULT.open).voice(name, "E1", now=NOW)
    access_changed(sessions, "E1", ["T7"], granted=False, now=NOW)
    assert Installs(sessions, VAULT.open).voice("T7", "E1", now=NOW) is None
    assert token_of(sessions, "T8") == "xoxb-org"
    access_changed(sessions, "E2", ["T8"], granted=False, now=NOW)
    assert token_of(sessions, "T8") == "xoxb-org"
    access_changed(sessions, "E1", ["T7"], granted=True, now=NOW)
    assert token_of(sessions, "T7") == "xoxb-org"


def test_an_organisation_that_installs_it_again_hears_nothing_where_it_has_not_let_it_in_yet(
    sessions: Sessions,
) -> None:
    org = {"is_org": True, "enterprise_id": "E1"}
    install(sessions, VAULT, made("E1", "xoxb-org", **org), now=NOW)
    for name in ("T7", "T8"):
        assert Installs(sessions, VAULT.open).voice(name, "E1", now=NOW)
    later = NOW + timedelta(hours=1)
    ended(sessions, "E1", happened_at=later, now=later)
    assert install(sessions, VAULT, made("E1", "xoxb-again", **org), now=later, let_in=["T8"]) == ["T8"]
    assert token_of(sessions, "T7") is None
    assert token_of(sessions, "T8") == "xoxb-again"
    access_changed(sessions, "E1", ["T7"], granted=True, now=later)
    assert token_of(sessions, "T7") == "xoxb-again"


def test_a_bot_that_begins_runs_again_where_an_organisation_let_it_in_unheard(sessions: Sessions) -> None:
    install(sessions, VAULT, made("E1", "xoxb-org", is_org=True, enterprise_id="E1"), now=NOW)
    install(sessions, VAULT, made("E2", "xoxb-other", is_org=True, enterprise_id="E2"), now=NOW)
    for name in ("T7", "T8"):
        assert Installs(sessions, VAULT.open).voice(name, "E1", now=NOW)
    access_changed(sessions, "E1", ["T7", "T8"], granted=False, now=NOW)
    asked: list[str] = []

    def let_into(token: str) -> list[str] | None:
        asked.append(token)
        return ["T7", "T9"] if token == "xoxb-org" else None

    assert let_in_unheard(sessions, VAULT.open, let_into) == ["T7"]
    assert asked == ["xoxb-org", "xoxb-other"]
    assert [token_of(sessions, name) for name in ("T7", "T8")] == ["xoxb-org", None]
    assert let_in_unheard(sessions, VAULT.open, let_into) == []


# Erasing


def rows_of(sessions: Sessions) -> dict[str, int]:
    with sessions.read() as session:
        counted = {
            t.name: session.execute(select(func.count()).select_from(t)).scalar() for t in metadata.sorted_tables
        }
    return {name: number for name, number in counted.items() if number}


def a_playing_workspace(sessions: Sessions, name: str) -> None:
    install(sessions, VAULT, made(name), now=NOW)
    with sessions.read() as session:
        workspace = workspaces.by_slack_id(session, name)
    assert workspace is not None
    team = a_team(sessions, workspace, "Hunter")
    hat = a_hat(sessions, team, "Hunter")
    owns(sessions, a_member(sessions, team, "Anna"), hat)
    a_target(sessions, a_kpi(sessions, hat, "Deals"), 5)


def test_everything_of_a_workspace_is_erased_after_the_grace_time_and_nothing_of_another(sessions: Sessions) -> None:
    a_playing_workspace(sessions, "T1")
    before = rows_of(sessions)
    a_playing_workspace(sessions, "T2")
    ended(sessions, "T2", happened_at=NOW, now=NOW)
    erase = Eraser(30)
    erase(sessions, NOW + timedelta(days=29))
    assert privacy.export(sessions, "T2")["tables"]["hat"]
    assert rows_of(sessions) != before
    erase(sessions, NOW + timedelta(days=30))
    assert rows_of(sessions) == before
    assert token_of(sessions, "T1") == "xoxb-first"


def test_who_comes_back_in_time_keeps_everything(sessions: Sessions) -> None:
    a_playing_workspace(sessions, "T1")
    before = rows_of(sessions)
    ended(sessions, "T1", happened_at=NOW, now=NOW)
    install(sessions, VAULT, made(), now=NOW + timedelta(days=29))
    Eraser(30)(sessions, NOW + timedelta(days=90))
    assert rows_of(sessions) == before


# States


def test_states_that_were_never_used_are_forgotten(sessions: Sessions) -> None:
    old, fresh = begin(sessions, now=NOW), begin(sessions, now=NOW + timedelta(minutes=9))
    forget_old_states(sessions, NOW + timedelta(minutes=10))
    with sessions.read() as session:
        assert len(session.exec(select(InstallState)).all()) == 1
    assert not take_up(sessions, old, now=NOW)
    assert take_up(sessions, fresh, now=NOW + timedelta(minutes=10))


def test_of_two_browsers_with_one_state_one_gets_in(sessions: Sessions) -> None:
    state = begin(sessions, now=NOW)

    def come(now: datetime) -> bool:
        return take_up(sessions, state, now=now)

    with ThreadPoolExecutor(6) as browsers:
        assert sum(browsers.map(come, [NOW] * 6)) == 1
