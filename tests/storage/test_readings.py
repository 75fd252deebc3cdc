from datetime import timedelta
from decimal import Decimal
from functools import partial

from storage import Sessions, kpis, readings
from storage.readings import Stored
from storage.tables import Kpi, Member
from tests.support.builders import NOW, WEEK, a_hat, a_kpi, a_member, a_target, a_team, reads
from tests.support.database import at_once

HOUR = timedelta(hours=1)


def a_reported_kpi(sessions: Sessions) -> tuple[Kpi, Member, Member]:
    team = a_team(sessions)
    kpi = a_kpi(sessions, a_hat(sessions, team))
    return kpi, a_member(sessions, team), a_member(sessions, team)


def store(sessions: Sessions, kpi: Kpi, value: str, by: Member | None = None, hours: int = 0, **more: str) -> Stored:
    author = by.id if by else None
    terms = {"source": "modal", **more}
    with sessions.write() as session:
        return readings.store(
            session, kpi_id=kpi.id, period=WEEK, value=Decimal(value), by=author, now=NOW + hours * HOUR, **terms
        )


def said_before(sessions: Sessions, kpi: Kpi) -> list[tuple[Decimal, str]]:
    with sessions.read() as session:
        return [(version.value, version.note) for version in readings.versions(session, kpi.id, WEEK)]


def the_value(sessions: Sessions, kpi: Kpi) -> Decimal | None:
    with sessions.read() as session:
        return readings.of_period(session, [kpi.id], WEEK).get(kpi.id)


def test_a_first_value_is_new_and_has_no_history(sessions: Sessions) -> None:
    kpi, anna, _ = a_reported_kpi(sessions)
    assert store(sessions, kpi, "12.5", anna) is Stored.NEW
    assert the_value(sessions, kpi) == Decimal("12.5")
    assert said_before(sessions, kpi) == []


def test_a_correction_keeps_what_was_said_by_whom_and_who_changed_it_when(sessions: Sessions) -> None:
    kpi, anna, bo = a_reported_kpi(sessions)
    store(sessions, kpi, "12", anna, note="a guess")
    assert store(sessions, kpi, "15", bo, 2, source="import") is Stored.CORRECTED
    assert the_value(sessions, kpi) == 15
    with sessions.read() as session:
        (version,) = readings.versions(session, kpi.id, WEEK)
    assert (version.value, version.note, version.source) == (12, "a guess", "modal")
    assert (version.reported_by, version.reported_at) == (anna.id, NOW)
    assert (version.replaced_by, version.replaced_at) == (bo.id, NOW + 2 * HOUR)


def test_every_correction_is_kept_oldest_first(sessions: Sessions) -> None:
    kpi, anna, bo = a_reported_kpi(sessions)
    for hour, (value, author) in enumerate([("1", anna), ("2", bo), ("3", None), ("1", anna)]):
        store(sessions, kpi, value, author, hour)
    assert the_value(sessions, kpi) == 1
    with sessions.read() as session:
        history = [(v.value, v.reported_by, v.replaced_by) for v in readings.versions(session, kpi.id, WEEK)]
    assert history == [(1, anna.id, bo.id), (2, bo.id, None), (3, None, anna.id)]


def test_the_same_value_again_changes_nothing(sessions: Sessions) -> None:
    kpi, anna, bo = a_reported_kpi(sessions)
    store(sessions, kpi, "120", anna, note="ok")
    assert store(sessions, kpi, "120.00", bo, 1) is Stored.SAME
    assert store(sessions, kpi, "120", bo, 1, note="ok") is Stored.SAME
    assert said_before(sessions, kpi) == []


def test_another_note_is_a_correction_and_no_note_leaves_it_be(sessions: Sessions) -> None:
    kpi, anna, _ = a_reported_kpi(sessions)
    store(sessions, kpi, "7", anna, note="fair")
    assert store(sessions, kpi, "8", anna) is Stored.CORRECTED
    assert store(sessions, kpi, "8", anna, note="fair") is Stored.SAME
    assert store(sessions, kpi, "8", anna, note="") is Stored.CORRECTED
    assert said_before(sessions, kpi) == [(7, "fair"), (8, "fair")]


