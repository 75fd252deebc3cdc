"""What a soak run leaves behind: its settings, a log line per event, and one summary as JSON."""

import json
import os
import platform
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "soak"
PARTS = FOLDER / "parts"
PREFIX = "HATTRICK_SOAK_"


def asked_for() -> bool:
    """Whether this run is `make soak` and not `make test`."""
    return os.environ.get("HATTRICK_SOAK") == "1"


def setting(name: str, default: int) -> int:
    """Return a size of the run, from the environment (`HATTRICK_SOAK_KILLS` for `kills`)."""
    return int(os.environ.get(f"{PREFIX}{name.upper()}", default))


def begin() -> None:
    """Empty the folder, and settle the seed for all who run a part of it."""
    os.environ[f"{PREFIX}SEED"] = str(setting("seed", int(time.time())))
    os.environ[f"{PREFIX}BEGAN"] = str(int(time.time()))
    shutil.rmtree(FOLDER, ignore_errors=True)
    PARTS.mkdir(parents=True)
    Artefact().say(f"seed {setting('seed', 0)}")


@dataclass(frozen=True)
class Artefact:
    """The folder that a run keeps, to which several processes may write.

    Figures are written as they come, so that a run that is cut off leaves them too.
    """

    @property
    def seed(self) -> int:
        """What makes the run's choices repeatable."""
        return setting("seed", 0)

    def say(self, line: str) -> None:
        """Add a line to the run's log."""
        with (FOLDER / "run.log").open("a", encoding="utf-8") as log:
            log.write(f"{self._seconds():8.1f} {line}\n")

    def record(self, name: str, **figures: Any) -> None:
        """Put the figures of one part of the run into the log and the summary."""
        self.say(f"{name}: {json.dumps(figures, default=str)}")
        _write(PARTS / f"{name}.json", figures)
        summary = {
            "seed": self.seed,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            "load": round(os.getloadavg()[2], 1),
            "seconds": round(self._seconds(), 1),
            "parts": {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(PARTS.glob("*.json"))},
        }
        _write(FOLDER / "summary.json", summary)

    @staticmethod
    def _seconds() -> float:
        return time.time() - setting("began", 0)


def _write(file: Path, content: dict[str, Any]) -> None:
    """Write a file as a whole: others may read it meanwhile."""
    fresh = file.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(content, indent=2, default=str) + "\n", encoding="utf-8")
    fresh.replace(file)
