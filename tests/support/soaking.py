"""What a soak run leaves behind: its settings, a log line per event, and one summary as JSON."""

import json
import os
import platform
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "soak"


def asked_for() -> bool:
    """Whether this run is `make soak` and not `make test`."""
    return os.environ.get("HATTRICK_SOAK") == "1"


def setting(name: str, default: int) -> int:
    """Return a size of the run, from the environment (`HATTRICK_SOAK_KILLS` for `kills`)."""
    return int(os.environ.get(f"HATTRICK_SOAK_{name.upper()}", default))


@dataclass
class Artefact:
    """The folder that a run keeps. Figures are written as they come, so that a run that is cut off leaves them too."""

    seed: int
    folder: Path = FOLDER
    _figures: dict[str, Any] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._log.write_text("", encoding="utf-8")
        self.say(f"seed {self.seed}")

    @property
    def _log(self) -> Path:
        return self.folder / "run.log"

    def say(self, line: str) -> None:
        """Add a line to the run's log."""
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{time.monotonic() - self._began:9.3f} {line}\n")

    def record(self, name: str, **figures: Any) -> None:
        """Put the figures of one part of the run into the log and the summary."""
        self.say(f"{name}: {json.dumps(figures, default=str)}")
        self._figures[name] = figures
        summary = {
            "seed": self.seed,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            "seconds": round(time.monotonic() - self._began, 1),
            "parts": self._figures,
        }
        (self.folder / "summary.json").write_text(json.dumps(summary, indent=2, default=str) + "\n", encoding="utf-8")
