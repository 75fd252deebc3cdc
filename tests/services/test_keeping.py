"""What is kept longer than the settings say is forgotten, and nothing that anybody still needs."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.config import Settings
from bot.services.workspaces.keeping import KINDS, LOOKED_EVERY, MOST_LOTS, Keeper
from storage import Sessions, retention
from storage.tables import (
    Assignment,
    Audit,
    Delivery,
    Evidence,
    HatCheckHat,
    Proposal,
    Question,
    Reading,
    ReadingVersion,
    SkippedWeek,
    Team,
    metadata,
)
from tests.support.builders import a_member, added
from tests.support.database import counted_statements
from tests.support.every_table import every_row, put
from tests.support.fake_slack import FakeSlack
from tests.support.replica import StandingClock, replica
from tests.support.week import FRIDAY_13, MONDAY_10, TUESDAY

NOTHING = dict.fromkeys(KINDS, 0)
LATER = MONDAY_10 + timedelta(days=30)


@pytest.fixture
def filled(sessions: Sessions) -> Sessions:
    with sessions.write() as session:
        put(session.connection(), every_row())
    return sessions


def counts(sessions: Sessions) -> dict[str, int]:
    with sessions.read() as session:
        return {
            name: len(session.connection().execute(table.select()).all()) for name, table in metadata.tables.items()
        }


def rows(sessions: Sessions, table: Any) -> list[Any]:
    with sessions.read() as session:
        return list(session.exec(select(table).order_by(*table.__table__.primary_key.columns)))


def test_zero_days_keep_for_good(filled: Sessions) -> None:
    before = counts(filled)
    Keeper(NOTHING)(filled, LATER + timedelta(days=9_999))
    assert counts(filled) == before


def test_old_deliveries_go_and_open_ones_and_greetings_stay(filled: Sessions) -> None:
    Keeper({**NOTHING, "deliveries": 30})(filled, LATER)
    assert {(row.kind, row.state) for row in rows(filled, Delivery)} == {("offer", "due"), ("installed", "sent")}


def test_what_is_younger_stays(filled: Sessions) -> None:
    before = counts(filled)
    Keeper(dict.fromkeys(KINDS, 37))(filled, TUESDAY + timedelta(days=37))
    assert counts(filled) == before


def test_the_log_of_changes_goes_only_when_asked_for(filled: Sessions) -> None:
    Keeper({**NOTHING, "audit": 30})(filled, LATER)
    assert rows(filled, Audit) == []


def test_evidence_and_hat_checks_go_together(filled: Sessions) -> None:
    Keeper({**NOTHING, "evidence": 30})(filled, LATER + timedelta(days=9))
    assert rows(filled, Evidence) == rows(filled, HatCheckHat) == []


def test_why_somebody_had_no_numbers_goes_with_the_evidence_and_that_they_had_none_stays(filled: Sessions) -> None:
    team = rows(filled, Team)[0]
    member = a_member(filled, team)
    week = {"workspace_id": team.workspace_id, "team_id": team.id, "member_id": member.id, "reason": "Ill"}
    for period, when in (("2026-W40", LATER - timedelta(days=31)), ("2026-W46", LATER)):
        added(filled, SkippedWeek(**week, period=period, skipped_at=when))
    Keeper({**NOTHING, "evidence": 30})(filled, LATER)
    theirs = [row for row in rows(filled, SkippedWeek) if row.member_id == member.id]
    assert [(row.period, row.reason) for row in theirs] == [("2026-W40", ""), ("2026-W46", "Ill")]


def test_the_words_of_closed_questions_go_and_open_ones_keep_theirs(filled: Sessions) -> None:
    Keeper({**NOTHING, "questions": 30})(filled, LATER)
    assert [(row.state, row.text) for row in rows(filled, Question)] == [("solved", ""), ("open", "And when?")]


def test_the_history_of_owners_and_numbers_stays_whatever_is_set(filled: Sessions) -> None:
    before = counts(filled)
    with filled.write() as session:
        for proposal in session.exec(select(Proposal)):
            proposal.reason = "private"
    Keeper(dict.fromkeys(KINDS, 1))(filled, LATER)
    after = counts(filled)
    gone = {name for name in before if after[name] != before[name]}
    assert gone == {"delivery", "audit", "evidence", "hat_check", "hat_check_hat"}
    assert len(rows(filled, Assignment)) == len(rows(filled, Reading)) == 2
    assert len(rows(filled, ReadingVersion)) == 1
    # The offer that still waits for an answer keeps its reason.
    assert [row.reason for row in rows(filled, Proposal)] == ["", "private"]


def test_nothing_is_sent_again_when_its_delivery_is_forgotten(filled: Sessions) -> None:
    clock = StandingClock(TUESDAY)
    slack = FakeSlack(clock)
    keeper = Keeper({name: settings_days(name) for name in KINDS})
    with replica(filled, slack, clock) as one:
        for now in (FRIDAY_13, MONDAY_10, MONDAY_10 + timedelta(days=401)):
            keeper(filled, now)
            one.tick(now)
        said = len(slack.said)
        keeper(filled, clock.forward(hours=2))
        one.tick()
    assert len(slack.said) == said
    assert "2026-W48" not in {row.period for row in rows(filled, Delivery)}


def settings_days(name: str) -> int:
    days: int = getattr(Settings(_env_file=None), f"keep_{name}_days")
    return days


def test_the_defaults_keep_the_log_for_good_and_deliveries_beyond_every_correction() -> None:
    assert settings_days("audit") == 0
    assert settings_days("deliveries") > 53 * 7  # numbers can be corrected for 52 weeks, and the digest follows


@pytest.mark.parametrize(("name", "days"), [("DELIVERIES", "30"), ("EVIDENCE", "20"), ("QUESTIONS", "-1")])
def test_a_setting_that_would_forget_what_is_needed_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, days: str
) -> None:
    monkeypatch.setenv(f"HATTRICK_KEEP_{name}_DAYS", days)
    with pytest.raises(ValueError, match=f"HATTRICK_KEEP_{name}_DAYS"):
        Settings(_env_file=None)


def test_much_is_forgotten_over_several_ticks_and_then_only_looked_for_every_hour(
    filled: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 10)
    monkeypatch.setattr("bot.services.workspaces.keeping.ROWS_AT_ONCE", 10)
    old = {"workspace_id": 1, "team_id": 1, "at": TUESDAY, "actor": "bot", "action": "hat.added", "subject": "x"}
    with filled.write() as session:
        session.add_all([Audit(**old) for _ in range(10 * MOST_LOTS + 5)])
    keeper = Keeper({**NOTHING, "audit": 30})
    keeper(filled, LATER)
    assert len(rows(filled, Audit)) == 6
    keeper(filled, LATER)
    assert rows(filled, Audit) == []
    with counted_statements(filled.engine) as statements:
        keeper(filled, LATER + LOOKED_EVERY - timedelta(seconds=1))
    assert statements == []


def test_another_workspaces_rows_are_judged_by_the_same_days(filled: Sessions) -> None:
    with filled.write() as session:
        put(session.connection(), every_row(more=100, tag="T0OTHER"))
    Keeper({**NOTHING, "deliveries": 30})(filled, LATER)
    with filled.read() as session:
        kinds = session.exec(select(Delivery.kind).order_by(col(Delivery.id))).all()
    assert kinds == ["installed", "offer", "installed", "offer"]
