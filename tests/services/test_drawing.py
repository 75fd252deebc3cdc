"""Pictures are drawn beside the bot: by a process that knows no secret, and the bot goes on meanwhile."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import structlog

from bot.services.sending.drawing import draw, give_up
from tests.support.crowd import wait_until

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text y="18" font-size="18">Åsa</text></svg>'
LARGE = '<svg xmlns="http://www.w3.org/2000/svg" width="3000" height="3000"><rect width="3000" height="3000"/></svg>'


def test_a_drawing_becomes_a_picture_of_its_size() -> None:
    picture = draw(SVG)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    assert (picture[16:20], picture[20:24]) == ((40).to_bytes(4), (20).to_bytes(4))


def test_a_name_that_is_no_text_does_not_keep_the_picture_away() -> None:
    assert draw(SVG.replace("Åsa", "\ud83d")) is not None


def test_what_is_no_drawing_is_told_and_gives_no_picture() -> None:
    with structlog.testing.capture_logs() as logs:
        assert draw("<svg") is None
    ((said),) = logs
    assert (said["event"], said["log_level"]) == ("picture_not_drawn", "warning")


def test_where_no_process_can_be_started_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert draw(SVG) is None


def test_other_threads_go_on_while_a_picture_is_drawn() -> None:
    turns, done = 0, threading.Event()

    def count() -> None:
        nonlocal turns
        while not done.wait(0.001):
            turns += 1

    counting = threading.Thread(target=count)
    counting.start()
    before = turns
    draw(LARGE)
    others = turns - before
    done.set()
    counting.join()
    assert others > 10


def test_whoever_has_to_end_waits_for_no_drawing_and_others_can_be_made_afterwards(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    slow = tmp_path / "python"
    slow.write_text(f"#!/bin/sh\ntouch {begun}\nexec sleep 60\n", encoding="utf-8")
    slow.chmod(0o755)
    python = sys.executable
    monkeypatch.setattr(sys, "executable", str(slow))
    with structlog.testing.capture_logs() as logs, ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(draw, SVG) for _ in range(2)]
        wait_until(begun.exists, "one is being drawn", seconds=20)
        give_up()
        assert [one.result(timeout=20) for one in waiting] == [None, None]
    assert logs == []
    monkeypatch.setattr(sys, "executable", python)
    assert draw(SVG) is not None
