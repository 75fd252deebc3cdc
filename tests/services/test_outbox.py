"""A delivery says what is true when it is sent, in the reader's language, or is not needed any more."""

from datetime import datetime, timedelta

import pytest

from bot.services.sending.outbox import Batch, Letter, Unneeded, compose
from storage import Sessions
from storage.deliveries import Claimed
from tests.support.builders import a_kpi, added
from tests.support.fake_slack import words
from tests.support.week import (
    CHANNEL,
    FRIDAY_13,
    MONDAY_8,
    MONDAY_10,
    THIS_WEEK,
    TUESDAY,
    Player,
    a_player,
    a_playing_team,
)

DUE = {"prompt": FRIDAY_13, "reminder": MONDAY_8, "digest": MONDAY_10}


@pytest.fixture
def anna(sqlite_sessions: Sessions) -> Player:
    return a_player(sqlite_sessions, a_playing_team(sqlite_sessions, name="North"), kpi={"name": "Leads"})


def letter(sessions: Sessions, player: Player, kind: str, *, now: datetime | None = None) -> Letter | Unneeded:
    claimed = Claimed(
        id=1,
        workspace_id=player.workspace.id or 0,
        team_id=player.team.id or 0,
        kind=kind,
        recipient=CHANNEL if kind == "digest" else player.id,
        period=THIS_WEEK,
        key="k",
        due_at=DUE[kind],
        doubtful=False,
        attempts=1,
        claimed_at=now or DUE[kind],
    )
    with sessions.read() as session:
        return compose(Batch(session, [claimed], now or DUE[kind]), claimed)


def said(made: Letter | Unneeded) -> str:
    assert isinstance(made, Letter), made
    return made.message.text + "\n" + words(made.message.blocks)


@pytest.mark.parametrize("kind", ["prompt", "reminder"])
def test_only_what_is_still_missing_is_asked_for(sqlite_sessions: Sessions, anna: Player, kind: str) -> None:
    a_kpi(sqlite_sessions, anna.hat, "Calls")
    anna.reports(sqlite_sessions, "12", THIS_WEEK, now=FRIDAY_13)
    text = said(letter(sqlite_sessions, anna, kind))
    assert "Calls" in text
    assert "Leads" not in text


@pytest.mark.parametrize("kind", list(DUE))
def test_a_person_reads_their_language_and_a_channel_its_teams(
    sqlite_sessions: Sessions, anna: Player, kind: str
) -> None:
    anna.member.locale, anna.team.locale = "sv-SE", "en"
    for row in (anna.member, anna.team):
        added(sqlite_sessions, row)
    assert ("vecka 48" in said(letter(sqlite_sessions, anna, kind))) is (kind != "digest")
    anna.member.locale, anna.team.locale = None, "sv"
    for row in (anna.member, anna.team):
        added(sqlite_sessions, row)
    assert "vecka 48" in said(letter(sqlite_sessions, anna, kind))


@pytest.mark.parametrize("kind", ["prompt", "digest"])
@pytest.mark.parametrize(("behind", "late"), [(timedelta(minutes=15), False), (timedelta(minutes=16), True)])
def test_what_comes_late_says_so(
    sqlite_sessions: Sessions, anna: Player, kind: str, behind: timedelta, *, late: bool
) -> None:
    made = letter(sqlite_sessions, anna, kind, now=DUE[kind] + behind)
    assert isinstance(made, Letter)
    assert made.late is late
    assert ("Sorry" in said(made)) is late


@pytest.mark.parametrize(
    ("kind", "grace"),
    [("prompt", timedelta(hours=24)), ("reminder", timedelta(hours=2)), ("digest", timedelta(hours=24))],
)
def test_after_its_grace_a_message_is_not_needed(
    sqlite_sessions: Sessions, anna: Player, kind: str, grace: timedelta
) -> None:
    anna.team.digest_at = "Monday 10:00" if kind == "digest" else ""  # no reminder comes after a digest
    anna.team.working_days = "1234567"  # on a day off nobody is asked late
    added(sqlite_sessions, anna.team)
    assert isinstance(letter(sqlite_sessions, anna, kind, now=DUE[kind] + grace), Letter)
    over = letter(sqlite_sessions, anna, kind, now=DUE[kind] + grace + timedelta(seconds=1))
    assert over == Unneeded("missed by more than its grace", anna.workspace.slack_team_id)


def test_a_reminder_after_the_digest_is_not_needed(sqlite_sessions: Sessions, anna: Player) -> None:
    assert isinstance(letter(sqlite_sessions, anna, "reminder", now=MONDAY_10 - timedelta(minutes=1)), Letter)
    assert letter(sqlite_sessions, anna, "reminder", now=MONDAY_10) == Unneeded(
        "the digest has gone out", anna.workspace.slack_team_id
    )


def test_a_team_that_is_gone_needs_no_message(sqlite_sessions: Sessions, anna: Player) -> None:
    anna.team.archived_at = TUESDAY
    added(sqlite_sessions, anna.team)
    assert letter(sqlite_sessions, anna, "digest") == Unneeded("the team is gone", anna.workspace.slack_team_id)


def test_a_person_who_left_needs_no_message(sqlite_sessions: Sessions, anna: Player) -> None:
    anna.member.deleted = True
    added(sqlite_sessions, anna.member)
    assert letter(sqlite_sessions, anna, "prompt") == Unneeded("the person has left", anna.workspace.slack_team_id)


def test_who_has_reported_needs_no_reminder(sqlite_sessions: Sessions, anna: Player) -> None:
    anna.reports(sqlite_sessions, "12", THIS_WEEK, now=FRIDAY_13)
    assert letter(sqlite_sessions, anna, "reminder") == Unneeded("reported already", anna.workspace.slack_team_id)


def test_the_letter_goes_to_the_teams_own_workspace(sqlite_sessions: Sessions, anna: Player) -> None:
    a_player(sqlite_sessions, a_playing_team(sqlite_sessions), "Rival")
    made = letter(sqlite_sessions, anna, "digest")
    assert isinstance(made, Letter)
    assert made.workspace == anna.workspace.slack_team_id
    assert "Rival" not in said(made)
