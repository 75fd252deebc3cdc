"""Processes that are forked are as good as started ones: their own settings, folder, words, end and signals."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.support.bot_process import environment, launch_bot, run_hattrick
from tests.support.nursery import Nursery


def test_a_command_says_and_ends_the_same_forked_and_started(tmp_path: Path) -> None:
    for arguments in (("run",), ("no-such-command",), ("--help",), ("keys", "--help")):
        forked, started = (
            run_hattrick(*arguments, settings={"COLUMNS": "80"}, folder=tmp_path, as_installed=installed)
            for installed in (False, True)
        )
        assert (forked.returncode, forked.stdout, forked.stderr) == (
            started.returncode,
            started.stdout,
            started.stderr,
        )
        assert forked.stdout + forked.stderr


def test_it_has_its_own_settings_and_folder_and_nothing_of_who_runs_the_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HATTRICK_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    settings = {"HATTRICK_DATABASE_URL": "sqlite:///own.db"}
    assert run_hattrick("db", "upgrade", settings=settings, folder=tmp_path).returncode == 0
    assert (tmp_path / "own.db").exists()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert run_hattrick("db", "upgrade", settings={}, folder=elsewhere).returncode == 0
    assert [file.suffix for file in elsewhere.iterdir()] == [".db"]


def test_its_end_is_told_however_it_ends(tmp_path: Path) -> None:
    with_nobody = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    bot = launch_bot(with_nobody, tmp_path)
    assert bot.process.poll() is None
    bot.process.kill()
    assert bot.process.wait(timeout=10) == -signal.SIGKILL
    bot.process.send_signal(signal.SIGTERM)  # reaches nobody, and is no error
    asked = launch_bot(with_nobody, tmp_path)
    with pytest.raises(subprocess.TimeoutExpired):
        asked.process.wait(timeout=0.01)
    asked.process.kill()
    asked.process.wait(timeout=10)


def test_whoever_still_runs_ends_with_the_nursery_which_has_no_threads(tmp_path: Path) -> None:
    whole = environment({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_API_URL": "http://127.0.0.1:9/api/"})
    nursery = Nursery(whole)
    said = str(tmp_path / "said")
    order = {"environment": whole, "folder": str(tmp_path), "out": said, "err": said}
    pid = nursery.tell({"arguments": ["hattrick", "run"], **order})
    assert psutil.Process(psutil.Process(pid).ppid()).num_threads() == 1, "what has threads should not fork"
    nursery.close()
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        os.sched_yield()
