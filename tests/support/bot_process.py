"""The real bot as a process: start it, wait until it is ready, stop or kill it, and look through its log.

Where `as_installed` is asked for, the installed command is started as a person starts it. Else the nursery forks it,
which spares each start two thirds of its processor time. A long run, which judges starts too, starts the command.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.support.nursery import Running, fork
from tests.support.soaking import asked_for

HATTRICK = str(Path(sys.executable).with_name("hattrick"))
# A long run is judged by what it loses and not by how soon: its machine may be busy with other things as well.
START_SECONDS, STOP_SECONDS = (600.0, 200.0) if asked_for() else (60.0, 30.0)
_GLANCE_SECONDS = 0.02
# Events that tell of a bug, whatever the scenario does to the bot.
CRASHES = (
    "listener_crashed",
    "chore_crashed",
    "later_crashed",
    "event_crashed",
    "tick_failed",
    "delivery_crashed",
    "refresh_failed",
    "Traceback",
)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return a process's whole environment: nothing of the person's own settings gets in."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", **settings}


def run_hattrick(
    *arguments: str, settings: Mapping[str, str], folder: Path, as_installed: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a command of the terminal in `folder` and return what it said."""
    with tempfile.NamedTemporaryFile("r+", encoding="utf-8") as out, tempfile.NamedTemporaryFile("r+") as err:
        started = _launched(list(arguments), settings, folder, out=out, err=err, as_installed=as_installed)
        try:
            code = started.wait(timeout=60)
        except subprocess.TimeoutExpired:
            started.kill()
            raise
        out.seek(0)  # a command that was started writes to the same open file, and moves its end
        err.seek(0)
        return subprocess.CompletedProcess([HATTRICK, *arguments], code, out.read(), err.read())


def _launched(
    arguments: list[str],
    settings: Mapping[str, str],
    folder: Path,
    *,
    out: IO[Any],
    err: IO[Any],
    as_installed: bool,
) -> Running:
    command, whole = [HATTRICK, *arguments], environment(settings)
    if as_installed or asked_for():
        return subprocess.Popen(command, env=whole, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
    return fork(command, environment=whole, folder=folder, out=out, err=err)


@dataclass
class BotProcess:
    """A running `hattrick run`."""

    process: Running
    log_file: Path

    def log(self) -> str:
        """Return everything that it has logged so far."""
        return self.log_file.read_text(encoding="utf-8")

    def events(self, name: str = "") -> list[dict[str, Any]]:
        """Return the events of its log, those called `name` if one is given."""
        told = [json.loads(line) for line in self.log().splitlines() if line.startswith("{") and line.endswith("}")]
        return [event for event in told if name in ("", event["event"])]

    def wait_for(self, name: str, *, seconds: float = START_SECONDS) -> dict[str, Any]:
        """Return the first event called `name`; fail with the log when the bot ends or is silent for too long."""
        found: list[dict[str, Any]] = []

        def happened() -> bool:
            found[:] = self.events(name)
            return bool(found) or self.process.poll() is not None

        _until(happened, seconds)
        if not found:
            raise AssertionError(f"the bot has not said {name!r} (exit code {self.process.poll()}):\n{self.log()}")
        return found[0]

    @property
    def address(self) -> str:
        """Where it listens in HTTP mode."""
        address: str = self.wait_for("ready")["address"]
        return address

    def stop(self) -> None:
        """Ask it to end, as a deployment does, and fail unless it ends well and its log is clean."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the bot did not end within {STOP_SECONDS} s:\n{self.log()}") from None
        if code:
            raise AssertionError(f"the bot ended with {code}:\n{self.log()}")
        self.assert_no_crash()

    def kill(self) -> None:
        """End it without a warning, as a lost machine does."""
        self.process.kill()
        self.process.wait(timeout=STOP_SECONDS)
        self.assert_no_crash()

    def assert_no_crash(self) -> None:
        """Fail with the log when it tells of a bug."""
        log = self.log()
        crashed = [word for word in CRASHES if word in log]
        if crashed:
            raise AssertionError(f"the bot's log tells of {', '.join(crashed)}:\n{log}")


def launch_bot(
    settings: Mapping[str, str], folder: Path, *, mode: str = "socket", api: bool = False, as_installed: bool = False
) -> BotProcess:
    """Start a bot, whose log goes to a file of its own in `folder`; with `api` it has an address in Socket Mode too."""
    log_file = folder / f"bot-{len(list(folder.glob('bot-*.log'))) + 1}.log"
    arguments = ["run", "--mode", mode, *(["--port", "0"] if api or mode == "http" else [])]
    with log_file.open("wb") as log:
        process = _launched(arguments, settings, folder, out=log, err=log, as_installed=as_installed)
    return BotProcess(process, log_file)


def start_bot(
    settings: Mapping[str, str], folder: Path, *, mode: str = "socket", api: bool = False, as_installed: bool = False
) -> BotProcess:
    """Start a bot and return when it is ready."""
    bot = launch_bot(settings, folder, mode=mode, api=api, as_installed=as_installed)
    try:
        bot.wait_for("ready")
    except BaseException:
        bot.process.kill()
        bot.process.wait()
        raise
    return bot


@contextmanager
def stopped_at_the_end(bots: list[BotProcess]) -> Iterator[None]:
    """Stop every bot that still runs when the block ends, even when one of them fails to."""
    try:
        yield
    finally:
        problems = [problem for bot in bots if bot.process.poll() is None for problem in _problems(bot.stop)]
        if problems:
            raise problems[0]


def _problems(stop: Callable[[], None]) -> list[AssertionError]:
    try:
        stop()
    except AssertionError as problem:
        return [problem]
    return []


def _until(happened: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(_GLANCE_SECONDS)
