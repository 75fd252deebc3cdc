"""`hattrick db` and what the doctor says of a paused channel, as a person at the terminal meets them."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.slack.outcomes import CHANNEL_ERRORS
from storage import Sessions, deliveries, schema
from tests.support.builders import NOW, added
from tests.support.database import opened
from tests.support.postgres import programs
from tests.support.week import CHANNEL, Player, a_player, a_playing_team, deliveries_of

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command; give its exit code and what it wrote to stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HATTRICK_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)

    def hattrick(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["hattrick", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return (code if isinstance(code, int) else 0, *capsys.readouterr())

    return hattrick


@pytest.fixture
def anna(sessions: Sessions) -> Player:
    """Play in a team that owes her one message, which is open."""
    anna = a_player(sessions, a_playing_team(sessions, name="North"), "Anna")
    owe(sessions, anna, "proposal-1-1")
    return anna


def owe(sessions: Sessions, player: Player, about: str) -> None:
    with sessions.write() as session:
        deliveries.owe_news(
            session,
            workspace_id=player.workspace.id or 0,
            team_id=player.team.id,
            kind="offer",
            recipient=player.id,
            about=about,
            now=NOW,
        )


def in_doubt(sessions: Sessions) -> dict[str, bool]:
    """Tell of each open message by the name of its news whether it is looked for before it is sent."""
    return {row.period: row.doubtful for row in deliveries_of(sessions) if row.state == "due"}


def test_open_messages_are_doubted_on_either_database(run: Run, sessions: Sessions, anna: Player) -> None:
    assert in_doubt(sessions) == {"proposal-1-1": False}
    code, said, _ = run("db", "doubt")
    assert code == 0
    assert in_doubt(sessions)["proposal-1-1"] is True
    # Prompts and digests of the days before today may have been planned beside it, by the hour at which this runs.
    assert said == f"{len(in_doubt(sessions))} open messages are looked for in Slack before they are sent.\n"
    assert all(in_doubt(sessions).values())
    assert anna.id in {row.recipient for row in deliveries_of(sessions)}


def test_a_backup_comes_back_and_what_was_open_is_doubted(
    run: Run, sessions: Sessions, anna: Player, tmp_path: Path
) -> None:
    if sessions.engine.dialect.name == "postgresql":
        for command in (("backup", "copy.db"), ("restore", "copy.db", "--yes")):
            code, said, told = run("db", *command)
            assert (code, said) == (1, "")
            assert "pg_dump" in told
            assert "hattrick db doubt" in told
        assert not (tmp_path / "copy.db").exists()
        return
    code, said, _ = run("db", "backup", "copy.db")
    assert (code, said) == (0, "copy.db holds the database as it is now, and was looked through.\n")
    assert run("db", "backup", "copy.db") == (1, "", "hattrick: copy.db exists already.\n")
    owe(sessions, anna, "proposal-2-1")
    sessions.close()
    code, said, _ = run("db", "restore", "copy.db", "--yes")
    assert (code, said[:10]) == (0, "Restored. ")
    assert in_doubt(sessions)["proposal-1-1"] is True
    assert "proposal-2-1" not in in_doubt(sessions)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # of PostgreSQL its own program looks
@pytest.mark.parametrize("damage", ["missing.db", "no database", "newer"])
def test_what_is_no_backup_leaves_everything_as_it_was(
    run: Run, sessions: Sessions, anna: Player, tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "copy.db"
    if damage == "no database":
        file.write_text("no database", encoding="utf-8")
    elif damage == "newer":
        assert run("db", "backup", str(file))[0] == 0
        with opened(f"sqlite:///{file}") as copy, copy.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = deliveries_of(sessions)
    code, said, told = run("db", "restore", str(file), "--yes")
    assert (code, said, told.count("\n")) == (1, "", 1)
    assert {"missing.db": "There is no file", "no database": "no database of Hattrick's", "newer": "newer version"}[
        damage
    ] in told
    assert deliveries_of(sessions) == before
    assert anna.id in {row.recipient for row in before}


@pytest.mark.postgres
def test_a_dump_of_postgres_comes_back_and_is_doubted(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres_url.replace("+psycopg", "")
    with opened(postgres_url) as sessions:
        anna = a_player(sessions, a_playing_team(sessions, name="North"), "Anna")
        owe(sessions, anna, "proposal-1-1")
        pg("pg_dump", "--format=custom", f"--file={tmp_path / 'hattrick.dump'}", f"--dbname={address}")
        owe(sessions, anna, "proposal-2-1")
        pg("pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={address}", str(tmp_path / "hattrick.dump"))
        assert in_doubt(sessions) == {"proposal-1-1": False}
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HATTRICK_DATABASE_URL", postgres_url)
        monkeypatch.setattr("sys.argv", ["hattrick", "db", "doubt"])
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
        assert in_doubt(sessions)["proposal-1-1"] is True


def pg(program: str, *arguments: str) -> None:
    subprocess.run([str(programs() / program), *arguments], check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize("error", sorted(CHANNEL_ERRORS))
def test_the_doctor_names_a_paused_channel_its_reason_and_what_mends_it(
    run: Run, sessions: Sessions, anna: Player, error: str
) -> None:
    anna.team.channel_paused_at, anna.team.channel_paused_for = NOW, error
    added(sessions, anna.team)
    code, said, _ = run("doctor")
    (line,) = [line for line in said.splitlines() if f"team {anna.team.slug}" in line]
    assert code == 1
    assert "✗" in line
    assert f"{CHANNEL} is paused: {error}" in line
    assert "invite the bot there, unarchive it, or choose another channel with /hat settings" in told_in(said)
    assert f"schema {schema.HEAD}" in said


def told_in(table: str) -> str:
    """Put the doctor's advice about the paused channel, whose lines a narrow table breaks, into one."""
    lines = [line.split("│")[-2].strip() for line in table.splitlines() if line.count("│") > 4]
    return " ".join(lines)
