"""Processes that a benchmark starts, reads from the outside, and ends by their id."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60.0
STOP_SECONDS = 20.0
_POLL_SECONDS = 0.002


@dataclass(frozen=True)
class Child:
    """A process that has said it is ready. `log` holds what it wrote; `ready_after` is in seconds."""

    pid: int
    log: Path
    ready_after: float

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used, its system calls included."""
        # Everything behind the name, which is in brackets and may hold spaces: proc(5), fields 14 and 15.
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self) -> float:
        """Return its resident memory in MB (10^6 bytes)."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise RuntimeError(f"process {self.pid} has no memory of its own any more")


@contextlib.contextmanager
def running(
    module: str, *arguments: str, ready: str, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Child]:
    """Run a module of ours until the block ends; enter the block once it has written `ready`.

    The process works in `folder`, where no `.env` file lies, and gets nothing of this environment that is a setting.

    Raises:
        RuntimeError: When it ends or stays silent instead.
    """
    log = folder / f"{module}-{time.monotonic_ns()}.log"
    with log.open("wb") as written:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  # this interpreter with a module of this package
            [sys.executable, "-m", module, *arguments],
            cwd=folder,
            env=_clean_environment() | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(ready.encode(), log, process, started)
        yield Child(process.pid, log, time.perf_counter() - started)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _clean_environment() -> dict[str, str]:
    settings = ("SLACK_", "HATTRICK_")
    return {name: value for name, value in os.environ.items() if not name.startswith(settings)}


def _wait_for(ready: bytes, log: Path, process: subprocess.Popen[bytes], started: float) -> None:
    while ready not in (said := log.read_bytes()):
        if process.poll() is not None or time.perf_counter() - started > START_SECONDS:
            raise RuntimeError(f"{process.args!r} did not get ready:\n{said.decode(errors='replace')[-2000:]}")
        time.sleep(_POLL_SECONDS)
