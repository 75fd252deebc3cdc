"""A backup made while the bot writes is whole; after a restore nothing is missing and nothing is sent twice."""

import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlmodel import select

from bot.services.workspaces.restoring import doubt_what_is_open
from storage import Sessions, backups, readings
from storage.backups import BackupError
from storage.tables import Audit, Delivery
from tests.support.database import opened
from tests.support.every_table import columns_of, every_row, found, put
from tests.support.fake_slack import FakeSlack
from tests.support.postgres import PostgresServer, programs
from tests.support.replica import StandingClock, replica
from tests.support.week import (
    CHANNEL,
    FRIDAY_13,
    MONDAY_8,
    MONDAY_10,
    THIS_WEEK,
    TUESDAY,
    a_player,
    a_playing_team,
    deliveries_of,
)


def write_while(sessions: Sessions, work: Callable[[], None]) -> int:
    """Add pairs of rows without pause while `work` runs; return how many pairs were committed before it began."""
    stop, began = Event(), Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            with sessions.write() as session:
                session.add_all(
                    Audit(workspace_id=1, team_id=1, at=TUESDAY, actor="bot", action=half, subject=str(written))
                    for half in ("one", "two")
                )
            written += 1
            if written == 20:
                began.set()

    thread = Thread(target=write)
    thread.start()
    try:
        assert began.wait(30)
        before = written
        work()
    finally:
        stop.set()
        thread.join()
    return before


def pairs(sessions: Sessions) -> tuple[int, int]:
    with sessions.read() as session:
        said = session.exec(select(Audit.action)).all()
    return said.count("one"), said.count("two")


