import time
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from storage import Sessions, open_engine, teams, workspaces
from storage.engine import DatabaseUnreachableError
from storage.tables import Workspace
from storage.turns import Turns
from tests.support.builders import NOW, a_team, a_workspace, added
from tests.support.database import at_once, opened


def known(sessions: Sessions) -> set[str]:
    with sessions.read() as session:
        return {workspace.slack_team_id for workspace in workspaces.live(session)}


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 15_000), ("synchronous", 1)]
)
def test_every_sqlite_connection_is_set_up(sqlite_sessions: Sessions, pragma: str, value: str | int) -> None:
    engine = sqlite_sessions.engine
    with engine.connect() as first, engine.connect() as second:
        assert [each.exec_driver_sql(f"PRAGMA {pragma}").scalar() for each in (first, second)] == [value] * 2


def test_a_block_that_ends_well_is_kept_and_one_that_raises_leaves_no_trace(sessions: Sessions) -> None:
    def fail() -> None:
        with sessions.write() as session:
            session.add(Workspace(slack_team_id="T-lost", installed_at=NOW))
            session.flush()
            raise ConnectionError

    added(sessions, Workspace(slack_team_id="T-kept", installed_at=NOW))
    with pytest.raises(ConnectionError):
        fail()
    assert known(sessions) == {"T-kept"}


def test_what_a_reading_session_does_is_thrown_away(sessions: Sessions) -> None:
    with sessions.read() as session:
        session.add(Workspace(slack_team_id="T-lost", installed_at=NOW))
        session.flush()
    assert known(sessions) == set()


def test_what_was_read_can_be_looked_at_after_its_session(sessions: Sessions) -> None:
    a_workspace(sessions, "T1")
    with sessions.write() as session:
        stored = workspaces.ensure(session, "T1", now=NOW)
    assert (stored.slack_team_id, stored.installed_at) == ("T1", NOW)


def test_a_writer_waits_for_another_instead_of_failing(sqlite_url: str) -> None:
    """Also when they do not share an engine, as two processes do not."""
    with opened(sqlite_url) as first, opened(sqlite_url) as second, ThreadPoolExecutor(1) as pool:
        with first.write() as session:
            session.add(Workspace(slack_team_id="T1", installed_at=NOW))
            session.flush()
            other = pool.submit(added, second, Workspace(slack_team_id="T2", installed_at=NOW))
            assert not wait([other], timeout=0.3).done
        assert other.result(timeout=10).id
        assert known(second) == {"T1", "T2"}


def test_a_reader_waits_for_nobody_and_sees_what_is_committed(sessions: Sessions) -> None:
    a_workspace(sessions, "T1")
    with sessions.write() as session, ThreadPoolExecutor(1) as pool:
        session.add(Workspace(slack_team_id="T2", installed_at=NOW))
        session.flush()
        assert pool.submit(known, sessions).result(timeout=5) == {"T1"}
    assert known(sessions) == {"T1", "T2"}


def test_a_writer_that_reads_first_is_not_refused(sessions: Sessions) -> None:
    """SQLite refuses at once a transaction that has read what another changed before it writes."""
    team = a_team(sessions)

    def count_up() -> None:
        for _ in range(10):
            with sessions.write() as session:
                assert teams.get(session, team.workspace_id, team.id)
                teams.touch_directory(session, team.id)

    at_once(*[count_up] * 6)
    with sessions.read() as session:
        stored = teams.get(session, team.workspace_id, team.id)
    assert stored
    assert stored.directory_version == team.directory_version + 60


def test_more_threads_than_connections_take_turns(sqlite_url: str) -> None:
    with opened(sqlite_url, pool_size=2) as sessions:
        names = {f"T{n}" for n in range(12)}
        at_once(*(partial(a_workspace, sessions, name) for name in names))
        assert known(sessions) == names


def test_one_workspace_that_installs_twice_at_once_is_one_workspace(sessions: Sessions) -> None:
    def install() -> int | None:
        with sessions.write() as session:
            return workspaces.ensure(session, "T1", now=NOW + timedelta(seconds=1)).id

    assert len(set(at_once(*[install] * 8))) == 1
    assert known(sessions) == {"T1"}


def test_it_tells_whether_the_database_answers(sessions: Sessions, tmp_path: Path) -> None:
    assert sessions.answers()
    with opened(f"sqlite:///{tmp_path}/no/such/folder/hattrick.db") as lost:
        assert not lost.answers()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_way_to_write_a_postgres_address_uses_the_installed_driver(scheme: str) -> None:
    engine = open_engine(f"{scheme}://hattrick@127.0.0.1/hattrick")
    assert engine.url.render_as_string() == "postgresql+psycopg://hattrick@127.0.0.1/hattrick"


@pytest.mark.parametrize("url", ["hattrick.db", "", "postgresql://hattrick:between-us@db:us/hattrick", "nosql://db"])
def test_an_address_that_is_none_is_refused_with_a_sentence_that_does_not_repeat_it(url: str) -> None:
    with pytest.raises(DatabaseUnreachableError, match="HATTRICK_DATABASE_URL is not") as refused:
        open_engine(url)
    assert "between" not in str(refused.value)


def test_closing_leaves_no_connection_and_no_log_file_behind(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url) as sessions:
        a_workspace(sessions)
        assert known(sessions)
    assert [file.name for file in tmp_path.iterdir()] == ["hattrick.db"]


def test_a_refused_row_takes_the_rest_of_its_block_with_it(sessions: Sessions) -> None:
    a_workspace(sessions, "T1")

    def both() -> None:
        with sessions.write() as session:
            session.add(Workspace(slack_team_id="T2", installed_at=NOW))
            session.flush()
            session.add(Workspace(slack_team_id="T1", installed_at=NOW))

    with pytest.raises(IntegrityError):
        both()
    assert known(sessions) == {"T1"}


def test_an_error_tells_nothing_of_what_somebody_wrote(sessions: Sessions) -> None:
    added(sessions, Workspace(slack_team_id="T-kept", installed_at=NOW))
    with pytest.raises(IntegrityError) as refused:
        added(sessions, Workspace(slack_team_id="T-kept", name="between us", installed_at=NOW))
    assert "INSERT INTO workspace" in str(refused.value)
    assert "between us" not in str(refused.value)


def test_threads_write_in_the_order_in_which_they_came(sqlite_sessions: Sessions) -> None:
    came: list[int] = []
    turns = sqlite_sessions._turns
    assert isinstance(turns, Turns)

    def write(number: int) -> None:
        with sqlite_sessions.write() as session:
            session.add(Workspace(slack_team_id=f"T{number}", installed_at=NOW))
            session.flush()
            came.append(number)

    with ThreadPoolExecutor(12) as threads, sqlite_sessions.write():
        for number in range(12):
            threads.submit(write, number)
            while len(turns._waiting) <= number:
                time.sleep(0.001)
        # Who writes may do so again: nobody waits for themselves.
        write(-1)
    assert came == list(range(-1, 12))
