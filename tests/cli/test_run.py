"""How a bot that runs is asked to stop."""

import signal
import threading
import time
from collections.abc import Iterator

import pytest

from bot.run import stop_on_signals, wait_for


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
