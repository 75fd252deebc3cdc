"""Pictures are drawn beside the bot, one after the other: while it drew one itself, it would answer nobody."""

import os
import subprocess
import sys
from threading import Lock
from typing import Final

import structlog

# Many times what the largest picture takes; on a machine that is very busy it takes longer.
_MOST_SECONDS: Final = 30.0
_SECRETS: Final = ("SLACK_", "HATTRICK_")
_PENCIL: Final = Lock()
log = structlog.get_logger()


def draw(svg: str) -> bytes | None:
    """Give an SVG as PNG; None when it cannot be drawn, which is logged. Slow: a third of a second, and its turn."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)}
    with _PENCIL:
        try:
            drawn = subprocess.run(  # this interpreter with a module of ours
                [sys.executable, "-m", "messages.picture"],
                input=svg.encode(errors="replace"),
                capture_output=True,
                env=environment,
                timeout=_MOST_SECONDS,
                check=True,
            )
        except subprocess.CalledProcessError as failed:
            log.warning("picture_not_drawn", reason=failed.stderr.decode(errors="replace")[-500:])
        except (OSError, subprocess.TimeoutExpired) as failed:
            log.warning("picture_not_drawn", reason=type(failed).__name__)
        else:
            return drawn.stdout
    return None
