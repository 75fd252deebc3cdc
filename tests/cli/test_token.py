"""`hattrick token`, as a person at the terminal meets it, and the progress bar of `readings import`."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from bot.services.workspaces import api_tokens
from storage import Sessions
from tests.cli.test_team_and_readings import Run, run, team_file
from tests.support.builders import NOW

__all__ = ["run", "team_file"]


@pytest.fixture
def team(run: Run, team_file: Path) -> None:
    run("team", "apply", str(team_file), "--workspace", "T0FOOTBALL")


@pytest.mark.usefixtures("team")
def test_a_token_is_written_once_listed_by_its_beginning_and_revoked(run: Run, sqlite_sessions: Sessions) -> None:
    code, plain, told = run("token", "create", "CRM")
    token = plain.strip()
    assert (code, token[:4], len(token)) == (0, "hat_", 47)
    assert "not shown again" in told
    assert api_tokens.bearer_of(sqlite_sessions, token, now=NOW) is not None
    _, listed, _ = run("token", "list")
    assert token[:10] in listed
    assert "CRM" in listed
    assert token not in listed
    assert run("token", "revoke", token[:10]) == (0, "Revoked: CRM.\n", "")
    assert api_tokens.bearer_of(sqlite_sessions, token, now=NOW) is None
    assert run("token", "list")[1] == "There are no tokens.\n"


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("create", " "), "with a letter or digit"),
        (("create", "x" * 81), "at most 80 characters"),
        (("revoke", "7"), "There is no live token 7"),
        (("create", "CRM", "--team", "south"), "There is no team south"),
    ],
)
def test_what_cannot_be_done_is_one_line(run: Run, arguments: tuple[str, ...], says: str) -> None:
    code, out, told = run("token", *arguments)
    assert (code, out, told.count("\n")) == (1, "", 1)
    assert says in told


@pytest.mark.usefixtures("team")
def test_an_import_shows_a_bar_on_a_terminal_only(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "weeks.csv").write_text("week,kpi,value\n2026-W20,visits,4200\n", encoding="utf-8")
    command = [str(Path(sys.executable).with_name("hattrick")), "readings", "import", "weeks.csv"]
    settings = {"PATH": os.environ["PATH"], "TERM": "xterm", "HATTRICK_DATABASE_URL": sqlite_url}
    ours, theirs = pty.openpty()
    on_a_terminal = subprocess.run(
        command, cwd=tmp_path, env=settings, stdout=subprocess.PIPE, stderr=theirs, check=True
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    piped = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, check=True)
    assert "Storing readings" in shown
    assert on_a_terminal.stdout == b"1 readings: 1 new, 0 corrected, 0 as before.\n"
    assert piped.stderr == b""


def test_an_allowed_host_needs_its_port(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATTRICK_SOURCE_ALLOW", "intranet.example")
    code, _, told = run("token", "list")
    assert code == 1
    assert "HATTRICK_SOURCE_ALLOW" in told
    assert "host:port" in told
