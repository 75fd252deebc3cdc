"""How what runs on is asked to stop, and what is said when it cannot begin."""

import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.run import stop_on_signals, wait_for
from tests.support.bot_process import run_hattrick


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield stop_on_signals()
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.timeout(20)
def test_a_signal_that_another_thread_takes_is_noticed(stop: threading.Event) -> None:
    def take_it() -> None:
        time.sleep(0.3)  # until the main thread waits
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

    other = threading.Thread(target=take_it)
    other.start()
    wait_for(stop)
    other.join()
    assert stop.is_set()


@pytest.mark.parametrize("command", ["demo", "playground"])
def test_a_port_that_is_taken_is_told_with_what_to_do(command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run_hattrick(command, "--port", str(taken.getsockname()[1]), settings={}, folder=tmp_path)
    assert ended.returncode == 1
    (sentence,) = [line for line in ended.stderr.splitlines() if line.startswith("hattrick:")]
    assert "Choose another port" in sentence