def test_a_copy_made_while_others_write_is_of_one_instant(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    with sqlite_sessions.write() as session:
        before = put(session.connection(), every_row())
    file = tmp_path / "backup.db"
    committed = write_while(sqlite_sessions, lambda: backups.save(sqlite_sessions.engine, file))
    assert [one.name for one in tmp_path.glob("backup.db*")] == ["backup.db"]
    with opened(f"sqlite:///{file}") as copy:
        one, two = pairs(copy)
        assert one == two >= committed
        with copy.read() as session:
            assert found(session.connection(), before) == before


def test_what_is_restored_is_what_was_saved(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    with sqlite_sessions.write() as session:
        before = put(session.connection(), every_row())
    file = tmp_path / "backup.db"
    backups.save(sqlite_sessions.engine, file)
    with sqlite_sessions.write() as session:
        put(session.connection(), every_row(more=100, tag="T0OTHER"))
    backups.restore(sqlite_sessions.engine, file)
    with sqlite_sessions.read() as session:
        assert found(session.connection(), before) == before
        assert len(session.exec(select(Audit)).all()) == 1


def test_nothing_is_sent_twice_after_a_restore(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    """One was sent before the backup; one was open then, and was sent after it; one still is to be sent."""
    clock = StandingClock(TUESDAY)
    slack = FakeSlack(clock)
    team = a_playing_team(sqlite_sessions)
    anna = a_player(sqlite_sessions, team)
    file = tmp_path / "backup.db"
    with replica(sqlite_sessions, slack, clock) as one:
        one.tick(MONDAY_10 + timedelta(days=-3, hours=3))
        sent = len(slack.said)
        assert sent == 1
        one.planner.plan(MONDAY_10)
        backups.save(sqlite_sessions.engine, file)
        one.tick(MONDAY_10)
        said = [message.words for message in slack.said]
        assert len(said) > sent
        backups.restore(sqlite_sessions.engine, file)
        with sqlite_sessions.write() as session:
            assert backups.doubt(session) >= len(said) - sent
        one.tick(MONDAY_10 + timedelta(minutes=1))
        assert [message.words for message in slack.said] == said
        with sqlite_sessions.read() as session:
            assert {row.state for row in session.exec(select(Delivery))} <= {"sent", "skipped"}
    assert anna.id in {message.recipient for message in slack.said}


def test_what_the_week_brought_after_the_backup_is_planned_again_and_found(
    sqlite_sessions: Sessions, tmp_path: Path
) -> None:
    """The reminder, the digest and what stands under it: nothing of them is in the backup."""
    clock = StandingClock(TUESDAY)
    slack = FakeSlack(clock)
    anna = a_player(sqlite_sessions, a_playing_team(sqlite_sessions))
    bo = a_player(sqlite_sessions, anna.team, "Bo")
    with sqlite_sessions.write() as session:  # a note is told under the digest
        week = {"kpi_id": bo.kpi.id or 0, "period": THIS_WEEK, "value": Decimal(7), "note": "A fair"}
        readings.store(session, **week, by=bo.member.id, source="modal", now=TUESDAY)
    file = tmp_path / "backup.db"
    with replica(sqlite_sessions, slack, clock) as one:
        backups.save(sqlite_sessions.engine, file)
        for now in (FRIDAY_13, MONDAY_8, MONDAY_10, MONDAY_10 + timedelta(seconds=5)):
            one.tick(now)
        said = [(message.recipient, message.thread_ts) for message in slack.said]
        digest = slack.all_in(CHANNEL)[0]
        assert said[:3] == [(anna.id, None), (anna.id, None), (CHANNEL, None)]
        assert said[3:], "something stands under the digest"
        assert {thread for _, thread in said[3:]} == {digest.ts}
    backups.restore(sqlite_sessions.engine, file)
    assert doubt_what_is_open(sqlite_sessions, now=MONDAY_10 + timedelta(minutes=4)) == 1, "others are too old"
    with replica(sqlite_sessions, slack, clock) as restored:
        for minutes in range(5, 30, 5):
            restored.tick(MONDAY_10 + timedelta(minutes=minutes))
    assert [(message.recipient, message.thread_ts) for message in slack.said] == said
    assert {row.state for row in deliveries_of(sqlite_sessions)} == {"sent", "skipped"}
    assert [row.message_ts for row in deliveries_of(sqlite_sessions, kind="digest")] == [digest.ts]


def test_what_was_due_after_the_backup_and_was_not_sent_is_sent_once(sqlite_sessions: Sessions) -> None:
    clock = StandingClock(TUESDAY)
    slack = FakeSlack(clock)
    anna = a_player(sqlite_sessions, a_playing_team(sqlite_sessions))
    assert doubt_what_is_open(sqlite_sessions, now=FRIDAY_13 + timedelta(minutes=5)) == 1
    with replica(sqlite_sessions, slack, clock) as restored:
        for minutes in (6, 12):
            restored.tick(FRIDAY_13 + timedelta(minutes=minutes))
    assert [message.recipient for message in slack.said] == [anna.id]
    assert len(slack.sought) == 1


@pytest.mark.postgres
def test_postgres_own_programs_save_and_restore(
    postgres_sessions: Sessions, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    with postgres_sessions.write() as session:
        before = put(session.connection(), every_row())
    file = tmp_path / "hattrick.dump"
    source = postgres_sessions.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    committed = write_while(
        postgres_sessions, lambda: run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={source}")
    )
    with postgres_server.database(migrated=True) as target:
        run("pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={target}", str(file))
        with opened(target) as restored:
            one, two = pairs(restored)
            assert one == two >= committed
            with restored.write() as session:
                assert found(session.connection(), before) == before
                assert columns_of(session.connection())
                assert backups.doubt(session) == 1
                session.add(Audit(workspace_id=1, team_id=1, at=TUESDAY, actor="bot", action="x", subject="y"))


def run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(programs() / program), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr


def test_a_file_that_exists_is_not_written_over(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(BackupError, match=r"mine\.txt exists already"):
        backups.save(sqlite_sessions.engine, file)
    assert file.read_text(encoding="utf-8") == "mine"


def test_what_is_no_backup_is_refused_and_nothing_changes(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    with sqlite_sessions.write() as session:
        before = put(session.connection(), every_row())
    good, text, cut, newer = (tmp_path / name for name in ("good.db", "text.db", "cut.db", "newer.db"))
    backups.save(sqlite_sessions.engine, good)
    text.write_text("week,kpi,value\n", encoding="utf-8")
    cut.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    newer.write_bytes(good.read_bytes())
    with opened(f"sqlite:///{newer}") as copy, copy.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for file, reason in (
        (text, "is no database of Hattrick's"),
        (cut, "cut.db is"),
        (newer, "by a newer version"),
        (tmp_path / "none.db", "There is no file"),
    ):
        with pytest.raises(BackupError, match=reason):
            backups.restore(sqlite_sessions.engine, file)
    with sqlite_sessions.read() as session:
        assert found(session.connection(), before) == before