def test_a_value_that_was_rounded_when_it_was_stored_is_still_the_same(sessions: Sessions) -> None:
    kpi, anna, _ = a_reported_kpi(sessions)
    store(sessions, kpi, "0.33333333", anna)
    assert store(sessions, kpi, "0.33333333", anna) is Stored.SAME


def test_two_weeks_and_two_kpis_have_their_own_history(sessions: Sessions) -> None:
    kpi, anna, _ = a_reported_kpi(sessions)
    hat = a_hat(sessions, a_team(sessions))
    other = a_kpi(sessions, hat)
    reads(sessions, other, {WEEK: 1})
    reads(sessions, kpi, {WEEK: 1, "2026-W46": 1})
    store(sessions, kpi, "2", anna)
    with sessions.read() as session:
        assert len(readings.versions(session, kpi.id, WEEK)) == 1
        assert readings.versions(session, kpi.id, "2026-W46") == []
        assert readings.versions(session, other.id, WEEK) == []


def test_of_ten_writers_at_once_one_is_first_and_none_is_lost(sessions: Sessions) -> None:
    kpi, anna, _ = a_reported_kpi(sessions)
    outcomes = at_once(*(partial(store, sessions, kpi, str(n), anna) for n in range(10)))
    assert sorted(outcomes) == [Stored.CORRECTED] * 9 + [Stored.NEW]
    last = the_value(sessions, kpi)
    assert sorted([value for value, _ in said_before(sessions, kpi)] + [last]) == list(range(10))


def test_ten_writers_of_one_value_store_it_once(sessions: Sessions) -> None:
    kpi, anna, _ = a_reported_kpi(sessions)
    outcomes = at_once(*(partial(store, sessions, kpi, "5", anna) for _ in range(10)))
    assert sorted(outcomes) == [Stored.NEW] + [Stored.SAME] * 9
    assert said_before(sessions, kpi) == []


def test_the_team_s_readings_come_by_week_within_both_ends(sessions: Sessions) -> None:
    team = a_team(sessions)
    hat = a_hat(sessions, team)
    leads, gone = a_kpi(sessions, hat), a_kpi(sessions, hat, archived_at=NOW)
    reads(sessions, leads, {"2026-W47": 3, "2025-W52": 1, "2026-W01": 2, "2026-W48": 4})
    reads(sessions, gone, {"2026-W47": 9})
    with sessions.read() as session:
        every = readings.of_team(session, team.id)
        some = readings.of_team(session, team.id, first="2026-W01", last="2026-W47")
    assert list(every) == [leads.id]
    assert list(every[leads.id].items()) == [("2025-W52", 1), ("2026-W01", 2), ("2026-W47", 3), ("2026-W48", 4)]
    assert list(some[leads.id]) == ["2026-W01", "2026-W47"]


def test_a_kpi_stands_as_it_did_in_the_week_asked_for(sessions: Sessions) -> None:
    team = a_team(sessions)
    leads = a_kpi(sessions, a_hat(sessions, team))
    a_target(sessions, leads, 10, since="2026-W10")
    a_target(sessions, leads, 20, since="2026-W20")
    reads(sessions, leads, {"2026-W15": 11, "2026-W25": 21})

    def stood(period: str) -> tuple[Decimal | None, Decimal | None, str | None]:
        with sessions.read() as session:
            (row,) = kpis.of_team(session, team.id, period=period)
            target = kpis.target_at(session, leads.id, period)
        assert (target.value if target else None) == row.target
        return row.target, row.value, row.period

    assert stood("2026-W09") == (None, None, None)
    assert stood("2026-W10") == (10, None, None)
    assert stood("2026-W19") == (10, 11, "2026-W15")
    assert stood("2026-W20") == (20, 11, "2026-W15")
    assert stood("2027-W01") == (20, 21, "2026-W25")
