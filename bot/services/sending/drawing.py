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
log = structlog.get_logger()


class _Desk:
    """Where one is drawn at a time. `put_down` tells how often everybody was asked to stop."""

    def __init__(self) -> None:
        self.pencil = Lock()
        self.put_down = 0
        self.drawing: subprocess.Popen[bytes] | None = None


_DESK: Final = _Desk()


def draw(svg: str) -> bytes | None:
    """Give an SVG as PNG; None when it cannot be drawn, which is logged, or is given up by `give_up`.

    Slow: a third of a second, and its turn.
    """
    before = _DESK.put_down
    with _DESK.pencil:
        if _DESK.put_down != before:
            return None
        try:
            return _drawn(svg.encode(errors="replace"), before)
        except (OSError, subprocess.SubprocessError) as failed:
            if _DESK.put_down == before:
                log.warning("picture_not_drawn", reason=_reason(failed))
            return None


def give_up() -> None:
    """Draw nothing more of what somebody waits for now: the process is to end."""
    _DESK.put_down += 1
    drawing = _DESK.drawing
    if drawing is not None:
        drawing.kill()


def _drawn(svg: bytes, before: int) -> bytes:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)}
    command = [sys.executable, "-m", "messages.picture"]
    pipe = subprocess.PIPE
    # This interpreter with a module of ours.
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment) as drawing:  # noqa: S603
        _DESK.drawing = drawing
        if _DESK.put_down != before:  # just now
            drawing.kill()
        try:
            picture, said = drawing.communicate(svg, timeout=_MOST_SECONDS)
        finally:
            _DESK.drawing = None
            drawing.kill()
    if drawing.returncode:
        raise subprocess.CalledProcessError(drawing.returncode, command, picture, said)
    return picture


def _reason(failed: Exception) -> str:
    if isinstance(failed, subprocess.CalledProcessError):
        return str(failed.stderr.decode(errors="replace")[-500:])
    return type(failed).__name__
