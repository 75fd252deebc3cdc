"""Processes of `hattrick` that need not import everything anew: one process has done so, and forks for each of them.

To read and run the modules takes a start most of its processor time, and tests start some hundred. What is forked is
a process like any other: its own environment, folder, log, database and signals, and `bot.cli.main` at its top.
"""

import atexit
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import IO, Any, Protocol

ROOT = Path(__file__).resolve().parents[2]
# What a bot, or a command of the terminal, imports in the course of its life; nothing in them starts a thread.
IMPORTED = (
    "alembic.command",
    "bot.app",
    "bot.cli",
    "bot.domain.chain.analysis",
    "bot.run",
    "bot.slack.socket_mode",
    "bot.web.server",
    "cryptography.fernet",
    "holidays",
)
_GLANCE_SECONDS = 0.01
Order = dict[str, Any]


class Running(Protocol):
    """What tests use of a process: subprocess.Popen's own, or one that was forked."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...
    def kill(self) -> None: ...


class Nursery:
    """The process that forks, from outside: it is told on a pipe, one line of JSON after the other."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._one_at_a_time = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.nursery"],
            cwd=ROOT,
            # BLAS would start its threads when it is imported, and what has threads should not fork.
            env={**environment, "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, order: Order) -> Any:
        """Return the answer to an order."""
        with self._one_at_a_time:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End it, and with it whatever it has forked that still runs."""
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()  # it waits for that


class Forked:
    """A process that the nursery has forked."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery, self.pid = nursery, pid
        self._code: int | None = None

    def poll(self) -> int | None:
        """Return the exit code of a process that has ended: minus the signal's number for one that was killed."""
        if self._code is None:
            self._code = self._nursery.tell({"ended": self.pid})
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code once it has ended.

        Raises:
            subprocess.TimeoutExpired: After `timeout` seconds, as of a process that was not forked.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("hattrick", timeout or 0)
            time.sleep(_GLANCE_SECONDS)
        return code

    def send_signal(self, sig: int) -> None:
        """Signal it, unless it was seen to have ended: its number may be another's by now."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def fork(arguments: list[str], *, environment: Mapping[str, str], folder: Path, out: IO[Any], err: IO[Any]) -> Forked:
    """Start a command, whose name comes first in `arguments`, in `folder`; what it says goes to the files."""
    nursery = _nursery(environment["PATH"], environment["HOME"], environment["LANG"])
    said = {"out": os.path.realpath(out.name), "err": os.path.realpath(err.name)}
    told = nursery.tell({"arguments": arguments, "environment": dict(environment), "folder": str(folder), **said})
    return Forked(nursery, told)


@cache
def _nursery(path: str, home: str, lang: str) -> Nursery:
    made = Nursery({"PATH": path, "HOME": home, "LANG": lang})
    atexit.register(made.close)
    return made


def _serve() -> Order | None:
    """Answer orders, until there are no more; return in each process that is forked, with the order that it is for."""
    running: set[int] = set()
    while line := sys.stdin.readline():
        order = json.loads(line)
        if "ended" in order:
            pid, status = os.waitpid(order["ended"], os.WNOHANG)
            running.discard(pid)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            if not answer:
                return order
            running.add(answer)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    return None


def _become(order: Order) -> None:
    """Be the process that was asked for, down to what it was called with."""
    appending = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for number, (file, how) in enumerate(
        ((os.devnull, os.O_RDONLY), (order["out"], appending), (order["err"], appending))
    ):
        opened = os.open(file, how)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    sys.argv[:] = order["arguments"]
    sys.modules["__main__"].__package__ = None  # it would be called after the module that was run
    signal.signal(signal.SIGINT, signal.default_int_handler)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who is asked to stop is pytest
    for module in IMPORTED:
        importlib.import_module(module)
    from bot.cli import main
    from messages import environment as templates

    templates.warm()
    gc.freeze()
    asked = _serve()
    if asked is not None:
        _become(asked)
        main()
